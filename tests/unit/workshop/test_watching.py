"""How long an order took: what AWS did, and not how late it was seen."""

import json
from dataclasses import dataclass

import pandas as pd
import pytest

from tests.unit.workshop.fake_aws import FakeSqs, fake_session
from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from workshop.evidence.attempts import attempts_table
from workshop.evidence.expected import GIVEN_UP, UNDER_WAY, UNSEEN, Outlook, latest
from workshop.evidence.retry_settings import RetrySettings
from workshop.evidence.watching import Watch
from workshop.target.lateness import LATE, PUNCTUAL, Lateness
from workshop.target.outputs import Outputs
from workshop.target.telling import Expected

SENT = pd.Timestamp("2026-01-01", tz="UTC")
ORDER = "bad-1"


@dataclass
class Source:
    source: str


def took_s(source: str, lateness: Lateness, seen_after_s: float) -> float | None:
    """What is told of an order that ended at 30 s and is seen to have ended later."""
    watch = object.__new__(Watch)
    watch._session = fake_session()
    watch._session.lateness = lateness
    watch._looks = 3
    settings: RetrySettings = Source(source)  # type: ignore[assignment]
    watch.settings = settings
    end_at = SENT + pd.Timedelta(seconds=30)
    attempt = {"sent_at": SENT, "started_at": SENT, "ended_at": SENT, "outcome": "error"}
    found = Outlook(GIVEN_UP, end_at, end_at)
    return watch._from_sending([attempt], found, SENT + pd.Timedelta(seconds=seen_after_s))


@pytest.mark.parametrize("source", ["sqs", "async"])
def test_where_counts_are_late_it_is_told_by_the_settings(source: str) -> None:
    assert took_s(source, LATE, seen_after_s=95) == 30


def test_what_is_written_in_its_end_tells_when_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a record that is seen before any line of the log
    sent_at = "2026-01-01T00:00:00.000Z"
    notification = {"MessageId": "m", "Timestamp": sent_at, "Message": f'{{"order_id": "{ORDER}"}}'}
    record = {
        "version": "1.0",
        "timestamp": sent_at,
        "requestContext": {"requestId": "r", "condition": "RetriesExhausted"},
        "requestPayload": {"Records": [{"Sns": notification}]},
        "responsePayload": {"errorMessage": "no"},
    }
    arrived_ms = SENT.timestamp() * 1000 + 20
    attributes = {"SentTimestamp": f"{arrived_ms:.0f}", "ApproximateReceiveCount": "1"}
    found = {"MessageId": "q", "Body": json.dumps(record), "Attributes": attributes}
    monkeypatch.setattr("workshop.evidence.queues.look_again", lambda *_: [found])
    watch = object.__new__(Watch)
    watch._session, watch._took_s = fake_session(), {}
    watch._outputs = Outputs("LambdaDestinations", {"OnFailureQueueUrl": "url"})
    # Then it took as long as is written there, however late that is seen
    assert watch._in_the_end_queues([ORDER]) == {ORDER: "m"}
    assert watch.took_s() == {ORDER: pytest.approx(0.02)}


@pytest.mark.parametrize(
    ("tries", "told"),
    [(3, "visibility timeout 30 s, maxReceiveCount = 3"), (0, "it is given up without an attempt")],
)
def test_attempts_that_name_no_order_are_known_by_the_message_that_was_given_up(
    monkeypatch: pytest.MonkeyPatch, tries: int, told: str
) -> None:
    # Given a message in the DLQ, and the log of a function that does not tell which orders it had
    body = json.dumps({"order_id": ORDER, "fault": "?"})
    attributes = {"SentTimestamp": str(T0_MS), "DeadLetterQueueSourceArn": "arn"}
    dead = {"MessageId": "m", "Body": body, "Attributes": attributes}
    lines = [record("m", None, receive_count=n, sent_at_ms=T0_MS) for n in range(1, tries + 1)]
    table = attempts_table(
        logs(
            *(invocation(n * 30_000, f"r{n}", line, error="No: id") for n, line in enumerate(lines))
        )
    )
    monkeypatch.setattr("workshop.evidence.watching.seen_attempts", lambda *_: table)
    monkeypatch.setattr("workshop.evidence.queues.look_again", lambda *_: [dead])
    monkeypatch.setattr(Watch, "_may_have_ended", lambda *_: True)
    monkeypatch.setattr(
        "workshop.evidence.watching.read_settings",
        lambda *_: RetrySettings("sqs", 5, 30, max_receive_count=3),
    )
    outputs = Outputs("SqsDlq", {"LogGroupName": "log", "SourceQueueDlqUrl": "dlq"})
    watch = Watch(fake_session(sqs=FakeSqs(dlq=[dead])), outputs, [ORDER])
    # When somebody waits for the end of the order
    assert watch.states() == {ORDER: "given up"}
    # Then the cause is that of the attempts, and without any it is that there was none
    assert watch.cause() == told


@pytest.mark.parametrize("state", [UNSEEN, UNDER_WAY])
def test_the_end_of_an_order_that_may_succeed_is_only_the_latest_there_is(state: str) -> None:
    # Given an order of which nothing failed, and one that goes into the DLQ for certain
    watch = object.__new__(Watch)
    watch._session, watch._has_failed = fake_session(), False
    watch._last_end, watch._moved = None, ""
    watch.settings = RetrySettings("sqs", 5, 30, max_receive_count=3)
    end_at = SENT + pd.Timedelta(seconds=90)
    good, bad = Outlook(state, None, end_at), Outlook(GIVEN_UP, end_at, end_at)
    watch._found = {"good": good, "bad": bad}
    # Then its end is no moment at which AWS will be done, and no setting would have been shorter
    assert watch.expected().is_bound
    assert watch.shortcut() == ""
    # And of the other alone both are told
    watch._found, watch._has_failed = {"bad": bad}, True
    assert not watch.expected().is_bound
    assert "lower VisibilityTimeout" in watch.shortcut()
    # With several patterns one that is bound is enough
    assert latest([watch.expected(), Expected(end_at, is_bound=True)]).is_bound


def test_where_they_are_not_it_is_what_was_seen() -> None:
    assert took_s("sqs", PUNCTUAL, seen_after_s=31) == 31


@pytest.mark.parametrize(
    ("seen", "lateness", "told"),
    [
        ("nothing", LATE, "CloudWatch Logs shows a line some seconds after it was written"),
        ("nothing", PUNCTUAL, "Lambda takes it and runs the function"),
        ("a failure", LATE, "visibility timeout 30 s, maxReceiveCount 3"),
        # SNS could not reach the function: nobody ran anything
        ("an end", PUNCTUAL, "it is given up without an attempt"),
    ],
)
def test_the_cause_of_a_wait_is_told_by_what_was_seen(
    monkeypatch: pytest.MonkeyPatch, seen: str, lateness: Lateness, told: str
) -> None:
    watch = object.__new__(Watch)
    watch._session = fake_session()
    watch._has_failed, watch._is_untried = seen == "a failure", seen == "an end"
    watch._session.lateness = lateness
    watch.settings = Source("sqs")  # type: ignore[assignment]
    monkeypatch.setattr(
        "workshop.evidence.expected.cause", lambda _: "visibility timeout 30 s, maxReceiveCount 3"
    )
    assert watch.cause() == told
