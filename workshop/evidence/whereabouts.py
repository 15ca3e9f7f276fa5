"""Where one message of a timeline is in the end. Pure."""

from workshop.evidence.lanes import Lane
from workshop.evidence.retry_settings import RetrySettings

PROCESSED, IN_FLIGHT, LOST = "processed", "in flight", "lost"
# Of a message that was tried, where nobody looked into the queues in which it may lie.
UNSOUGHT = "end not looked for"


def whereabouts(lane: Lane, settings: RetrySettings | None) -> str:
    """The place where it was given up, else "processed", "in flight", "lost" or `UNSOUGHT`.

    A message in a DLQ or on-failure destination is there, also when an attempt succeeded: both
    cannot be ignored by whoever repairs it. Without arrivals nothing can be said to be lost, nor
    that what failed is still on its way.
    """
    if lane.arrival and not lane.arrival.is_success:
        return lane.arrival.target
    if lane.is_processed or lane.arrival:
        return PROCESSED
    if lane.is_gone or (lane.is_end_sought and _is_exhausted(lane, settings)):
        return LOST
    return UNSOUGHT if lane.is_unsought else IN_FLIGHT


def _is_exhausted(lane: Lane, settings: RetrySettings | None) -> bool:
    """No further attempt will be made, and nothing is configured that would keep the message."""
    maximum = settings.maximum_attempts if settings else None
    is_kept = settings is None or settings.failure_target is not None
    return maximum is not None and len(lane.attempts) >= maximum and not is_kept
