"""The latest moment of a wait is reckoned once for all attempts; it gets earlier, or says why."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.unit.workshop.fake_aws import fake_session
from tests.unit.workshop.test_waiting import FakeClock
from workshop.evidence.expected import GIVEN_UP, UNDER_WAY, Outlook, latest, outlook
from workshop.evidence.retry_settings import RetrySettings
from workshop.evidence.watching import Watch
from workshop.target.outputs import Outputs

SENT = pd.Timestamp("2026-01-01", tz="UTC")
QUEUE = RetrySettings("sqs", 6, 30, max_receive_count=3)
EVENT = RetrySettings("async", 6, maximum_retry_attempts=2, maximum_event_age_s=21600)


def attempt(began_s: float, *, took_s: float | None, count: int) -> dict[str, Any]:
    """One of an order that fails; `took_s` None: it runs."""
    start = SENT + pd.Timedelta(seconds=began_s)
    return {
        "started_at": start,
        "ended_at": start + pd.Timedelta(seconds=took_s or 0),
        "outcome": "not known yet" if took_s is None else "error",
        "receive_count": count,
        "sent_at": SENT,
    }


# Each attempt begins 3 s later than it could and takes all of the function's timeout.
@pytest.mark.parametrize(
    ("settings", "begins_s"), [(QUEUE, (3, 36, 69)), (EVENT, (3, 72, 201))], ids=["queue", "event"]
)
def test_the_latest_moment_never_moves_later(
    settings: RetrySettings, begins_s: tuple[float, ...]
) -> None:
    ends, rows = [outlook([], settings, SENT).end_at], list[dict[str, Any]]()
    for count, began_s in enumerate(begins_s, start=1):
        running = attempt(began_s, took_s=None, count=count)
        ends.append(outlook([*rows, running], settings, SENT).end_at)
        rows.append(attempt(began_s, took_s=settings.function_timeout_s, count=count))
        ends.append(outlook(rows, settings, SENT).end_at)
    known = [end for end in ends if end is not None]
    assert len(known) == len(ends)
    assert known == sorted(known, reverse=True)
    assert outlook(rows, settings, SENT).state == GIVEN_UP


def test_one_that_must_move_says_why() -> None:
    # Given a wait that has told its latest moment
    watch = object.__new__(Watch)
    watch._session, watch._last_end, watch._moved = fake_session(), None, ""
    plans = []
    for end_s in (100, 90, 90.5, 120):
        end = SENT + pd.Timedelta(seconds=end_s)
        watch._found = {"bad": Outlook(UNDER_WAY, None, end)}
        plans.append(watch.expected())
    # Then it gets earlier without a word, what is the same stays, and later it is with a reason
    ends = [(plan.end - SENT).total_seconds() for plan in plans if plan.end]
    assert ends == [100, 90, 90, 120]
    assert [bool(plan.moved) for plan in plans] == [False, False, False, True]
    assert "began later" in latest(plans).moved


@pytest.mark.parametrize("is_virtual", [True, False])
def test_a_wait_asks_whether_its_queue_is_still_there_where_waits_are_long(
    is_virtual: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a function whose log tells nothing, as one that was removed
    watch, asked = object.__new__(Watch), list[str]()
    watch._session = fake_session()
    watch._session.clock = FakeClock(is_virtual=is_virtual)
    watch._outputs = Outputs("LambdaDlq", {"TopicArn": "arn", "FunctionDlqUrl": "dlq"})
    monkeypatch.setattr("workshop.evidence.queues.counts", lambda _, url: asked.append(url))
    watch._expect_there()
    assert asked == ([] if is_virtual else ["dlq"])


def test_the_end_that_a_wait_tells_is_the_one_that_the_figure_shows() -> None:
    # Given an order whose second batch was gathered for 2 s, so it was received last at 60 s
    gathering = replace(QUEUE, batching_window_s=2)
    rows = [attempt(at_s, took_s=0.1, count=n) for n, at_s in enumerate((0, 32, 62), start=1)]
    end_at = outlook(rows, gathering, SENT).end_at
    assert end_at is not None
    assert (end_at - SENT).total_seconds() == 90
