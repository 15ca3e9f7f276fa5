"""The retry timeline: lanes, time scale, words, and what is emitted."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from markupsafe import escape
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from tests.unit.workshop.player.runs import SQS
from workshop import palette
from workshop.drawing.comparison import timelines
from workshop.drawing.scale import make_scale
from workshop.drawing.summary import summarised
from workshop.drawing.timeline import Timeline, timeline
from workshop.errors import DataError
from workshop.evidence.arrivals import COLUMNS as ARRIVAL_COLUMNS
from workshop.evidence.attempts import attempts_table
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.lanes import spoken_s
from workshop.evidence.retry_settings import RetrySettings
from workshop.target.waiting import Waited

ASYNC = RetrySettings(
    source="async",
    function_timeout_s=5,
    maximum_retry_attempts=2,
    failure_target="on-failure destination",
)


def receive(order: str, count: int, outcome: str) -> list[dict[str, object]]:
    """A receive of an order, 30 s after the one before."""
    error = None if outcome == "ok" else "ValueError: no"
    line = record(f"m-{order}", order, receive_count=count, sent_at_ms=T0_MS, outcome=outcome)
    at_ms = (count - 1) * 30_000
    return invocation(at_ms, f"{order}{count}", line, error=error, stream=order)


def arrival(order: str, at_s: float | None, **fields: object) -> dict[str, object]:
    at = None if at_s is None else pd.Timestamp(T0_MS + at_s * 1000, unit="ms", tz="UTC")
    sent = pd.Timestamp(T0_MS, unit="ms", tz="UTC")
    row = {"message_id": f"m-{order}", "order_id": order, "arrived_at": at, "sent_at": sent}
    return {"target": "source queue's DLQ", "reason": "maxReceiveCount"} | row | fields


def arrivals(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(ARRIVAL_COLUMNS)).astype(ARRIVAL_COLUMNS)


GOOD = [receive("ok-1", 1, "ok")]
FLAKY = [receive("flaky-1", n, "error" if n < 3 else "ok") for n in (1, 2, 3)]
BAD = [receive("bad-1", n, "error") for n in (1, 2, 3)]
THREE = attempts_table(logs(*GOOD, *FLAKY, *BAD))
DEAD = arrivals(arrival("bad-1", None))


def test_a_good_a_flaky_and_a_bad_message_are_three_lanes() -> None:
    # When the three are drawn
    drawn = timeline(THREE, DEAD, settings=SQS)
    # Then everybody is somewhere
    assert drawn.counts == {
        "sent": 3,
        "processed": 2,
        "source queue's DLQ": 1,
        "in flight": 0,
        "lost": 0,
    }
    texts = {text.get_text() for text in drawn.axes.texts}
    assert {"ok-1", "flaky-1", "bad-1", "processed", "source queue's DLQ"} <= texts
    assert {"limit: maxReceiveCount = 3"} <= texts
    assert "maxReceiveCount = 3 reached" in texts
    headline = {text.get_text() for text in drawn.figure.texts}
    assert "sent 3 = processed 2 + source queue's DLQ 1 + in flight 0 + lost 0" in headline
    # Above the sum, what was found
    assert drawn.finding == (
        "bad-1 tried 3 times, 30 s apart, then dead-lettered; "
        "flaky-1 tried 3 times, 30 s apart, then processed; ok-1 processed at the first attempt"
    )
    begins = [text.replace("\u00a0", " ") for text in headline if text.startswith("bad-1 ")]
    assert any(drawn.finding.startswith(text) for text in begins)


@pytest.mark.parametrize(
    ("good", "found"),
    [
        # Where several share a story, or a name is long, numbers say it
        (["ok-1", "ok-2"], "2 of 3 processed at the first attempt; 1 of 3 tried 3 times"),
        (["an-order-with-a-long-name"], "1 of 2 "),
    ],
)
def test_a_headline_counts_where_names_would_not_be_read(good: list[str], found: str) -> None:
    table = attempts_table(logs(*(receive(order, 1, "ok") for order in good), *BAD))
    assert timeline(table, DEAD, settings=SQS).finding.startswith(found)


def test_gaps_that_differ_by_what_an_attempt_took_are_one_story() -> None:
    def tried(order: str, *at_s: float) -> list[dict[str, object]]:
        line = record(f"m-{order}", order, sent_at_ms=T0_MS, outcome="error")
        runs = [(n, round(1000 * at)) for n, at in enumerate(at_s)]
        failed: dict[str, str] = {"error": "E: no", "stream": order}
        return [one for n, ms in runs for one in invocation(ms, f"{order}{n}", line, **failed)]

    near = [tried("raise", 0, 60, 180), tried("slow", 0, 62, 184), tried("timeout", 0, 65, 190)]
    found = timeline(attempts_table(logs(*near))).finding
    assert found == "All 3 tried 3 times, 60 s to 65 s and 120 s to 125 s apart so far"
    # What is really another wait stays another story
    far = timeline(attempts_table(logs(*near[:2], tried("later", 0, 90, 210)))).finding
    assert "later tried 3 times, 90 s and 120 s apart" in far


def test_the_move_to_the_dlq_is_timed_by_the_visibility_timeout() -> None:
    # SQS stamps nothing: the receive after the last attempt moves the message
    lane = next(lane for lane in make_lanes(THREE, DEAD, SQS, None) if lane.order_id == "bad-1")
    assert lane.arrival is not None
    assert lane.arrival.at_s == pytest.approx(90)
    assert lane.arrival.is_derived
    assert [wait.cause for wait in lane.waits] == ["visibility timeout 30 s"] * 3


def test_a_retry_delay_counts_from_the_end_of_the_attempt() -> None:
    # Given a first attempt that took 5 s, and the retry 60 s after its end
    table = attempts_table(
        logs(
            invocation(
                0, "q", record("n", "B", sent_at_ms=T0_MS), status="timeout", duration_ms=5000
            ),
            invocation(65_000, "q", record("n", "B", outcome="ok")),
        )
    )
    (lane,) = make_lanes(table, None, ASYNC, None)
    assert [wait.cause for wait in lane.waits] == ["retry delay 60 s"]
    assert (lane.waits[0].start_s, lane.waits[0].end_s) == (5, 65)


def test_a_receive_without_a_log_line_is_shown() -> None:
    # Given receives 1 and 3: receive 2 was throttled
    table = attempts_table(logs(receive("x", 1, "error"), receive("x", 3, "ok")))
    (lane,) = make_lanes(table, None, SQS, None)
    assert [(p.receive_count, p.at_s) for p in lane.phantoms] == [(2, 30)]
    assert "receive 2 left no log line" in timeline(table, settings=SQS).description


# A look at three receives and the one that found it in the DLQ; Lambda counted three throttles.
THROTTLED = arrivals(arrival("bad-1", None, receive_count=4, throttled=3))


def test_a_message_that_was_moved_without_a_run_was_received_to_the_limit() -> None:
    # Given a message in the DLQ and no log line: the function was throttled all the time
    (lane,) = make_lanes(THREE.iloc[:0], THROTTLED, SQS, None)
    assert [(p.receive_count, p.at_s) for p in lane.phantoms] == [(1, 0), (2, 30), (3, 60)]
    assert lane.arrival is not None
    assert lane.arrival.at_s == 90
    assert lane.arrival.reason == "maxReceiveCount = 3 reached"


def test_what_shared_the_receives_of_another_is_moved_when_these_are_over() -> None:
    # Given a message of a FIFO queue that the function never tried: it stopped at the one before
    moved = arrivals(arrival("behind-1", None, receive_count=4, throttled=0))
    (lane,) = make_lanes(THREE.iloc[:0], moved, SQS, None)
    # Then its three receives took three visibility timeouts, though no line tells of them
    assert [(p.receive_count, p.at_s) for p in lane.phantoms] == [(1, 0), (2, 30), (3, 60)]
    assert lane.arrival is not None
    assert lane.arrival.at_s == 90
    told = timeline(THREE.iloc[:0], moved, settings=SQS).description
    assert "receive 3 left no log line" in told
    assert "it arrived in the source queue's DLQ after about 90 s" in told
    # But where SQS counted fewer, nothing is drawn that nobody saw
    few = arrivals(arrival("behind-1", None, receive_count=2, throttled=0))
    assert make_lanes(THREE.iloc[:0], few, SQS, None)[0].phantoms == ()


def test_a_batch_that_ran_into_the_timeout_shows_what_became_of_each_message() -> None:
    # Given a batch in which the second fails, and the seventh ends the function; T10 comes last
    def said(n: int, receive: int) -> dict[str, Any]:
        line = {"receive_count": receive, "sent_at_ms": T0_MS}
        line |= {
            "outcome": "error" if n in (2, 7) else "ok",
            "fault": "timeout" if n == 7 else None,
        }
        return record(f"m-T{n}", f"T{n}", **line)

    runs = [
        invocation(
            100 + 30_000 * (receive - 1),
            f"r{receive}",
            *(said(n, receive) for n in range(1, 8)),
            status="timeout",
            duration_ms=5000,
        )
        for receive in (1, 2, 3)
    ]
    moved = arrivals(*(arrival(f"T{n}", None, receive_count=4) for n in range(1, 11)))
    lanes = make_lanes(attempts_table(logs(*runs)), moved, SQS, None)
    # Then each lane tells of its own message, in the order of their numbers
    assert [lane.label for lane in lanes] == [f"T{n}" for n in range(1, 11)]
    outcomes = {lane.label: {attempt.outcome for attempt in lane.attempts} for lane in lanes}
    assert outcomes == {
        **{f"T{n}": {"shared"} for n in (1, 3, 4, 5, 6)},
        "T2": {"error"},
        "T7": {"timeout"},
        **{f"T{n}": set() for n in (8, 9, 10)},
    }
    # And the one that failed says so
    [told] = {attempt.error_message for attempt in lanes[1].attempts}
    assert told == "failed itself; its batch ended with a timeout"
    # And those behind it were received as often, though no line tells
    assert [len(lane.phantoms) for lane in lanes] == [0] * 7 + [3] * 3


def _stopped_at_the_first() -> tuple[pd.DataFrame, pd.DataFrame]:
    """A FIFO batch of three, received three times, whose function stops at the second."""
    tries = [
        invocation(
            100 + 30_000 * (n - 1),
            f"r{n}",
            *([record("m-a1", "a1", receive_count=1, sent_at_ms=T0_MS, outcome="ok")] * (n == 1)),
            record("m-bad-1", "bad-1", receive_count=n, sent_at_ms=T0_MS, outcome="error"),
            record("m-a3", "a3", receive_count=n, sent_at_ms=T0_MS, outcome="not tried"),
        )
        for n in (1, 2, 3)
    ]
    moved = arrivals(*(arrival(one, None, receive_count=4) for one in ("bad-1", "a3")))
    return attempts_table(logs(*tries)), moved


def test_what_a_batch_had_and_did_not_try_was_received_with_it() -> None:
    table, moved = _stopped_at_the_first()
    # Then it has no attempt, and counts in the batch
    assert table["order_id"].tolist() == ["a1", "bad-1", "bad-1", "bad-1"]
    assert table["batch_size"].tolist() == [3, 3, 2, 2]
    lane = next(one for one in make_lanes(table, moved, SQS, None) if one.order_id == "a3")
    assert [(p.at_s, p.receive_count, p.batch) for p in lane.phantoms] == [
        (0.1, 1, "r1"),
        (30.1, 2, "r2"),
        (60.1, 3, "r3"),
    ]
    assert lane.arrival is not None
    assert (lane.arrival.at_s, lane.arrival.reason) == (90.1, "maxReceiveCount = 3 reached")
    drawn = timeline(table, moved, settings=SQS)
    assert "received 3 times, never tried, then dead-lettered" in drawn.finding
    assert "no log line" not in drawn.description
    assert "receive 2 was not tried" in drawn.description


def test_a_gap_has_one_length_wherever_it_is_told_and_a_gathered_batch_was_received_before() -> (
    None
):
    # Given a batch that was gathered for 2 s after its second receive, at 30 s
    tries = [
        invocation(
            at_ms,
            f"r{n}",
            record("m-bad-1", "bad-1", receive_count=n, sent_at_ms=T0_MS, outcome="error"),
            error="ValueError: no",
        )
        for n, at_ms in enumerate((100, 32_100, 62_100), start=1)
    ]
    drawn = timeline(attempts_table(logs(*tries)), DEAD, settings=replace(SQS, batching_window_s=2))
    # Then the headline tells the gaps that the waits have, and no mean of them
    assert drawn.finding == "Tried 3 times, 32 s and 30 s apart, then dead-lettered"
    # And it was moved one visibility timeout after its last receive, which was at 60 s
    waits = drawn.table.query("what == 'wait'")["detail"].tolist()
    assert waits == [
        "visibility timeout 30 s + batching window 2 s",
        "visibility timeout 30 s",
        "visibility timeout 30 s from the receive, 28 s left",
    ]
    assert drawn.table.query("what == 'arrived'")["at"].tolist() == [90.1]


@pytest.mark.parametrize(
    "evidence",
    [
        {"receive_count": 2, "throttled": 0},
        # It was looked at in the DLQ, again and again.
        {"receive_count": 42, "throttled": 0},
        {"receive_count": 42},
        # Others were throttled; this one was received once.
        {"receive_count": 2, "throttled": 9},
    ],
)
def test_no_receive_is_drawn_that_only_the_settings_of_today_tell_of(
    evidence: dict[str, object],
) -> None:
    # Given a message that was moved after one receive, when maxReceiveCount was 1
    table = attempts_table(logs(receive("once", 1, "error")))
    moved = arrivals(arrival("once", None, **evidence))
    # When it is drawn after maxReceiveCount was put back to 3
    drawn = timeline(table, moved, settings=SQS)
    # Then nothing is said to have happened twice more, and no limit to have been reached
    assert "no log line" not in drawn.description
    assert drawn.table["what"].tolist() == ["sent", "attempt 1: error", "wait", "arrived"]
    texts = {text.get_text() for text in drawn.axes.texts}
    assert not any("= 3" in text for text in texts)
    (lane,) = make_lanes(table, moved, SQS, None)
    assert lane.arrival is not None
    assert lane.arrival.reason == "maxReceiveCount reached (1 receive seen)"


def test_more_receives_than_the_limit_of_today_are_told_as_they_were() -> None:
    # Given five attempts under maxReceiveCount 5, 20 s apart, and 3 and 30 s now
    tries = [
        invocation(
            20_000 * (n - 1),
            f"r{n}",
            record("m-five", "five", receive_count=n, sent_at_ms=T0_MS, outcome="error"),
            error="ValueError: no",
        )
        for n in range(1, 6)
    ]
    (lane,) = make_lanes(attempts_table(logs(*tries)), arrivals(arrival("five", None)), SQS, None)
    assert lane.arrival is not None
    # Then the move to the DLQ is timed by the gaps that were recorded
    assert lane.arrival.at_s == pytest.approx(100)
    assert lane.arrival.reason == "maxReceiveCount reached (5 receives seen)"
    assert {wait.cause for wait in lane.waits} == {
        "received again after 20 s (visibility timeout 30 s)"
    }
    shown = timeline(attempts_table(logs(*tries)), arrivals(arrival("five", None)), settings=SQS)
    assert not any("limit" in text.get_text() for text in shown.axes.texts)


def test_an_event_that_got_too_old_shows_the_age_limit() -> None:
    # Given the first attempt's failure, after which the next would be too late (age 60 s)
    table = attempts_table(
        logs(invocation(0, "q", record("m-old", "old", sent_at_ms=T0_MS), error="ValueError"))
    )
    row = arrival("old", 0.1, target="on-failure destination", reason="EventAgeExceeded")
    aged = replace(ASYNC, maximum_event_age_s=60)
    texts = {text.get_text() for text in timeline(table, arrivals(row), settings=aged).axes.texts}
    assert "maximum event age 60 s" in texts
    # And an age that never mattered is not drawn
    far = replace(ASYNC, maximum_event_age_s=21600)
    assert not any("age" in t.get_text() for t in timeline(table, settings=far).axes.texts)


def test_a_message_that_was_never_tried_has_a_lane() -> None:
    row = arrival("x", 0.1, target="subscription's DLQ", reason="SNS could not invoke")
    drawn = timeline(THREE.iloc[:0], arrivals(row), settings=ASYNC)
    assert drawn.counts["subscription's DLQ"] == 1


def test_a_headline_tells_what_was_tried_once_more_after_it_had_arrived() -> None:
    # Given a record of 65 s, after three attempts 30 s apart, and a fourth attempt at 90 s
    row = arrival("bad-1", 65, target="on-failure destination", reason="RetriesExhausted")
    table = attempts_table(logs(*BAD, receive("bad-1", 4, "ok")))
    drawn = timeline(table, arrivals(row), settings=ASYNC)
    assert drawn.finding == (
        "Tried 3 times, 30 s apart, then recorded in the on-failure destination, and tried once "
        "more after that"
    )


def test_a_message_is_lost_when_nothing_keeps_it() -> None:
    no_dlq = RetrySettings(source="async", function_timeout_s=5, maximum_retry_attempts=2)
    table = attempts_table(logs(*BAD))
    assert timeline(table, arrivals(), settings=no_dlq).counts["lost"] == 1
    assert timeline(table, arrivals(), settings=SQS).counts["in flight"] == 1
    assert "lost" not in timeline(table, settings=no_dlq).counts


@pytest.mark.parametrize(
    ("predicted", "told"),
    [
        (2.5, "2.5 attempts: marks are drawn for whole ones only"),
        (9, "9 attempts: too many to draw"),
        (100, "100 attempts: too many to draw"),
        (0, "0 attempts, which have no mark"),
        (-1, "-1 attempts: there is no such number"),
        ("four", "'four': a mark can be drawn for a number of attempts only"),
        (True, "True: a mark can be drawn for a number of attempts only"),
        ([], "no attempt, which has no mark"),
    ],
)
def test_a_guess_that_leaves_no_mark_is_told_in_words(predicted: Any, told: str) -> None:
    # Then the figure says it, on a phone as well, and so do its words
    drawn = timeline(attempts_table(logs(*GOOD)), None, settings=SQS, predicted=predicted)
    assert f"You said {told}." in " ".join(text.get_text() for text in drawn.figure.texts)
    assert f"You said {escape(told)}." in drawn.narrow
    assert f"you said {told}" in drawn.description
    # And of several messages whose guess it is
    drawn = timeline(THREE, DEAD, settings=SQS, predicted={"bad-1": predicted})
    assert f"For bad-1 you said {told}." in " ".join(t.get_text() for t in drawn.figure.texts)


def test_what_was_said_too_late_has_its_own_time_on_the_axis() -> None:
    # Given three receives until 60 s, an arrival at 90 s, and a guess of two more receives
    drawn = timeline(attempts_table(logs(*BAD)), DEAD, settings=SQS, predicted=5)
    labels = [label.get_text() for label in drawn.figure.axes[0].get_xticklabels()]
    assert labels[-1] == "120"
    # And only the marks of 0 s and of 90 s are said to be one moment each
    assert [label.get_text() for label in _moments(drawn)] == ["0", "90"]


@pytest.mark.parametrize("predicted", [None, ..., 3, 8, [0, 30], {"bad-1": ...}])
def test_of_a_guess_with_marks_or_of_none_there_are_no_words(predicted: Any) -> None:
    drawn = timeline(THREE, DEAD, settings=SQS, predicted=predicted)
    assert "ou said" not in " ".join(text.get_text() for text in drawn.figure.texts)


@pytest.mark.parametrize(
    ("predicted", "settings", "times"),
    [
        (3, SQS, (0, 30, 60)),
        (4, ASYNC, (0, 60, 180, 300)),
        ([0, 1.5], SQS, (0, 1.5)),
        ({"ok-1": 2}, ASYNC, (0, 60)),
        ({"other": 2}, ASYNC, ()),
        (None, SQS, ()),
        (..., SQS, ()),
        # Whatever a learner writes, the figure is drawn
        *[(odd, SQS, ()) for odd in ("four", True, float("nan"), 10**9, -1, ["a"], b"3", {1: 2})],
        (3.0, SQS, (0, 30, 60)),
    ],
)
def test_a_prediction_becomes_hollow_marks(
    predicted: object, settings: RetrySettings, times: tuple[float, ...]
) -> None:
    lanes = make_lanes(attempts_table(logs(*GOOD)), None, settings, predicted)  # type: ignore[arg-type]
    assert lanes[0].predicted_s == times


@pytest.mark.parametrize(
    ("starts_s", "window_s", "cause"),
    [
        # A cold start before the first attempt: the timeout counts from the receive before it.
        ((0.9, 30.0), 0.0, "visibility timeout 30 s"),
        # The second one waited for its batch to fill.
        ((0.2, 32.0), 2.0, "visibility timeout 30 s + batching window 2 s"),
        ((32.0, 62.0), 2.0, "visibility timeout 30 s"),
        # No setting explains these: the setting is the setting, the gap is the gap.
        (
            (0.0, 45.0),
            2.0,
            "received again after 45 s (visibility timeout 30 s, batching window 2 s)",
        ),
        # A batch may have been gathered for some of its window: nothing tells for how long.
        (
            (0.0, 21.0),
            20.0,
            "received again after 21 s (visibility timeout 30 s, batching window 20 s)",
        ),
        ((0.0, 21.0), 0.0, "received again after 21 s (visibility timeout 30 s)"),
    ],
)
def test_a_wait_of_sqs_is_named_by_the_settings_behind_it(
    starts_s: tuple[float, float], window_s: float, cause: str
) -> None:
    # Given two attempts at a message
    invocations = [
        invocation(
            round(at_s * 1000),
            f"r{count}",
            record("m-a", "a", receive_count=count, sent_at_ms=T0_MS, outcome="error"),
            error="ValueError: no",
        )
        for count, at_s in enumerate(starts_s, start=1)
    ]
    settings = replace(SQS, batching_window_s=window_s)
    # When the lane is made
    [lane] = make_lanes(attempts_table(logs(*invocations)), None, settings, None)
    # Then the wait between them says why
    assert lane.waits[-1].cause == cause


def test_a_first_wait_has_its_own_length_and_the_window_its_own() -> None:
    # Given a message that waits 21 s for its first attempt, in front of a window of 5 s
    first = record("m-a", "a", receive_count=1, sent_at_ms=T0_MS, outcome="ok")
    table = attempts_table(logs(invocation(21_000, "r1", first)))
    [lane] = make_lanes(table, None, replace(SQS, batching_window_s=5.0), None)
    assert lane.waits[0].cause == "in the queue 21 s (batching window 5 s)"


def test_two_minutes_are_drawn_twice_as_long_as_one() -> None:
    # Given the attempts of an asynchronous event
    drawn = timeline(
        attempts_table(
            logs(
                *(
                    invocation(1000 * s, "q", record("n", "B", sent_at_ms=T0_MS))
                    for s in (0, 60, 180)
                )
            )
        ),
        settings=ASYNC,
    )
    first, second, third = (
        line.get_xdata()[0] for line in drawn.axes.lines if line.get_markersize() == 17
    )
    assert third - second == pytest.approx(2 * (second - first), rel=0.01)


def test_a_wait_is_broken_only_where_marks_of_a_lane_would_touch() -> None:
    # Given attempts at 0, 60 and 180 s, and a record after six hours
    busy = [(0, 0.1), (60, 60.1), (180, 180.1), (21_600, 21_600)]
    scale = make_scale(busy, [(0, 60, 180)], least_share=0.1)
    # Then the long wait is broken, and the others are true to scale
    assert [round(part.length_s) for part in scale.breaks] == [21_420]
    places = [scale.position(at_s) for at_s in (0, 0.1, 30, 60, 60.1, 180, 180.1, 21_600)]
    assert places == sorted(places)
    assert places[5] - places[3] == pytest.approx(2 * places[3])
    # And the nearest attempts have the room that they need
    assert places[3] == pytest.approx(0.1 * scale.end)


def test_a_break_is_as_prominent_as_the_marks() -> None:
    table = attempts_table(
        logs(
            *(
                invocation(1000 * s, f"q{s}", record("n", "B", sent_at_ms=T0_MS))
                for s in (0, 30, 7230)
            )
        )
    )
    drawn = timeline(table, settings=ASYNC)
    [length] = [text for text in drawn.axes.texts if text.get_text() == "2\xa0h"]
    [number] = [text for text in drawn.axes.texts if text.get_text() == "1"]
    assert length.get_fontsize() >= number.get_fontsize()
    assert length.get_weight() == "bold"


def test_short_waits_and_the_true_scale_break_nothing() -> None:
    assert make_scale([(0, 0), (30, 30), (60, 60)], [(0, 30, 60)]).breaks == ()
    true = make_scale([(0, 0), (60, 60), (21600, 21600)], [(0, 60, 21600)], true_scale=True)
    assert true.breaks == ()
    assert true.position(21600) == 21600


def test_the_picture_is_described_in_words_and_as_a_table() -> None:
    drawn = timeline(THREE, DEAD, settings=SQS, predicted={"bad-1": 2})
    told = drawn.description
    assert "Message bad-1: attempt 1 at 0 s ended with error ValueError" in told
    assert "waits: visibility timeout 30 s (3 times)" in told
    assert "it arrived in the source queue's DLQ after about 90 s" in told
    assert "you said 2 attempts at 0 s, 30 s" in told
    rows = drawn.table[drawn.table["message"] == "bad-1"]["what"].tolist()
    assert rows.count("wait") == 3
    assert rows[0] == "sent"
    assert rows[-1] == "arrived"


def test_the_emitted_figure_carries_its_description_and_needs_no_network() -> None:
    page = timeline(THREE, DEAD, settings=SQS)._repr_html_()
    assert page.count("Message bad-1:") == 1
    assert '<figure role="group" aria-label="Timeline of 3 messages: bad-1 tried 3 times' in page
    assert "<details><summary>The same in words and as a table</summary>" in page
    assert not re.findall(r'(?:href|src)="https?:', page)
    # And its words are words of the page
    assert ">bad-1</text>" in page
    assert "<img" not in page


def test_pictures_of_one_page_share_no_ids_and_style_nothing_else() -> None:
    pages = [timeline(THREE, settings=SQS).html(), timeline(THREE, DEAD, settings=SQS).html()]
    ids = [set(re.findall(r'\bid="([^"]+)"', page)) for page in pages]
    assert ids[0]
    assert ids[0] & ids[1] == set()
    for page, known in zip(pages, ids, strict=True):
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', page)) <= known
        # What it styles is within itself
        for style in re.findall(r"<style>(.*?)</style>", page, re.DOTALL):
            first, _, rest = style.strip().partition("{")
            assert first.strip() == ".workshop-figure"
            depths = [0]
            for sign in re.findall(r"[{}]", rest):
                depths.append(depths[-1] + (1 if sign == "{" else -1))
            assert min(depths[:-1]) == 0
            assert depths[-1] == -1


def test_a_dark_page_has_no_white_slab() -> None:
    page = timeline(THREE, DEAD, settings=SQS).html()
    # Whatever is as light as paper or as dark as ink asks the page first
    for colour in ("FFFFFF", "1B2733"):
        bare = re.findall(rf"[^,]#{colour}\b", page, re.IGNORECASE)
        assert bare == []
    assert "var(--jp-layout-color0,var(--vscode-editor-background,var(--paper,#FFFFFF)))" in page


def test_a_name_full_of_tags_is_text_in_the_figure() -> None:
    hostile = attempts_table(logs(receive("<script>x</script>", 1, "ok")))
    page = timeline(hostile, settings=SQS).html()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_same_data_give_the_same_file() -> None:
    assert timeline(THREE, DEAD, settings=SQS).svg() == timeline(THREE, DEAD, settings=SQS).svg()


def test_it_draws_on_given_axes_and_leaves_the_global_style_alone() -> None:
    axes = Figure(figsize=(10, 5)).add_subplot()
    assert timeline(THREE, DEAD, settings=SQS, ax=axes).axes is axes


def test_both_clocks_are_named() -> None:
    waited = Waited("done", True, aws_s=180.2, real_s=0.44, is_virtual=True)
    label = timeline(THREE, waited=waited).axes.get_xlabel()
    assert label == "seconds since the message was sent (virtual time; 180 s of it took 0.4 s)"


def test_many_messages_are_summarised_one_lane_per_story() -> None:
    # Given 60 good and 3 bad messages
    good = [receive(f"o{n}", 1, "ok") for n in range(60)]
    bad = [receive(f"b{n}", 1, "error") for n in range(3)]
    many = attempts_table(logs(*good, *bad))
    drawn = timeline(many)
    # Then the count is of messages, the picture of stories
    assert drawn.counts["sent"] == 63
    assert set(drawn.table["message"]) == {"60 messages", "3 messages"}
    assert "60 messages such as o" in drawn.description


def test_an_outage_is_shaded_named_and_told() -> None:
    drawn = timeline(THREE, DEAD, settings=SQS, outage_s=45)
    texts = {text.get_text() for text in drawn.axes.texts}
    assert "down for 45 s" in texts
    # True to scale, and a moment of the axis
    ticks = {label.get_text(): at for at, label in _ticks(drawn)}
    shade = drawn.axes.patches[0].get_extents().transformed(drawn.axes.transData.inverted())
    assert (shade.x0, shade.x1) == pytest.approx((0, ticks["45"]))
    assert ticks["60"] - ticks["45"] == pytest.approx((ticks["60"] - ticks["30"]) / 2)
    assert "What the messages need is down for 45 s. " in drawn.description
    compared = timelines({"all": (THREE, DEAD, SQS)}, title="Which one?", outage_s=45)
    assert compared.description.startswith("Which one? What the messages need is down for 45 s. ")
    # And without one nobody hears of it
    assert "down for" not in timeline(THREE, DEAD, settings=SQS).svg()


def _moments(drawn: Timeline) -> list[Text]:
    """What the thick stretches of the axis are called."""
    return drawn.axes.get_xticklabels(minor=True)


def _ticks(drawn: Timeline) -> list[tuple[float, Text]]:
    return list(zip(drawn.axes.get_xticks(), drawn.axes.get_xticklabels(), strict=True))


def test_nothing_to_draw_is_said_with_the_remedy() -> None:
    with pytest.raises(DataError, match=r"lab\.wait_for_end\(pattern, ids\).*or of messages"):
        timeline(THREE.iloc[:0])


def test_without_arrivals_it_is_told_that_the_end_was_not_looked_for() -> None:
    # Given an order that was tried as often as it is received, and nobody who looks into the DLQ
    bad = THREE[THREE["order_id"] == "bad-1"]
    drawn = timeline(bad, settings=SQS)
    # Then nothing says that it is still on its way, in no form of the picture
    told = "sent 1 = processed 0 + in flight 0 + end not looked for 1"
    assert drawn.counts == {"sent": 1, "processed": 0, "in flight": 0, "end not looked for": 1}
    assert told in drawn.description
    assert "; its end was not looked for." in drawn.description
    for shown in (drawn.svg(), drawn._repr_html_()):
        assert "its end was not looked for" in shown
        assert "on its way" not in shown
    assert drawn.facts["runs"][0]["messages"][0]["fate"] == "end not looked for"
    assert timelines({"queue": (bad, None, SQS)}).counts["end not looked for"] == 1
    # And that stands whole in the figure, clear of the mark of the limit
    renderer = drawn.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    [end] = [one for one in drawn.axes.texts if one.get_text() == "its end was not looked for"]
    box = end.get_window_extent(renderer)
    assert box.x1 < drawn.figure.bbox.x1
    [limit] = [one for one in drawn.axes.lines if one.get_color() == palette.VERMILLION]
    assert limit.get_window_extent(renderer).x1 < box.x0
    # But of one that runs it is known
    running = bad.assign(outcome="running")
    assert timeline(running, settings=SQS).counts["in flight"] == 1


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.42, "0.4 s"),
        (30, "30 s"),
        (59.6, "60 s"),
        (1800, "30 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_lengths_of_time_are_spoken(seconds: float, text: str) -> None:
    assert spoken_s(seconds) == text


def batch_of_two() -> pd.DataFrame:
    """Two messages in one invocation, which fails for the second."""
    lines = [
        record(f"m-{order}", order, receive_count=1, sent_at_ms=T0_MS, outcome=outcome)
        for order, outcome in (("good", "ok"), ("bad", "error"))
    ]
    return attempts_table(logs(invocation(0, "r1", *lines, error="BatchError: 1 failed")))


def test_work_that_was_done_in_a_batch_that_failed_has_a_mark_of_its_own() -> None:
    drawn = timeline(batch_of_two(), settings=SQS)
    told = drawn.table.set_index("message")["what"]
    assert "attempt 1: shared" in set(told["good"])
    assert "attempt 1: error" in set(told["bad"])
    assert "was done, but its batch failed" in drawn.description
    legend = drawn.axes.get_legend()
    assert legend is not None
    entries = {text.get_text() for text in legend.get_texts()}
    assert {"one invocation (batch)", "done, but its batch failed"} <= entries


def test_work_that_was_done_is_not_told_as_nothing_processed() -> None:
    # Given a message whose work was done three times, while its batch failed for another one
    tries = [
        invocation(
            30_000 * (n - 1),
            f"r{n}",
            record("m-good", "good", receive_count=n, sent_at_ms=T0_MS, outcome="ok"),
            record("m-bad", "bad", receive_count=n, sent_at_ms=T0_MS, outcome="error"),
            error="BatchError: 1 failed",
        )
        for n in (1, 2, 3)
    ]
    ends = arrivals(arrival("good", None), arrival("bad", None))
    drawn = timeline(attempts_table(logs(*tries)), ends, settings=SQS)
    headline = {text.get_text() for text in drawn.figure.texts}
    assert (
        "sent 2 = processed and deleted 0 + source queue's DLQ 2 (1 of them done 3 times) "
        "+ in flight 0 + lost 0"
    ) in headline
    assert "good done 3 times, 30 s apart, and still dead-lettered" in drawn.finding


def test_several_patterns_share_one_time_axis_and_keep_their_own_counts() -> None:
    kept = arrivals(arrival("bad-1", None))
    runs = {"queue": (THREE, kept, SQS), "alone": (attempts_table(logs(*GOOD)), None, ASYNC)}
    drawn = timelines(runs, predicted={"queue": 4})
    assert drawn.counts == {
        "sent": 4,
        "processed": 3,
        "DLQ or destination": 1,
        "in flight": 0,
        "lost": 0,
    }
    texts = {text.get_text() for text in drawn.axes.texts}
    assert any(text.startswith("queue: bad-1 tried 3 times") for text in texts)
    assert "alone: processed at the first attempt" in texts
    assert "queue: " in drawn.description
    assert "sent 3 = processed 2 + source queue's DLQ 1 + in flight 0 + lost 0" in drawn.description
    assert set(drawn.table["pattern"]) == {"queue", "alone"}
    assert "you said" in drawn.description


def test_a_comparison_of_nothing_says_what_to_do() -> None:
    with pytest.raises(DataError, match="Send a message"):
        timelines({"queue": (THREE.iloc[:0], None, SQS)})


def test_a_summary_says_when_the_others_were_tried() -> None:
    # Given 50 messages whose attempts were made up to 49 s after sending
    tries = [
        invocation(
            1000 * n,
            f"r{n}",
            record(f"m{n}", f"o{n}", receive_count=1, sent_at_ms=T0_MS, outcome="ok"),
            stream=f"s{n}",
        )
        for n in range(50)
    ]
    (lane,) = summarised(make_lanes(attempts_table(logs(*tries)), None, SQS, None))
    assert lane.label == "50 messages"
    (spread,) = lane.spread_s
    assert spread == pytest.approx((2, 47), abs=1)


def slow(count: int, start_s: int) -> list[dict[str, object]]:
    """A run of ten seconds, and a receive of the same message."""
    line = record("m-slow", "slow-1", receive_count=count, sent_at_ms=T0_MS)
    return invocation(start_s * 1000, f"slow{count}", line, duration_ms=10_000, stream=f"s{count}")


def bars(shown: Figure) -> list[tuple[float, float]]:
    """From which to which height the bars of attempts reach, in the order of drawing."""
    hatched = [patch for patch in shown.axes[0].patches if patch.get_hatch()]
    boxes = [
        patch.get_extents().transformed(shown.axes[0].transData.inverted()) for patch in hatched
    ]
    return [(round(box.y0, 3), round(box.y1, 3)) for box in boxes]


def test_runs_at_the_same_time_are_drawn_side_by_side_and_no_wait_is_between() -> None:
    # Given a message that turned visible while its function was still at work
    attempts = attempts_table(logs(slow(1, 0), slow(2, 6), slow(3, 12)))
    (lane,) = make_lanes(attempts, None, None, None)
    # Then the third run finds the first one's track free
    assert lane.tracks == (0, 1, 0)
    assert lane.waits == ()
    shown = timeline(attempts)
    first, second, third = bars(shown.figure)
    assert first == third
    assert first[0] == second[1] or first[1] == second[0]
    assert "attempt 2 at 6 s, beside one that still ran, succeeded" in shown.description


def test_runs_one_after_the_other_share_a_track() -> None:
    attempts = attempts_table(logs(slow(1, 0), slow(2, 10)))
    (lane,) = make_lanes(attempts, None, None, None)
    assert lane.tracks == (0, 0)
    first, second = bars(timeline(attempts).figure)
    assert first == second
    assert "beside" not in timeline(attempts).description


def test_the_messages_of_one_order_are_told_apart() -> None:
    # Given an order that was sent twice, and another one
    lines = [
        invocation(
            at_ms,
            f"r{at_ms}",
            record(message, order, receive_count=1, sent_at_ms=T0_MS + at_ms, outcome="ok"),
            stream=message,
        )
        for at_ms, message, order in (
            (0, "m-1", "twice"),
            (100, "m-2", "once"),
            (60_000, "m-3", "twice"),
        )
    ]
    drawn = timeline(attempts_table(logs(*lines)), settings=SQS)
    # Then each of its messages has a place in front of its name, the other has none
    assert list(dict.fromkeys(drawn.table["message"])) == ["1st twice", "once", "2nd twice"]
    for text in (drawn.svg(), drawn.narrow, drawn.description):
        assert "1st twice" in text
        assert "2nd twice" in text


def test_after_an_attempt_that_took_its_time_the_rest_of_the_visibility_timeout_is_told() -> None:
    # Given an attempt that hung for 5 of the 30 s for which its message was hidden
    said = {"sent_at_ms": T0_MS, "outcome": "error", "fault": "timeout"}
    runs = [
        invocation(0, "r1", record("m", "slow", receive_count=1, **said), status="timeout",
                   duration_ms=5000),
        invocation(30_000, "r2", record("m", "slow", receive_count=2, **said | {"outcome": "ok"})),
    ]  # fmt: skip
    drawn = timeline(attempts_table(logs(*runs)), settings=SQS)
    # Then no drawing of it says that 30 s are left from there: the next attempt would be at 35 s
    told = "visibility timeout 30 s from the receive, 25 s left"
    [wait] = drawn.table.query("what == 'wait'").to_dict("records")
    assert (wait["at"], wait["detail"]) == (5.0, told)
    shown = " ".join(text.get_text() for text in drawn.axes.texts)
    assert told in shown.replace("\n", " ").replace("\u00a0", " ")
    assert told in drawn.description
    assert told in drawn.narrow
    [fact] = drawn.facts["runs"][0]["messages"][0]["waits"]
    assert fact["cause"] == told
    assert fact["end_s"] - fact["start_s"] == pytest.approx(25)


def test_a_wait_that_the_function_set_is_not_called_the_queue_s() -> None:
    # Given a function that doubles its messages' waits, from the queue's own 30 s on
    tries = [
        invocation(
            at_ms,
            f"r{n}",
            record("m-bad-1", "bad-1", receive_count=n, sent_at_ms=T0_MS, outcome="error"),
        )
        for n, at_ms in enumerate((0, 30_000, 90_000), start=1)
    ]
    settings = replace(SQS, function_sets_visibility=True)
    drawn = timeline(attempts_table(logs(*tries)), settings=settings)
    # Then each wait says whose it is
    assert drawn.table.query("what == 'wait'")["detail"].tolist() == [
        "visibility timeout 30 s",
        "visibility timeout changed to 60 s (the queue's is 30 s)",
    ]
    waits = drawn.facts["runs"][0]["messages"][0]["waits"]
    assert waits[1]["told"] == "hidden for as long as the function said"
    assert "set_s" not in waits[1]
