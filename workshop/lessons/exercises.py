"""What helps with an exercise: it stands in `exercises.toml`, not in the cell below the task."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("exercises.toml")


@dataclass(frozen=True)
class Help:
    """The help with one check, the strongest last.

    Attributes:
        nudge: where to look.
        hint: what to do.
        solution: the code.
    """

    nudge: str = ""
    hint: str = ""
    solution: str = ""


def help_with(notebook: str, check: str) -> Help:
    """The help with a check of a notebook; empty where there is none.

    Args:
        notebook: its name or number, e.g. "09-designing-it" or "09".
        check: the name that the lesson declared.
    """
    return _helps().get(f"{notebook.partition('-')[0]}/{check}", Help())


@cache
def _helps() -> dict[str, Help]:
    found = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: Help(**facts) for name, facts in found.items()}
