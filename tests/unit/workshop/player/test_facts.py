"""The facts of a run: what is in them comes from the evidence, and nothing else is."""

import json
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from tests.unit.workshop.player.runs import (
    ASYNC,
    OUTPUTS,
    SQS,
    crowd,
    moved,
    receive,
    tables,
    three_orders,
)
from workshop.errors import DataError
from workshop.evidence.arrivals import COLUMNS, SUCCESS, arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.behind import Behind, behind, carrying
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.retry_settings import RetrySettings
from workshop.player.facts import facts_of
from workshop.player.questions import questions_about, what_next

LESSON_LETTERS = 200_000


def test_a_table_carries_its_log_through_what_pandas_makes_of_it() -> None:
    attempts, _ = tables()
    # When rows are chosen and counted anew, as Lab.attempts does
    chosen = attempts[attempts["order_id"] == "bad"].reset_index(drop=True)
    # Then the log is still there, the very same one
    assert behind(chosen).logs is behind(attempts).logs
    assert behind(chosen).logs is not None


def test_tables_that_carry_different_things_can_be_joined() -> None:
    attempts, _ = tables()
    other = carrying(attempts.copy(), outputs=OUTPUTS)
    assert len(pd.concat([attempts, other])) == 2 * len(attempts)
    assert isinstance(behind(pd.DataFrame()), Behind)


def test_steps_say_where_a_message_is_and_how() -> None:
    (run,) = three_orders()["runs"]
    bad = next(message for message in run["messages"] if message["name"] == "bad")
    assert [tuple(step[:4]) for step in bad["steps"]] == [
        (0.0, "sent", "queue", "waiting"),
        (0.1, "attempt", "function", "running"),
        (0.103, "ended", "queue", "hidden"),
        (30.1, "attempt", "function", "running"),
        (30.103, "ended", "queue", "hidden"),
        (60.1, "attempt", "function", "running"),
        (60.103, "ended", "queue", "hidden"),
        (90.1, "arrived", "source queue's DLQ", "kept"),
    ]


def test_counts_follow_from_the_steps() -> None:
    (run,) = three_orders()["runs"]
    assert run["counts"] == {
        "queue": [[0.0, 3, 0], [0.1, 0, 3], [0.103, 0, 2], [60.103, 0, 1], [90.1, 0, 0]],
        "function": [
            [0.1, 3, 0],
            [0.103, 0, 0],
            [30.1, 2, 0],
            [30.103, 0, 0],
            [60.1, 2, 0],
            [60.103, 0, 0],
        ],
        "done": [[0.103, 1, 0], [60.103, 2, 0]],
        "source queue's DLQ": [[90.1, 1, 0]],
    }


def test_an_attempt_has_the_lines_of_its_own_invocation() -> None:
    (run,) = three_orders()["runs"]
    bad = next(message for message in run["messages"] if message["name"] == "bad")
    told = run["invocations"][bad["attempts"][1]["invocation"]]
    assert told["request_id"] == "bad2"
    assert [line[1].split(" ")[0] for line in told["lines"]] == [
        "START",
        '{"record":',
        "[ERROR]",
        "END",
        "REPORT",
    ]
    assert [line[0] for line in told["lines"]] == [30.1, 30.1, 30.101, 30.103, 30.103]


def test_a_wait_has_its_cause_its_setting_and_its_gap() -> None:
    (run,) = three_orders()["runs"]
    wait = run["messages"][0]["waits"][0]
    assert wait == {
        "start_s": 0.103,
        "end_s": 30.1,
        "length_s": 30.0,
        "length": "30 s",
        "cause": "visibility timeout 30 s",
        "told": "hidden by its visibility timeout",
        "setting": "VisibilityTimeout",
        "set_s": 30,
    }


def test_the_parcel_is_told_field_by_field_and_the_order_is_in_it() -> None:
    (run,) = three_orders()["runs"]
    (arrival,) = next(m for m in run["messages"] if m["name"] == "bad")["arrivals"]
    parcel = run["parcels"][arrival["parcel"]]
    assert parcel["kind"] == "dead-lettered message"
    assert [field for field, _, _ in parcel["fields"]][:2] == ["MessageId", "Body"]
    assert json.loads(arrival["payload"]) == {"order_id": "bad", "pass": False}
    assert (arrival["is_derived"], arrival["reason"]) == (True, "maxReceiveCount = 3 reached")


def test_nothing_is_said_about_the_payload_of_what_was_deleted() -> None:
    (run,) = three_orders()["runs"]
    payloads = {message["name"]: message["payload"] for message in run["messages"]}
    assert payloads["good"] is None
    assert payloads["bad"] is not None


def test_places_are_those_of_the_pattern_by_aws_s_names() -> None:
    attempts, arrivals = tables()
    carrying(attempts, outputs=OUTPUTS)
    lanes = make_lanes(attempts, arrivals, SQS, None)
    (run,) = facts_of({"": (lanes, attempts, arrivals, SQS)})["runs"]
    named = {place["id"]: place.get("aws_name") for place in run["places"]}
    assert named == {
        "you": None,
        "queue": "Source",
        "function": "Orders",
        "source queue's DLQ": "Dlq",
        "done": None,
    }
    assert {"from": "queue", "to": "source queue's DLQ", "kind": "failed"} in run["arrows"]


def test_an_event_that_sns_cannot_deliver_never_leaves_the_topic() -> None:
    # Given the fourth path: a notification in the subscription's DLQ, no attempt anywhere
    notification = {"Type": "Notification", "TopicArn": "arn:t", "MessageId": "n"}
    body = notification | {"Message": '{"order_id": "B"}', "Timestamp": "2023-11-14T22:13:20Z"}
    lying = {
        "MessageId": "q",
        "Body": json.dumps(body),
        "Attributes": {"SentTimestamp": "1700000001000"},
    }
    arrivals = arrivals_table({"subscription's DLQ": [lying]})
    attempts = attempts_table(logs(invocation(0, "other", record("x")))).iloc[:0]
    lanes = make_lanes(attempts, arrivals, ASYNC, None)
    (run,) = facts_of({"": (lanes, attempts, arrivals, ASYNC)})["runs"]
    (message,) = run["messages"]
    assert [step[1:4] for step in message["steps"]] == [
        ("sent", "topic", "waiting"),
        ("arrived", "subscription's DLQ", "kept"),
    ]
    assert {"from": "topic", "to": "subscription's DLQ", "kind": "failed"} in run["arrows"]


@pytest.mark.parametrize(
    ("window_s", "seen_again"), [(20.0, [[30.1, 1, 0], [50.1, 0, 1]]), (0.0, [])]
)
def test_a_message_is_counted_as_visible_where_a_setting_tells_since_when(
    window_s: float, seen_again: list[list[float]]
) -> None:
    # Given a message that is received again after 50 s, where the queue hides for 30 s: a mapping
    # that gathers for 20 s explains it; otherwise its handler may have hidden it for longer
    settings = replace(SQS, batching_window_s=window_s)
    table = attempts_table(logs(receive("x", 1, "error"), receive("x", 2, "ok", 50_100)))
    lanes = make_lanes(table, None, settings, None)
    (run,) = facts_of({"": (lanes, table, None, settings)})["runs"]
    counts = [[0.0, 1, 0], [0.1, 0, 1], *seen_again, [50.103, 0, 0]]
    assert run["counts"]["queue"] == counts
    [wait] = [one for one in run["messages"][0]["waits"] if one["end_s"] > 40]
    assert ("visib" in wait["told"]) is bool(seen_again)


def test_messages_of_one_batch_share_their_log_lines() -> None:
    lines = [record(f"m-{n}", n, receive_count=1, sent_at_ms=T0_MS, outcome="ok") for n in "ab"]
    table = attempts_table(logs(invocation(100, "both", *lines)))
    (run,) = facts_of({"": (make_lanes(table, None, SQS, None), table, None, SQS)})["runs"]
    assert len(run["invocations"]) == 1
    assert [m["attempts"][0]["batch_size"] for m in run["messages"]] == [2, 2]


def test_a_lost_event_is_shown_as_lost() -> None:
    nowhere = SQS.__class__(source="async", function_timeout_s=5, maximum_retry_attempts=0)
    line = record("m", "B", sent_at_ms=T0_MS, outcome="error")
    table = attempts_table(logs(invocation(100, "r", line, error="ValueError: no")))
    none = arrivals_table({})
    (run,) = facts_of({"": (make_lanes(table, none, nowhere, None), table, none, nowhere)})["runs"]
    assert run["messages"][0]["fate"] == "lost"
    assert run["messages"][0]["steps"][-1][1:4] == ("lost", "lost", "lost")
    assert run["counts"]["lost"] == [[0.103, 1, 0]]


def test_facts_are_json_and_small() -> None:
    assert len(json.dumps(three_orders())) < LESSON_LETTERS / 10


def test_a_crowd_s_log_is_left_out_where_it_would_fill_the_page() -> None:
    (run,) = crowd(200)["runs"]
    kept = sum(len(line[1]) for one in run["invocations"] for line in one["lines"])
    assert kept <= 120_000
    assert run["lines_left_out"] > 0


def test_the_usual_questions_are_about_the_first_failure() -> None:
    facts = three_orders()
    following, when = what_next(facts, "bad")
    assert following["at_s"] == 0.103
    assert [choice["is_right"] for choice in following["choices"]] == [False, False, True, False]
    assert_nothing_of_when(following)
    assert (when["answer"], when["unit"]) == (30.0, "s")
    with pytest.raises(DataError, match="No attempt at good failed"):
        what_next(facts, "good")


def asked_of(
    attempts: pd.DataFrame, arrivals: pd.DataFrame | None, settings: RetrySettings
) -> list[dict[str, Any]]:
    lanes = make_lanes(attempts, arrivals, settings, None)
    return what_next(facts_of({"": (lanes, attempts, arrivals, settings)}))


def given_up(at_s: float) -> pd.DataFrame:
    """What arrives of the bad order in the on-failure destination."""
    sent, arrived = (pd.Timestamp(T0_MS + 1000 * s, unit="ms", tz="UTC") for s in (0, at_s))
    row = {"message_id": "m-bad", "order_id": "bad", "sent_at": sent, "arrived_at": arrived}
    row |= {"target": "on-failure destination", "reason": "RetriesExhausted"}
    return pd.DataFrame([row], columns=list(COLUMNS)).astype(COLUMNS)


# Lengths of time, from when they count, and that there is none.
_WHEN = re.compile(
    r"\bseconds?\b|\bminutes?\b|\bhours?\b|\d ?s\b"
    r"|\bfrom the (receive|failure|start|end)\b|\bto wait for\b"
)


def assert_nothing_of_when(following: dict[str, Any]) -> None:
    """What is said to the first question does not answer the second: when."""
    told = [one["told"] for one in following["choices"]]
    assert all(told)
    assert [one for one in told if _WHEN.search(one)] == []


def right(question: dict[str, Any]) -> str:
    return next(str(choice["text"]) for choice in question["choices"] if choice["is_right"])


def test_at_the_limit_the_right_answer_is_another_one() -> None:
    # Given a message that may be received once: it moves, and not at once
    once = replace(SQS, max_receive_count=1)
    arrivals = arrivals_table({"source queue's DLQ": [moved("bad", 2)]})
    attempts = attempts_table(logs(receive("bad", 1, "error")))
    following, when = asked_of(attempts, arrivals, once)
    assert right(following).endswith(
        "until its visibility timeout is over; then it moves to the source queue's DLQ."
    )
    assert when["answer"] == 30.0
    assert when["text"].endswith("does bad arrive there?")
    assert_nothing_of_when(following)
    # And where Lambda has no retry left it is given up at once
    none = replace(ASYNC, maximum_retry_attempts=0)
    following, when = asked_of(attempts, given_up(0.103), none)
    assert right(following) == "Lambda gives it up: it goes to the on-failure destination."
    assert when["told"] == "It was at once. Nothing has to be waited for."
    assert_nothing_of_when(following)


def direct() -> tuple[pd.DataFrame, pd.DataFrame]:
    """An event that no topic brought: nothing tells when it was sent."""
    runs = [
        invocation(
            at, "r", record("r", "bad", source="invoke"), error="ValueError: no", stream=f"{at}"
        )
        for at in (100, 60_103, 180_106)
    ]
    arrived = given_up(180.11).assign(message_id="r")
    return attempts_table(logs(*runs)), arrived.assign(sent_at=arrived["arrived_at"])


def test_attempts_stay_apart_where_only_the_dlq_has_a_time() -> None:
    attempts, arrivals = direct()
    [lane] = make_lanes(attempts, arrivals, ASYNC, None)
    assert [round(attempt.start_s) for attempt in lane.attempts] == [0, 60, 180]


def test_a_function_behind_a_topic_that_is_invoked_directly_has_none_in_its_picture() -> None:
    attempts, arrivals = direct()
    behind_topic = carrying(attempts, outputs={"TopicArn": "t", "SubscriptionDlqUrl": "s/d"})
    lanes = make_lanes(behind_topic, arrivals, ASYNC, None)
    facts = facts_of({"": (lanes, behind_topic, arrivals, ASYNC)})
    ids = [place["id"] for place in facts["runs"][0]["places"]]
    assert ids == ["you", "events", "function", "on-failure destination", "done"]
    # And nobody is told of SNS
    following, when = what_next(facts)
    assert "SNS" not in json.dumps(following)
    assert right(following).startswith("It waits in Lambda's event queue")
    assert round(when["answer"]) == 60


def test_who_counts_a_visibility_timeout_from_the_failure_is_not_right() -> None:
    # Given an attempt that hung for 5 s: 25 s and 35 s are the misconceptions
    first = invocation(
        100,
        "a",
        record("m-bad", "bad", receive_count=1, sent_at_ms=T0_MS),
        status="timeout",
        duration_ms=5000,
        stream="bad",
    )
    attempts = attempts_table(logs(first, receive("bad", 2, "ok")))
    _, when = asked_of(attempts, None, SQS)
    assert when["answer"] == 30.0
    assert when["within"] < 5
    assert "counts from the receive" in when["told"]


def test_who_forgets_the_attempt_before_a_retry_delay_is_not_right() -> None:
    # Given an attempt that hung for 5 s, and the next one a minute after its end
    event = record("m-bad", "bad", source="sns")
    first = invocation(100, "a", event, status="timeout", duration_ms=5000, stream="bad")
    attempts = attempts_table(logs(first, invocation(65_100, "a", event, stream="again")))
    following, when = asked_of(attempts, None, ASYNC)
    # Then 65 s is right, and 60 s, the delay alone, is not
    assert when["answer"] == 65.0
    assert 0 < when["within"] < 5
    assert "counts from the failure" in when["told"]
    assert_nothing_of_when(following)


def test_an_order_that_did_not_fail_is_not_asked_about() -> None:
    facts = three_orders()
    assert questions_about(facts, "good") == []
    assert len(questions_about(facts, "bad")) == 2
    with pytest.raises(DataError, match="No attempt at nobody failed"):
        questions_about(facts, "nobody")


def test_a_message_moved_by_a_shorter_limit_is_in_flight_until_then() -> None:
    # Given a message that SQS moved after its third receive
    attempts = attempts_table(logs(*(receive("bad", n, "error") for n in (1, 2, 3))))
    arrivals = arrivals_table({"source queue's DLQ": [moved("bad", 4)]})
    lanes = make_lanes(attempts, arrivals, SQS, None)
    (run,) = facts_of({"": (lanes, attempts, arrivals, SQS)})["runs"]
    assert run["counts"]["queue"][-1] == [90.1, 0, 0]


def test_an_attempt_that_runs_beside_another_one_has_its_own_end() -> None:
    # Given a visibility timeout shorter than the function runs: received again meanwhile
    tries = [
        invocation(
            at_ms,
            f"r{count}",
            record("m", "A", receive_count=count, sent_at_ms=T0_MS, outcome="ok"),
            duration_ms=10_000,
            stream=f"s{count}",
        )
        for count, at_ms in ((1, 100), (2, 6_100))
    ]
    table = attempts_table(logs(*tries))
    (run,) = facts_of({"": (make_lanes(table, None, SQS, None), table, None, SQS)})["runs"]
    assert [tuple(step[:4]) for step in run["messages"][0]["steps"]] == [
        (0.0, "sent", "queue", "waiting"),
        (0.1, "attempt", "function", "running"),
        (6.1, "attempt", "function", "running"),
        (10.1, "ended", "function", "running"),
        (16.1, "ended", "done", "done"),
    ]
    assert run["counts"]["done"] == [[16.1, 1, 0]]


def tried_once_more(at_s: float, *more: str) -> dict[str, Any]:
    """The facts of an event that was given up at a time; of its attempts the last come later."""
    starts_ms = (100, 60_103, 180_106, 300_000)[: 3 + len(more)]
    outcomes = ("error", "error", "error", *more)
    runs = [
        receive("bad", n + 1, outcome, at_ms)
        for n, (outcome, at_ms) in enumerate(zip(outcomes, starts_ms, strict=True))
    ]
    attempts, arrivals = attempts_table(logs(*runs)), given_up(at_s)
    lanes = make_lanes(attempts, arrivals, ASYNC, None)
    (run,) = facts_of({"": (lanes, attempts, arrivals, ASYNC)})["runs"]
    return dict(run)


@pytest.mark.parametrize("outcome", ["ok", "error"])
def test_an_event_that_is_tried_once_more_after_it_has_arrived_lies_there(outcome: str) -> None:
    # Given a record in the destination, and an attempt two minutes later
    place = "on-failure destination"
    before, after = tried_once_more(180.2), tried_once_more(180.2, outcome)
    [first], [message] = before["messages"], after["messages"]
    # Then it has arrived before, and stays there while it is tried and afterwards
    assert first["steps"][-1] == (180.2, "arrived", place, "kept", 0)
    assert message["steps"] == [
        *first["steps"],
        (300.0, "attempt", place, "kept", 3),
        (300.003, "ended", place, "kept", 3),
    ]
    assert (message["fate"], after["counts"][place]) == (place, [[180.2, 1, 0]])
    # And nothing is said of what it would have waited for meanwhile
    assert message["waits"] == first["waits"]


def test_an_arrival_that_is_stamped_a_moment_early_comes_after_its_attempt() -> None:
    [message] = tried_once_more(179.9)["messages"]
    assert [step[1] for step in message["steps"]][-2:] == ["ended", "arrived"]
    assert message["steps"][-1][0] == 180.109


def test_what_succeeded_and_was_recorded_is_processed_before_it_is_tried_once_more() -> None:
    recorded = given_up(0.2).assign(target="on-success destination", reason=SUCCESS)
    attempts = attempts_table(logs(receive("bad", 1, "ok"), receive("bad", 2, "ok", 60_000)))
    lanes = make_lanes(attempts, recorded, ASYNC, None)
    (run,) = facts_of({"": (lanes, attempts, recorded, ASYNC)})["runs"]
    place = "on-success destination"
    assert [step[1:4] for step in run["messages"][0]["steps"]] == [
        ("sent", "events", "waiting"),
        ("attempt", "function", "running"),
        ("ended", place, "done"),
        ("arrived", place, "kept"),
        ("attempt", place, "kept"),
        ("ended", place, "kept"),
    ]
