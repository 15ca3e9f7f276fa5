"""Checks that read AWS and say what was expected, what was seen, and where that was read.

Each returns a `Check`, which shows itself and is truthy when it passed.
"""

from dataclasses import dataclass
from typing import Any

from workshop.lab import Lab


@dataclass(frozen=True)
class Check:
    """One check that was made.

    Attributes:
        what: what is checked, a sentence that is true when it passes.
        passed: whether it is.
        expected: in words.
        seen: in words.
        evidence: the API call or log line that shows it.
        hint: what to look at when it did not pass.
    """

    what: str
    passed: bool
    expected: str
    seen: str
    evidence: str
    hint: str = ""


def equal(what: str, *, expected: Any, seen: Any, evidence: str, hint: str = "") -> Check:
    """A check on two values that a cell already has."""
    raise NotImplementedError


def message_count(lab: Lab, queue_url: str, expected: int, *, name: str = "the queue") -> Check:
    """The queue holds exactly this many messages (visible, in flight and delayed together)."""
    raise NotImplementedError


def arrived(lab: Lab, pattern: str, order_id: str, target: str) -> Check:
    """The order ended in this target, e.g. "source queue's DLQ" or "on-success destination"."""
    raise NotImplementedError


def attempt_count(lab: Lab, pattern: str, order_id: str, expected: int) -> Check:
    """The logs show exactly this many attempts at the order."""
    raise NotImplementedError


def visibility_covers_function_timeout(lab: Lab) -> Check:
    """The source queue's visibility timeout is at least six times the function's timeout."""
    raise NotImplementedError


def max_receive_count(lab: Lab, expected: int) -> Check:
    """The source queue's redrive policy has this maxReceiveCount."""
    raise NotImplementedError


def maximum_retry_attempts(lab: Lab, pattern: str, expected: int) -> Check:
    """The function's asynchronous configuration has this MaximumRetryAttempts."""
    raise NotImplementedError


def alarm_state(lab: Lab, expected: str) -> Check:
    """The alarm on the source queue's DLQ is in this state: OK, ALARM or INSUFFICIENT_DATA."""
    raise NotImplementedError
