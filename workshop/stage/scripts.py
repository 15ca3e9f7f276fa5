"""What an instructor says to each scene, in the order of the script; the words are in TOML."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("scenes.toml")
# Not a step of the script: it needs a form.
OWN = "own"


@dataclass(frozen=True)
class Script:
    """A scene in words.

    Attributes:
        name: by which it is asked for.
        key: that begins it.
        title: the headline.
        minutes: how long it takes, talk included.
        question: to ask before it begins.
        points: to make.
        wrong: what is often guessed, and what to say then.
    """

    name: str
    key: str
    title: str
    minutes: int
    question: str
    points: tuple[str, ...]
    wrong: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """As a page takes it."""
        return {**vars(self), "points": list(self.points), "wrong": list(self.wrong)}


@cache
def scripts() -> dict[str, Script]:
    """Every scene by its name."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        name: Script(
            name,
            told["key"],
            told["title"],
            told["minutes"],
            told["question"],
            tuple(told["points"]),
            tuple(told["wrong"]),
        )
        for name, told in found.items()
    }


def after(name: str | None) -> Script:
    """The scene that follows another one; the first one after the last, and at the beginning."""
    steps = [one for one in scripts().values() if one.name != OWN]
    names = [one.name for one in steps]
    place = names.index(name) + 1 if name in names else 0
    return steps[place % len(steps)]
