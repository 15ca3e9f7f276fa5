"""Batch operations: refused as a whole, or entry by entry inside a 200."""

import pytest

from tests.unit.sqs.world import SENDER, SqsWorld


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


@pytest.fixture
def queue(world):
    return world.queue(MaximumMessageSize=1024)


def entries(*bodies, **params):
    return [{"Id": f"e{n}", "MessageBody": body, **params} for n, body in enumerate(bodies)]


def test_good_entries_are_sent_in_order_and_bad_ones_listed(world, queue):
    answer = world.call(
        "SendMessageBatch", QueueUrl=queue.url, Entries=entries("a", "x" * 1025, "b", "")
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["e0", "e2"]
    assert answer["Successful"][0]["MD5OfMessageBody"] == "0cc175b9c0f1b6a831c399e269772661"
    assert answer["Failed"] == [
        {
            "Id": "e1",
            "Code": "InvalidParameterValue",
            "Message": "One or more parameters cannot be validated. "
            "Reason: Message must be shorter than 1024 bytes.",
            "SenderFault": True,
        },
        {
            "Id": "e3",
            "Code": "MissingParameter",
            "Message": "The request must contain the parameter "
            "SendMessageBatchRequestEntry.4.MessageBody.",
            "SenderFault": True,
        },
    ]
    assert [m.body for m in queue.receive(10)] == ["a", "b"]


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        (
            [],
            "EmptyBatchRequest",
            "There should be at least one SendMessageBatchRequestEntry in the request.",
        ),
        (
            entries(*"abcdefghijk"),
            "TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are 10. You have sent 11.",
        ),
        (
            [{"Id": "a b", "MessageBody": "x"}],
            "InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
            "It can be at most 80 letters long.",
        ),
        (
            [{"Id": "a", "MessageBody": "x"}] * 2,
            "BatchEntryIdsNotDistinct",
            "Id a repeated.",
        ),
        (
            entries("x" * 524_288, "x" * 524_289),
            "BatchRequestTooLong",
            "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
        ),
    ],
)
def test_batches_that_are_refused(world, queue, given, code, message):
    refused = world.refused("SendMessageBatch", QueueUrl=queue.url, Entries=given)
    assert (refused.code, refused.query_code) == (code, f"AWS.SimpleQueueService.{code}")
    assert refused.message == message
    assert queue.counts() == (0, 0, 0)


def test_one_bad_entry_refuses_a_whole_fifo_batch(world):
    queue = world.queue("q.fifo", ContentBasedDeduplication="true")
    given = [*entries("a", MessageGroupId="g"), {"Id": "bad", "MessageBody": "b"}]
    refused = world.refused("SendMessageBatch", QueueUrl=queue.url, Entries=given)
    # A single SendMessage says MissingParameter; a batch was recorded with this code
    assert refused.query_code == "InvalidParameterValue"
    assert refused.message == "The request must contain the parameter MessageGroupId."
    assert queue.counts() == (0, 0, 0)


def test_deleting_in_a_batch(world, queue):
    for body in "ab":
        queue.send(body, sender_id=SENDER)
    handles = [m.receipt_handle for m in queue.receive(10)]
    given = [
        {"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate([*handles, "garbage"])
    ]
    answer = world.call("DeleteMessageBatch", QueueUrl=queue.url, Entries=given)
    assert answer == {
        "Successful": [{"Id": "0"}, {"Id": "1"}],
        "Failed": [
            {
                "Id": "2",
                "Code": "ReceiptHandleIsInvalid",
                "Message": 'The input receipt handle "garbage" is not a valid receipt handle.',
                "SenderFault": True,
            }
        ],
    }
    assert queue.counts() == (0, 0, 0)


def test_changing_visibility_in_a_batch(world, queue):
    queue.send("x", sender_id=SENDER)
    [message] = queue.receive(1)
    handle = message.receipt_handle
    given = [
        {"Id": "good", "ReceiptHandle": handle, "VisibilityTimeout": 0},
        {"Id": "range", "ReceiptHandle": handle, "VisibilityTimeout": 43_201},
        {"Id": "missing", "ReceiptHandle": handle},
    ]
    answer = world.call("ChangeMessageVisibilityBatch", QueueUrl=queue.url, Entries=given)
    assert answer["Successful"] == [{"Id": "good"}]
    assert [(entry["Id"], entry["Message"]) for entry in answer["Failed"]] == [
        (
            "range",
            "Value 43201 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout "
            "must be an integer between 0 and 43200.",
        ),
        (
            "missing",
            "The request must contain the parameter "
            "ChangeMessageVisibilityBatchRequestEntry.3.VisibilityTimeout.",
        ),
    ]
    assert queue.counts() == (1, 0, 0)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"MaxNumberOfMessages": 11}, "Must be between 1 and 10, if provided."),
        ({"MaxNumberOfMessages": 0}, "Must be between 1 and 10, if provided."),
        ({"WaitTimeSeconds": 21}, "Must be >= 0 and <= 20, if provided."),
        ({"WaitTimeSeconds": -1}, "Must be >= 0 and <= 20, if provided."),
        ({"VisibilityTimeout": 43_201}, "Must be >= 0 and <= 43200, if provided."),
        (
            {"ReceiveRequestAttemptId": "a b"},
            "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. "
            "1 to 128 in length.",
        ),
    ],
)
def test_receive_parameters_that_are_refused(world, queue, params, message):
    [(name, value)] = params.items()
    refused = world.refused("ReceiveMessage", QueueUrl=queue.url, **params)
    assert refused.message == f"Value {value} for parameter {name} is invalid. Reason: {message}"


def test_a_single_visibility_timeout_out_of_range(world, queue):
    refused = world.refused(
        "ChangeMessageVisibility", QueueUrl=queue.url, ReceiptHandle="x", VisibilityTimeout=-1
    )
    assert refused.message == (
        "Value -1 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200."
    )


def test_an_empty_receive_has_no_messages_member(world, queue):
    assert world.call("ReceiveMessage", QueueUrl=queue.url, WaitTimeSeconds=0) == {}
