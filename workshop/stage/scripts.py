"""What an instructor says to each scene, in the order of the script; the words are in TOML."""

import tomllib
from collections.abc import Sequence
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


def steps() -> tuple[str, ...]:
    """The names of all scenes that a key alone begins, in the order of the script."""
    return tuple(name for name in scripts() if name != OWN)


def after(name: str | None, order: Sequence[str]) -> Script:
    """The scene that follows another one; the first one after the last, and at the beginning."""
    place = order.index(name) + 1 if name in order else 0
    return scripts()[order[place % len(order)]]


def keys() -> list[dict[str, str]]:
    """Which key begins which scene, as a page takes it."""
    told = (scripts()[name] for name in steps())
    return [{"key": one.key, "name": one.name, "title": one.title} for one in told]
