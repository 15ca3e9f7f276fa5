"""FIFO queues: order within a group, blocked groups, and what a move changes."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.pattern import sqs_pattern
from tests.scenarios.queues import Queue

FIFO = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}


def send_group(queue: Queue, group: str, *bodies: dict[str, Any]) -> list[str]:
    return queue.send_all(*map(json.dumps, bodies), MessageGroupId=group)


def test_the_record_tells_group_and_order(account: Account) -> None:
    """A5."""
    pattern = sqs_pattern(account, "event", fifo=True)
    pattern.source.send("x", MessageGroupId="g", MessageDeduplicationId="d")
    [attempt] = account.time.until(lambda: account.attempts(pattern.function))
    [record] = json.loads(attempt.printed("event ")[0])["Records"]
    assert record["attributes"]["MessageGroupId"] == "g"
    assert record["attributes"]["MessageDeduplicationId"] == "d"
    assert record["attributes"]["SequenceNumber"].isdigit()


def test_a_failing_batch_blocks_only_its_group(account: Account) -> None:
    """A17, A19."""
    pattern = sqs_pattern(account, receives=2, fifo=True)
    send_group(pattern.source, "bad", {"raise": "bad"}, {"order": "behind"})
    send_group(pattern.source, "good", {"order": "free"})
    account.time.until(lambda: pattern.dlq.holds(1))
    pattern.await_empty_source()
    starts = {a.printed("order ")[0].strip(): a.started_s for a in account.attempts(
        pattern.function
    )}  # fmt: skip
    bad, behind, free = (
        starts[json.dumps(body)]
        for body in ({"raise": "bad"}, {"order": "behind"}, {"order": "free"})
    )
    # Only the last attempt of the bad one counts here: the group was blocked until then
    assert free < bad <= behind


def test_one_group_runs_one_batch_at_a_time(account: Account) -> None:
    """A17."""
    pattern = sqs_pattern(account, fifo=True)
    send_group(pattern.source, "g", *[{"sleep_s": 2, "order": number} for number in range(3)])
    pattern.await_empty_source()
    attempts = account.attempts(pattern.function)
    assert [json.loads(a.printed("order ")[0])["order"] for a in attempts] == [0, 1, 2]
    first, second, third = (attempt.started_s for attempt in attempts)
    assert second - first >= 2
    assert third - second >= 2


def test_reported_failures_of_a_fifo_batch_come_back(account: Account) -> None:
    """A5, A37, A41, J22."""
    pattern = sqs_pattern(
        account, "batch", receives=2, fifo=True,
        BatchSize=10, FunctionResponseTypes=["ReportBatchItemFailures"],
    )  # fmt: skip
    bodies = [
        {"answer": "report bad ones", "number": number, "bad": number >= 2} for number in range(4)
    ]
    pattern.disable()
    send_group(pattern.source, "g", *bodies)
    account.client("lambda").update_event_source_mapping(UUID=pattern.mapping_id, Enabled=True)
    account.time.until(lambda: pattern.dlq.holds(2))
    batches = [json.loads(a.printed("bodies ")[0]) for a in account.attempts(pattern.function)]
    seen = [[body["number"] for body in batch] for batch in batches]
    assert seen[0] == [0, 1, 2, 3]
    assert sorted(number for batch in seen[1:] for number in batch) == [2, 3]


def test_a_move_gives_a_fifo_message_a_new_place(account: Account) -> None:
    """B2, B5."""
    dlq = account.queue(**FIFO)
    source = account.queue(redrive_to=dlq, receives=1, VisibilityTimeout=1, **FIFO)
    sent = source.send("x", MessageGroupId="g", MessageDeduplicationId="d")
    [before] = source.receive()
    account.time.pass_(2)
    assert source.receive() == []
    account.time.until(lambda: dlq.holds(1))
    [after] = dlq.receive()
    assert after["MessageId"] == sent
    assert after["Attributes"]["MessageGroupId"] == "g"
    assert after["Attributes"]["MessageDeduplicationId"] == sent
    assert after["Attributes"]["SequenceNumber"] != before["Attributes"]["SequenceNumber"]


def test_blocked_messages_count_as_visible(account: Account) -> None:
    """B20."""
    queue = account.queue(**FIFO)
    send_group(queue, "g", *[{"number": number} for number in range(6)])
    answer = queue.sqs.receive_message(QueueUrl=queue.url, MaxNumberOfMessages=2)
    assert len(answer["Messages"]) == 2
    account.time.until(lambda: queue.counts() == (4, 2, 0))


def test_what_a_fifo_queue_refuses(account: Account) -> None:
    """B17, B18, B24."""
    queue = account.queue(FifoQueue="true", VisibilityTimeout=1)
    group = {"MessageGroupId": "g", "MessageDeduplicationId": "d"}
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "The request must contain the parameter MessageGroupId."),
        (
            {"MessageGroupId": "g"},
            "The queue should either have ContentBasedDeduplication enabled or "
            "MessageDeduplicationId provided explicitly",
        ),
        (
            group | {"DelaySeconds": 2},
            "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter "
            "that is not valid for this queue type.",
        ),
    ]
    for options, message in cases:
        with pytest.raises(ClientError) as refused:
            queue.send("x", **options)
        assert refused.value.response["Error"]["Message"] == message
    # Nor does it delete by a handle whose time is over
    queue.send("x", **group)
    [message] = queue.receive()
    account.time.pass_(2)
    with pytest.raises(ClientError, match=r"Reason: The receipt handle has expired\."):
        queue.sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])


@pytest.mark.embedded("AWS mixes message groups, and does not tell when")
def test_a_batch_mixes_message_groups_each_in_its_order(account: Account) -> None:
    # https://github.com/aws-powertools/powertools-lambda-python/issues/2981
    pattern = sqs_pattern(
        account, "batch", fifo=True, BatchSize=10, FunctionResponseTypes=["ReportBatchItemFailures"]
    )
    pattern.disable()
    good = {"answer": "report bad ones", "bad": False}
    for number in range(3):
        for group in "ab":
            send_group(pattern.source, group, good | {"group": group, "number": number})
    account.client("lambda").update_event_source_mapping(UUID=pattern.mapping_id, Enabled=True)
    pattern.await_empty_source()
    batches = [json.loads(a.printed("bodies ")[0]) for a in account.attempts(pattern.function)]
    # Nobody promises how they are cut into batches: here one receive takes all
    assert {body["group"] for body in batches[0]} == {"a", "b"}
    seen = [body for batch in batches for body in batch]
    for group in "ab":
        assert [body["number"] for body in seen if body["group"] == group] == [0, 1, 2]
