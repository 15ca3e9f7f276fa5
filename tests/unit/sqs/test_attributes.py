"""Queue attributes: defaults, ranges, policies; creating, describing and deleting queues."""

import json

import pytest

from localaws.sqs import errors
from tests.unit.sqs.world import SENDER, SqsWorld, redrive_policy
from tests.unit.virtual_time import START_S

DLQ_ARN = "arn:aws:sqs:us-east-1:123456789012:dlq"


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


def test_the_attributes_of_a_new_queue(world):
    url = world.call("CreateQueue", QueueName="q")["QueueUrl"]
    assert url == "http://127.0.0.1:4566/123456789012/q"
    assert world.call("GetQueueAttributes", QueueUrl=url, AttributeNames=["All"]) == {
        "Attributes": {
            "QueueArn": "arn:aws:sqs:us-east-1:123456789012:q",
            "ApproximateNumberOfMessages": "0",
            "ApproximateNumberOfMessagesNotVisible": "0",
            "ApproximateNumberOfMessagesDelayed": "0",
            "CreatedTimestamp": str(int(START_S)),
            "LastModifiedTimestamp": str(int(START_S)),
            "VisibilityTimeout": "30",
            "MaximumMessageSize": "1048576",
            "MessageRetentionPeriod": "345600",
            "DelaySeconds": "0",
            "ReceiveMessageWaitTimeSeconds": "0",
            "SqsManagedSseEnabled": "true",
        }
    }


def test_a_fifo_queue_has_four_more(world):
    queue = world.queue("q.fifo")
    assert {
        "FifoQueue": "true",
        "ContentBasedDeduplication": "false",
        "DeduplicationScope": "queue",
        "FifoThroughputLimit": "perQueue",
    }.items() <= queue.attributes.items()


def test_only_what_is_asked_for_and_set_is_described(world):
    url = world.queue().url
    names = ["VisibilityTimeout", "RedrivePolicy"]
    asked = world.call("GetQueueAttributes", QueueUrl=url, AttributeNames=names)
    assert asked == {"Attributes": {"VisibilityTimeout": "30"}}
    assert world.call("GetQueueAttributes", QueueUrl=url) == {}
    assert world.call("GetQueueAttributes", QueueUrl=url, AttributeNames=["Policy"]) == {}
    refused = world.refused("GetQueueAttributes", QueueUrl=url, AttributeNames=["Nope"])
    assert (refused.code, refused.message) == ("InvalidAttributeName", "Unknown Attribute Nope.")


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("VisibilityTimeout", 0, 43_200),
        ("MaximumMessageSize", 1_024, 1_048_576),
        ("MessageRetentionPeriod", 60, 1_209_600),
        ("DelaySeconds", 0, 900),
        ("ReceiveMessageWaitTimeSeconds", 0, 20),
        ("KmsDataKeyReusePeriodSeconds", 60, 86_400),
    ],
)
def test_ranges(world, name, low, high):
    queue = world.queue()
    for value in (str(low), str(high)):
        queue.set_attributes({name: value})
    for value in (str(low - 1), str(high + 1), "1.5", " 70", "x", "٣"):
        with pytest.raises(errors.InvalidAttributeValue) as refused:
            queue.set_attributes({name: value})
        assert refused.value.message == f"Invalid value for the parameter {name}."


def test_a_refused_change_changes_nothing(world):
    queue = world.queue()
    with pytest.raises(errors.InvalidAttributeValue):
        queue.set_attributes({"DelaySeconds": "5", "VisibilityTimeout": "-1"})
    assert queue.attributes["DelaySeconds"] == "0"


def test_a_change_is_dated_and_counts_at_once(world):
    queue = world.queue()
    queue.send("x", sender_id=SENDER)
    world.pass_time(7)
    queue.set_attributes({"VisibilityTimeout": "0"})
    assert queue.described()["LastModifiedTimestamp"] == str(int(START_S) + 7)
    assert queue.described()["CreatedTimestamp"] == str(int(START_S))
    assert queue.receive(1)
    assert queue.receive(1)


@pytest.mark.parametrize("name", ["FifoQueue", "ContentBasedDeduplication", "Nope", "QueueArn"])
def test_names_that_a_standard_queue_does_not_have(world, name):
    url = world.queue().url
    refused = world.refused("SetQueueAttributes", QueueUrl=url, Attributes={name: "true"})
    assert (refused.code, refused.message) == ("InvalidAttributeName", f"Unknown Attribute {name}.")


def test_a_key_switches_sqs_own_encryption_off(world):
    queue = world.queue()
    queue.set_attributes({"KmsMasterKeyId": "key"})
    assert queue.attributes["SqsManagedSseEnabled"] == "false"
    assert queue.attributes["KmsDataKeyReusePeriodSeconds"] == "300"
    for both in ({"SqsManagedSseEnabled": "true", "KmsMasterKeyId": "key"},) * 2:
        with pytest.raises(errors.InvalidAttributeName, match="You can either enable KMS SSE"):
            queue.set_attributes(both)
    with pytest.raises(errors.InvalidAttributeName):
        queue.set_attributes({"SqsManagedSseEnabled": "true"})
    queue.set_attributes({"SqsManagedSseEnabled": "true", "KmsMasterKeyId": ""})
    assert "KmsMasterKeyId" not in queue.attributes
    assert "KmsDataKeyReusePeriodSeconds" not in queue.attributes
    assert queue.attributes["SqsManagedSseEnabled"] == "true"


def test_throughput_per_group_needs_deduplication_per_group(world):
    queue = world.queue("q.fifo")
    # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sqs
    needed = (
        "To set FifoThroughputLimit to perMessageGroupId, the DeduplicationScope must be "
        "messageGroup.$"
    )
    with pytest.raises(errors.InvalidAttributeValue, match=needed):
        queue.set_attributes({"FifoThroughputLimit": "perMessageGroupId"})
    queue.set_attributes(
        {"FifoThroughputLimit": "perMessageGroupId", "DeduplicationScope": "messageGroup"}
    )


def test_a_queue_s_type_does_not_change(world):
    with pytest.raises(errors.InvalidAttributeValue, match="Modifying queue type"):
        world.queue("q.fifo").set_attributes({"FifoQueue": "false"})


@pytest.mark.parametrize("name", ["", "a b", "a.b", "x" * 81, "q.fifo", "ä"])
def test_names_of_standard_queues(world, name):
    refused = world.refused("CreateQueue", QueueName=name)
    expected = (
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
    )
    assert refused.query_code == "InvalidParameterValue"
    assert refused.message == (expected if name else "Queue name cannot be empty")


def test_names_of_fifo_queues(world):
    attributes = {"FifoQueue": "true"}
    for name in ("x" * 75 + ".fifo", "a_b-c.fifo"):
        world.call("CreateQueue", QueueName=name, Attributes=attributes)
    for name in ("x" * 76 + ".fifo", "q", ".fifo", "a b.fifo"):
        refused = world.refused("CreateQueue", QueueName=name, Attributes=attributes)
        assert "must end with .fifo suffix and be 1 to 80 in length" in refused.message
    for name in ("q", "q.fifo"):
        refused = world.refused("CreateQueue", QueueName=name, Attributes={"FifoQueue": "false"})
        assert refused.message == "Unknown Attribute FifoQueue."


def test_the_same_queue_again_is_no_error_but_another_value_is(world):
    url = world.call("CreateQueue", QueueName="q", Attributes={"DelaySeconds": "1"})["QueueUrl"]
    assert world.call("CreateQueue", QueueName="q")["QueueUrl"] == url
    assert world.call("CreateQueue", QueueName="q", Attributes={"VisibilityTimeout": "30"})
    refused = world.refused("CreateQueue", QueueName="q", Attributes={"DelaySeconds": "2"})
    assert (refused.code, refused.query_code) == ("QueueNameExists", "QueueAlreadyExists")
    assert refused.message == (
        "A queue already exists with the same name and a different value for attribute DelaySeconds"
    )


def test_a_name_is_free_a_minute_after_its_queue_was_deleted(world):
    queue = world.queue()
    world.call("DeleteQueue", QueueUrl=queue.url)
    assert world.service.find(queue.url) is None
    assert world.service.find(queue.arn) is None
    refused = world.refused("CreateQueue", QueueName="q")
    assert refused.query_code == "AWS.SimpleQueueService.QueueDeletedRecently"
    world.pass_time(60)
    world.queue()


def test_a_queue_that_does_not_exist(world):
    url = "http://127.0.0.1:4566/123456789012/nope"
    for operation, params in [
        ("SendMessage", {"QueueUrl": url, "MessageBody": "x"}),
        ("GetQueueUrl", {"QueueName": "nope"}),
        ("DeleteQueue", {"QueueUrl": url}),
    ]:
        refused = world.refused(operation, **params)
        assert refused.code == "QueueDoesNotExist"
        assert refused.query_code == "AWS.SimpleQueueService.NonExistentQueue"
        assert refused.message == "The specified queue does not exist."
    assert world.refused("PurgeQueue", QueueUrl="nope").code == "QueueDoesNotExist"
    assert world.refused("PurgeQueue", QueueUrl="http://127.0.0.1:4566").code == "InvalidAddress"
    refused = world.refused("PurgeQueue", QueueUrl=world.queue("there").arn)
    assert refused.code == "InvalidAddress"
    assert refused.message == (
        "The address arn:aws:sqs:us-east-1:123456789012:there is not valid for this endpoint."
    )
    other_account = "http://127.0.0.1:4566/999999999999/q"
    world.queue()
    assert world.refused("PurgeQueue", QueueUrl=other_account).code == "QueueDoesNotExist"


def test_a_queue_is_found_by_arn_and_by_any_address_of_its_path(world):
    queue = world.queue()
    assert world.service.queue(queue.arn) is queue
    assert world.service.queue("https://sqs.us-east-1.amazonaws.com/123456789012/q") is queue
    assert world.service.find("arn:aws:sqs:eu-west-1:123456789012:q") is None


def refused_policy(world, **policy):
    text = json.dumps(policy, separators=(",", ":"))
    error = world.refused("CreateQueue", QueueName="q", Attributes={"RedrivePolicy": text})
    return error.message.removeprefix(f"Value {text} for parameter RedrivePolicy is invalid. ")


def test_redrive_policies_that_are_refused(world):
    world.queue("dlq")
    world.queue("dlq.fifo")
    arn = {"deadLetterTargetArn": DLQ_ARN}
    assert refused_policy(world) == (
        "Reason: Redrive policy does not contain mandatory attribute: maxReceiveCount."
    )
    assert refused_policy(world, maxReceiveCount=3) == (
        "Reason: Redrive policy does not contain mandatory attribute: deadLetterTargetArn."
    )
    for count in (0, 1001, "x"):
        assert refused_policy(world, **arn, maxReceiveCount=count) == (
            f"Reason: Invalid value for maxReceiveCount: {count}, "
            "valid values are from 1 to 1000 both inclusive."
        )
    nowhere = f"{DLQ_ARN}-nowhere"
    assert refused_policy(world, deadLetterTargetArn=nowhere, maxReceiveCount=3) == (
        "Reason: Dead letter target does not exist."
    )
    assert refused_policy(world, deadLetterTargetArn=f"{DLQ_ARN}.fifo", maxReceiveCount=3) == (
        "Reason: Dead-letter queue must be same type of queue as the source.."
    )
    # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sqs
    abroad = DLQ_ARN.replace("us-east-1", "eu-west-1")
    assert refused_policy(world, deadLetterTargetArn=abroad, maxReceiveCount=3) == (
        "Reason: Dead-letter target must be in same region as the source."
    )
    topic = DLQ_ARN.replace("sqs", "sns")
    assert refused_policy(world, deadLetterTargetArn=topic, maxReceiveCount=3) == (
        "Reason: Only SQS queues are valid resources for deadLetterTargetArn."
    )
    refused = world.refused("CreateQueue", QueueName="q", Attributes={"RedrivePolicy": " "})
    assert refused.message == (
        "Invalid value for the parameter RedrivePolicy. "
        "Reason: Redrive policy is not a valid JSON map."
    )


def test_a_receive_count_may_be_a_numeric_string_and_becomes_a_number(world):
    dlq = world.queue("dlq")
    text = f'{{"deadLetterTargetArn": "{dlq.arn}", "maxReceiveCount": "42"}}'
    queue = world.queue(RedrivePolicy=text)
    kept = {"deadLetterTargetArn": dlq.arn, "maxReceiveCount": 42}
    assert json.loads(queue.attributes["RedrivePolicy"]) == kept
    assert queue.settings.redrive.max_receive_count == 42
    # Then the same again, text or number, is the same queue; otherwise the text is kept as it is
    assert world.queue(RedrivePolicy=text) is queue
    assert world.queue(RedrivePolicy=json.dumps(kept)) is queue
    queue.set_attributes({"RedrivePolicy": json.dumps(kept)})
    assert queue.attributes["RedrivePolicy"] == json.dumps(kept)


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        ({"redrivePermission": "allowAll"}, True),
        ({"redrivePermission": "denyAll"}, False),
        ({"redrivePermission": "byQueue", "sourceQueueArns": [DLQ_ARN]}, False),
        (
            {
                "redrivePermission": "byQueue",
                "sourceQueueArns": ["arn:aws:sqs:us-east-1:123456789012:q"],
            },
            True,
        ),
    ],
)
def test_the_dlq_decides_who_may_name_it(world, policy, allowed):
    dlq = world.queue("dlq", RedriveAllowPolicy=json.dumps(policy))
    queue = world.queue()
    attributes = {"RedrivePolicy": redrive_policy(dlq, 3)}
    if allowed:
        queue.set_attributes(attributes)
        assert queue.settings.redrive is not None
    else:
        with pytest.raises(errors.InvalidParameterValue, match="RedrivePolicy is invalid"):
            queue.set_attributes(attributes)


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ({"redrivePermission": "some"}, "unsupported format"),
        ({"redrivePermission": "allowAll", "x": 1}, "unsupported format"),
        ({"redrivePermission": "byQueue", "sourceQueueArns": "x"}, "unsupported format"),
        ({"redrivePermission": "byQueue"}, "must also specify one or more sourceQueueArns"),
        ({"redrivePermission": "byQueue", "sourceQueueArns": ["x"] * 11}, "you can specify is 10"),
        (
            {"redrivePermission": "denyAll", "sourceQueueArns": ["x"]},
            "must set redrivePermission to byQueue",
        ),
    ],
)
def test_redrive_allow_policies_that_are_refused(world, policy, reason):
    refused = world.refused(
        "CreateQueue", QueueName="q", Attributes={"RedriveAllowPolicy": json.dumps(policy)}
    )
    assert reason in refused.message


@pytest.mark.parametrize("name", ["plain", "ordered.fifo"])
def test_a_queue_is_found_by_its_bare_name(world, name):
    """As LocalStack's `test_posting_to_queue_via_queue_name` saw it on AWS."""
    queue = world.queue(name)
    world.call("PurgeQueue", QueueUrl=name)
    shown = world.call("GetQueueAttributes", QueueUrl=name, AttributeNames=["QueueArn"])
    assert shown["Attributes"]["QueueArn"] == queue.arn


@pytest.mark.parametrize("yes", ["true", "True", "TRUE"])
def test_booleans_are_read_in_any_case_and_shown_in_one(world, yes):
    given = {"FifoQueue": yes, "ContentBasedDeduplication": yes, "SqsManagedSseEnabled": yes}
    create = {"QueueName": "q.fifo", "Attributes": given}
    url = world.call("CreateQueue", **create)["QueueUrl"]
    assert world.call("CreateQueue", **create)["QueueUrl"] == url
    world.call("SetQueueAttributes", QueueUrl=url, Attributes=given)
    names = list(given)
    shown = world.call("GetQueueAttributes", QueueUrl=url, AttributeNames=names)["Attributes"]
    assert shown == dict.fromkeys(names, "true")
    no = {"true": "false", "True": "False", "TRUE": "FALSE"}[yes]
    world.call("SetQueueAttributes", QueueUrl=url, Attributes={"ContentBasedDeduplication": no})
    shown = world.call("GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert shown["ContentBasedDeduplication"] == "false"


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("FifoQueue", "false", "Unknown Attribute FifoQueue."),
        ("ContentBasedDeduplication", "true", "Unknown Attribute ContentBasedDeduplication."),
        (
            "DeduplicationScope",
            "queue",
            "You can specify the DeduplicationScope only when FifoQueue is set to true.",
        ),
        (
            "FifoThroughputLimit",
            "perQueue",
            "You can specify the FifoThroughputLimit only when FifoQueue is set to true.",
        ),
    ],
)
def test_what_only_fifo_queues_have_is_refused_by_a_standard_one(world, attribute, value, message):
    """Created or changed. AWS's words: error messages in public bug reports of both calls."""
    given = {attribute: value}
    set_ = {"QueueUrl": world.queue().url, "Attributes": given}
    for refused in (
        world.refused("CreateQueue", QueueName="other", Attributes=given),
        world.refused("SetQueueAttributes", **set_),
    ):
        assert (refused.code, refused.message) == ("InvalidAttributeName", message)


def test_a_policy_without_version_is_shown_with_one(world):
    statement = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sqs:*"}
    given = json.dumps({"Statement": [statement]})
    created = world.queue("a", Policy=given)
    changed = world.queue("b")
    world.call("SetQueueAttributes", QueueUrl=changed.url, Attributes={"Policy": given})
    for queue in (created, changed):
        [policy] = world.call("GetQueueAttributes", QueueUrl=queue.url, AttributeNames=["Policy"])[
            "Attributes"
        ].values()
        assert json.loads(policy) == {
            "Version": "2008-10-17",
            "Statement": [statement | {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}],
        }
    assert world.queue("a", Policy=given).url == created.url
