"""A change set tells what an update will change: `cdk diff` and `sam deploy` go by it."""

import json
from typing import Any

import pytest

from tests.scenarios import outlets
from tests.scenarios.account import Account

QUEUE = {"Type": "AWS::SQS::Queue"}
ARNS = [f"arn:aws:sqs:us-east-1:123456789012:{name}" for name in ("one", "two")]


def redrive_to(arn: Any) -> dict[str, Any]:
    """A template of three queues; the first gives its messages up to the queue with this ARN."""
    policy = {"deadLetterTargetArn": arn, "maxReceiveCount": 3}
    source = QUEUE | {"Properties": {"RedrivePolicy": policy}}
    outputs = {name: {"Value": {"Ref": name}} for name in ("Source", "One", "Other")}
    return {"Resources": {"Source": source, "One": QUEUE, "Other": QUEUE}, "Outputs": outputs}


def arn_of(queue: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [queue, "Arn"]}


def stack_of(account: Account, template: Any) -> str:
    """A stack of this template; its name."""
    cloudformation, name = account.client("cloudformation"), account.unique("stack")
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    account.on_close(lambda: cloudformation.delete_stack(StackName=name))
    _wait(account, "stack_create_complete", StackName=name)
    return name


def changes(account: Account, stack: str, template: Any) -> Any:
    """What a change set tells that leads to this template."""
    of = {"StackName": stack, "ChangeSetName": "next"}
    cloudformation = account.client("cloudformation")
    cloudformation.create_change_set(TemplateBody=json.dumps(template), **of)
    account.time.until(lambda: cloudformation.describe_change_set(**of)["Status"] not in _UNDER_WAY)
    return cloudformation.describe_change_set(**of)


@pytest.mark.parametrize(
    "other", [arn_of("Other"), {"Fn::Sub": "${Other.Arn}"}], ids=["GetAtt", "Sub"]
)
def test_a_reference_that_leads_elsewhere_is_a_change(account: Account, other: Any) -> None:
    # Given a stack with a queue and its DLQ
    stack = stack_of(account, redrive_to(arn_of("One")))
    # When a change set makes another queue its DLQ, then that is the change that it tells of
    [change] = changes(account, stack, redrive_to(other))["Changes"]
    told = change["ResourceChange"]
    assert (told["Action"], told["LogicalResourceId"]) == ("Modify", "Source")
    assert (told["Replacement"], told["Scope"]) == ("False", ["Properties"])
    assert {detail["Target"]["Name"] for detail in told["Details"]} == {"RedrivePolicy"}
    # And the one that it makes
    cloudformation = account.client("cloudformation")
    cloudformation.execute_change_set(StackName=stack, ChangeSetName="next")
    _wait(account, "stack_update_complete", StackName=stack)
    [described] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    urls = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    asked = {"QueueUrl": urls["Source"], "AttributeNames": ["RedrivePolicy"]}
    attributes = account.client("sqs").get_queue_attributes(**asked)["Attributes"]
    found = json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"].rpartition(":")[2]
    assert found == urls["Other"].rpartition("/")[2]


def test_the_same_reference_written_otherwise_is_none(account: Account) -> None:
    # Given a stack with a queue and its DLQ
    stack = stack_of(account, redrive_to(arn_of("One")))
    # When nothing is changed but how the reference is written, then there is nothing to do
    told = changes(account, stack, redrive_to({"Fn::GetAtt": "One.Arn"}))
    assert (told["Status"], told["Changes"]) == ("FAILED", [])


@pytest.mark.parametrize(
    ("before", "after", "replacement"),
    [
        ({"FilterPattern": "ERROR"}, {"FilterPattern": "Task timed out"}, "False"),
        ({"FilterName": "one"}, {"FilterName": "other"}, "True"),
    ],
)
def test_whether_a_change_needs_another_resource_is_known(
    account: Account, before: dict[str, str], after: dict[str, str], replacement: str
) -> None:
    # Given a stack with a metric filter
    def of(settings: dict[str, str]) -> Any:
        metric = {"MetricName": "Errors", "MetricNamespace": "Workshop", "MetricValue": "1"}
        properties = {
            "LogGroupName": {"Ref": "Group"},
            "FilterPattern": "ERROR",
            "MetricTransformations": [metric],
        }
        made = {"Type": "AWS::Logs::MetricFilter", "Properties": properties | settings}
        return {"Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}, "Filter": made}}

    stack = stack_of(account, of(before))
    # When a setting changes, then it is said whether the filter has to be made anew for it
    [change] = changes(account, stack, of(after))["Changes"]
    assert change["ResourceChange"]["Replacement"] == replacement


_UNDER_WAY = ("CREATE_PENDING", "CREATE_IN_PROGRESS")


def _wait(account: Account, state: str, **of: str) -> None:
    """Wait until a stack or change set is in a state."""
    delay_s = 0.05 if account.time.is_virtual else 5
    account.client("cloudformation").get_waiter(state).wait(
        WaiterConfig={"Delay": delay_s, "MaxAttempts": 400}, **of
    )


def values(account: Account, stack: str, template: Any) -> dict[str, Any]:
    """The changes that lead to this template, with their values, by logical id."""
    changes(account, stack, template)
    told = account.client("cloudformation").describe_change_set(
        StackName=stack, ChangeSetName="next", IncludePropertyValues=True
    )
    all_changes = [one["ResourceChange"] for one in told["Changes"]]
    return {one["LogicalResourceId"]: one for one in all_changes}


def context(change: dict[str, Any], when: str) -> Any:
    return json.loads(change[f"{when}Context"])


def test_values_are_told_where_they_are_asked_for(account: Account) -> None:
    # Given a stack of which one queue changes, one goes, and a new one is to know a new topic
    goes = QUEUE | {"Properties": {"DelaySeconds": 1}, "DeletionPolicy": "Delete"}
    sources = [{"redrivePermission": "byQueue", "sourceQueueArns": [arn]} for arn in ARNS]
    known: dict[str, Any] = {"DelaySeconds": 1, "VisibilityTimeout": 30}
    it = QUEUE | {"Properties": known | {"RedriveAllowPolicy": sources[0]}}
    stack = stack_of(account, {"Resources": {"It": it, "Goes": goes}})
    tags = [{"Key": "topic", "Value": {"Ref": "Topic"}}]
    its = {"DelaySeconds": 2, "MaximumMessageSize": {"Ref": "Size"}, "Tags": tags}
    its |= {"RedriveAllowPolicy": sources[1]}
    new = {"It": QUEUE | {"Properties": its}, "Topic": {"Type": "AWS::SNS::Topic"}}
    size = {"Size": {"Type": "Number", "Default": 2048}}
    told = values(account, stack, {"Resources": new, "Parameters": size})
    # Then each tells what it has, and what it is to have as far as that is known
    texts = {"DelaySeconds": "1", "VisibilityTimeout": "30", "RedriveAllowPolicy": sources[0]}
    assert context(told["It"], "Before") == {"Properties": texts}
    unknown = [{"Key": "topic", "Value": "{{changeSet:KNOWN_AFTER_APPLY}}"}]
    after = {"DelaySeconds": "2", "MaximumMessageSize": "2048", "Tags": unknown}
    after |= {"RedriveAllowPolicy": sources[1]}
    assert context(told["It"], "After") == {"Properties": after}
    targets = {one["Target"]["Path"]: one["Target"] for one in told["It"]["Details"]}
    assert targets["/Properties/DelaySeconds"] == {
        "Attribute": "Properties",
        "Name": "DelaySeconds",
        "RequiresRecreation": "Never",
        "Path": "/Properties/DelaySeconds",
        "BeforeValue": "1",
        "AfterValue": "2",
        "AttributeChangeType": "Modify",
    }
    assert {path: target["AttributeChangeType"] for path, target in targets.items()} == {
        "/Properties/DelaySeconds": "Modify",
        "/Properties/MaximumMessageSize": "Add",
        "/Properties/RedriveAllowPolicy/sourceQueueArns/0": "Modify",
        "/Properties/Tags": "Add",
        "/Properties/VisibilityTimeout": "Remove",
    }
    # And tags are no properties
    assert targets["/Properties/Tags"]["Attribute"] == "Tags"
    assert "Name" not in targets["/Properties/Tags"]
    assert told["It"]["Scope"] == ["Properties", "Tags"]
    assert "AfterContext" not in told["Goes"]
    before = {"Properties": {"DelaySeconds": "1"}, "DeletionPolicy": "Delete"}
    assert context(told["Goes"], "Before") == before
    assert (told["Topic"]["Replacement"], "BeforeContext" in told["Topic"]) == ("True", False)
    # And without being asked for, none is told
    plain = account.client("cloudformation").describe_change_set(
        StackName=stack, ChangeSetName="next"
    )
    for one in plain["Changes"]:
        assert not {"BeforeContext", "AfterContext"} & one["ResourceChange"].keys()


def test_a_nested_stack_is_a_change_whatever_is_in_it(account: Account) -> None:
    # Given a stack with one in it, whose template AWS reads only when it updates it
    bucket, region = outlets.bucket(account), account.session.region_name
    inner = json.dumps({"Resources": {"It": QUEUE}})
    account.client("s3").put_object(Bucket=bucket, Key="inner.json", Body=inner)
    its = {"TemplateURL": f"https://{bucket}.s3.{region}.amazonaws.com/inner.json"}
    nested = {"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": its}}
    stack = stack_of(account, {"Resources": nested})
    # Then a change set with nothing else tells that it may change
    [change] = changes(account, stack, {"Resources": nested})["Changes"]
    told = change["ResourceChange"]
    assert (told["LogicalResourceId"], told["Action"], told["Replacement"]) == (
        "Nested",
        "Modify",
        "False",
    )
    assert [one["ChangeSource"] for one in told["Details"]] == ["Automatic"]


def test_outputs_alone_are_no_change_and_are_deployed_all_the_same(account: Account) -> None:
    # Given a stack with an output
    of = {"Resources": {"It": QUEUE}, "Outputs": {"One": {"Value": "1"}}}
    stack = stack_of(account, of)
    # When nothing changes but that it has another one, as where the CDK adds an export
    more = {"Name": {"Value": {"Fn::GetAtt": ["It", "QueueName"]}}}
    told = changes(account, stack, of | {"Outputs": of["Outputs"] | more})
    assert (told["Status"], told["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert told["Changes"] == []
    # Then it has that one
    cloudformation = account.client("cloudformation")
    cloudformation.execute_change_set(StackName=stack, ChangeSetName="next")
    _wait(account, "stack_update_complete", StackName=stack)
    [described] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    assert {one["OutputKey"] for one in described["Outputs"]} == {"One", "Name"}
    # And without any change there is nothing to do
    cloudformation.delete_change_set(StackName=stack, ChangeSetName="next")
    told = changes(account, stack, of | {"Outputs": of["Outputs"] | more})
    assert (told["Status"], told["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
