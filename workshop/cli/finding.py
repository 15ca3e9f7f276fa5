"""One line of `doctor`'s report."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """Something that was looked at.

    Attributes:
        about: what was looked at.
        state: "ok", "note" (works, but worth knowing) or "blocks" (a command will fail).
        found: what was found; for "blocks" also what to do.
        comes_next: the command that has to come before lessons; "" when none has to.
        exit_code: where it blocks, with which `doctor` ends.
        besides: what is not as it should be, though lessons can begin; "" when nothing is.
    """

    about: str
    state: Literal["ok", "note", "blocks"]
    found: str
    comes_next: str = ""
    exit_code: int = 1
    besides: str = ""
