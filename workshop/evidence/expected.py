"""When AWS will be done with an order, by what the pattern is set to and what is seen of it. Pure.

Every figure comes from the settings: the visibility timeout and maxReceiveCount of a queue, or the
waits of an asynchronous event, its retries and its greatest age.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from workshop.evidence.attempts import OPEN
from workshop.evidence.lane_waits import gathered_s
from workshop.evidence.retry_settings import RetrySettings
from workshop.target.telling import Expected

PROCESSED, GIVEN_UP, UNDER_WAY, UNSEEN = "processed", "given up", "under way", "not seen yet"

# An attempt starts later than its receive, by what a new execution environment takes.
_START_S = 5.0
_FAILED_TWICE = 2


@dataclass(frozen=True)
class Outlook:
    """How far one order is.

    Attributes:
        state: processed, given up, under way, or not seen yet.
        next_at: before this moment nothing new happens to it; None: any moment.
        end_at: when AWS is done with it, should it go on failing; None: only success ends it.
    """

    state: str
    next_at: pd.Timestamp | None = None
    end_at: pd.Timestamp | None = None


def left_s(made: int, settings: RetrySettings) -> float:
    """How long the attempts take that are left; SQS moves a message by one receive more."""
    most = settings.maximum_attempts or made + 1
    wait_s = settings.batching_window_s + settings.function_timeout_s
    left = range(max(made, 1), most + (1 if settings.source == "sqs" else 0))
    return sum(settings.wait_after_s(attempt) + wait_s for attempt in left)


def outlook(
    rows: Sequence[dict[Any, Any]], settings: RetrySettings, started_at: pd.Timestamp
) -> Outlook:
    """How far an order with these attempts is.

    Args:
        rows: its attempts that are seen, oldest first.
        settings: what its pattern does with failures.
        started_at: when somebody began to wait for it: it was sent before.
    """
    if not rows:
        return Outlook(UNSEEN, None, _end(0, settings, started_at))
    last = rows[-1]
    if any(row["outcome"] == "ok" for row in rows):
        return Outlook(PROCESSED)
    made = _made(rows)
    if last["outcome"] in OPEN:
        runs_s = settings.function_timeout_s if settings.source == "async" else 0.0
        ends_at = last["started_at"] + timedelta(seconds=runs_s)
        return Outlook(UNDER_WAY, None, _end(made, settings, ends_at))
    if settings.source == "async":
        return _of_event(rows, settings, made)
    hidden_s = (settings.visibility_timeout_s or 0.0) - _gathered_s(rows, settings)
    visible_at = last["started_at"] + timedelta(seconds=hidden_s)
    if settings.max_receive_count is None:
        return Outlook(UNDER_WAY, visible_at)
    if made < settings.max_receive_count:
        return Outlook(UNDER_WAY, visible_at, _end(made, settings, last["started_at"]))
    # The next receive moves it: not before all receives have hidden it, each for its time.
    moved_at = visible_at - timedelta(seconds=_START_S)
    if pd.notna(last["sent_at"]) and len(rows) == made:
        hidden_s = made * (settings.visibility_timeout_s or 0.0)
        moved_at = max(moved_at, last["sent_at"] + timedelta(seconds=hidden_s))
    return Outlook(GIVEN_UP, moved_at, visible_at)


def _gathered_s(rows: Sequence[dict[Any, Any]], settings: RetrySettings) -> float:
    """How long before its start the last attempt was received, as the figures reckon it too."""
    starts_s = [(row["started_at"] - rows[0]["started_at"]).total_seconds() for row in rows]
    return gathered_s([(at_s, at_s) for at_s in starts_s], settings)


def _of_event(rows: Sequence[dict[Any, Any]], settings: RetrySettings, made: int) -> Outlook:
    last = rows[-1]
    again_at = last["ended_at"] + timedelta(seconds=settings.wait_after_s(made))
    is_last = made >= (settings.maximum_attempts or 1)
    if settings.maximum_event_age_s is not None:
        # An event that would get older than that is given up at once.
        sent_at = last["sent_at"] if pd.notna(last["sent_at"]) else rows[0]["started_at"]
        is_last |= (again_at - sent_at).total_seconds() > settings.maximum_event_age_s
    if is_last:
        return Outlook(GIVEN_UP, last["ended_at"], last["ended_at"])
    return Outlook(UNDER_WAY, again_at, _end(made, settings, last["ended_at"]))


def _made(rows: Sequence[dict[Any, Any]]) -> int:
    counts = [int(row["receive_count"]) for row in rows if pd.notna(row["receive_count"])]
    return max([len(rows), *counts])


def most_s(settings: RetrySettings, made: int = 0) -> float | None:
    """How long the waits take that are left after so many attempts, should all fail at once.

    None where nothing but success ends them.
    """
    most = settings.maximum_attempts
    if most is None:
        return None
    left = range(max(made, 1), most + (1 if settings.source == "sqs" else 0))
    return sum(settings.wait_after_s(attempt) + settings.batching_window_s for attempt in left)


def _end(made: int, settings: RetrySettings, since: pd.Timestamp) -> pd.Timestamp | None:
    """The latest moment, with all that the attempts to come may take reckoned at once.

    So it does not move later with each attempt.

    Args:
        made: how many attempts there were.
        settings: what says how many there will be.
        since: when the last one was received, or of an event, when it ended.
    """
    waits_s = most_s(settings, made)
    if waits_s is None or settings.maximum_attempts is None:
        return None
    # Of a queue the visibility timeout runs while the function does; an event waits from its end.
    runs_s = settings.function_timeout_s if settings.source == "async" else 0.0
    window_s = settings.batching_window_s if made == 0 else 0.0
    to_come = settings.maximum_attempts - made + (1 if settings.source == "sqs" else 0)
    return since + timedelta(seconds=waits_s + window_s + max(to_come, 0) * (_START_S + runs_s))


def latest(plans: Iterable[Expected]) -> Expected:
    """When the last of several is done; a look may show something new about any of them."""
    found = list(plans)
    ends = [plan.end for plan in found if plan.end is not None]
    soonest = [plan.not_before for plan in found if plan.not_before is not None]
    return Expected(
        max(ends) if len(ends) == len(found) else None,
        min(soonest) if len(soonest) == len(found) else None,
        max(plan.late_s for plan in found),
        found[0].looked_at,
        is_bound=any(plan.is_bound for plan in found),
        moved=next((plan.moved for plan in found if plan.moved), ""),
    )


def cause(settings: RetrySettings) -> str:
    """Why it takes as long as it does, in AWS's words."""
    if settings.source == "sqs":
        told = f"visibility timeout {settings.visibility_timeout_s or 0:g} s"
        return f"{told}, {settings.limit}" if settings.limit else f"{told}, no DLQ"
    most = settings.maximum_attempts or 1
    if most < _FAILED_TWICE:
        return f"{settings.limit}: one attempt"
    waits = [f"{settings.wait_after_s(n):g} s" for n in range(1, most)]
    return f"{settings.limit}: waits of {' and '.join(waits)} after failed attempts"


def shortcut(settings: RetrySettings) -> str:
    """What makes this wait shorter on an account, without showing anything else."""
    if settings.source == "sqs":
        return "Shorter next time: a lower VisibilityTimeout or maxReceiveCount"
    return "Shorter next time: MaximumRetryAttempts 0, or reserved concurrency 0"
