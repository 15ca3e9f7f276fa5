"""The failure gallery: what is made of evidence, and how it is shown."""

import json
from typing import Any

import pandas as pd
import pytest

from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import empty_attempts
from workshop.evidence.retry_settings import RetrySettings
from workshop.gallery import card, cards, summary
from workshop.gallery.case import (
    DONE,
    LOST,
    NOBODY,
    REFUSED,
    WAITING,
    Case,
    Refused,
    of_message,
    of_refusal,
)
from workshop.gallery.replay import of_one_message
from workshop.player.widget import FACTS

SENT_AT = pd.Timestamp("2026-11-23T12:00:00Z")


def attempts(*seconds: int, outcome: str = "error", error: str | None = "ValueError") -> Any:
    """An attempts table of one message that was tried at these seconds."""
    table = empty_attempts()
    for number, second in enumerate(seconds):
        told = {"outcome": outcome, "error_type": error, "request_id": "r-1"}
        told |= {"message_id": "m-1", "source": "sqs", "attempt": number + 1, "batch_size": 1}
        told |= {"receive_count": number + 1, "sent_at": SENT_AT, "duration_ms": 3.0}
        table.loc[number, list(told)] = list(told.values())
        table.loc[number, "started_at"] = SENT_AT + pd.Timedelta(seconds=second)
    return table


def arrived(target: str, body: Any, after_s: int = 0, **attributes: Any) -> pd.DataFrame:
    sent_ms = int(SENT_AT.timestamp() * 1000) + after_s * 1000
    message = {
        "MessageId": "m-1",
        "Body": json.dumps(body),
        "Attributes": {"SentTimestamp": str(sent_ms), "ApproximateReceiveCount": "1"} | attributes,
    }
    return arrivals_table({target: [message]})


def record(condition: str, **parts: Any) -> dict[str, Any]:
    context = {"condition": condition, "requestId": "r-1", "approximateInvokeCount": 0}
    return {"requestContext": context, "requestPayload": {}} | parts


NOWHERE = arrivals_table({})


def case(path: str, runs: Any, ends: pd.DataFrame = NOWHERE, **more: Any) -> Case:
    return of_message("it", path, SENT_AT, runs, ends, **more)


def test_a_failure_behind_a_queue_is_retried_by_sqs_and_told_by_the_log_only() -> None:
    redriven = arrived("source queue's DLQ", {}, DeadLetterQueueSourceArn="arn")
    found = case("SQS queue", attempts(0, 30, 60), redriven)
    assert found.who.startswith("SQS")
    assert found.runs_at_s == (0.0, 30.0, 60.0)
    assert (found.ended, found.ended_at_s) == ("source queue's DLQ", None)
    assert found.in_log == ("error (ValueError), 3 times", "1 request id")
    assert found.elsewhere == ("the message as it was sent, without a reason",)


def test_an_event_is_retried_by_lambda_and_told_by_its_record() -> None:
    told = record("RetriesExhausted", responsePayload={"errorMessage": "no"})
    found = case("asynchronous", attempts(0, 60, 180), arrived("on-failure destination", told, 180))
    assert found.who == "Lambda's event queue"
    assert found.ended_at_s == 180.0
    assert found.elsewhere == ("record: RetriesExhausted, “no”",)


def played(*cases: Case) -> list[dict[str, Any]]:
    """The messages of a card's player."""
    facts = card(cases).facts
    assert facts is not None
    return [message for run in facts["runs"] for message in run["messages"]]


EVENTS = RetrySettings(
    "async", 3, maximum_retry_attempts=2, failure_target="on-failure destination"
)


def test_a_card_has_a_player_that_agrees_with_it() -> None:
    told = record("EventAgeExceeded", responseContext={"statusCode": 429})
    late = case("asynchronous", attempts(), arrived("on-failure destination", told, 47))
    redriven = arrived("source queue's DLQ", {}, DeadLetterQueueSourceArn="arn")
    queue = RetrySettings("sqs", 3, 30, max_receive_count=3, failure_target="source queue's DLQ")
    tried = of_message("it", "SQS queue", SENT_AT, attempts(0, 30, 60), redriven, settings=queue)
    # An event that was never tried keeps no time of its sending; who sent it does
    [in_queue, of_event] = played(tried, late)
    assert [run["start_s"] for run in in_queue["attempts"]] == list(tried.runs_at_s)
    assert in_queue["fate"] == tried.ended
    assert (of_event["fate"], of_event["end_s"]) == (late.ended, late.ended_at_s)
    assert [run["title"] for run in card([tried, late]).facts["runs"]] == [tried.path, late.path]


def test_what_is_lost_for_the_card_is_lost_in_its_player() -> None:
    # The destination is configured, and Lambda may not write to it
    unwritten = of_message(
        "it", "asynchronous", SENT_AT, attempts(0, 60, 180), NOWHERE, settings=EVENTS
    )
    assert unwritten.is_lost
    [message] = played(unwritten)
    assert message["fate"] == "lost"
    assert len(message["attempts"]) == 3


def test_runs_that_name_no_message_are_those_of_the_only_one() -> None:
    unnamed = attempts(0, 10, 20).assign(source=None, message_id=["r-1", "r-2", "r-3"])
    known = of_one_message(unnamed, "m-1", SENT_AT)
    redriven = arrived("source queue's DLQ", {}, DeadLetterQueueSourceArn="arn")
    [message] = played(case("SQS queue", known, redriven))
    assert [run["number"] for run in message["attempts"]] == [1, 2, 3]
    # What names its message is left as it is
    assert of_one_message(attempts(0, 10), "other", SENT_AT)["message_id"].unique() == ["m-1"]


def test_where_aws_tells_no_moment_there_is_nothing_to_watch(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(cards, "display", lambda bundle, **_: shown.append(bundle))
    dropped = case("SQS queue", attempts(), metrics={"FilteredOutEventCount": 1.0})
    refused = of_refusal("it", Refused("synchronous Invoke", "Code", "No.", 400))
    for one in (dropped, refused):
        assert card([one]).player is None
        card([one])._ipython_display_()
    assert ["Nothing to watch" in bundle["text/html"] for bundle in shown] == [True, True]
    card([case("asynchronous", attempts(0, 60, 180))])._ipython_display_()
    assert len(shown) == 2 + 2
    assert FACTS in shown[-1]


@pytest.mark.parametrize(
    ("told", "metrics", "who", "words"),
    [
        (record("EventAgeExceeded", responseContext={"statusCode": 429}), {"Throttles": 6.0},
         "Lambda's event queue", "record: EventAgeExceeded, status code 429"),
        (record("RetriesExhausted", responseContext={"statusCode": 404}), {},
         "Lambda's event queue", "record: RetriesExhausted, status code 404"),
        (record("ZeroReservedConcurrency"), {}, NOBODY, "record: ZeroReservedConcurrency"),
    ],
)  # fmt: skip
def test_what_did_not_run_leaves_no_log_line(
    told: dict[str, Any], metrics: dict[str, float], who: str, words: str
) -> None:
    ends = arrived("on-failure destination", told)
    found = case("asynchronous", attempts(), ends, metrics=metrics)
    assert (found.who, found.in_log, found.elsewhere[0]) == (who, (), words)


def test_a_message_is_waiting_lost_or_processed() -> None:
    assert case("SQS queue", attempts(), still_there=True).ended == WAITING
    assert case("SQS queue", attempts()).ended == LOST
    assert case("SQS queue", attempts()).is_lost
    done = case("SQS queue", attempts(0, outcome="ok", error=None))
    assert done.succeeded
    assert not done.is_lost


def test_metrics_are_told_with_their_meaning_when_they_count_something() -> None:
    found = case("asynchronous", attempts(0), metrics={"DeadLetterErrors": 1.0, "Throttles": 0.0})
    assert found.elsewhere == ("metric DeadLetterErrors 1 (events that the DLQ did not take)",)


def test_a_refusal_ends_at_its_caller_in_awss_words() -> None:
    found = of_refusal("it", Refused("Invoke", "Code", "x" * 500, 400))
    assert (found.ended, found.who, found.in_log) == (REFUSED, NOBODY, ())
    assert found.elsewhere[0].startswith("HTTP 400 Code: xxx")
    # A cause of AWS's is told in full, what a parser explains at length is not
    cause = "The role defined for the function cannot be assumed by Lambda. " * 4
    assert of_refusal("it", Refused("I", "C", cause, 400)).elsewhere[0].endswith(cause)
    assert len(found.elsewhere[0]) < 330


def test_a_card_says_the_same_with_and_without_html_and_escapes_what_it_shows() -> None:
    told = record("RetriesExhausted", responsePayload={"errorMessage": "<b>no</b>"})
    shown = card([case("asynchronous", attempts(0), arrived("on-failure destination", told))])
    assert "it, asynchronous: who tries again: nobody" in repr(shown)
    text = shown._repr_html_()
    assert "&lt;b&gt;no" in text
    assert "<caption" in text
    assert text.count('scope="row"') == 5


def test_the_summary_counts_runs_silence_and_losses() -> None:
    table = summary({"it": [case("SQS queue", attempts()), case("SQS queue", attempts(0, 30))]})
    assert list(table["runs"]) == [0, 2]
    assert list(table["log lines"]) == [False, True]
    assert table["lost"].all()
    assert table["runs at s"].iloc[1] == "0, 30"


@pytest.mark.parametrize(
    ("at_s", "told"),
    [
        ((0.1, 30.1, 60.1), "0, 30, 60"),
        ((0.1,), "0"),
        # Whole seconds would read "0, 0, 1"
        ((0.1, 0.4, 0.7), "0.1, 0.4, 0.7"),
        (tuple(round(0.06 * n, 1) for n in range(2, 18)), "0.1 to 1.0"),
        # However many, they are told where they tell themselves apart
        (tuple(float(10 * n) for n in range(10)), "0, 10, 20, 30, 40, 50, 60, 70, 80, 90"),
    ],
)
def test_runs_within_a_second_are_told_apart(at_s: tuple[float, ...], told: str) -> None:
    ran = Case("it", "SQS queue", "nobody", at_s, DONE, 1.0, (), ())
    assert summary({"it": [ran]})["runs at s"].iloc[0] == told
    assert f", {told} s after sending" in repr(card([ran]))


def test_a_queue_that_nobody_reads_is_told_by_the_age_of_its_oldest_message() -> None:
    found = case("SQS queue", attempts(), still_there=True, oldest_s=300.0)
    assert found.elsewhere == (
        "metric ApproximateAgeOfOldestMessage up to 300 s (how long the oldest message has waited)",
    )
    # As old as every message gets for a moment, it tells nothing
    assert case("SQS queue", attempts(0), oldest_s=20.0).elsewhere == ()


def test_a_queue_whose_metrics_are_late_is_not_said_to_have_no_evidence() -> None:
    found = case("SQS queue", attempts(), metrics={"NumberOfMessagesSent": 0.0}, still_there=True)
    [told] = found.elsewhere
    assert "up to 15 minutes late" in told


def test_runs_are_told_in_their_order_whatever_message_they_were_at() -> None:
    assert case("SQS queue", attempts(20, 0, 10)).runs_at_s == (0.0, 10.0, 20.0)


def test_what_a_filter_dropped_is_lost_without_a_log_line_and_counted_where_it_was_deleted() -> (
    None
):
    counted = {"FilteredOutEventCount": 1.0, "NumberOfMessagesDeleted": 1.0}
    found = case("SQS queue", attempts(), metrics=counted)
    assert (found.ended, found.who, found.in_log) == (LOST, NOBODY, ())
    assert found.elsewhere == (
        "metric FilteredOutEventCount 1 (messages that the filter dropped)",
        "metric NumberOfMessagesDeleted 1 (deleted, though nothing ran)",
    )


def test_a_loop_is_no_retry_of_sqs_and_ends_where_lambda_stopped_it() -> None:
    runs = attempts(0, 1, 2, outcome="ok", error=None)
    runs["message_id"] = ["m-1", "m-2", "m-3"]
    redriven = arrived("source queue's DLQ", {}, DeadLetterQueueSourceArn="arn")
    found = case("SQS queue", runs, redriven, metrics={"RecursiveInvocationsDropped": 3.0})
    assert found.who == "nobody: the function sent it again"
    # Each run went well, and the order lies in the DLQ all the same
    assert found.ended == "source queue's DLQ"
    assert "metric RecursiveInvocationsDropped 3" in found.elsewhere[-1]


def test_a_function_that_cannot_be_imported_names_no_message() -> None:
    runs = attempts(0, 10, error="Runtime.ImportModuleError")
    runs["source"] = None
    found = case("SQS queue", runs)
    assert found.in_log[0] == "error (Runtime.ImportModuleError), 2 times"
    assert "no line names the message" in found.in_log
    assert "no line names" not in str(case("asynchronous", runs).in_log)
