"""SQS's standard queues, against answers recorded from real AWS."""

import pytest

from tests.contract.sqs_replay import SqsReplay

CLASS = "TestSqsProvider"
both_protocols = pytest.mark.parametrize("protocol", ["sqs", "sqs_query"])


def replay(test: str) -> SqsReplay:
    return SqsReplay("sqs", f"{CLASS}::{test}")


@both_protocols
def test_send_receive_max_number_of_messages(protocol: str) -> None:
    test = replay(f"test_send_receive_max_number_of_messages[{protocol}]")
    url = test.queue()
    test.send(url, "message")
    test.step("send_max_number_of_messages", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=11)
    test.done()


@both_protocols
def test_receive_empty_queue(protocol: str) -> None:
    test = replay(f"test_receive_empty_queue[{protocol}]")
    url = test.queue()
    test.step("empty_short_poll_resp_no_param", "ReceiveMessage", QueueUrl=url)
    test.step("empty_short_poll_resp", "ReceiveMessage", QueueUrl=url, WaitTimeSeconds=0)
    test.step("empty_long_poll_resp", "ReceiveMessage", QueueUrl=url, WaitTimeSeconds=1)
    test.done()


@both_protocols
def test_send_receive_wait_time_seconds(protocol: str) -> None:
    test = replay(f"test_send_receive_wait_time_seconds[{protocol}]")
    url = test.queue()
    for _ in range(2):
        test.send(url, "message")
    receive = {"QueueUrl": url}
    test.step("recieve_message_error_too_large", "ReceiveMessage", WaitTimeSeconds=21, **receive)
    test.step("recieve_message_error_too_small", "ReceiveMessage", WaitTimeSeconds=-1, **receive)
    test.step("empty_short_poll_by_default_resp", "ReceiveMessage", **receive)
    test.step("empty_short_poll_explicit_resp", "ReceiveMessage", WaitTimeSeconds=0, **receive)
    test.done()


@both_protocols
def test_send_oversized_message(protocol: str) -> None:
    test = replay(f"test_send_oversized_message[{protocol}]")
    body = "a" * (1_048_576 + 1)
    test.step("send_oversized_message", "SendMessage", QueueUrl=test.queue(), MessageBody=body)
    test.done()


@both_protocols
def test_send_message_with_updated_maximum_message_size(protocol: str) -> None:
    test = replay(f"test_send_message_with_updated_maximum_message_size[{protocol}]")
    url = test.queue()
    attributes = {"MaximumMessageSize": "1024"}
    test.call("SetQueueAttributes", QueueUrl=url, Attributes=attributes)
    test.send(url, "a" * 1024)
    body = "a" * 1025
    test.step("send_oversized_message", "SendMessage", QueueUrl=url, MessageBody=body)
    test.done()


@pytest.mark.parametrize(
    ("case", "group_id"), [("empty", ""), ("too_long", "a" * 129), ("spaces", "group 123")]
)
def test_send_message_to_standard_queue_with_invalid_message_group_id(
    case: str, group_id: str
) -> None:
    name = "test_send_message_to_standard_queue_with_invalid_message_group_id"
    test = replay(f"{name}[{case}]")
    params = {"QueueUrl": test.queue(), "MessageBody": "message", "MessageGroupId": group_id}
    test.step("error-response", "SendMessage", **params)
    test.done()


@both_protocols
def test_create_and_update_queue_attributes(protocol: str) -> None:
    test = replay(f"test_create_and_update_queue_attributes[{protocol}]")
    url = test.queue(
        MessageRetentionPeriod=604_800, ReceiveMessageWaitTimeSeconds=10, VisibilityTimeout=20
    )
    test.attributes(url, "get_queue_attributes")
    update = {"MaximumMessageSize": "2048", "VisibilityTimeout": "69", "DelaySeconds": "420"}
    test.call("SetQueueAttributes", QueueUrl=url, Attributes=update)
    test.attributes(url, "get_updated_queue_attributes")
    test.done()


@both_protocols
def test_delete_after_visibility_timeout(protocol: str) -> None:
    test = replay(f"test_delete_after_visibility_timeout[{protocol}]")
    url = test.queue(VisibilityTimeout=1)
    test.send(url, "foobar")
    [message] = test.call("ReceiveMessage", QueueUrl=url)["Messages"]
    test.world.pass_time(2)
    test.call("DeleteMessage", QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    step = "delete_after_timeout_queue_empty"
    test.step(step, "ReceiveMessage", QueueUrl=url, WaitTimeSeconds=1)
    test.done()


def test_send_batch_message_size() -> None:
    test = replay("test_send_batch_message_size")
    url = test.queue(MaximumMessageSize=1024)
    entries = [
        {"Id": "11111111-1111-1111-1111-111111111111", "MessageBody": "a" * 1024},
        {"Id": "22222222-2222-2222-2222-222222222222", "MessageBody": "a" * 1025},
    ]
    step = "send-message-batch-result"
    test.step(step, "SendMessageBatch", QueueUrl=url, Entries=entries)
    test.done()


@both_protocols
def test_delete_message_batch_with_too_large_batch(protocol: str) -> None:
    test = replay(f"test_delete_message_batch_with_too_large_batch[{protocol}]")
    url = test.queue()
    for n in range(20):
        test.send(url, f"message {n}")
    handles: list[str] = []
    while len(handles) < 20:
        answer = test.call("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)
        handles += [message["ReceiptHandle"] for message in answer["Messages"]]
    entries = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(handles)]
    test.step("error_response", "DeleteMessageBatch", QueueUrl=url, Entries=entries)
    test.done()


@both_protocols
def test_send_message_with_empty_string_attribute(protocol: str) -> None:
    test = replay(f"test_send_message_with_empty_string_attribute[{protocol}]")
    attributes = {"ErrorDetails": {"DataType": "String", "StringValue": ""}}
    params = {"MessageBody": "test", "MessageAttributes": attributes}
    test.step("empty-string-attr", "SendMessage", QueueUrl=test.queue(), **params)
    test.done()


@both_protocols
def test_aws_trace_header_propagation(protocol: str) -> None:
    test = replay(f"test_aws_trace_header_propagation[{protocol}]")
    url = test.queue()
    header = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"
    attributes = {"timestamp": {"DataType": "Number", "StringValue": "1493147359900"}}
    request = test.client.request(
        "SendMessage", QueueUrl=url, MessageBody="test", MessageAttributes=attributes
    )
    request.headers["x-amzn-trace-id"] = header
    assert test.client.send(request).status == 200
    [message] = test.call(
        "ReceiveMessage",
        QueueUrl=url,
        AttributeNames=["SentTimestamp", "AWSTraceHeader"],
        MessageAttributeNames=["All"],
    )["Messages"]
    test.compare("xray-msg", message)
    test.done()


@both_protocols
def test_set_queue_attributes_default_values(protocol: str) -> None:
    test = replay(f"test_set_queue_attributes_default_values[{protocol}]")
    url = test.queue()
    test.attributes(url, "get-queue-attributes-initial-values")
    update = {"KmsMasterKeyId": "testKeyId", "KmsDataKeyReusePeriodSeconds": "6000"}
    test.call("SetQueueAttributes", QueueUrl=url, Attributes=update)
    test.attributes(url, "get-queue-attributes-after-update")
    names = ("VisibilityTimeout", "DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod")
    empty = dict.fromkeys((*names, "ReceiveMessageWaitTimeSeconds", *update), "")
    test.call("SetQueueAttributes", QueueUrl=url, Attributes=empty)
    test.attributes(url, "get-queue-attributes-after-set-to-defaults")
    test.done()


@both_protocols
def test_sse_kms_and_sqs_are_mutually_exclusive(protocol: str) -> None:
    test = replay(f"test_sse_kms_and_sqs_are_mutually_exclusive[{protocol}]")
    attributes = {"KmsMasterKeyId": "testKeyId", "SqsManagedSseEnabled": "true"}
    answer = test.client.call("SetQueueAttributes", QueueUrl=test.queue(), Attributes=attributes)
    error = answer["Error"]
    text = f"({error['Code']}) when calling the SetQueueAttributes operation: {error['Message']}"
    test.compare("error", f"An error occurred {text}")
    test.done()


@both_protocols
def test_receive_message_attribute_names_filters(protocol: str) -> None:
    test = replay(f"test_receive_message_attribute_names_filters[{protocol}]")
    url = test.queue(VisibilityTimeout=0)
    attributes = {"Foo": {"DataType": "String", "StringValue": "Bar"}}
    test.send(url, "msg", MessageAttributes=attributes)
    for step, names, more in [
        ("all_attributes", ["All"], {}),
        ("all_system_and_message_attributes", ["All"], {"MessageAttributeNames": ["All"]}),
        ("single_attribute", ["SenderId"], {}),
        ("multiple_attributes", ["SenderId", "SequenceNumber"], {}),
    ]:
        test.step(step, "ReceiveMessage", QueueUrl=url, AttributeNames=names, **more)
    test.done()


@both_protocols
def test_fair_queue_with_message_group_id(protocol: str) -> None:
    test = replay(f"test_fair_queue_with_message_group_id[{protocol}]")
    params = {"QueueUrl": test.queue(), "MessageBody": "message", "MessageGroupId": "test"}
    test.step("send_message", "SendMessage", **params)
    test.step(
        "get-message-with-deduplication-id",
        "ReceiveMessage",
        QueueUrl=params["QueueUrl"],
        AttributeNames=["All"],
    )
    test.done()
