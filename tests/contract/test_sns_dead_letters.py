"""What subscriptions' DLQs get, against answers recorded from real AWS."""

import json

import pytest

from localaws.words.errors import AwsError
from tests.contract.sns_replay import SYSTEM, Replay, empty
from tests.unit.sns.world import FUNCTION


def test_event_that_a_functions_dlq_gets_through_sns() -> None:
    """The function's part is played here: it gets SNS's event and puts it into its own DLQ."""
    test = Replay("TestSNSSubscriptionLambda::test_sns_topic_as_lambda_dead_letter_queue")
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
    test = Replay("TestSNSSubscriptionLambda::test_redrive_policy_lambda_subscription")
    world = test.world
    topic, dlq = world.topic(), world.queue("dlq")
    arn = world.subscribe(topic, FUNCTION, RedrivePolicy={"deadLetterTargetArn": dlq})
    test.attributes("subscription-attributes", arn)
    world.refusal = AwsError("gone", code="ResourceNotFoundException", status=404)
    attributes = {"attr1": {"DataType": "Number", "StringValue": "1"}}
    world.publish(topic, "test_redrive_policy", MessageAttributes=attributes)
    test.received("messages", dlq)


@pytest.mark.parametrize("raw", [True, False])
def test_dlq_of_a_queues_subscription(raw: bool) -> None:
    test = Replay(f"TestSNSSubscriptionSQS::test_redrive_policy_sqs_queue_subscription[{raw}]")
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


def test_subscription_outlives_its_queue() -> None:
    test = Replay("TestSNSSubscriptionSQS::test_subscription_after_failure_to_deliver")
    world = test.world
    topic, queue, dlq = world.topic(), world.queue("q"), world.queue("dlq")
    arn = world.subscribe(topic, queue)
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
        empty(world, dlq)
