"""A stack in a stack is refused for what CreateStack refuses, and keeps what others keep."""

import json
import re
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE: dict[str, Any] = {"Type": "AWS::SQS::Queue"}
ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "RoleName": "named",
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
    },
}
REFUSED = QUEUE | {"Properties": {"VisibilityTimeout": 99_999}, "DependsOn": "It"}
TWICE = {
    name: {"Value": "1", "Export": {"Name": "nested-twice"}} for name in ("FirstTold", "ThenTold")
}


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


@pytest.fixture
def bucket(account: Account) -> str:
    return outlets.bucket(account)


def holding(account: Account, bucket: str, template: Any, **properties: Any) -> dict[str, Any]:
    """The resources of a stack with one in it."""
    key = f"{uuid.uuid4().hex}.json"
    account.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(template))
    address = f"https://{bucket}.s3.{account.session.region_name}.amazonaws.com/{key}"
    its = {"TemplateURL": address, **properties}
    return {"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": its}}


def of_nested(stack: TemplatedStack) -> list[tuple[str, str]]:
    """The events of the stack in it: what became of it, and its id where that is told."""
    return [
        (event["ResourceStatus"], event.get("PhysicalResourceId", ""))
        for event in stack.events()
        if event["LogicalResourceId"] == "Nested"
    ]


def test_its_id_is_told_when_it_begins(
    account: Account, stack: TemplatedStack, bucket: str
) -> None:
    always = {"Always": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    assert stack.send("create", always) == "CREATE_COMPLETE"
    nested = holding(account, bucket, {"Resources": {"It": QUEUE}})
    assert stack.send("update", nested | always) == "UPDATE_COMPLETE"
    made = stack.physical_id("Nested")
    begins = ("CREATE_IN_PROGRESS", "")
    assert of_nested(stack) == [begins, (begins[0], made), ("CREATE_COMPLETE", made)]


def lines(stack: TemplatedStack) -> list[str]:
    """What became of its resources, and whether they are told to be initiated."""
    return [
        f"{one['LogicalResourceId']} {one['ResourceStatus']}"
        + (" Initiated" if one.get("ResourceStatusReason", "").endswith("Initiated") else "")
        for one in stack.events()
        if one["LogicalResourceId"] != stack.name
    ]


def test_it_begins_with_what_stands_beside_it_and_ends_last(
    account: Account, stack: TemplatedStack, bucket: str
) -> None:
    """Events of AWS: https://github.com/aws-samples/aws-scalable-big-blue-button-example/issues/36."""
    nested = holding(account, bucket, {"Resources": {"It": QUEUE}})
    beside = {"Beside": QUEUE, "Later": QUEUE | {"DependsOn": "Beside"}}
    assert stack.send("create", nested | beside) == "CREATE_COMPLETE"
    assert lines(stack) == [
        "Beside CREATE_IN_PROGRESS",
        "Nested CREATE_IN_PROGRESS",
        "Beside CREATE_IN_PROGRESS Initiated",
        "Nested CREATE_IN_PROGRESS Initiated",
        "Beside CREATE_COMPLETE",
        "Later CREATE_IN_PROGRESS",
        "Later CREATE_IN_PROGRESS Initiated",
        "Later CREATE_COMPLETE",
        "Nested CREATE_COMPLETE",
    ]


def test_one_that_has_begun_is_cancelled_with_what_stands_beside_it(
    account: Account, stack: TemplatedStack, bucket: str
) -> None:
    # Given a nested stack, and beside it what fails once that has begun
    its = {"It": QUEUE | {"Properties": {"QueueName": account.unique("never")}}}
    nested = holding(account, bucket, {"Resources": its})
    assert stack.send("create", nested | {"Wrong": REFUSED | {"DependsOn": []}}) == (
        "ROLLBACK_COMPLETE"
    )
    # Then it is cancelled, deleted with the rollback, and nothing of it was made
    assert lines(stack)[3:5] == ["Wrong CREATE_FAILED", "Nested CREATE_FAILED"]
    assert lines(stack)[5:] == [
        "Nested DELETE_IN_PROGRESS",
        "Wrong DELETE_COMPLETE",
        "Nested DELETE_COMPLETE",
    ]
    inner = TemplatedStack(account, of_nested(stack)[-1][1])
    assert inner.told()["StackStatus"] == "DELETE_COMPLETE"
    assert [one["ResourceStatus"] for one in inner.events()][-1] == "DELETE_COMPLETE"
    # And the stack makes another one where it is asked to
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.send("create", nested) == "CREATE_COMPLETE"
    assert stack.physical_id("Nested") != inner.name


@pytest.mark.parametrize(
    ("template", "properties", "told"),
    [
        (
            {"Resources": {"It": QUEUE | {"DeletionPolicy": "Snapshot"}}},
            {},
            "does not support deletion policy Snapshot",
        ),
        (
            {"Resources": {"It": QUEUE | {"DeletionPolicy": "Keep"}}},
            {},
            "Unrecognized DeletionPolicy Keep",
        ),
        ({"Resources": {"It": QUEUE | {"DependsOn": "None"}}}, {}, "Unresolved resource dependenc"),
        ({"Resources": {"It": {"Type": "AWS::Kinesis::Stream"}}}, {}, "[AWS::Kinesis::Stream]"),
        ({"Resources": {"It": QUEUE}, "Resource": {}}, {}, "Invalid template property"),
        ({"Resources": {"It": QUEUE}, "Outputs": TWICE}, {}, "duplicate Export names"),
        ({"Resources": {"It": ROLE}}, {}, "CAPABILITY_NAMED_IAM"),
        (
            {"Resources": {"It": QUEUE}},
            {"Parameters": {"Size": "1"}},
            "Parameters: [Size] do not exist in the template",
        ),
        (
            {"Resources": {"It": QUEUE}, "Parameters": {"Size": {"Type": "Number"}}},
            {},
            "Parameters: [Size] must have values",
        ),
        (
            {"Resources": {"It": QUEUE}, "Parameters": {"Size": {"Type": "Number"}}},
            {"Parameters": {"Size": "big"}},
            "Parameter 'Size' must be a number",
        ),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_it_passes_the_checks_of_all_stacks(
    account: Account, stack: TemplatedStack, bucket: str, template: Any, properties: Any, told: str
) -> None:
    nested = holding(account, bucket, template, **properties)
    assert stack.send("create", nested) == "ROLLBACK_COMPLETE"
    assert told in stack.reasons()


def test_the_stack_around_one_that_fails_tells_which_resource_it_was(
    account: Account, stack: TemplatedStack, bucket: str
) -> None:
    wrong = {"Resources": {"It": QUEUE | {"Properties": {"Delay": 1}}}}
    # When a nested stack cannot be made
    assert stack.send("create", holding(account, bucket, wrong)) == "ROLLBACK_COMPLETE"
    # Then the one around it names its resource, and its own events tell the mistake
    told = re.search(
        r"Embedded stack (arn:\S+) was not successfully created: "
        r"The following resource\(s\) failed to create: \[It\]\.",
        stack.reasons(),
    )
    assert told
    nested = TemplatedStack(account, told[1])
    assert "extraneous key [Delay] is not permitted" in nested.reasons()
    assert nested.told()["StackStatus"] == "DELETE_COMPLETE"
    # And it was known from its beginning
    assert of_nested(stack) == [
        ("CREATE_IN_PROGRESS", ""),
        ("CREATE_IN_PROGRESS", told[1]),
        ("CREATE_FAILED", told[1]),
        ("DELETE_IN_PROGRESS", told[1]),
        ("DELETE_COMPLETE", told[1]),
    ]


def test_nothing_is_left_of_one_that_fails(
    account: Account, stack: TemplatedStack, bucket: str
) -> None:
    # Given a nested stack with a queue, whose second one cannot be
    name = account.unique("left")
    its = {"It": QUEUE | {"Properties": {"QueueName": name}}, "Refused": REFUSED}
    # When it is made
    nested = holding(account, bucket, {"Resources": its})
    assert stack.send("create", nested) == "ROLLBACK_COMPLETE"
    # Then the first one is gone, too
    with pytest.raises(ClientError, match="NonExistentQueue"):
        account.client("sqs").get_queue_url(QueueName=name)


def test_what_it_is_to_keep_stays(account: Account, stack: TemplatedStack, bucket: str) -> None:
    # Given a nested stack with a queue to keep, and one that goes
    kept, goes = account.unique("kept"), account.unique("goes")
    sqs = account.client("sqs")
    its = {
        "Kept": QUEUE | {"DeletionPolicy": "Retain", "Properties": {"QueueName": kept}},
        "Goes": QUEUE | {"Properties": {"QueueName": goes}},
    }
    nested = holding(account, bucket, {"Resources": its})
    always = {"Always": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    assert stack.send("create", nested | always) == "CREATE_COMPLETE"
    account.on_close(lambda: sqs.delete_queue(QueueUrl=url))
    url = sqs.get_queue_url(QueueName=kept)["QueueUrl"]
    # When it leaves the stack around it
    assert stack.send("update", always) == "UPDATE_COMPLETE"
    # Then only that one is there
    assert sqs.get_queue_url(QueueName=kept)["QueueUrl"] == url
    with pytest.raises(ClientError, match="NonExistentQueue"):
        sqs.get_queue_url(QueueName=goes)


def test_its_exports_are_held(account: Account, stack: TemplatedStack, bucket: str) -> None:
    # Given a nested stack that exports, and another one that imports
    name, importer = account.unique("delay"), TemplatedStack(account)

    def exporting(value: str) -> dict[str, Any]:
        told = {"Told": {"Value": value, "Export": {"Name": name}}}
        return holding(account, bucket, {"Resources": {"It": QUEUE}, "Outputs": told})

    assert stack.send("create", exporting("5")) == "CREATE_COMPLETE"
    its = {"DelaySeconds": {"Fn::ImportValue": name}}
    importing = {"It": QUEUE | {"Properties": its}}
    assert importer.send("create", importing) == "CREATE_COMPLETE"
    # When the export is to change, then that is rolled back
    assert stack.send("update", exporting("6")) == "UPDATE_ROLLBACK_COMPLETE"
    in_use = f"Cannot update export {name} as it is in use by {importer.name}."
    assert in_use in stack.reasons()
    # When nobody imports it any more, then it may change, and goes with its stack
    assert importer.send("update", {"It": QUEUE}) == "UPDATE_COMPLETE"
    assert stack.send("update", exporting("6")) == "UPDATE_COMPLETE"
    always = {"Always": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    assert stack.send("update", always) == "UPDATE_COMPLETE"
    exports = stack.cloudformation.list_exports()["Exports"]
    assert name not in [export["Name"] for export in exports]
