"""When SNS tries a delivery to a function or queue again, and when it gives up. Pure.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html: three retries at
once, two after a second, ten with a wait that grows from 1 to 20 seconds, 100,000 every 20
seconds: 23 days. Nothing of it can be configured for these endpoints. AWS adds jitter of a size
that it does not document; here there is none, so that runs repeat.
"""

from dataclasses import dataclass

from localaws.words.retries import RetryAt

IMMEDIATE_RETRIES = 3
PRE_BACKOFF_RETRIES = 2
BACKOFF_RETRIES = 10
POST_BACKOFF_RETRIES = 100_000
MIN_WAIT_S = 1.0
MAX_WAIT_S = 20.0

_BACKOFF_STARTS = IMMEDIATE_RETRIES + PRE_BACKOFF_RETRIES
_BACKOFF_ENDS = _BACKOFF_STARTS + BACKOFF_RETRIES
MAX_RETRIES = _BACKOFF_ENDS + POST_BACKOFF_RETRIES


@dataclass(frozen=True)
class GiveUp:
    """The notification goes to the subscription's DLQ, or is lost without one."""

    because: str


def after_failure(attempt: int, status: int, now_s: float) -> RetryAt | GiveUp:
    """What follows a failed attempt.

    Args:
        attempt: which one failed, counted from 1.
        status: the HTTP status of the endpoint's answer. Below 500 the endpoint is gone or
            refuses SNS, which trying again would not change.
    """
    if status < 500:
        return GiveUp("ClientError")
    if attempt > MAX_RETRIES:
        return GiveUp("RetriesExhausted")
    return RetryAt(now_s + wait_s(attempt))


def wait_s(retry: int) -> float:
    """The wait before a retry, counted from 1."""
    if retry <= IMMEDIATE_RETRIES:
        return 0.0
    if retry <= _BACKOFF_STARTS:
        return MIN_WAIT_S
    if retry > _BACKOFF_ENDS:
        return MAX_WAIT_S
    grown = (retry - _BACKOFF_STARTS - 1) / (BACKOFF_RETRIES - 1)
    return MIN_WAIT_S * float((MAX_WAIT_S / MIN_WAIT_S) ** grown)
