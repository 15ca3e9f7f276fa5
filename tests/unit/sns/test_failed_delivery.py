"""Deliveries of SNS that fail: again, or to the subscription's DLQ, and what is logged of it."""

import json

import pytest

from localaws.words.errors import AwsError
from tests.unit.sns.world import FUNCTION, SnsWorld
from tests.unit.virtual_time import START_S

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
    world.pass_time(100)
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
    world.pass_time(30)
    waits = [round(b - a, 1) for a, b in zip(world.attempts_s, world.attempts_s[1:], strict=False)]
    assert waits[:6] == [0, 0, 0, 1, 1, 1]
    assert waits[6:] == sorted(waits[6:])
    assert world.counted("NumberOfNotificationsFailed") == 0
    # Then it is delivered when it is up again, and the DLQ stays empty
    world.refusal = None
    world.pass_time(20)
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


def test_more_than_ten_attributes_are_too_many_for_raw_delivery_to_a_queue(world):
    # https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
    topic, raw, enveloped = world.topic(), world.queue("raw"), world.queue("enveloped")
    world.subscribe(topic, raw, RawMessageDelivery="true")
    world.subscribe(topic, enveloped)
    attributes = {f"a{n}": {"DataType": "String", "StringValue": "x"} for n in range(11)}
    world.publish(topic, "m", MessageAttributes=attributes)
    assert world.received(raw) == []
    assert len(world.received(enveloped)) == 1
    assert world.counted("NumberOfNotificationsFailed") == 1
