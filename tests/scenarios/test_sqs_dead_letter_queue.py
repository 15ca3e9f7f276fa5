"""Pattern 1: an SQS source queue with a DLQ, behind an event source mapping.

Each scenario names the facts of AWS's behaviour that it shows (facts.toml); the same text runs
on a real account.
"""

import json
from itertools import pairwise

import pytest

from tests.scenarios.account import Account
from tests.scenarios.pattern import sqs_pattern

VISIBILITY_S = 30


def test_a_good_message_is_processed_and_deleted(account: Account) -> None:
    """A19, A30."""
    pattern = sqs_pattern(account)
    # When a good message is sent
    pattern.source.send('{"order": 1}')
    # Then it is processed once and gone
    account.time.until(lambda: account.attempts(pattern.function))
    pattern.await_empty_source()
    assert len(account.attempts(pattern.function)) == 1
    assert pattern.dlq.counts() == (0, 0, 0)


def test_a_bad_message_is_received_three_times_and_moved(account: Account) -> None:
    """A7, A19, A20, A21, B1, J1, J2."""
    pattern = sqs_pattern(account, receives=3, visibility_s=VISIBILITY_S)
    # When a message that always fails is sent
    pattern.source.send('{"raise": "bad"}')
    # Then the first failure moves nothing
    account.time.until(lambda: account.attempts(pattern.function))
    assert pattern.dlq.counts() == (0, 0, 0)
    # And after three receives it is in the DLQ
    account.time.until(lambda: pattern.dlq.holds(1))
    attempts = account.attempts(pattern.function)
    assert len(attempts) == 3
    gaps = [after.started_s - before.started_s for before, after in pairwise(attempts)]
    assert gaps == pytest.approx([VISIBILITY_S, VISIBILITY_S], abs=2)
    # Each attempt is an invocation of its own
    assert len({attempt.request_id for attempt in attempts}) == 3
    assert pattern.source.counts() == (0, 0, 0)


def test_a_message_comes_back_when_its_visibility_timeout_is_over(account: Account) -> None:
    """A6, A19, A21, J1, J6."""
    pattern = sqs_pattern(account, "event", receives=2, visibility_s=60)
    pattern.source.send("fail")
    account.time.until(lambda: pattern.dlq.holds(1))
    first, second = account.attempts(pattern.function)
    # Then 60 s passed between the receives
    assert second.started_s - first.started_s == pytest.approx(60, abs=1)
    [before], [after] = (
        json.loads(attempt.printed("event ")[0])["Records"] for attempt in (first, second)
    )
    # And it is the same message under a new receipt handle
    assert before["receiptHandle"] != after["receiptHandle"]
    assert before["attributes"].pop("ApproximateReceiveCount") == "1"
    assert after["attributes"].pop("ApproximateReceiveCount") == "2"
    for same in ("messageId", "body", "attributes"):
        assert before[same] == after[same]


def test_the_message_in_the_dlq_is_the_one_that_was_sent(account: Account) -> None:
    """B2, B3, B4, J3, J4, J5."""
    pattern = sqs_pattern(account, "event", receives=2, visibility_s=VISIBILITY_S)
    attributes = {"kind": {"DataType": "String", "StringValue": "order"}}
    sent = pattern.source.send("fail", MessageAttributes=attributes)
    account.time.until(lambda: pattern.dlq.holds(1))
    # When it is read from the DLQ
    [message] = pattern.dlq.receive()
    # Then it kept everything, and says where it came from but not why
    assert message["MessageId"] == sent
    assert message["Body"] == "fail"
    assert message["MessageAttributes"] == attributes
    assert message["Attributes"]["ApproximateReceiveCount"] == "3"
    assert message["Attributes"]["DeadLetterQueueSourceArn"] == pattern.source.arn
    [seen] = json.loads(account.attempts(pattern.function)[0].printed("event ")[0])["Records"]
    for kept in ("SentTimestamp", "ApproximateFirstReceiveTimestamp", "SenderId"):
        assert message["Attributes"][kept] == seen["attributes"][kept]


def test_the_event_has_the_documented_shape(account: Account) -> None:
    """A1, A2, A3, A4, J26."""
    pattern = sqs_pattern(account, "event")
    sent = pattern.source.send(
        '{"order": 7}',
        MessageAttributes={
            "amount": {"DataType": "Number", "StringValue": "12"},
            "title": {"DataType": "String", "StringValue": "The Whistler"},
        },
    )
    pattern.source.send("plain")
    account.time.until(lambda: len(account.attempts(pattern.function)) == 2)
    events = [json.loads(a.printed("event ")[0]) for a in account.attempts(pattern.function)]
    records = {event["Records"][0]["body"]: event["Records"][0] for event in events}
    # Then a record has these keys, and text for values
    record = records['{"order": 7}']
    assert list(record) == [
        "messageId", "receiptHandle", "body", "attributes", "messageAttributes",
        "md5OfMessageAttributes", "md5OfBody", "eventSource", "eventSourceARN", "awsRegion",
    ]  # fmt: skip
    assert record["messageId"] == sent
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == pattern.source.arn
    assert set(record["attributes"]) >= {
        "ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp",
    }  # fmt: skip
    assert all(isinstance(value, str) for value in record["attributes"].values())
    # And message attributes are spelled as Lambda spells them
    for name, kind, value in (("amount", "Number", "12"), ("title", "String", "The Whistler")):
        assert record["messageAttributes"][name] == {
            "stringValue": value, "stringListValues": [], "binaryListValues": [], "dataType": kind,
        }  # fmt: skip
    assert len(record["md5OfMessageAttributes"]) == 32
    assert records["plain"]["messageAttributes"] == {}
    assert records["plain"].get("md5OfMessageAttributes") is None


def test_a_timeout_is_a_failure_like_any_other(account: Account) -> None:
    """A19, E5, E15, E16, J61."""
    pattern = sqs_pattern(account, receives=1)
    pattern.source.send('{"sleep_s": 20}')
    account.time.until(lambda: pattern.dlq.holds(1))
    [attempt] = account.attempts(pattern.function)
    assert "Status: timeout" in attempt.report
    assert "Duration: 5000.00 ms" in attempt.report
    assert not any("Task timed out" in line for line in attempt.lines)
