"""What SNS takes of topics, subscriptions and messages, and in which words it refuses the rest."""

import json
from typing import Any

import pytest

from tests.unit.sns.world import FUNCTION, SnsWorld

ACCOUNT = "111111111111"
SNS = f"arn:aws:sns:us-east-1:{ACCOUNT}"
KIB_256 = 262_144


@pytest.fixture
def world() -> SnsWorld:
    return SnsWorld()


def told(answer: dict[str, Any]) -> str | None:
    """The words of a refusal without their usual beginning; None for an answer."""
    message = answer.get("Error", {}).get("Message")
    return message and message.removeprefix("Invalid parameter: ")


def statement(**changes: Any) -> str:
    given = {"Effect": "Allow", "Principal": "*", "Action": "SNS:Publish", "Resource": f"{SNS}:t"}
    return json.dumps({"Statement": [{k: v for k, v in (given | changes).items() if v}]})


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("FifoThroughputScope", "MessageGroup", None),
        ("FifoThroughputScope", "Group", "Invalid value [Group]. Must be Topic or MessageGroup."),
        ("TracingConfig", "Active", None),
        # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sns
        ("TracingConfig", "active", "Invalid tracing config value: active"),
        ("SignatureVersion", "3", "SignatureVersion: Invalid value. Must be 1 or 2."),
        ("ArchivePolicy", '{"MessageRetentionPeriod":"365"}', None),
        ("ArchivePolicy", "{}", None),
        (
            "ArchivePolicy",
            '{"MessageRetentionPeriod":"366"}',
            "ArchivePolicy: MessageRetentionPeriod value is invalid",
        ),
        ("ArchivePolicy", '{"Days":"1"}', "MessageRetentionPeriod value is invalid"),
        ("DisplayName", "ü" * 100, None),
        ("DisplayName", "x" * 101, "DisplayName"),
        ("DisplayName", "a\nb", "DisplayName"),
        ("MaximumMessageSize", "1024", None),
        ("MaximumMessageSize", "1048576", None),
        ("MaximumMessageSize", "1023", "Must be an integer from 1024 to 1048576."),
        ("MaximumMessageSize", "1048577", "Must be an integer from 1024 to 1048576."),
        ("MaximumMessageSize", "x", "Must be an integer from 1024 to 1048576."),
        ("Policy", statement(), None),
        ("Policy", statement(Action="sns:*"), None),
        ("Policy", statement(Action=["SNS:Receive", "sns:subscribe"]), None),
        ("Policy", statement(Action="sns:CreateTopic"), "action out of service scope!"),
        ("Policy", statement(Action="sqs:SendMessage"), "action out of service scope!"),
        ("Policy", statement(Action="Publish"), "action out of service scope!"),
        ("Policy", statement(Principal=None), "Policy Error: null"),
        ("Policy", statement(Effect="allow"), "Policy Error: null"),
        ("Policy", "{}", "Policy Error: null"),
        ("Policy", statement(Principal={"AWS": "nope"}), "Policy Error: PrincipalNotFound"),
    ],
)
def test_values_of_topic_attributes(world, name, value, complaint):
    """API_SetTopicAttributes; of policies as users were told:
    https://github.com/hashicorp/terraform/issues/12740 (actions) and
    https://github.com/serverless/serverless/issues/5519 (a statement that lacks its principal)."""
    answers = [
        world.sns.call("CreateTopic", Name="a.fifo", Attributes={"FifoTopic": "true", name: value}),
        world.sns.call(
            "SetTopicAttributes",
            TopicArn=world.topic("b.fifo", FifoTopic="true"),
            AttributeName=name,
            AttributeValue=value,
        ),
    ]
    for answer in answers:
        assert (told(answer) or "").endswith(complaint or "")
        assert ("Error" in answer) is (complaint is not None)


@pytest.mark.parametrize(("size", "limit"), [(None, KIB_256), ("1024", 1024), ("300000", 300_000)])
def test_a_topic_takes_messages_up_to_its_maximum(world, size, limit):
    """https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html."""
    topic = world.topic(**({"MaximumMessageSize": size} if size else {}))
    assert "MessageId" in world.publish(topic, "m" * limit)
    assert told(world.publish(topic, "m" * (limit + 1))) == "Message too long"
    for more, code in ((0, None), (1, "BatchRequestTooLong")):
        entries = [{"Id": "1", "Message": "m"}, {"Id": "2", "Message": "m" * (limit - 1 + more)}]
        answer = world.sns.call("PublishBatch", TopicArn=topic, PublishBatchRequestEntries=entries)
        assert answer.get("Error", {}).get("Code") == code
    shown = world.sns.call("GetTopicAttributes", TopicArn=topic)["Attributes"]
    assert shown.get("MaximumMessageSize") == size


def test_a_topic_of_large_messages_has_few_subscriptions_of_few_protocols(world):
    """https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html."""
    topic = world.topic(MaximumMessageSize=str(KIB_256 + 1))
    web = {"TopicArn": topic, "Protocol": "https", "Endpoint": "https://example.com"}
    assert "the protocol https takes no messages" in told(world.sns.call("Subscribe", **web))
    for number in range(100):
        assert world.subscribe(topic, f"{FUNCTION}:{number}")
    one_more = {"TopicArn": topic, "Protocol": "lambda", "Endpoint": FUNCTION}
    assert "at most 100 subscriptions" in told(world.sns.call("Subscribe", **one_more))
    assert "Error" not in world.sns.call("Subscribe", **one_more | {"Endpoint": f"{FUNCTION}:0"})


def test_a_topic_that_the_web_subscribes_takes_no_large_messages(world):
    topic = world.topic()
    web = {"TopicArn": topic, "Protocol": "https", "Endpoint": "https://example.com"}
    world.sns.call("Subscribe", **web)
    size = {"TopicArn": topic, "AttributeName": "MaximumMessageSize"}
    answer = world.sns.call("SetTopicAttributes", **size, AttributeValue=str(KIB_256 + 1))
    assert "the protocol https takes no messages" in told(answer)
    assert not told(world.sns.call("SetTopicAttributes", **size, AttributeValue=str(KIB_256)))


@pytest.mark.parametrize(
    ("subject", "taken"),
    [("ü", True), (" x", True), ("s" * 100, True), ("s" * 101, False), ("", False)]
    + [(f"a{control}b", False) for control in "\n\r\t\x7f\x85\u2028"],
)
def test_subjects(world, subject, taken):
    """API_Publish: UTF-8 without line breaks and control characters."""
    answer = world.publish(world.topic(), "m", Subject=subject)
    assert told(answer) == (None if taken else "Subject")


def test_texts_by_protocol_name_each_protocol_once(world):
    """API_Publish: "Duplicate keys are not allowed"."""
    twice = '{"default": "x", "sqs": "a", "sqs": "b"}'
    answer = world.publish(world.topic(), twice, MessageStructure="json")
    assert told(answer) == "Message Structure - JSON message body failed to parse"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("", {"DataType": "String", "StringValue": "x"}, "ParameterValueInvalid"),
        ("n", {"DataType": "Number", "StringValue": "1_000"}, "ParameterValueInvalid"),
        ("n", {"DataType": "Number", "StringValue": " 1"}, "ParameterValueInvalid"),
        ("n", {"DataType": "Number.int", "StringValue": "-1.5e3"}, None),
    ],
)
def test_message_attributes(world, name, value, code):
    answer = world.publish(world.topic(), "m", MessageAttributes={name: value})
    assert answer.get("Error", {}).get("Code") == code


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ({"Key": "", "Value": "v"}, "ValidationError"),
        ({"Key": "k" * 129, "Value": "v"}, "ValidationError"),
        ({"Key": "k", "Value": "v" * 257}, "ValidationError"),
        ({"Key": "aws:k", "Value": "v"}, "InvalidParameter"),
        ({"Key": "k" * 128, "Value": "v" * 256}, None),
    ],
)
def test_tags(world, tag, code):
    """Their lengths are in the model, so the service framework judges them."""
    topic = world.topic()
    for answer in (
        world.sns.call("CreateTopic", Name="new", Tags=[tag]),
        world.sns.call("TagResource", ResourceArn=topic, Tags=[tag]),
    ):
        assert answer.get("Error", {}).get("Code") == code


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [
        ("ListTagsForResource", "ResourceArn"),
        ("GetPlatformApplicationAttributes", "PlatformApplicationArn"),
        ("DeletePlatformApplication", "PlatformApplicationArn"),
        ("GetEndpointAttributes", "EndpointArn"),
        ("DeleteEndpoint", "EndpointArn"),
    ],
)
def test_what_is_no_arn_is_told_by_its_elements(world, operation, parameter):
    """https://github.com/dreipol/django-scarface/issues/14."""
    answer = world.sns.call(operation, **{parameter: "x"})
    assert told(answer) == f"{parameter} Reason: An ARN must have at least 6 elements, not 1"


@pytest.mark.parametrize(
    ("operation", "parameter", "path"),
    [
        ("GetPlatformApplicationAttributes", "PlatformApplicationArn", "app/GCM"),
        ("GetEndpointAttributes", "EndpointArn", "endpoint/GCM/shop"),
        ("Publish", "TargetArn", "endpoint/GCM/shop"),
    ],
)
def test_applications_and_devices_are_told_by_their_slashes(world, operation, parameter, path):
    """https://github.com/awslabs/aws-sdk-ios-samples/issues/230."""
    message = {"Message": "m"} if operation == "Publish" else {}
    answer = world.sns.call(operation, **{parameter: f"{SNS}:{path}"}, **message)
    assert told(answer) == (
        f"{parameter} Reason: Wrong number of slashes in relative portion of the ARN."
    )


@pytest.mark.parametrize(
    ("arn", "complaint"),
    [
        ("arn:sns:*:arn:aws:sns:t", " Reason: A arn ARN must begin with arn:null, not "),
        (
            f"arn:aws:sns:cn-north-1:{ACCOUNT}:t",
            " Reason: A cn-north-1 ARN must begin with arn:aws-cn",
        ),
        (
            f"arn:aws-cn:sns:us-east-1:{ACCOUNT}:t",
            " Reason: A us-east-1 ARN must begin with arn:aw",
        ),
        (f"arn:aws:sns:eu-west-1:{ACCOUNT}:t", ""),
    ],
)
@pytest.mark.parametrize("operation", ["GetTopicAttributes", "DeleteTopic"])
def test_topics_of_elsewhere(world, operation, arn, complaint):
    """https://github.com/georgeyk/loafer/pull/25."""
    assert told(world.sns.call(operation, TopicArn=arn)).startswith(f"TopicArn{complaint}")


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("FilterPolicyScope", "Please use either MessageBody or MessageAttributes"),
        ("RawMessageDelivery", "Must be true or false."),
        ("FilterPolicy", None),
    ],
)
def test_an_attribute_that_is_set_to_nothing(world, name, refused):
    """As https://github.com/aws/aws-cdk/issues/24804 has it; a policy is so taken away."""
    subscription = world.subscribe(world.topic(), world.queue("q"))
    answer = world.sns.call(
        "SetSubscriptionAttributes", SubscriptionArn=subscription, AttributeName=name
    )
    assert told(answer) == (refused and f"{name}: Invalid value [null]. {refused}")


def test_a_topic_with_an_archive_cannot_go_before_its_policy(world):
    """https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html.

    What AWS says, and that it shows an emptied policy no more, has
    https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/sns,
    `topic_test.go`.
    """
    days = {"ArchivePolicy": '{"MessageRetentionPeriod":"1"}'}
    topic = world.topic("t.fifo", FifoTopic="true", **days)
    error = world.sns.call("DeleteTopic", TopicArn=topic)["Error"]
    told_so = "Invalid state: Cannot delete a topic with an ArchivePolicy"
    assert (error["Code"], error["Message"]) == ("InvalidState", told_so)
    emptied = {"TopicArn": topic, "AttributeName": "ArchivePolicy", "AttributeValue": "{}"}
    world.sns.call("SetTopicAttributes", **emptied)
    shown = world.sns.call("GetTopicAttributes", TopicArn=topic)["Attributes"]
    assert "ArchivePolicy" not in shown
    assert "Error" not in world.sns.call("DeleteTopic", TopicArn=topic)


def test_what_is_not_here_is_refused(world):
    """Nothing that is accepted may be silently ignored."""
    topic = world.topic()
    for operation, params in (
        ("CreateTopic", {"Name": "new", "DataProtectionPolicy": "{}"}),
        ("Subscribe", {"TopicArn": topic, "Protocol": "firehose", "Endpoint": "arn:x"}),
        (
            "Subscribe",
            {
                "TopicArn": topic,
                "Protocol": "lambda",
                "Endpoint": FUNCTION,
                "Attributes": {"ReplayPolicy": '{"PointType":"Timestamp"}'},
            },
        ),
    ):
        assert "not part of the embedded AWS" in told(world.sns.call(operation, **params))


def test_a_device_subscribes_by_its_arn(world):
    topic = world.topic()
    device = f"{SNS}:endpoint/GCM/shop/11111111-2222-3333-4444-555555555555"
    for endpoint, complaint in ((device, None), ("x", "Application endpoint ARN")):
        params = {"TopicArn": topic, "Protocol": "application", "Endpoint": endpoint}
        assert told(world.sns.call("Subscribe", **params)) == complaint


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"AWSAccountId": []}, "Policy Error: PrincipalNotFound"),
        ({"ActionName": []}, "Policy statement action out of service scope!"),
        ({"ActionName": ["SetSubscriptionAttributes"]}, "action out of service scope!"),
        ({}, ""),
    ],
)
def test_permissions(world, given, complaint):
    """https://github.com/aws/aws-cli/issues/3143."""
    params = {"Label": "l", "AWSAccountId": [ACCOUNT], "ActionName": ["Publish"]} | given
    answer = world.sns.call("AddPermission", TopicArn=world.topic(), **params)
    assert (told(answer) or "").endswith(complaint)
    assert ("Error" in answer) is bool(complaint)
