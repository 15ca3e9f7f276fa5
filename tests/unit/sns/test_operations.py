"""SNS's operations as boto3 sees them: what is answered, and what is refused in which words."""

import json

import pytest

from tests.unit.sns.world import FUNCTION, SnsWorld


@pytest.fixture
def world():
    return SnsWorld()


def error(answer):
    return answer["Error"]["Code"], answer["Error"]["Message"]


def test_creating_a_topic_again_gives_the_same(world):
    arn = world.topic("t")
    assert arn == "arn:aws:sns:us-east-1:111111111111:t"
    assert world.topic("t") == arn
    assert error(world.sns.call("CreateTopic", Name="t", Attributes={"DisplayName": "x"})) == (
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
    )
    tags = [{"Key": "a", "Value": "b"}]
    assert "different tags" in error(world.sns.call("CreateTopic", Name="t", Tags=tags))[1]


def test_creating_a_topic_again_may_leave_out_tags(world):
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    arns = {
        world.sns.call("CreateTopic", Name="t", Tags=part)["TopicArn"]
        for part in (tags, tags, tags[:1], [])
    }
    assert len(arns) == 1


def test_names_of_topics(world):
    for name in ("", "a b", "a" * 257, "t.fifo"):
        assert error(world.sns.call("CreateTopic", Name=name)) == (
            "InvalidParameter",
            "Invalid parameter: Topic Name",
        )
    answer = world.sns.call("CreateTopic", Name="t", Attributes={"FifoTopic": "true"})
    assert "Fifo Topic names must end with .fifo" in error(answer)[1]


def test_attributes_of_a_topic(world):
    topic = world.topic()
    world.subscribe(topic, FUNCTION)
    world.sns.call(
        "SetTopicAttributes", TopicArn=topic, AttributeName="DisplayName", AttributeValue="Shop"
    )
    attributes = world.sns.call("GetTopicAttributes", TopicArn=topic)["Attributes"]
    assert attributes["DisplayName"] == "Shop"
    assert attributes["SubscriptionsConfirmed"] == "1"
    [statement] = json.loads(attributes["Policy"])["Statement"]
    assert statement["Sid"] == "__default_statement_ID"
    wrong = world.sns.call(
        "SetTopicAttributes", TopicArn=topic, AttributeName="Nope", AttributeValue="x"
    )
    assert error(wrong) == ("InvalidParameter", "Invalid parameter: AttributeName")


def test_deleting_a_topic_takes_its_subscriptions_and_may_be_repeated(world):
    topic = world.topic()
    subscription = world.subscribe(topic, FUNCTION)
    for _ in range(2):
        assert "Error" not in world.sns.call("DeleteTopic", TopicArn=topic)
    assert world.sns.call("ListTopics")["Topics"] == []
    assert world.sns.call("ListSubscriptions")["Subscriptions"] == []
    gone = world.sns.call("GetSubscriptionAttributes", SubscriptionArn=subscription)
    assert error(gone) == ("NotFound", "Subscription does not exist")
    assert error(world.publish(topic)) == ("NotFound", "Topic does not exist")


def test_permissions_are_statements_of_the_policy(world):
    topic = world.topic()
    params = {"TopicArn": topic, "Label": "partner"}
    grant = {"AWSAccountId": ["222222222222"], "ActionName": ["Publish"]}
    world.sns.call("AddPermission", **params, **grant)
    policy = world.sns.call("GetTopicAttributes", TopicArn=topic)["Attributes"]["Policy"]
    assert json.loads(policy)["Statement"][1] == {
        "Sid": "partner",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Action": "SNS:Publish",
        "Resource": topic,
    }
    again = world.sns.call("AddPermission", **params, **grant)
    assert error(again)[1] == "Invalid parameter: Statement already exists"
    world.sns.call("RemovePermission", **params)
    policy = world.sns.call("GetTopicAttributes", TopicArn=topic)["Attributes"]["Policy"]
    assert len(json.loads(policy)["Statement"]) == 1


def test_everybody_may_be_given_a_permission(world):
    topic = world.topic()
    everybody = {"AWSAccountId": ["*", "222222222222"], "ActionName": ["Subscribe", "Receive"]}
    world.sns.call("AddPermission", TopicArn=topic, Label="all", **everybody)
    policy = world.sns.call("GetTopicAttributes", TopicArn=topic)["Attributes"]["Policy"]
    statement = json.loads(policy)["Statement"][1]
    assert statement["Principal"] == {"AWS": ["*", "arn:aws:iam::222222222222:root"]}


def test_a_policy_without_version_is_shown_with_one(world):
    statement = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "sns:Publish"}
    given = json.dumps({"Statement": [statement]})
    created, changed = world.topic("a", Policy=given), world.topic("b")
    params = {"TopicArn": changed, "AttributeName": "Policy", "AttributeValue": given}
    world.sns.call("SetTopicAttributes", **params)
    for topic in (created, changed):
        policy = world.sns.call("GetTopicAttributes", TopicArn=topic)["Attributes"]["Policy"]
        assert json.loads(policy) == {
            "Version": "2008-10-17",
            "Statement": [statement | {"Principal": {"AWS": "arn:aws:iam::222222222222:root"}}],
        }
    assert world.topic("a", Policy=given) == created


def test_tags(world):
    topic = world.topic()
    tags = [{"Key": "team", "Value": "a"}, {"Key": "cost", "Value": ""}]
    world.sns.call("TagResource", ResourceArn=topic, Tags=tags)
    world.sns.call("UntagResource", ResourceArn=topic, TagKeys=["cost"])
    assert world.sns.call("ListTagsForResource", ResourceArn=topic)["Tags"] == tags[:1]
    gone = world.sns.call("ListTagsForResource", ResourceArn=topic + "x")
    assert error(gone) == ("ResourceNotFound", "Resource does not exist")
    assert gone["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_subscribing_again_gives_the_same_unless_attributes_differ(world):
    topic = world.topic()
    arn = world.subscribe(topic, FUNCTION)
    assert world.subscribe(topic, FUNCTION) == arn
    answer = world.sns.call(
        "Subscribe",
        TopicArn=topic,
        Protocol="lambda",
        Endpoint=FUNCTION,
        Attributes={"FilterPolicy": '{"a": ["b"]}'},
    )
    assert "Subscription already exists with different attributes" in error(answer)[1]


def test_endpoints_have_to_fit_their_protocol(world):
    topic = world.topic()
    for protocol, endpoint, complaint in (
        ("pigeon", "x", "Amazon SNS does not support this protocol string: pigeon"),
        ("sqs", "http://x/q", "SQS endpoint ARN"),
        ("lambda", "orders", "Lambda endpoint ARN"),
        ("http", "ftp://x", "Endpoint must match the specified protocol"),
        ("email", "nobody", "Email address"),
    ):
        answer = world.sns.call("Subscribe", TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
        assert error(answer) == ("InvalidParameter", f"Invalid parameter: {complaint}")


def test_what_cannot_be_unsubscribed(world):
    for arn, complaint in (
        ("x", "SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"),
        (world.topic(), "SubscriptionId"),
    ):
        answer = world.sns.call("Unsubscribe", SubscriptionArn=arn)
        assert error(answer) == ("InvalidParameter", f"Invalid parameter: {complaint}")


def test_confirmation_by_token(world):
    # Given a subscription that has to be confirmed
    topic = world.topic()
    params = {"TopicArn": topic, "Protocol": "email", "Endpoint": "a@b.c"}
    assert world.sns.call("Subscribe", **params)["SubscriptionArn"] == "pending confirmation"
    [listed] = world.sns.call("ListSubscriptions")["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    arn = world.sns.call("Subscribe", **params, ReturnSubscriptionArn=True)["SubscriptionArn"]
    attributes = world.sns.call("GetSubscriptionAttributes", SubscriptionArn=arn)["Attributes"]
    assert attributes["PendingConfirmation"] == "true"
    # When its token, which only its owner is mailed, comes back
    subscription = world.service._topics.subscription(arn)
    confirmed = world.sns.call("ConfirmSubscription", TopicArn=topic, Token=subscription.token)
    # Then it is confirmed
    assert confirmed["SubscriptionArn"] == arn
    attributes = world.sns.call("GetSubscriptionAttributes", SubscriptionArn=arn)["Attributes"]
    assert attributes["PendingConfirmation"] == "false"


def test_lists_have_pages_of_a_hundred(world):
    for number in range(101):
        world.topic(f"t{number}")
    first = world.sns.call("ListTopics")
    second = world.sns.call("ListTopics", NextToken=first["NextToken"])
    assert [len(first["Topics"]), len(second["Topics"])] == [100, 1]
    assert "NextToken" not in second
    assert error(world.sns.call("ListTopics", NextToken="?"))[1] == "Invalid parameter: NextToken"


def test_filter_policies_show_their_scope(world):
    arn = world.subscribe(world.topic(), FUNCTION, FilterPolicy={"a": ["b"]})
    attributes = world.sns.call("GetSubscriptionAttributes", SubscriptionArn=arn)["Attributes"]
    assert attributes["FilterPolicyScope"] == "MessageAttributes"
    assert json.loads(attributes["FilterPolicy"]) == {"a": ["b"]}


def test_raw_delivery_is_not_for_functions(world):
    answer = world.sns.call(
        "Subscribe",
        TopicArn=world.topic(),
        Protocol="lambda",
        Endpoint=FUNCTION,
        Attributes={"RawMessageDelivery": "true"},
    )
    assert "Delivery protocol [lambda] does not support raw message delivery" in error(answer)[1]


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"Message": ""}, "Empty message"),
        ({"Message": "m", "Subject": "s" * 101}, "Subject"),
        ({"Message": "m", "Subject": "a\nb"}, "Subject"),
        ({"Message": "m" * 262_145}, "Message too long"),
        (
            {"Message": "m", "MessageStructure": "json"},
            "Message Structure - JSON message body failed to parse",
        ),
        (
            {"Message": '{"sqs": "m"}', "MessageStructure": "json"},
            "Message Structure - No default entry in JSON message body",
        ),
    ],
)
def test_messages_that_are_refused(world, params, complaint):
    answer = world.sns.call("Publish", TopicArn=world.topic(), **params)
    assert error(answer) == ("InvalidParameter", f"Invalid parameter: {complaint}")


def test_publish_needs_a_target(world):
    assert (
        "TopicArn or TargetArn Reason: no value" in error(world.sns.call("Publish", Message="m"))[1]
    )
    empty = world.sns.call("Publish", TopicArn="", Message="m")
    assert error(empty)[1] == (
        "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"
    )
    arn = world.topic()
    assert "MessageId" in world.sns.call("Publish", TargetArn=arn, Message="m")


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "EmptyBatchRequest"),
        ([{"Id": str(n), "Message": "m"} for n in range(11)], "TooManyEntriesInBatchRequest"),
        ([{"Id": "a", "Message": "m"}] * 2, "BatchEntryIdsNotDistinct"),
        ([{"Id": "a b", "Message": "m"}], "InvalidBatchEntryId"),
        ([{"Id": "a" * 81, "Message": "m"}], "InvalidBatchEntryId"),
        ([{"Id": str(n), "Message": "m" * 200_000} for n in range(2)], "BatchRequestTooLong"),
    ],
)
def test_batches_that_are_refused(world, entries, code):
    topic = world.topic()
    answer = world.sns.call("PublishBatch", TopicArn=topic, PublishBatchRequestEntries=entries)
    assert answer["Error"]["Code"] == code
    assert world.counted("NumberOfMessagesPublished") == 0


def published(world, topic, **second):
    """The answer to a batch of three messages, with parameters of the second."""
    entries = [{"Id": str(number), "Message": "m"} for number in range(3)]
    if topic.endswith(".fifo"):
        for entry in entries:
            entry.update(MessageGroupId="g", MessageDeduplicationId=entry["Id"])
    entries[1].update(second)
    return world.sns.call("PublishBatch", TopicArn=topic, PublishBatchRequestEntries=entries)


@pytest.mark.parametrize(
    ("parameter", "value"), [("MessageDeduplicationId", "d"), ("MessageGroupId", "a b")]
)
def test_what_is_for_fifo_topics_fails_alone_in_a_standard_topic_s_batch(world, parameter, value):
    answer = published(world, world.topic(), **{parameter: value})
    assert [entry["Id"] for entry in answer["Successful"]] == ["0", "2"]
    [failed] = answer["Failed"]
    assert failed.pop("Message").startswith(f"Invalid parameter: {parameter} Reason: ")
    assert failed == {"Id": "1", "Code": "InvalidParameter", "SenderFault": True}
    assert world.counted("NumberOfMessagesPublished") == 2


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("t", {"Message": ""}),
        ("t", {"Subject": "a\nb"}),
        ("t", {"MessageStructure": "json"}),
        ("t", {"MessageAttributes": {"a": {"DataType": "Nope", "StringValue": "v"}}}),
        ("t.fifo", {"MessageGroupId": "a b"}),
        ("t.fifo", {"MessageDeduplicationId": "a b"}),
    ],
)
def test_what_no_topic_takes_or_breaks_an_order_refuses_the_batch(world, name, second):
    attributes = {"FifoTopic": "true"} if name.endswith(".fifo") else {}
    answer = published(world, world.topic(name, **attributes), **second)
    assert error(answer)[0] in ("InvalidParameter", "ParameterValueInvalid")
    assert world.counted("NumberOfMessagesPublished") == 0
