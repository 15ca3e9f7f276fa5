"""What SNS delivers and refuses, against answers recorded from real AWS."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.contract.sns_replay import (
    ONE_ATTRIBUTE,
    SYSTEM,
    TWO_ATTRIBUTES,
    Replay,
    empty,
    entry,
    only,
)

WRONG_ATTRIBUTES: Mapping[str, dict[str, Any]] = {
    "missing_string_attr": {"attr1": {"DataType": "String", "StringValue": ""}},
    "fully_missing_string_attr": {"attr1": {"DataType": "String"}},
    "fully_missing_data_type": {"attr1": {"StringValue": "value1"}},
    "missing_binary_attr": {"attr1": {"DataType": "Binary", "BinaryValue": b""}},
    "str_attr_binary_value": {"attr1": {"DataType": "String", "BinaryValue": b"123"}},
    "int_attr_binary_value": {"attr1": {"DataType": "Number", "BinaryValue": b"123"}},
    "binary_attr_string_value": {"attr1": {"DataType": "Binary", "StringValue": "123"}},
    "invalid_attr_string_value": {"attr1": {"DataType": "InvalidType", "StringValue": "1"}},
    "too_long_name": {"a" * 257: {"DataType": "String", "StringValue": "1"}},
    "invalid_name": {"a^*?": {"DataType": "String", "StringValue": "1"}},
    "invalid_name_2": {".abc": {"DataType": "String", "StringValue": "1"}},
    "invalid_name_3": {"abc.": {"DataType": "String", "StringValue": "1"}},
    "invalid_name_4": {"a..bc": {"DataType": "String", "StringValue": "1"}},
}


def test_raw_subscription() -> None:
    test = Replay("TestSNSSubscriptionSQS::test_attribute_raw_subscribe")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    arn = world.subscribe(topic, queue, RawMessageDelivery="true")
    test.attributes("subscription-attributes", arn)
    binary = {"store": {"DataType": "Binary", "BinaryValue": b"\x02\x03\x04"}}
    world.publish(topic, "This is a test message", MessageAttributes=binary)
    test.received("messages-response", queue)


def test_queue_gets_raw_message_and_envelope() -> None:
    test = Replay("TestSNSSubscriptionSQS::test_publish_sqs_from_sns")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    arn = world.subscribe(topic, queue, RawMessageDelivery="true")
    for raw, number in (("true", "99.12"), ("false", "100.12")):
        world.sns.call(
            "SetSubscriptionAttributes",
            SubscriptionArn=arn,
            AttributeName="RawMessageDelivery",
            AttributeValue=raw,
        )
        test.attributes(f"sub-attrs-raw-{raw}", arn)
        attributes = {"attr1": {"DataType": "Number", "StringValue": number}}
        world.publish(topic, "Test msg", MessageAttributes=attributes)
        test.received(f"message-raw-{raw}", queue)
        empty(world, queue)


def test_batch_to_a_queue() -> None:
    test = Replay("TestSNSSubscriptionSQS::test_publish_batch_messages_from_sns_to_sqs")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    arn = world.subscribe(topic, queue, RawMessageDelivery="true")
    test.attributes("sub-attrs-raw-true", arn)
    structured = json.dumps({"default": "test", "sqs": "test sqs"})
    test.call(
        "publish-batch",
        "PublishBatch",
        TopicArn=topic,
        PublishBatchRequestEntries=[
            entry(1, "Test Message with one attribute", ONE_ATTRIBUTE),
            entry(2, "Test Message with two attributes", TWO_ATTRIBUTES),
            {"Id": "3", "Message": "Test Message without attribute", "Subject": "Subject"},
            {"Id": "4", "Message": "Test Message without subject"},
            {"Id": "5", "Message": structured, "MessageStructure": "json"},
        ],
    )
    test.received("messages", queue, *SYSTEM, metadata=False)


def test_trace_header() -> None:
    test = Replay("TestSNSSubscriptionSQS::test_publish_sqs_from_sns_with_xray_propagation")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue)
    request = world.sns.request("Publish", TopicArn=topic, Message="X-Ray propagation test msg")
    header = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"
    request.headers["x-amzn-trace-id"] = header
    world.sns.send(request)
    world.settle()
    [message] = world.received(queue)
    test.check("xray-msg", only(message, ("AWSTraceHeader", "SentTimestamp")))


def test_attributes_arrive_raw_and_in_the_envelope() -> None:
    test = Replay("TestSNSSubscriptionSQS::test_message_attributes_not_missing")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    arn = world.subscribe(topic, queue, RawMessageDelivery="true")
    message = {
        "TopicArn": topic,
        "Message": "text",
        "MessageAttributes": {
            "an-attribute-key": {"DataType": "String", "StringValue": "an-attribute-value"},
            "binary-attribute": {"DataType": "Binary", "BinaryValue": b"\x02\x03\x04"},
        },
    }
    test.call("publish-msg-raw", "Publish", **message)
    test.received("raw-delivery-msg-attrs", queue, *SYSTEM)
    empty(world, queue)
    world.sns.call(
        "SetSubscriptionAttributes",
        SubscriptionArn=arn,
        AttributeName="RawMessageDelivery",
        AttributeValue="false",
    )
    test.call("publish-msg-json", "Publish", **message)
    test.received("json-delivery-msg-attrs", queue, *SYSTEM)


def test_message_structure() -> None:
    test = Replay("TestSNSSubscriptionSQS::test_message_structure_json_to_sqs")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue)
    for step, texts in (
        ("sqs", {"default": "default field", "sqs": json.dumps({"field": "value"})}),
        ("default", {"default": "default field"}),
    ):
        world.publish(topic, json.dumps(texts), MessageStructure="json")
        test.received(f"get-msg-json-{step}", queue)
        empty(world, queue)


@pytest.mark.parametrize("step", WRONG_ATTRIBUTES)
def test_attributes_of_messages_that_are_refused(step: str) -> None:
    test = Replay("TestSNSSubscriptionSQS::test_empty_or_wrong_message_attributes")
    topic, attributes = test.world.topic(), WRONG_ATTRIBUTES[step]
    test.call(step, "Publish", TopicArn=topic, Message="m", MessageAttributes=attributes)
    entries = [{"Id": "1", "Message": "m", "MessageAttributes": attributes}]
    entries.append({"Id": "2", "Message": "good"})
    test.call(f"batch-{step}", "PublishBatch", TopicArn=topic, PublishBatchRequestEntries=entries)
