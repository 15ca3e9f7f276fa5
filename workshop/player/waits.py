"""What a message waits for, as one says it while it waits. Pure."""

from typing import Any

from workshop.evidence.lanes import Lane, Wait, spoken_s
from workshop.evidence.retry_settings import RetrySettings

# How the cause of a wait begins (`evidence.lane_waits`) -> what is said, and the setting behind it.
_TOLD = {
    "visibility timeout changed": ("hidden for as long as the function said", ""),
    "batching window": ("gathered by the batching window", ""),
    "visibility timeout": ("hidden by its visibility timeout", "VisibilityTimeout"),
    "retry delay": ("waiting for Lambda's retry delay", ""),
    "tried again after": ("waiting in Lambda's event queue to be tried again", ""),
    # Hidden, or waiting for a poller: such a gap does not tell which.
    "received again after": ("not received again yet", ""),
    "in the queue": ("waiting in the queue to be received", ""),
    "in the event queue": ("waiting in Lambda's event queue", ""),
}


def waits_of(lane: Lane, sent_s: float, settings: RetrySettings | None) -> list[dict[str, Any]]:
    """Each wait of a lane: `start_s`, `end_s`, its length as AWS counts it, its cause in words.

    `setting` and `set_s` are there where a setting explains the length; `length_s` is the gap.
    """
    return [_wait(wait, sent_s, settings) for wait in lane.waits]


def _wait(wait: Wait, sent_s: float, settings: RetrySettings | None) -> dict[str, Any]:
    begin = next((begin for begin in _TOLD if wait.cause.startswith(begin)), "")
    told, setting = _TOLD.get(begin, (f"waiting: {wait.cause}", ""))
    found = {
        "start_s": round(sent_s + wait.start_s, 3),
        "end_s": round(sent_s + wait.end_s, 3),
        "length_s": round(wait.length_s, 3),
        "length": spoken_s(wait.length_s),
        "cause": wait.cause,
        "told": told,
    }
    if setting and settings and settings.visibility_timeout_s:
        found |= {"setting": setting, "set_s": settings.visibility_timeout_s}
    return found
