"""Until when evidence about an order can still come. Pure.

On AWS a log line is seen seconds after it was written, a queue's counts can be a minute old, and
metrics come some minutes late. So that something is not to be seen proves nothing until the last
moment at which it could have come: the attempts that are left, each with its wait and its timeout,
and then AWS's lateness. Metrics count where only they tell whether a DLQ or destination took an
event, and what became of an event without a trace.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from workshop.evidence.expected import left_s
from workshop.evidence.retry_settings import RetrySettings
from workshop.target.lateness import Lateness

# A metric is of a whole minute.
_MINUTE_S = 60.0


def after_attempts(
    rows: Sequence[dict[Any, Any]], settings: RetrySettings, lateness: Lateness
) -> pd.Timestamp:
    """When everything about an order with these attempts must be seen.

    Args:
        rows: its attempts that are seen, of the latest request; at least one.
        settings: what the pattern does with failures.
        lateness: the target's.
    """
    is_told_by_metrics = settings.source == "async" and settings.failure_target is not None
    begun = pd.Timestamp(max(row["started_at"] for row in rows))
    counts = [int(row["receive_count"]) for row in rows if pd.notna(row["receive_count"])]
    made = max([len(rows), *counts])
    attempts_s = left_s(made, settings)
    if settings.source == "async" and settings.maximum_event_age_s is not None:
        # An event that would get older than that is given up.
        age_s = (begun - min(row["started_at"] for row in rows)).total_seconds()
        attempts_s = min(attempts_s, max(settings.maximum_event_age_s - age_s, 0.0))
    seen_s = _seen_s(lateness, is_told_by_metrics)
    wait_s = attempts_s + settings.function_timeout_s + seen_s
    return begun + pd.Timedelta(seconds=wait_s)


def after_sending(sent_by: datetime, settings: RetrySettings, lateness: Lateness) -> pd.Timestamp:
    """When something about an order that was sent by then must be seen."""
    seen_s = _seen_s(lateness, settings.source == "async")
    wait_s = left_s(0, settings) + settings.function_timeout_s + seen_s
    return pd.Timestamp(sent_by) + pd.Timedelta(seconds=wait_s)


def _seen_s(lateness: Lateness, is_told_by_metrics: bool) -> float:
    """How long after the last event all evidence of it is seen."""
    if not is_told_by_metrics or not lateness.metrics_s:
        return lateness.longest_s
    return max(lateness.longest_s, _MINUTE_S + lateness.metrics_s)


def told(what: str, until: pd.Timestamp) -> str:
    """What is waited for, and until when, for reading."""
    return f"waiting for {what} until {until:%H:%M:%S} UTC; nothing is lost before"
