"""AWS's time as a notebook sees it: virtual on the embedded AWS, the ordinary one on AWS."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of one target."""

    @property
    def is_virtual(self) -> bool:
        """Whether waiting skips ahead."""

    @property
    def mode(self) -> str:
        """ "skip", "real" or a speed factor such as "10"; always "real" on AWS."""

    def now(self) -> datetime:
        """AWS's time now, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Let this many seconds pass on AWS."""

    def set_mode(self, mode: "str | float") -> None:
        """Choose how waiting behaves: "skip", "real" or a speed factor; embedded AWS only."""

    def next_step(self, limit_s: float) -> "Step":
        """Let time pass until something may have changed, at most `limit_s` seconds."""


class Step: ...
