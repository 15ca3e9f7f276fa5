"""What SNS refuses, in its words."""

import json

import pytest

from tests.unit.sns.world import FUNCTION, SnsWorld

ELSEWHERE = "arn:aws:sns:eu-west-1:111111111111:orders"


@pytest.fixture
def world() -> SnsWorld:
    return SnsWorld()


def refusal(world, operation, **params):
    """The error's text after the words that all begin with."""
    error = world.sns.call(operation, **params)["Error"]
    assert error["Code"] == "InvalidParameter"
    return error["Message"].removeprefix("Invalid parameter: ")


def refusal_of_redrive(world, policy):
    """What is said of a subscription's redrive policy."""
    told = refusal(
        world,
        "Subscribe",
        TopicArn=world.topic(),
        Protocol="lambda",
        Endpoint=FUNCTION,
        Attributes={"RedrivePolicy": json.dumps(policy)},
    )
    return told.removeprefix("Attributes Reason: RedrivePolicy: ")


def test_a_topic_of_another_region_is_no_topic_arn(world):
    # https://github.com/boto/boto3/issues/646
    world.topic()
    assert refusal(world, "Publish", TopicArn=ELSEWHERE, Message="m") == "TopicArn"
    assert refusal(world, "Publish", TargetArn=ELSEWHERE, Message="m") == "TargetArn"
    assert refusal(world, "GetTopicAttributes", TopicArn=ELSEWHERE) == "TopicArn"
    params = {"Protocol": "lambda", "Endpoint": FUNCTION}
    assert refusal(world, "Subscribe", TopicArn=ELSEWHERE, **params) == "TopicArn"


def test_a_target_is_named_as_it_was_given(world):
    for parameter in ("TopicArn", "TargetArn"):
        expected = f"{parameter} Reason: An ARN must have at least 6 elements, not 1"
        assert refusal(world, "Publish", **{parameter: "x"}, Message="m") == expected


@pytest.mark.parametrize("number", ["5551234567", "+0123", "+1 555", "orders"])
def test_phone_numbers(world, number):
    # https://github.com/aws/aws-sdk-js/issues/1368
    refused = refusal(world, "Publish", PhoneNumber=number, Message="m")
    assert refused == f"PhoneNumber Reason: {number} is not valid to publish to"
    assert "MessageId" in world.sns.call("Publish", PhoneNumber="+15551234567", Message="m")
    assert refusal(world, "Publish", PhoneNumber="+15551234567", Message="") == "Empty message"


def test_a_subscription_s_redrive_policy_knows_no_count(world):
    policy = {"deadLetterTargetArn": world.queue("dlq"), "maxReceiveCount": 3}
    expected = "invalid JSON. Attribute maxReceiveCount is unknown."
    assert refusal_of_redrive(world, policy) == expected


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        ({}, "Missing deadLetterTargetArn attribute"),
        ({"deadLetterTargetArn": "q"}, "deadLetterTargetArn is an invalid arn"),
        (
            {"deadLetterTargetArn": "arn:aws:sns:us-east-1:123456789012:t"},
            "deadLetterTargetArn must be a SQS queue",
        ),
        (
            {"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:q"},
            "deadLetterTargetArn must be in the same region as the subscription",
        ),
    ],
)
def test_dead_letter_targets_that_cannot_be(world, policy, complaint):
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sns."""
    assert refusal_of_redrive(world, policy) == complaint


def test_only_queues_subscribe_to_what_keeps_an_order(world):
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sns."""
    topic = world.topic("t.fifo", FifoTopic="true")
    refused = refusal(
        world, "Subscribe", TopicArn=topic, Protocol="https", Endpoint="https://example.com"
    )
    assert refused == "Invalid protocol type: https"


@pytest.mark.parametrize("parameter", ["MessageGroupId", "MessageDeduplicationId"])
@pytest.mark.parametrize("value", ["", "a b", "x" * 129, "ä"])
def test_ids_of_fifo_topics(world, parameter, value):
    ids = {"MessageGroupId": "g", "MessageDeduplicationId": "1", parameter: value}
    topic = world.topic("t.fifo", FifoTopic="true")
    if parameter == "MessageGroupId":  # of a standard topic: for fair queues
        assert refusal(
            world, "Publish", TopicArn=world.topic(), Message="m", MessageGroupId=value
        ).startswith("MessageGroupId Reason: ")
    assert refusal(world, "Publish", TopicArn=topic, Message="m", **ids) == (
        f"{parameter} Reason: {parameter} can only include alphanumeric and punctuation "
        "characters. 1 to 128 in length"
    )


def test_permissions_that_no_topic_can_give(world):
    params = {"TopicArn": world.topic(), "Label": "partner"}
    for account, action, complaint in (
        ("1", "Publish", "Policy Error: PrincipalNotFound"),
        ("222222222222", "SendMessage", "Policy statement action out of service scope!"),
    ):
        grant = {"AWSAccountId": [account], "ActionName": [action]}
        assert refusal(world, "AddPermission", **params, **grant) == complaint


def test_a_tag_given_twice(world):
    tags = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    for operation, params in (
        ("CreateTopic", {"Name": "other"}),
        ("TagResource", {"ResourceArn": world.topic()}),
    ):
        assert refusal(world, operation, Tags=tags, **params) == "Duplicated keys are not allowed."
