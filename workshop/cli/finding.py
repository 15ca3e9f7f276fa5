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
    """

    about: str
    state: Literal["ok", "note", "blocks"]
    found: str
