"""What Lambda does next with an asynchronous event: pure decisions, no effects.

Two kinds of failure are told apart. A *function error* uses up `MaximumRetryAttempts`, with fixed
waits of one and two minutes. A *throttle* or *system error* says nothing about the function: it
backs off from a second to five minutes, and only the event's age ends it.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from dataclasses import dataclass
from enum import Enum

from localaws.words.retries import RetryAt

# Waits after the first and the second failed attempt.
FUNCTION_ERROR_DELAYS_S = (60.0, 120.0)
FIRST_BACKOFF_S = 1.0
LONGEST_BACKOFF_S = 300.0

# How often a function may run in one chain of events that trigger each other.
RECURSION_LIMIT = 16


class Condition(Enum):
    """How an event ended; the value is `requestContext.condition` of the invocation record."""

    SUCCESS = "Success"
    RETRIES_EXHAUSTED = "RetriesExhausted"
    EVENT_AGE_EXCEEDED = "EventAgeExceeded"
    ZERO_RESERVED_CONCURRENCY = "ZeroReservedConcurrency"
    RECURSIVE_INVOCATION = "RecursiveInvocation"


class Failure(Enum):
    """Why an attempt did not succeed.

    A deleted function fails like a function error: it uses up the retries and counts as an
    invoke, although nothing ran.
    """

    FUNCTION_ERROR = "function error"
    FUNCTION_DELETED = "function deleted"
    THROTTLED = "throttled"
    SYSTEM_ERROR = "system error"

    @property
    def uses_up_retries(self) -> bool:
        return self in (Failure.FUNCTION_ERROR, Failure.FUNCTION_DELETED)


@dataclass(frozen=True)
class AsyncSettings:
    """What a FunctionEventInvokeConfig says about retries, with AWS's defaults."""

    maximum_retry_attempts: int = 2
    maximum_event_age_s: int = 21_600


@dataclass(frozen=True)
class EventProgress:
    """How far an event has come.

    Attributes:
        accepted_at_s: when Lambda answered 202.
        invoke_count: attempts that used up a retry or succeeded (`approximateInvokeCount`).
        backoffs: throttles and system errors since the last such attempt.
        runs_in_chain: how often this function ran already in the event's chain.
    """

    accepted_at_s: float
    invoke_count: int = 0
    backoffs: int = 0
    runs_in_chain: int = 0

    def age_s(self, now_s: float) -> float:
        return now_s - self.accepted_at_s


@dataclass(frozen=True)
class Discard:
    """Give the event up, for this reason."""

    condition: Condition


def before_attempt(
    progress: EventProgress,
    settings: AsyncSettings,
    now_s: float,
    *,
    reserved_concurrency: int | None,
    recursion_terminates: bool = True,
) -> Discard | None:
    """Whether the event may be tried at all; None when it may."""
    if reserved_concurrency == 0:
        return Discard(Condition.ZERO_RESERVED_CONCURRENCY)
    if recursion_terminates and progress.runs_in_chain >= RECURSION_LIMIT:
        return Discard(Condition.RECURSIVE_INVOCATION)
    if progress.age_s(now_s) >= settings.maximum_event_age_s:
        return Discard(Condition.EVENT_AGE_EXCEEDED)
    return None


def after_failure(
    failure: Failure, progress: EventProgress, settings: AsyncSettings, now_s: float
) -> RetryAt | Discard:
    """What follows a failed attempt, which `progress` already counts."""
    if failure.uses_up_retries:
        return _after_function_error(progress, settings, now_s)
    # An event that only waits for capacity is kept for all of its time: the last back-off is cut
    # to the deadline, where `before_attempt` discards it.
    deadline_s = progress.accepted_at_s + settings.maximum_event_age_s
    if now_s >= deadline_s:
        return Discard(Condition.EVENT_AGE_EXCEEDED)
    return RetryAt(min(now_s + backoff_s(progress.backoffs), deadline_s))


def _after_function_error(
    progress: EventProgress, settings: AsyncSettings, now_s: float
) -> RetryAt | Discard:
    retries_done = progress.invoke_count - 1
    if retries_done >= settings.maximum_retry_attempts:
        return Discard(Condition.RETRIES_EXHAUSTED)
    delay_s = FUNCTION_ERROR_DELAYS_S[min(retries_done, len(FUNCTION_ERROR_DELAYS_S) - 1)]
    # Given up at once when the retry would come too late, not at the deadline.
    if progress.age_s(now_s) + delay_s >= settings.maximum_event_age_s:
        return Discard(Condition.EVENT_AGE_EXCEEDED)
    return RetryAt(now_s + delay_s)


def backoff_s(times: int) -> float:
    """The wait after the `times`-th throttle or system error in a row, counted from 1."""
    # 2 ** 9 is already beyond the longest wait; the bound keeps the power small.
    return min(FIRST_BACKOFF_S * 2.0 ** min(max(times - 1, 0), 9), LONGEST_BACKOFF_S)
