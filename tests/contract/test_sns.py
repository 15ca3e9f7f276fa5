"""SNS against answers recorded from real AWS: the calls of each recorded test, step by step."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from localaws.errors import AwsError
from tests.contract.recordings import Comparison, load
from tests.unit.sns_world import FUNCTION, SnsWorld

RECORDED = load("sns")
UNKNOWN_TOKEN = "51b2ff3edb475b7d91550e0ab6edf0c1" * 9
TWO_ATTRIBUTES = {
    "attr1": {"DataType": "Number", "StringValue": "99.12"},
    "attr2": {"DataType": "Number", "StringValue": "109.12"},
}
ONE_ATTRIBUTE = {"attr1": {"DataType": "Number", "StringValue": "19.12"}}

# Members that hold JSON text, which the recordings show as what it says.
JSON_MEMBERS = ("Body", "Policy", "RedrivePolicy", "EffectiveDeliveryPolicy")


class Replay:
    """One recorded test, and the world that it is replayed in."""

    def __init__(self, name: str) -> None:
        [self._content] = [c for case, c in RECORDED.items() if case.endswith(f"::{name}")]
        self._comparison = Comparison()
        self.world = SnsWorld()

    def check(self, step: str, answer: Any) -> None:
        """Compare an answer with the recorded one."""
        self._comparison.check(self._content[step], _spelt_out(answer), step)

    def call(self, step: str, operation: str, **params: Any) -> dict[str, Any]:
        """Call an operation of SNS and compare its answer."""
        answer = self.world.sns.call(operation, **params)
        self.world.settle()
        self.check(step, answer)
        return answer

    def attributes(self, step: str, subscription: str, within: str | None = "Attributes") -> None:
        """Compare a subscription's attributes."""
        answer = self.world.sns.call("GetSubscriptionAttributes", SubscriptionArn=subscription)
        self.check(step, answer if within else answer["Attributes"])

    def received(self, step: str, queue: str, *system: str, metadata: bool = True) -> None:
        """Compare what a consumer of a queue gets; of the system attributes those named."""
        messages = [_only(message, system) for message in self.world.received(queue)]
        answer: dict[str, Any] = {"Messages": messages}
        if metadata:
            answer["ResponseMetadata"] = {"HTTPHeaders": {}, "HTTPStatusCode": 200}
        self.check(step, answer)


SYSTEM = (
    "ApproximateFirstReceiveTimestamp",
    "ApproximateReceiveCount",
    "SenderId",
    "SentTimestamp",
)
FIFO_SYSTEM = (*SYSTEM, "MessageDeduplicationId", "MessageGroupId", "SequenceNumber")


def _only(message: Mapping[str, Any], system: tuple[str, ...]) -> dict[str, Any]:
    kept = dict(message)
    attributes = {name: kept["Attributes"][name] for name in system}
    return (
        {**kept, "Attributes": attributes}
        if system
        else {name: value for name, value in kept.items() if name != "Attributes"}
    )


def _spelt_out(answer: Any, member: str = "") -> Any:
    if isinstance(answer, Mapping):
        return {name: _spelt_out(value, name) for name, value in answer.items()}
    if isinstance(answer, list):
        return [_spelt_out(item) for item in answer]
    if isinstance(answer, bytes):
        return str(answer)
    if isinstance(answer, str) and member in JSON_MEMBERS and answer.startswith("{"):
        return json.loads(answer)
    return answer


def test_unsubscribe_of_what_does_not_exist() -> None:
    test = Replay("test_unsubscribe_from_non_existing_subscription")
    topic = test.world.topic()
    subscription = test.world.subscribe(topic, FUNCTION)
    test.world.sns.call("Unsubscribe", SubscriptionArn=subscription)
    test.call("empty-unsubscribe", "Unsubscribe", SubscriptionArn=subscription)


def test_subscriptions_with_attributes() -> None:
    test = Replay("test_create_subscriptions_with_attributes")
    topic, queue = test.world.topic(), test.world.queue("q")
    params = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue}
    wrong = {"RawMessageDelivery": "wrongvalue", "FilterPolicy": "{}"}
    test.call("subscribe-wrong-attr", "Subscribe", **params, Attributes=wrong)
    answer = test.call(
        "subscribe", "Subscribe", **params, Attributes={"RawMessageDelivery": "true"}
    )
    user = test.world.sns.call(
        "GetSubscriptionAttributes", SubscriptionArn=answer["SubscriptionArn"]
    )
    assert user["Attributes"].pop("SubscriptionPrincipal")
    user["Attributes"]["SubscriptionPrincipal"] = "arn:aws:iam::111111111111:user/any"
    test.check("get-attrs", user)
    test.call(
        "get-attrs-nonexistent-sub",
        "GetSubscriptionAttributes",
        SubscriptionArn=f"{topic}:11111111-2222-3333-4444-555555555555",
    )


def test_attributes_that_are_refused() -> None:
    test = Replay("test_validate_set_sub_attributes")
    arn = test.world.subscribe(test.world.topic(), test.world.queue("q"))
    for step, name, value in (
        ("fake-attribute", "FakeAttribute", "test-value"),
        ("raw-message-wrong-value", "RawMessageDelivery", "test-ValUe"),
        ("raw-message-empty-value", "RawMessageDelivery", ""),
        (
            "fake-arn-redrive-policy",
            "RedrivePolicy",
            '{"deadLetterTargetArn": "fake-arn"}',
        ),
        ("invalid-json-redrive-policy", "RedrivePolicy", "{invalidjson}"),
        ("invalid-json-filter-policy", "FilterPolicy", "{invalidjson}"),
    ):
        test.call(
            step,
            "SetSubscriptionAttributes",
            SubscriptionArn=arn,
            AttributeName=name,
            AttributeValue=value,
        )


def test_confirmation_with_a_wrong_token() -> None:
    test = Replay("test_sns_confirm_subscription_wrong_token")
    topic = test.world.topic()
    for step, arn, token in (
        ("topic-not-exists", f"{topic}x", UNKNOWN_TOKEN),
        ("invalid-token", topic, "randomtoken"),
        ("token-not-exists", topic, UNKNOWN_TOKEN),
    ):
        test.call(step, "ConfirmSubscription", TopicArn=arn, Token=token)


def test_second_page_of_subscriptions() -> None:
    test = Replay("test_list_subscriptions_by_topic_pagination")
    topic = test.world.topic()
    for number in range(101):
        test.world.sns.call(
            "Subscribe", TopicArn=topic, Protocol="sms", Endpoint=f"+1{number:010d}"
        )
    first = test.world.sns.call("ListSubscriptionsByTopic", TopicArn=topic)
    test.call(
        "list-sub-per-topic-page-2",
        "ListSubscriptionsByTopic",
        TopicArn=topic,
        NextToken=first["NextToken"],
    )


def test_topics_that_cannot_be_subscribed_to() -> None:
    test = Replay("test_subscribe_with_invalid_topic")
    for step, arn in (
        ("invalid-subscribe-arn-1", "randomstring"),
        ("invalid-subscribe-arn-2", "arn:aws:sns:us-east-1:111111111111"),
        ("non-existent-topic", "arn:aws:sns:us-east-1:111111111111:nope"),
    ):
        test.call(step, "Subscribe", TopicArn=arn, Protocol="email", Endpoint="a@example.com")


def test_event_that_a_functions_dlq_gets_through_sns() -> None:
    """The function's part is played here: it gets SNS's event and puts it into its own DLQ."""
    test = Replay("test_sns_topic_as_lambda_dead_letter_queue")
    world = test.world
    dlq_topic, topic, queue = world.topic("dlq"), world.topic("orders"), world.queue("q")
    world.subscribe(dlq_topic, queue)
    world.subscribe(topic, FUNCTION)
    world.publish(topic, '{"raise_error": 1}')
    [(_, event, _)] = world.invocations
    world.service.publish(
        dlq_topic,
        json.dumps(event),
        message_attributes={
            "ErrorCode": {"DataType": "Number", "StringValue": "200"},
            "ErrorMessage": {
                "DataType": "String",
                "StringValue": "Test exception (this is intentional)",
            },
            "RequestID": {"DataType": "String", "StringValue": "request-1"},
        },
    )
    world.settle()
    [message] = world.received(queue)
    del message["Attributes"]
    body = json.loads(message["Body"])
    inner = json.loads(body["Message"])
    inner["Records"][0]["Sns"]["Message"] = json.loads(inner["Records"][0]["Sns"]["Message"])
    message["Body"] = {**body, "Message": inner}
    metadata = {"HTTPHeaders": {}, "HTTPStatusCode": 200}
    test.check("messages", {"Messages": [message], "ResponseMetadata": metadata})


def test_dlq_of_a_functions_subscription() -> None:
    test = Replay("test_redrive_policy_lambda_subscription")
    world = test.world
    topic, dlq = world.topic(), world.queue("dlq")
    arn = world.subscribe(topic, FUNCTION, RedrivePolicy={"deadLetterTargetArn": dlq})
    _with_user(world, arn)
    test.attributes("subscription-attributes", arn)
    world.refusal = AwsError("gone", code="ResourceNotFoundException", status=404)
    attributes = {"attr1": {"DataType": "Number", "StringValue": "1"}}
    world.publish(topic, "test_redrive_policy", MessageAttributes=attributes)
    test.received("messages", dlq)


def _with_user(world: SnsWorld, arn: str) -> None:
    """The recordings were made by a user; the account's root subscribes here."""
    subscription = world.service._topics.get_subscription(arn)
    subscription.principal_arn = "arn:aws:iam::111111111111:user/recorder"


def test_raw_subscription() -> None:
    test = Replay("test_attribute_raw_subscribe")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    arn = world.subscribe(topic, queue, RawMessageDelivery="true")
    _with_user(world, arn)
    test.attributes("subscription-attributes", arn)
    binary = {"store": {"DataType": "Binary", "BinaryValue": b"\x02\x03\x04"}}
    world.publish(topic, "This is a test message", MessageAttributes=binary)
    test.received("messages-response", queue)


def test_queues_need_no_confirmation() -> None:
    test = Replay("test_sqs_topic_subscription_confirmation")
    arn = test.world.subscribe(test.world.topic(), test.world.queue("q"))
    _with_user(test.world, arn)
    test.attributes("subscription-attrs", arn, within=None)


def test_queue_gets_raw_message_and_envelope() -> None:
    test = Replay("test_publish_sqs_from_sns")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    arn = world.subscribe(topic, queue, RawMessageDelivery="true")
    _with_user(world, arn)
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
        _empty(world, queue)


def _empty(world: SnsWorld, queue: str) -> None:
    world.queues.queue(queue).purge()
    world.clock.skip_to(world.clock.now_s() + 61)


def test_batch_to_a_queue() -> None:
    test = Replay("test_publish_batch_messages_from_sns_to_sqs")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    arn = world.subscribe(topic, queue, RawMessageDelivery="true")
    _with_user(world, arn)
    test.attributes("sub-attrs-raw-true", arn)
    structured = json.dumps({"default": "test", "sqs": "test sqs"})
    test.call(
        "publish-batch",
        "PublishBatch",
        TopicArn=topic,
        PublishBatchRequestEntries=[
            _entry(1, "Test Message with one attribute", ONE_ATTRIBUTE),
            _entry(2, "Test Message with two attributes", TWO_ATTRIBUTES),
            {"Id": "3", "Message": "Test Message without attribute", "Subject": "Subject"},
            {"Id": "4", "Message": "Test Message without subject"},
            {"Id": "5", "Message": structured, "MessageStructure": "json"},
        ],
    )
    test.received("messages", queue, *SYSTEM, metadata=False)


def _entry(number: int, message: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Id": str(number),
        "Message": message,
        "Subject": "Subject",
        "MessageAttributes": attributes,
    }


def test_queue_by_its_url() -> None:
    test = Replay("test_subscribe_to_sqs_with_queue_url")
    topic = test.world.topic()
    url = "http://127.0.0.1:1/111111111111/q"
    test.call("sub-queue-url", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=url)


def test_trace_header() -> None:
    test = Replay("test_publish_sqs_from_sns_with_xray_propagation")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue)
    request = world.sns.request("Publish", TopicArn=topic, Message="X-Ray propagation test msg")
    header = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"
    request.headers["x-amzn-trace-id"] = header
    world.sns.send(request)
    world.settle()
    [message] = world.received(queue)
    test.check("xray-msg", _only(message, ("AWSTraceHeader", "SentTimestamp")))


@pytest.mark.parametrize("raw", [True, False])
def test_dlq_of_a_queues_subscription(raw: bool) -> None:
    test = Replay(f"test_redrive_policy_sqs_queue_subscription[{raw}]")
    world = test.world
    topic, queue, dlq = world.topic(), world.queue("q"), world.queue("dlq")
    policy = {"deadLetterTargetArn": dlq}
    world.subscribe(topic, queue, RedrivePolicy=policy, RawMessageDelivery=str(raw).lower())
    world.queues.delete_queue(world.queues.queue(queue))
    world.publish(
        topic,
        "test_dlq_after_sqs_endpoint_deleted",
        MessageAttributes={
            "attr1": {"DataType": "Number", "StringValue": "111"},
            "attr2": {"DataType": "Binary", "BinaryValue": b"\x02\x03\x04"},
        },
    )
    test.received("messages", dlq, *SYSTEM)


def test_attributes_arrive_raw_and_in_the_envelope() -> None:
    test = Replay("test_message_attributes_not_missing")
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
    _empty(world, queue)
    world.sns.call(
        "SetSubscriptionAttributes",
        SubscriptionArn=arn,
        AttributeName="RawMessageDelivery",
        AttributeValue="false",
    )
    test.call("publish-msg-json", "Publish", **message)
    test.received("json-delivery-msg-attrs", queue, *SYSTEM)


def test_subscription_outlives_its_queue() -> None:
    test = Replay("test_subscription_after_failure_to_deliver")
    world = test.world
    topic, queue, dlq = world.topic(), world.queue("q"), world.queue("dlq")
    arn = world.subscribe(topic, queue)
    _with_user(world, arn)
    test.attributes("subscriptions-attrs", arn)
    world.publish(topic, "test_dlq_before_sqs_endpoint_deleted")
    test.received("messages-before-delete", queue)
    world.queues.delete_queue(world.queues.queue(queue))
    world.publish(topic, "lost")
    test.call("subscriptions", "ListSubscriptionsByTopic", TopicArn=topic)
    world.sns.call(
        "SetSubscriptionAttributes",
        SubscriptionArn=arn,
        AttributeName="RedrivePolicy",
        AttributeValue=json.dumps({"deadLetterTargetArn": dlq}),
    )
    test.attributes("subscriptions-attrs-with-redrive", arn)
    for number in range(2):
        world.publish(topic, f"test_dlq_after_sqs_endpoint_deleted_{number}")
        test.received(f"message-{number}-after-delete", dlq)
        _empty(world, dlq)


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


@pytest.mark.parametrize("step", WRONG_ATTRIBUTES)
def test_attributes_of_messages_that_are_refused(step: str) -> None:
    test = Replay("test_empty_or_wrong_message_attributes")
    topic, attributes = test.world.topic(), WRONG_ATTRIBUTES[step]
    test.call(step, "Publish", TopicArn=topic, Message="m", MessageAttributes=attributes)
    entries = [{"Id": "1", "Message": "m", "MessageAttributes": attributes}]
    entries.append({"Id": "2", "Message": "good"})
    test.call(f"batch-{step}", "PublishBatch", TopicArn=topic, PublishBatchRequestEntries=entries)


def test_message_structure() -> None:
    test = Replay("test_message_structure_json_to_sqs")
    world = test.world
    topic, queue = world.topic(), world.queue("q")
    world.subscribe(topic, queue)
    for step, texts in (
        ("sqs", {"default": "default field", "sqs": json.dumps({"field": "value"})}),
        ("default", {"default": "default field"}),
    ):
        world.publish(topic, json.dumps(texts), MessageStructure="json")
        test.received(f"get-msg-json-{step}", queue)
        _empty(world, queue)


def test_fifo_topics_and_what_they_refuse() -> None:
    test = Replay("test_validations_for_fifo")
    world = test.world
    topic, fifo_topic = world.topic(), world.topic("t.fifo", FifoTopic="true")
    queue, fifo_queue = world.queue("q"), world.queue("q.fifo", FifoQueue="true")
    test.call("not-fifo-topic", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=fifo_queue)
    standard = world.subscribe(fifo_topic, queue)
    _with_user(world, standard)
    test.attributes("not-fifo-queue", standard, within=None)
    test.call(
        "regular-queue-for-dlq-of-fifo-topic",
        "SetSubscriptionAttributes",
        SubscriptionArn=world.subscribe(fifo_topic, fifo_queue),
        AttributeName="RedrivePolicy",
        AttributeValue=json.dumps({"deadLetterTargetArn": queue}),
    )
    test.call("no-msg-group-id", "Publish", TopicArn=fifo_topic, Message="m")
    test.call("no-dedup-policy", "Publish", TopicArn=fifo_topic, Message="m", MessageGroupId="g")
    test.call(
        "no-msg-dedup-regular-topic",
        "Publish",
        TopicArn=topic,
        Message="m",
        MessageDeduplicationId="d",
    )


@pytest.mark.parametrize("raw", [True, False])
def test_fifo_messages_in_the_dlq(raw: bool) -> None:
    test = Replay(f"test_publish_fifo_messages_to_dlq[{raw}]")
    world = test.world
    topic = world.topic("t.fifo", FifoTopic="true")
    test.call("topic-attrs", "GetTopicAttributes", TopicArn=topic)
    queue = world.queue("q.fifo", FifoQueue="true")
    dlq = world.queue("dlq.fifo", FifoQueue="true")
    policy = {"deadLetterTargetArn": dlq}
    world.subscribe(topic, queue, RedrivePolicy=policy, RawMessageDelivery=str(raw).lower())
    world.queues.delete_queue(world.queues.queue(queue))
    entries = [
        _entry(1, "Test Message with two attributes", TWO_ATTRIBUTES),
        _entry(2, "Test Message with one attribute", ONE_ATTRIBUTE),
        {"Id": "3", "Message": "Test Message without attribute", "Subject": "Subject"},
    ]
    for entry in entries:
        entry["MessageGroupId"] = "complexMessageGroupId"
        entry["MessageDeduplicationId"] = f"MessageDeduplicationId-{entry['Id']}"
    test.call(
        "publish-batch-response-fifo",
        "PublishBatch",
        TopicArn=topic,
        PublishBatchRequestEntries=entries,
    )
    test.received("batch-messages-in-dlq", dlq, *FIFO_SYSTEM, metadata=False)
    _empty(world, dlq)
    test.call(
        "publish-response-fifo",
        "Publish",
        TopicArn=topic,
        Message="test-message",
        MessageGroupId="message-group-id-1",
        MessageDeduplicationId="message-deduplication-id-1",
    )
    test.received("messages-in-dlq", dlq, *FIFO_SYSTEM, metadata=False)
