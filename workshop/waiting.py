"""Waiting for a fact, with a progress line that says why it takes this long."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workshop.session import Session


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


def wait_until(
    session: Session,
    condition: Callable[[], Any],
    what: str,
    *,
    cause: str = "",
    timeout_s: float = 600.0,
) -> Waited:
    """Let time pass until `condition()` is truthy.

    On the embedded AWS time skips from event to event; on a real account this polls. One line is
    shown and updated in place; in the end it is a plain sentence with both clocks. Interrupting
    leaves nothing half done: run the cell again.

    Args:
        session: the target.
        condition: reads AWS and returns something truthy once the fact holds.
        what: the fact in words, e.g. "one message is in the source queue's DLQ".
        cause: why this takes time, e.g. "visibility timeout 30 s, three receives".
        timeout_s: give up after this many seconds of AWS's clock.

    Raises:
        WaitTimeoutError: the fact did not become true; the message holds a diagnosis.
    """
    raise NotImplementedError
