"""What becomes of one message through an outage, by the retry policies alone: nothing runs.

Each step is decided by the functions that decide it when a message is really on its way
(`sqs.retry_policy`, `lambda_.asynchronous.retry_policy`), so that there are no two models of the
rules. Attempts take no time here. While it lasts the function raises: reserved concurrency 0 would
be another outage, which gives asynchronous events up at once.

Seconds count from the beginning of the outage.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from localaws.lambda_.asynchronous.retry_policy import (
    AsyncSettings,
    Discard,
    EventProgress,
    Failure,
    after_failure,
    before_attempt,
)
from localaws.sqs.retry_policy import expires_at_s, is_used_up, shows_at_s

PROCESSED, EXPIRED, DEAD_LETTERED = "processed", "deleted by retention", "source queue's DLQ"


@dataclass(frozen=True)
class Foretold:
    """What became of one message.

    Attributes:
        attempts_s: when it was tried.
        ended_at_s: when it was processed or given up.
        ending: `PROCESSED`, `DEAD_LETTERED`, `EXPIRED`, or the condition of an invocation record.
    """

    attempts_s: tuple[float, ...]
    ended_at_s: float
    ending: str

    @property
    def survived(self) -> bool:
        """Whether it was processed in the end."""
        return self.ending == PROCESSED


def behind_queue(
    sent_at_s: float,
    outage_s: float,
    *,
    wait_s: Callable[[int], float],
    max_receive_count: int | None,
    retention_s: float,
) -> Foretold:
    """A message in a queue that an event source mapping reads.

    Args:
        sent_at_s: when it was sent.
        outage_s: how long the function fails.
        wait_s: for how long the n-th receive hides the message, n counted from 1.
        max_receive_count: of the redrive policy; None without one.
        retention_s: how long the queue keeps messages.
    """
    attempts: list[float] = []
    now_s, expires_s = sent_at_s, expires_at_s(sent_at_s, retention_s)
    while now_s < expires_s:
        if is_used_up(len(attempts), max_receive_count):
            return Foretold(tuple(attempts), now_s, DEAD_LETTERED)
        attempts.append(now_s)
        if now_s >= outage_s:
            return Foretold(tuple(attempts), now_s, PROCESSED)
        now_s = shows_at_s(now_s, wait_s(len(attempts)))
    return Foretold(tuple(attempts), expires_s, EXPIRED)


def asynchronous(
    sent_at_s: float, outage_s: float, *, maximum_retry_attempts: int, maximum_event_age_s: int
) -> Foretold:
    """An event in Lambda's event queue.

    Args:
        sent_at_s: when Lambda accepted it.
        outage_s: how long the function fails.
        maximum_retry_attempts: of the function's asynchronous configuration.
        maximum_event_age_s: of the same.
    """
    settings = AsyncSettings(maximum_retry_attempts, maximum_event_age_s)
    progress, attempts, now_s = EventProgress(sent_at_s), list[float](), sent_at_s
    while True:
        given_up = before_attempt(progress, settings, now_s, reserved_concurrency=None)
        if given_up is None:
            attempts.append(now_s)
            if now_s >= outage_s:
                return Foretold(tuple(attempts), now_s, PROCESSED)
            progress = replace(progress, invoke_count=progress.invoke_count + 1)
            following = after_failure(Failure.FUNCTION_ERROR, progress, settings, now_s)
            if not isinstance(following, Discard):
                now_s = following.when_s
                continue
            given_up = following
        return Foretold(tuple(attempts), now_s, given_up.condition.value)
