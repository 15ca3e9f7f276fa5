"""What SNS was recorded to answer on AWS, where the recordings kept beside the project are silent.

The recordings are published with LocalStack's tests; each test here names the one it follows.
"""

import json

import pytest

from tests.unit.sns.world import SnsWorld

QUEUE = "arn:aws:sqs:us-east-1:111111111111:q"
FIFO_QUEUE = f"{QUEUE}.fifo"


@pytest.fixture
def world():
    return SnsWorld()


def message_of(answer):
    return answer["Error"]["Message"]


def attributes_of(world, topic):
    return world.sns.call("GetTopicAttributes", TopicArn=topic)["Attributes"]


def fifo_topic(world, **attributes):
    given = {"FifoTopic": "true", **attributes}
    return world.sns.call("CreateTopic", Name="t.fifo", Attributes=given)["TopicArn"]


def test_booleans_of_a_topic_are_read_in_any_case_and_shown_in_one(world):
    topic = fifo_topic(world, FifoTopic="True", ContentBasedDeduplication="TRUE")
    shown = attributes_of(world, topic)
    assert (shown["FifoTopic"], shown["ContentBasedDeduplication"]) == ("true", "true")
    assert fifo_topic(world, ContentBasedDeduplication="true") == topic
    world.sns.call(
        "SetTopicAttributes",
        TopicArn=topic,
        AttributeName="ContentBasedDeduplication",
        AttributeValue="False",
    )
    assert attributes_of(world, topic)["ContentBasedDeduplication"] == "false"


def test_a_delivery_policy_is_completed_and_shown_without_what_is_null(world):
    """`test_topic_delivery_policy_crud`."""
    default = json.loads(attributes_of(world, world.topic("other"))["EffectiveDeliveryPolicy"])
    retries = {"minDelayTarget": 5, "maxDelayTarget": 6, "numRetries": 1}
    content_type = {"headerContentType": "application/json"}
    topic = fifo_topic(
        world, DeliveryPolicy=json.dumps({"http": {"defaultRequestPolicy": content_type}})
    )

    def policies():
        shown = attributes_of(world, topic)
        own = shown.get("DeliveryPolicy")
        return own and json.loads(own)["http"], json.loads(shown["EffectiveDeliveryPolicy"])["http"]

    def configure(text):
        name = "DeliveryPolicy"
        world.sns.call(
            "SetTopicAttributes", TopicArn=topic, AttributeName=name, AttributeValue=text
        )

    own, effective = policies()
    assert own == {"disableSubscriptionOverrides": False, "defaultRequestPolicy": content_type}
    assert effective == {**default["http"], "defaultRequestPolicy": content_type}
    configure(json.dumps({"http": {"defaultHealthyRetryPolicy": retries}}))
    own, effective = policies()
    assert own == {"defaultHealthyRetryPolicy": retries, "disableSubscriptionOverrides": False}
    assert effective["defaultHealthyRetryPolicy"] == {
        **default["http"]["defaultHealthyRetryPolicy"],
        **retries,
    }
    configure(json.dumps({"http": {"defaultHealthyRetryPolicy": None}}))
    assert policies() == ({"disableSubscriptionOverrides": False}, default["http"])
    configure("")
    assert policies() == (None, default["http"])


@pytest.mark.parametrize(
    ("attributes", "complaint"),
    [
        ({"RawMessageDelivery": "true"}, None),
        ({"RawMessageDelivery": "TRUE"}, None),
        ({}, None),
        ({"FilterPolicyScope": "MessageAttributes"}, None),
        ({"FilterPolicy": '{"a":["b"]}', "RawMessageDelivery": "true"}, None),
        ({"RawMessageDelivery": "false"}, "Subscription already exists with different attributes"),
        ({"FilterPolicy": '{"a":["c"]}'}, "Subscription already exists with different attributes"),
        (
            {"RawMessageDelivery": "no"},
            "RawMessageDelivery: Invalid value [no]. Must be true or false.",
        ),
        ({"Nope": "x"}, "AttributeName"),
    ],
)
def test_subscribing_again(world, attributes, complaint):
    """`test_subscribe_idempotency`; what no subscription takes is said first."""
    params = {"TopicArn": world.topic(), "Protocol": "sqs", "Endpoint": QUEUE}
    given = {"RawMessageDelivery": "true", "FilterPolicy": '{"a":["b"]}'}
    first = world.sns.call("Subscribe", **params, Attributes=given)
    again = world.sns.call("Subscribe", **params, Attributes=attributes)
    if complaint is None:
        assert again["SubscriptionArn"] == first["SubscriptionArn"]
    else:
        assert message_of(again) == f"Invalid parameter: Attributes Reason: {complaint}"
    assert len(world.sns.call("ListSubscriptions")["Subscriptions"]) == 1


@pytest.mark.parametrize(
    ("endpoint", "target", "taken"),
    [
        (FIFO_QUEUE, FIFO_QUEUE, True),
        (FIFO_QUEUE, QUEUE, False),
        (QUEUE, QUEUE, True),
        (QUEUE, FIFO_QUEUE, True),
    ],
)
def test_which_dead_letter_queue_a_fifo_topic_s_subscription_takes(world, endpoint, target, taken):
    """`test_validations_for_fifo`: a FIFO subscription is one of a FIFO queue."""
    params = {"TopicArn": fifo_topic(world), "Protocol": "sqs", "Endpoint": endpoint}
    redrive = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": target})}
    answer = world.sns.call("Subscribe", **params, Attributes=redrive)
    assert ("SubscriptionArn" in answer) == taken
    if not taken:
        assert message_of(answer).endswith(
            "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
        )


def test_batches_that_are_refused_in_aws_s_words(world):
    """`test_publish_batch_too_long_message`, and the service's own words for ids."""
    topic = world.topic()

    def refusal(*entries):
        params = {"TopicArn": topic, "PublishBatchRequestEntries": list(entries)}
        return message_of(world.sns.call("PublishBatch", **params))

    long = "m" * 200_000
    assert refusal({"Id": "1", "Message": long}, {"Id": "2", "Message": long}) == (
        "The length of all the messages put together is more than the limit."
    )
    begin = "The Id of a batch entry in the batch request"
    assert refusal({"Id": "a" * 81, "Message": "m"}) == f"{begin} is too long: {'a' * 81}"
    assert refusal({"Id": "a b", "Message": "m"}) == (
        f"{begin} contains an impermissible character: a b"
    )
