"""The waits of one target: what they cost together, and whether one is looking at this moment."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workshop.counting import counted
from workshop.target.requests import Requests

# Sending and waiting are two cells that run one after the other.
_SAME_S = 2.0


@dataclass(frozen=True)
class Waited:
    """How a wait ended.

    Attributes:
        what: the fact that was waited for.
        value: what the condition returned in the end (truthy).
        aws_s: seconds on AWS's clock (virtual on the embedded AWS): since the message was sent that
            was waited for, where it was messages; else since the wait began.
        real_s: seconds that passed for you.
        is_virtual: whether AWS's clock can skip ahead of yours.
        requests: how many requests it sent.
        passed_s: seconds that passed on AWS's clock during the wait; default as `aws_s`.
    """

    what: str
    value: Any
    aws_s: float
    real_s: float
    is_virtual: bool = False
    requests: int = 0
    passed_s: float | None = None

    @property
    def during_s(self) -> float:
        """Seconds that passed on AWS's clock while somebody waited."""
        return self.aws_s if self.passed_s is None else self.passed_s

    def __str__(self) -> str:
        before = "" if abs(self.aws_s - self.during_s) < _SAME_S else self._told_of_before()
        if self.is_virtual:
            return (
                f"{self.what}: after {in_seconds(self.aws_s)} of AWS time{before}, "
                f"{self.real_s:.1f} s of yours"
            )
        sent = f", {counted(self.requests, 'request')}" if self.requests else ""
        return f"{self.what}: after {in_seconds(self.aws_s)}{before}{sent}"

    def _told_of_before(self) -> str:
        if self.aws_s < self.during_s:
            late_s = self.during_s - self.aws_s
            return f" from sending (seen {late_s:.0f} s later: logs and counts are shown late)"
        return f" from sending ({in_seconds(self.during_s)} of it in this wait)"


@dataclass(frozen=True)
class Seen:
    """What the last look into a queue showed, during a wait.

    Attributes:
        count: how many messages the queue counted then.
        at: AWS's time then.
        messages: what was received.
    """

    count: int
    at: datetime
    messages: list[dict[str, Any]]


@dataclass
class Waits:
    """All waits of one target, as long as its session lives.

    Attributes:
        requests: what is sent to the target at all.
        ended: the waits that have ended.
        seen: queue URL -> the last look into it, while somebody waits.
        look_line: tells of the next look into a queue, while some belong together.
        let_pass_s: seconds of AWS's clock that somebody let pass, without waiting for a fact.
        looked_at: functions behind the queues and logs that are read, while somebody waits.
    """

    requests: Requests = field(default_factory=Requests)
    ended: list[Waited] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)
    look_line: Callable[[str], None] | None = None
    let_pass_s: float = 0.0
    looked_at: set[str] = field(default_factory=set)
    _behind: dict[str, str] = field(default_factory=dict)
    _depth: int = 0

    @property
    def is_looking(self) -> bool:
        """Whether somebody waits: then a look is repeated anyway, and must disturb nothing."""
        return self._depth > 0

    def slept(self, seconds: float) -> None:
        """Count what a clock has let pass; what a wait lets pass is counted with the wait."""
        if not self.is_looking:
            self.let_pass_s += seconds

    def belong(self, function: str, names: Iterable[str]) -> None:
        """Remember which function queues (by URL) and log groups belong to."""
        self._behind.update(dict.fromkeys(names, function))

    def note(self, name: str) -> None:
        """A queue, or a log group, is read."""
        if self.is_looking and name in self._behind:
            self.looked_at.add(self._behind[name])

    @contextmanager
    def looking(self) -> Iterator[None]:
        """For the time of a wait; what it saw is forgotten at its end."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                self.seen.clear()
                self.looked_at.clear()

    def __repr__(self) -> str:
        number = len(self.ended)
        aws_s = sum(one.during_s for one in self.ended)
        sent = counted(sum(one.requests for one in self.ended), "request")
        told = f"{counted(number, 'wait')}, {aws_s:.0f} s of AWS time, {sent}"
        slept = f"; {self.let_pass_s:.0f} s that cells let pass" if self.let_pass_s else ""
        return f"{told}{slept}"


def in_seconds(seconds: float) -> str:
    """A length of time, for reading: what is over at once took some time as well."""
    told = f"{seconds:z.0f} s"
    return "less than 1 s" if told == "0 s" else told
