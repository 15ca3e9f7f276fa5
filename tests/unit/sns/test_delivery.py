"""Deliveries of SNS to functions and queues."""

import base64
import json

import pytest

from localaws.sqs.senders import service_sender_id
from localaws.words.errors import AwsError
from tests.unit.sns.world import FUNCTION, SnsWorld
from tests.unit.virtual_time import START_S


@pytest.fixture
def world():
    return SnsWorld()


def test_function_gets_one_record_with_its_own_spelling(world):
    # Given a function on a topic
    topic = world.topic(SignatureVersion="2")
    subscription = world.subscribe(topic, FUNCTION)
    # When a message without subject is published
    message_id = world.publish(
        topic,
        "Grüße",
        MessageAttributes={
            "n": {"DataType": "Number", "StringValue": "1"},
            "b": {"DataType": "Binary", "BinaryValue": b"\x02"},
        },
    )["MessageId"]
    # Then it is invoked once, on behalf of the topic (facts D1, D2, D14, J58)
    [(when_s, event, given)] = world.invocations
    assert when_s == START_S
    assert given["principal_service"] == "sns.amazonaws.com"
    assert given["source_arn"] == topic
    [record] = event["Records"]
    assert list(record) == ["EventSource", "EventVersion", "EventSubscriptionArn", "Sns"]
    assert record["EventSubscriptionArn"] == subscription
    sns = record["Sns"]
    assert list(sns) == [
        "Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion",
        "Signature", "SigningCertUrl", "UnsubscribeUrl", "MessageAttributes",
    ]  # fmt: skip
    assert sns["MessageId"] == message_id
    assert sns["Subject"] is None
    assert sns["Message"] == "Grüße"
    assert sns["Timestamp"] == "2023-11-14T22:13:20.000Z"
    assert sns["SignatureVersion"] == "1"
    assert len(base64.b64decode(sns["Signature"])) == 256
    assert sns["MessageAttributes"] == {
        "n": {"Type": "String", "Value": "1"},
        "b": {"Type": "Binary", "Value": "Ag=="},
    }
    assert world.counted("NumberOfNotificationsDelivered") == 1
    assert world.counted("NumberOfMessagesPublished") == 1
    assert world.counted("PublishSize") == len("Grüße".encode()) + 8 + 8


def test_queue_gets_an_envelope_laid_out_as_aws_does(world):
    topic, queue = world.topic(), world.queue("q")
    subscription = world.subscribe(topic, queue)
    world.publish(topic, "hi", Subject="S", MessageAttributes={
        "a": {"DataType": "String", "StringValue": "x"},
        "n": {"DataType": "Number.int", "StringValue": "1"},
    })  # fmt: skip
    [message] = world.received(queue)
    assert message["Body"].startswith('{\n  "Type" : "Notification",\n  "MessageId" : "')
    assert message["Body"].endswith(
        '  "MessageAttributes" : {\n    "a" : {"Type":"String","Value":"x"},\n'
        '    "n" : {"Type":"Number.int","Value":"1"}\n  }\n}'
    )
    envelope = json.loads(message["Body"])
    assert list(envelope) == [
        "Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion",
        "Signature", "SigningCertURL", "UnsubscribeURL", "MessageAttributes",
    ]  # fmt: skip
    assert envelope["UnsubscribeURL"].endswith(f"&SubscriptionArn={subscription}")
    assert "MessageAttributes" not in message
    assert message["Attributes"]["SenderId"] == service_sender_id("sns.amazonaws.com")


def test_raw_delivery_gives_message_and_attributes(world):
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue, RawMessageDelivery="true")
    attributes = {"b": {"DataType": "Binary", "BinaryValue": b"\x02\x03"}}
    world.publish(topic, "plain", MessageAttributes=attributes)
    [message] = world.received(queue)
    assert (message["Body"], message["MessageAttributes"]) == ("plain", attributes)


def test_message_structure_gives_every_protocol_its_text(world):
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue)
    world.subscribe(topic, FUNCTION)
    texts = json.dumps({"default": "for all", "sqs": "for queues"})
    world.publish(topic, texts, MessageStructure="json")
    assert json.loads(world.received(queue)[0]["Body"])["Message"] == "for queues"
    assert world.invocations[0][1]["Records"][0]["Sns"]["Message"] == "for all"


def test_a_queues_policy_decides(world):
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue)
    world.allow = False
    world.publish(topic)
    world.allow = True
    assert world.received(queue) == []
    assert world.counted("NumberOfNotificationsFailed") == 1


def test_filtered_messages_are_counted_and_not_delivered(world):
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue, FilterPolicy={"kind": ["a"]})
    for kind in "ab":
        attribute = {"DataType": "String", "StringValue": kind}
        world.publish(topic, kind, MessageAttributes={"kind": attribute})
    [message] = world.received(queue)
    assert json.loads(message["Body"])["Message"] == "a"
    assert world.counted("NumberOfNotificationsFilteredOut") == 1


def test_removing_a_filter_policy_lets_everything_through(world):
    topic, queue = world.topic(), world.queue("q")
    arn = world.subscribe(topic, queue, FilterPolicy={"kind": ["a"]})
    world.sns.call(
        "SetSubscriptionAttributes",
        SubscriptionArn=arn,
        AttributeName="FilterPolicy",
        AttributeValue="",
    )
    world.publish(topic)
    assert len(world.received(queue)) == 1


def test_trace_header_travels_with_the_message(world):
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue)
    world.subscribe(topic, FUNCTION)
    request = world.sns.request("Publish", TopicArn=topic, Message="traced")
    request.headers["x-amzn-trace-id"] = "Root=1-2-3"
    world.sns.send(request)
    world.settle()
    [message] = world.received(queue)
    assert message["Attributes"]["AWSTraceHeader"] == "Root=1-2-3"
    assert world.invocations[0][2]["trace_header"] == "Root=1-2-3"


def test_fifo_topic_keeps_order_numbers_and_ids(world):
    topic = world.topic("t.fifo", FifoTopic="true", ContentBasedDeduplication="true")
    queue = world.queue("q.fifo", FifoQueue="true")
    world.subscribe(topic, queue)
    first = world.publish(topic, "one", MessageGroupId="g")
    again = world.publish(topic, "one", MessageGroupId="g")
    second = world.publish(topic, "two", MessageGroupId="g")
    assert again["SequenceNumber"] == first["SequenceNumber"] < second["SequenceNumber"]
    bodies = [json.loads(message["Body"]) for message in world.received(queue)]
    assert [body["Message"] for body in bodies] == ["one", "two"]
    assert bodies[0]["SequenceNumber"] == first["SequenceNumber"]
    assert "Signature" not in bodies[0]
    world.pass_time(301)
    assert world.publish(topic, "one", MessageGroupId="g")["MessageId"] != first["MessageId"]


def test_groups_reach_fifo_queues_and_those_of_standard_topics_standard_queues(world):
    queues = [world.queue("q"), world.queue("q.fifo", FifoQueue="true")]
    fifo = world.topic("t.fifo", FifoTopic="true", ContentBasedDeduplication="true")
    standard = world.topic()
    for queue in queues:
        world.subscribe(fifo, queue)
    world.subscribe(standard, queues[0])
    for topic in (fifo, standard):
        world.publish(topic, MessageGroupId="g")
    groups = [[m["Attributes"].get("MessageGroupId") for m in world.received(q)] for q in queues]
    assert groups == [[None, "g"], ["g"]]


def test_unconfirmed_and_undeliverable_subscriptions_get_nothing(world):
    topic = world.topic()
    for protocol, endpoint in (("email", "a@b.c"), ("sms", "+10000000000")):
        world.sns.call("Subscribe", TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
    world.publish(topic)
    assert world.counted("NumberOfNotificationsDelivered") == 0
    assert world.counted("NumberOfNotificationsFailed") == 0


def test_one_failing_subscription_does_not_hold_up_the_others(world):
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, "arn:aws:sqs:us-east-1:111111111111:gone")
    world.subscribe(topic, queue)
    world.publish(topic)
    assert len(world.received(queue)) == 1


def test_services_publish_without_the_wire(world):
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue)
    attributes = {"ErrorCode": {"DataType": "Number", "StringValue": "200"}}
    message_id = world.service.publish(topic, '{"a":1}', message_attributes=attributes)
    world.settle()
    envelope = json.loads(world.received(queue)[0]["Body"])
    assert envelope["MessageId"] == message_id
    assert envelope["Message"] == '{"a":1}'
    assert envelope["MessageAttributes"]["ErrorCode"] == {"Type": "Number", "Value": "200"}
    with pytest.raises(AwsError, match="Topic does not exist"):
        world.service.publish(topic + "x", "m")
