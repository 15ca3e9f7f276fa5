"""Deliveries of SNS: to functions, to queues, again, and to the subscription's DLQ."""

import base64
import json

import pytest

from localaws.errors import AwsError
from tests.unit.sns_world import FUNCTION, START_S, SnsWorld

SUBSCRIPTION_DLQ = "arn:aws:sqs:us-east-1:111111111111:dlq"
REDRIVE = {"RedrivePolicy": {"deadLetterTargetArn": SUBSCRIPTION_DLQ}}
ROLE = "arn:aws:iam::111111111111:role/feedback"


@pytest.fixture
def world():
    return SnsWorld()


def access_denied():
    return AwsError(
        f"User: sns.amazonaws.com is not authorized to perform: lambda:InvokeFunction on "
        f"resource: {FUNCTION} because no resource-based policy allows the "
        "lambda:InvokeFunction action",
        code="AccessDeniedException",
        status=403,
    )


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
    assert message["Attributes"]["SenderId"].startswith("AIDA")


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


def test_missing_permission_goes_to_the_dlq_at_once_and_is_never_retried(world):
    # Given a function that may not be invoked, and a DLQ on the subscription
    topic, dlq = world.topic(), world.queue("dlq")
    world.subscribe(topic, FUNCTION, **REDRIVE)
    world.refusal = access_denied()
    # When a message is published
    world.publish(topic, "lost?", MessageAttributes={
        "attr1": {"DataType": "Number", "StringValue": "1"},
    })  # fmt: skip
    # Then its envelope is in the DLQ, with nothing about the error (facts D5, D8, J59)
    [message] = world.received(dlq)
    envelope = json.loads(message["Body"])
    assert envelope["Message"] == "lost?"
    assert envelope["MessageAttributes"] == {"attr1": {"Type": "Number", "Value": "1"}}
    assert "SigningCertURL" in envelope
    assert "MessageAttributes" not in message
    world.run_for(100)
    assert world.attempts_s == [START_S]
    assert world.counted("NumberOfNotificationsFailed") == 1
    assert world.counted("NumberOfNotificationsRedrivenToDlq") == 1
    assert world.counted("NumberOfNotificationsDelivered") == 0


def test_without_a_dlq_the_message_is_lost(world):
    topic = world.topic()
    world.subscribe(topic, FUNCTION)
    world.refusal = access_denied()
    world.publish(topic)
    assert world.counted("NumberOfNotificationsFailed") == 1
    assert world.counted("NumberOfNotificationsRedrivenToDlq") == 0


def test_dlq_that_may_not_be_written_shows_in_a_metric(world):
    topic, dlq = world.topic(), world.queue("dlq")
    world.subscribe(topic, FUNCTION, **REDRIVE)
    world.refusal, world.allow = access_denied(), False
    world.publish(topic)
    assert world.received(dlq) == []
    assert world.counted("NumberOfNotificationsFailedToRedriveToDlq") == 1


def test_dlq_that_does_not_exist_shows_in_the_same_metric(world):
    topic = world.topic()
    world.subscribe(topic, FUNCTION, **REDRIVE)
    world.refusal = access_denied()
    world.publish(topic)
    assert world.counted("NumberOfNotificationsFailedToRedriveToDlq") == 1


def test_server_side_failures_are_retried_with_backoff(world):
    # Given a function service that is down for 30 seconds
    topic, dlq = world.topic(), world.queue("dlq")
    world.subscribe(topic, FUNCTION, **REDRIVE)
    world.refusal = AwsError("down", code="ServiceException", status=500)
    world.publish(topic)
    # When time passes
    world.run_for(30)
    waits = [round(b - a, 1) for a, b in zip(world.attempts_s, world.attempts_s[1:], strict=False)]
    assert waits[:6] == [0, 0, 0, 1, 1, 1]
    assert waits[6:] == sorted(waits[6:])
    assert world.counted("NumberOfNotificationsFailed") == 0
    # Then it is delivered when it is up again, and the DLQ stays empty
    world.refusal = None
    world.run_for(20)
    assert len(world.invocations) == 1
    assert world.received(dlq) == []


def test_queue_that_refuses_or_is_gone_is_a_client_side_failure(world):
    topic, queue, dlq = world.topic(), world.queue("q"), world.queue("dlq")
    world.subscribe(topic, queue, **REDRIVE, RawMessageDelivery="true")
    world.queues.delete_queue(world.queues.queue(queue))
    attributes = {"a": {"DataType": "String", "StringValue": "x"}}
    world.publish(topic, "raw too", MessageAttributes=attributes)
    [message] = world.received(dlq)
    assert (message["Body"], message["MessageAttributes"]) == ("raw too", attributes)


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
    world.run_for(301)
    assert world.publish(topic, "one", MessageGroupId="g")["MessageId"] != first["MessageId"]


def test_delivery_status_is_logged_when_the_topic_asks_for_it(world):
    # Given a topic that logs, and a role that may
    topic = world.topic(LambdaSuccessFeedbackRoleArn=ROLE, LambdaFailureFeedbackRoleArn=ROLE)
    world.subscribe(topic, FUNCTION)
    # When one delivery succeeds and one fails
    message_id = world.publish(topic, "ok")["MessageId"]
    world.refusal = access_denied()
    world.publish(topic, "refused")
    # Then both are told of, in two log groups (facts D10, D11)
    (group, success), (failure_group, failure) = world.logged
    assert group == "sns/us-east-1/111111111111/orders"
    assert failure_group == f"{group}/Failure"
    event = json.loads(success)
    assert list(event) == ["notification", "delivery", "status"]
    assert event["notification"]["messageId"] == message_id
    assert event["notification"]["timestamp"] == "2023-11-14 22:13:20.000"
    assert event["delivery"]["destination"] == FUNCTION
    assert event["delivery"]["statusCode"] == 202
    assert json.loads(event["delivery"]["providerResponse"]) == {
        "lambdaRequestId": "99999999-8888-7777-6666-555555555555"
    }
    failed = json.loads(failure)["delivery"]
    assert failed["statusCode"] == 403
    assert json.loads(failed["providerResponse"])["ErrorCode"] == "AccessDeniedException"


def test_role_that_may_not_log_and_sample_rate_zero_log_nothing(world):
    topic = world.topic(LambdaSuccessFeedbackRoleArn=ROLE)
    world.subscribe(topic, FUNCTION)
    world.allow = False
    world.publish(topic)
    world.allow = True
    world.sns.call(
        "SetTopicAttributes",
        TopicArn=topic,
        AttributeName="LambdaSuccessFeedbackSampleRate",
        AttributeValue="0",
    )
    world.publish(topic)
    assert len(world.invocations) == 2
    assert world.logged == []


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
