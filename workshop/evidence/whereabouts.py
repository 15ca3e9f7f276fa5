"""Where one message of a timeline is in the end. Pure."""

from workshop.evidence.lanes import Lane
from workshop.evidence.retry_settings import RetrySettings

PROCESSED, IN_FLIGHT, LOST = "processed", "in flight", "lost"


def whereabouts(lane: Lane, settings: RetrySettings | None, has_arrivals: bool) -> str:
    """The place where it was given up, else "processed", "in flight" or "lost".

    A message in a DLQ or on-failure destination is there, also when an attempt succeeded: both
    cannot be ignored by whoever repairs it. Without arrivals nothing can be said to be lost.
    """
    if lane.arrival and not lane.arrival.is_success:
        return lane.arrival.target
    if lane.is_processed or lane.arrival:
        return PROCESSED
    is_lost = lane.is_gone or (has_arrivals and _is_exhausted(lane, settings))
    return LOST if is_lost else IN_FLIGHT


def _is_exhausted(lane: Lane, settings: RetrySettings | None) -> bool:
    """No further attempt will be made, and nothing is configured that would keep the message."""
    maximum = settings.maximum_attempts if settings else None
    is_kept = settings is None or settings.failure_target is not None
    return maximum is not None and len(lane.attempts) >= maximum and not is_kept
