"""Waiting for a fact, with a progress line that says why it takes this long."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from workshop.errors import WaitTimeoutError
from workshop.progress import ProgressLine
from workshop.target.clock import Clock, Step

_LOOK_EVERY_S, _BRIEFLY_S = 1.0, 300.0


@dataclass(frozen=True)
class Waited:
    """How a wait ended.

    Attributes:
        what: the fact that was waited for.
        value: what the condition returned in the end (truthy).
        aws_s: seconds that passed on AWS's clock (virtual on the embedded AWS).
        real_s: seconds that passed for you.
        is_virtual: whether AWS's clock can skip ahead of yours.
    """

    what: str
    value: Any
    aws_s: float
    real_s: float
    is_virtual: bool = False

    def __str__(self) -> str:
        if not self.is_virtual:
            return f"{self.what}: after {self.aws_s:.0f} s"
        return f"{self.what}: after {self.aws_s:.0f} s of AWS time, {self.real_s:.1f} s of yours"


def wait_until(
    clock: Clock,
    condition: Callable[[], Any],
    what: str,
    *,
    cause: str = "",
    timeout_s: float = 600.0,
    diagnose: Callable[[], Sequence[str]] = tuple,
) -> Waited:
    """Let time pass until `condition()` is truthy.

    On the embedded AWS time skips from event to event; on a real account this polls. One line is
    shown and updated in place; in the end it is a plain sentence with both clocks. Interrupting
    leaves nothing half done: run the cell again.

    Args:
        clock: the target's time.
        condition: reads AWS and returns something truthy once the fact holds.
        what: the fact in words, e.g. "one message is in the source queue's DLQ".
        cause: why this takes time, e.g. "visibility timeout 30 s, three receives".
        timeout_s: give up after this many seconds of AWS's clock.
        diagnose: names what stands in the way, asked only when it took too long.

    Raises:
        WaitTimeoutError: the fact did not become true; the message holds a diagnosis.
    """
    line, because = ProgressLine(), f" ({cause})" if cause else ""
    started_at, started_s = clock.now(), time.monotonic()
    step = Step(started_at)
    try:
        if not condition():
            # A handler that runs right now is no reason to skip to what comes after it.
            clock.settle()
        while not (value := condition()):
            aws_s = (step.now - started_at).total_seconds()
            if step.is_stuck or aws_s >= timeout_s:
                raise _timeout(what, aws_s, step, diagnose())
            line.update(f"waiting until {what}{because}: {aws_s:.0f} s of AWS time so far")
            step = clock.next_step(timeout_s - aws_s)
    except KeyboardInterrupt:
        line.finish(f"interrupted while waiting until {what}; run the cell again", is_good=False)
        raise
    except WaitTimeoutError:
        line.finish(f"did not happen: {what}", is_good=False)
        raise
    aws_s, real_s = (clock.now() - started_at).total_seconds(), time.monotonic() - started_s
    waited = Waited(what, value, aws_s, real_s, clock.is_virtual)
    line.finish(f"{waited}{because}")
    return waited


def wait_briefly(clock: Clock, condition: Callable[[], Any], what: str) -> None:
    """Wait, without a word, for what takes AWS some seconds.

    Raises:
        WaitTimeoutError: it took longer than five minutes.
    """
    waited_s = 0.0
    while not condition():
        if waited_s >= _BRIEFLY_S:
            raise WaitTimeoutError(
                f"This did not happen within {waited_s:.0f} s: {what}.",
                "Look at it in the AWS console, or run the cell again.",
            )
        clock.sleep(_LOOK_EVERY_S)
        waited_s += _LOOK_EVERY_S


def _timeout(what: str, aws_s: float, step: Step, findings: Sequence[str]) -> WaitTimeoutError:
    if step.is_stuck and step.next_event_at is None:
        told = f"This will not happen by itself: {what}. Nothing more is scheduled on AWS."
    elif step.is_stuck:
        assert step.next_event_at is not None
        later_s = (step.next_event_at - step.now).total_seconds()
        told = f"This did not happen: {what}. The next thing happens in {later_s:.0f} s only."
    else:
        told = f"This did not happen within {aws_s:.0f} s: {what}."
    shown = f"What AWS shows: {'; '.join(findings)}." if findings else ""
    return WaitTimeoutError(told, shown or "Look at the function's logs: lab.logs(pattern).")
