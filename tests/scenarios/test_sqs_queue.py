"""What an SQS queue does by itself: receives, counts, moves, limits."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.queues import Queue


def test_a_queue_without_settings_has_awss_defaults(account: Account) -> None:
    """B13, J27."""
    queue = account.queue()
    answer = queue.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])
    expected = {
        "VisibilityTimeout": "30",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "DelaySeconds": "0",
        "ReceiveMessageWaitTimeSeconds": "0",
        "SqsManagedSseEnabled": "true",
        "ApproximateNumberOfMessages": "0",
        "ApproximateNumberOfMessagesNotVisible": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
        "QueueArn": queue.arn,
    }
    assert {name: answer["Attributes"][name] for name in expected} == expected


def test_an_empty_receive_has_no_messages_key(account: Account) -> None:
    """B21, J29."""
    queue = account.queue()
    answer = queue.sqs.receive_message(QueueUrl=queue.url)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert "Messages" not in answer


def test_the_counters_tell_where_messages_are(account: Account) -> None:
    """B18, B20, J30."""
    queue = account.queue(VisibilityTimeout=30)
    queue.send_all(*"123456")
    # When one of six is received
    assert len(queue.sqs.receive_message(QueueUrl=queue.url)["Messages"]) == 1
    # Then it is in flight until its visibility timeout is over
    account.time.until(lambda: queue.counts() == (5, 1, 0))
    account.time.pass_(31)
    account.time.until(lambda: queue.counts() == (6, 0, 0))


def test_receive_number_n_plus_one_moves_the_message(account: Account) -> None:
    """B1, J8."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=1, VisibilityTimeout=0)
    sent = source.send("x")
    assert [message["MessageId"] for message in source.receive()] == [sent]
    # When it is received once more
    assert source.receive() == []
    # Then the DLQ has it
    account.time.until(lambda: dlq.holds(1))
    assert source.counts() == (0, 0, 0)


def test_nothing_moves_while_nobody_polls(account: Account) -> None:
    """B1, J7."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=1, VisibilityTimeout=1)
    source.send("x")
    assert len(source.receive()) == 1
    account.time.pass_(120)
    assert dlq.counts() == (0, 0, 0)
    assert source.counts() == (1, 0, 0)
    assert source.receive() == []
    account.time.until(lambda: dlq.holds(1))


def test_a_moved_message_keeps_what_it_was(account: Account) -> None:
    """B2, B3, B4, J3, J4, J5."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=1, VisibilityTimeout=2)
    attributes = {"kind": {"DataType": "String", "StringValue": "order"}}
    source.send("x", MessageAttributes=attributes)
    [before] = source.receive()
    account.time.pass_(3)
    assert source.receive() == []
    account.time.until(lambda: dlq.holds(1))
    [after] = dlq.receive()
    # Then only these differ
    assert after.pop("ReceiptHandle") != before.pop("ReceiptHandle")
    assert before["Attributes"].pop("ApproximateReceiveCount") == "1"
    assert after["Attributes"].pop("ApproximateReceiveCount") == "2"
    assert after["Attributes"].pop("DeadLetterQueueSourceArn") == source.arn
    # And nothing tells the reason
    assert after == before


def test_a_delay_hides_a_message_without_costing_a_receive(account: Account) -> None:
    """B17, B20."""
    queue = account.queue(DelaySeconds=20)
    queue.send("x")
    assert queue.counts() == (0, 0, 1)
    assert queue.receive() == []
    account.time.pass_(21)
    account.time.until(lambda: queue.counts() == (1, 0, 0))
    [message] = queue.receive()
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_a_receipt_handle_outlives_its_visibility_timeout(account: Account) -> None:
    """B18."""
    queue = account.queue(VisibilityTimeout=1)
    queue.send("x")
    [message] = queue.receive()
    account.time.pass_(3)
    handle = {"QueueUrl": queue.url, "ReceiptHandle": message["ReceiptHandle"]}
    queue.sqs.change_message_visibility(**handle, VisibilityTimeout=0)
    queue.sqs.delete_message(**handle)
    account.time.until(lambda: queue.counts() == (0, 0, 0))


def test_attributes_come_only_when_asked_for(account: Account) -> None:
    """B22, B23."""
    queue = account.queue(VisibilityTimeout=0)
    attributes = {"kind": {"DataType": "String", "StringValue": "order"}}
    sent = queue.sqs.send_message(QueueUrl=queue.url, MessageBody="x", MessageAttributes=attributes)
    assert set(sent) - {"ResponseMetadata"} == {
        "MessageId", "MD5OfMessageBody", "MD5OfMessageAttributes",
    }  # fmt: skip
    [bare] = queue.sqs.receive_message(QueueUrl=queue.url)["Messages"]
    assert set(bare) == {"MessageId", "ReceiptHandle", "MD5OfBody", "Body"}
    [full] = queue.receive()
    assert set(full) - set(bare) == {"Attributes", "MessageAttributes", "MD5OfMessageAttributes"}


def test_what_a_redrive_policy_may_say(account: Account) -> None:
    """B9, B10, B11."""
    dlq, source = account.queue(), account.queue()

    def redrive(arn: str, receives: object) -> None:
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": receives})
        source.sqs.set_queue_attributes(QueueUrl=source.url, Attributes={"RedrivePolicy": policy})

    # A number may be text, and an empty policy removes it
    redrive(dlq.arn, "42")
    source.set_attributes(RedrivePolicy="")
    names = source.sqs.get_queue_attributes(QueueUrl=source.url, AttributeNames=["All"])
    assert "RedrivePolicy" not in names["Attributes"]
    # The DLQ exists and allows it
    with pytest.raises(ClientError, match=r"Reason: Dead letter target does not exist\."):
        redrive(dlq.arn + "-missing", 3)
    deny = json.dumps({"redrivePermission": "denyAll"})
    dlq.set_attributes(RedriveAllowPolicy=deny)
    with pytest.raises(ClientError) as refused:
        redrive(dlq.arn, 3)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("VisibilityTimeout", 0, 43_200),
        ("DelaySeconds", 0, 900),
        ("MessageRetentionPeriod", 60, 1_209_600),
        ("ReceiveMessageWaitTimeSeconds", 0, 20),
        ("MaximumMessageSize", 1_024, 1_048_576),
    ],
)
def test_the_ranges_of_queue_attributes(account: Account, name: str, least: int, most: int) -> None:
    """B14."""
    queue = account.queue()

    def set_to(value: int) -> None:
        queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={name: str(value)})

    set_to(least)
    set_to(most)
    for value in (least - 1, most + 1):
        with pytest.raises(ClientError) as refused:
            set_to(value)
        assert refused.value.response["Error"]["Code"] == "InvalidAttributeValue"


def _receive(queue: Queue, **options: int) -> None:
    queue.sqs.receive_message(QueueUrl=queue.url, **options)


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        (
            lambda q: _receive(q, MaxNumberOfMessages=11), "InvalidParameterValue",
            "Value 11 for parameter MaxNumberOfMessages is invalid. "
            "Reason: Must be between 1 and 10, if provided.",
        ),
        (
            lambda q: _receive(q, WaitTimeSeconds=21), "InvalidParameterValue",
            "Value 21 for parameter WaitTimeSeconds is invalid. "
            "Reason: Must be >= 0 and <= 20, if provided.",
        ),
        (
            lambda q: q.send("x" * 1_048_577), "InvalidParameterValue",
            "One or more parameters are invalid. "
            "Reason: Message must be shorter than 1048576 bytes.",
        ),
        (
            lambda q: q.send(""), "MissingParameter",
            "The request must contain the parameter MessageBody.",
        ),
        (
            lambda q: q.send_all(*(["x"] * 20)),
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are 10. You have sent 20.",
        ),
        (
            lambda q: _receive(Queue(q.sqs, q.url + "-missing", "", q.time)),
            "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.",
        ),
    ],
)  # fmt: skip
def test_what_sqs_refuses(account: Account, call: object, code: str, message: str) -> None:
    """B19, B24, J28."""
    queue = account.queue()
    with pytest.raises(ClientError) as refused:
        call(queue)  # type: ignore[operator]
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["Error"]["Message"] == message
