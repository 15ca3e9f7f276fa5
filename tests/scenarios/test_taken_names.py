"""A stack makes nothing out of a name that is taken, and so deletes nothing of somebody else."""

import copy
from typing import Any

import pytest

from tests.scenarios.account import Account, trust
from tests.scenarios.outsiders import ALARM, ALLOWED, KEYS
from tests.scenarios.templated_stack import TemplatedStack

# Type -> the property that names it, and the others that it needs.
NAMED: dict[str, tuple[str, dict[str, Any]]] = {
    "AWS::CloudWatch::Alarm": ("AlarmName", ALARM),
    "AWS::CloudWatch::Dashboard": ("DashboardName", {"DashboardBody": '{"widgets":[]}'}),
    "AWS::DynamoDB::GlobalTable": (
        "TableName",
        KEYS | {"Replicas": [{"Region": {"Ref": "AWS::Region"}}]},
    ),
    "AWS::DynamoDB::Table": ("TableName", KEYS),
    "AWS::ECR::Repository": ("RepositoryName", {}),
    "AWS::Events::EventBus": ("Name", {}),
    "AWS::Events::Rule": ("Name", {"EventPattern": {"source": ["orders"]}}),
    "AWS::IAM::InstanceProfile": ("InstanceProfileName", {"Roles": []}),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", {"PolicyDocument": ALLOWED}),
    "AWS::IAM::Role": (
        "RoleName",
        {"AssumeRolePolicyDocument": trust("lambda.amazonaws.com")},
    ),
    "AWS::IAM::User": ("UserName", {}),
    "AWS::KMS::Alias": ("AliasName", {"TargetKeyId": {"Ref": "Key"}}),
    "AWS::Lambda::Function": (
        "FunctionName",
        {
            "Code": {"ZipFile": "def handler(event, context): pass"},
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Runtime": "python3.12",
        },
    ),
    "AWS::Logs::LogGroup": ("LogGroupName", {}),
    "AWS::SNS::Topic": ("TopicName", {}),
    "AWS::SQS::Queue": ("QueueName", {}),
    "AWS::SSM::Parameter": ("Name", {"Type": "String", "Value": "1"}),
}
# What these types' services say.
ALREADY = {
    "AWS::IAM::ManagedPolicy": "A policy called ",
    "AWS::Lambda::Function": "Function already exist",
    "AWS::Logs::LogGroup": (
        "Resource of type 'AWS::Logs::LogGroup' with identifier "
        """'{"/properties/LogGroupName":"""
    ),
}
# A template has not what identifies them: a URL, an ARN.
NOT_IDENTIFIED = {
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
}
AROUND = {
    "AWS::KMS::Alias": {"Key": {"Type": "AWS::KMS::Key", "Properties": {}}},
    "AWS::Lambda::Function": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": trust("lambda.amazonaws.com")},
        }
    },
}


def template_of(kind: str, name: str, **others: Any) -> dict[str, Any]:
    prop, properties = NAMED[kind]
    it = {"Type": kind, "Properties": properties | {prop: name} | others}
    return copy.deepcopy({"It": it} | AROUND.get(kind, {}))


@pytest.mark.parametrize("kind", NAMED)
def test_a_name_belongs_to_its_first_stack(account: Account, kind: str) -> None:
    # Given a stack with something that has a name
    name = account.unique("name")
    name = f"alias/{name}" if kind == "AWS::KMS::Alias" else name
    first, second = TemplatedStack(account), TemplatedStack(account)
    named = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}
    ended = first.send("create", template_of(kind, name), **named)
    assert ended == "CREATE_COMPLETE", first.reasons()
    # When another stack has the same
    unseen = {"DisableValidation": True}
    ended = second.send("create", template_of(kind, name), **named, **unseen)
    # Then it is not made, and its going takes nothing away
    assert ended == "ROLLBACK_COMPLETE"
    assert ALREADY.get(kind, f"Resource of type '{kind}' with identifier") in second.reasons()
    second.delete()
    assert second.send("create", template_of(kind, name), **named) == "ROLLBACK_COMPLETE"
    # And once the first one is gone, the name is free (of a queue a minute later)
    assert first.delete() == "DELETE_COMPLETE"
    second.delete()
    if kind != "AWS::SQS::Queue":
        assert second.send("create", template_of(kind, name), **named) == "CREATE_COMPLETE"


@pytest.mark.parametrize("kind", sorted(NAMED.keys() - NOT_IDENTIFIED))
@pytest.mark.embedded("AWS's own wording was recorded for buckets and functions alone")
def test_a_taken_name_is_told_before_anything_is_made(account: Account, kind: str) -> None:
    # Given a stack with something that has a name
    name = account.unique("name")
    name = f"alias/{name}" if kind == "AWS::KMS::Alias" else name
    first, second = TemplatedStack(account), TemplatedStack(account)
    named = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}
    first.send("create", template_of(kind, name), **named)
    # When another stack is to have the same, then its validation says so, and it begins nothing
    assert second.send("create", template_of(kind, name), **named) == "ROLLBACK_COMPLETE"
    assert {event["LogicalResourceId"] for event in second.events()} == {second.name}
    [told] = second.validation_errors()
    assert told["ValidationName"] == "NAME_CONFLICT_VALIDATION"
    assert told["ValidationStatusReason"] == (
        f"Resource of type '{kind}' with identifier '{name}' already exists."
    )
    # And the first one may be updated
    again = template_of(kind, name) | {"More": {"Type": "AWS::SQS::Queue"}}
    assert first.send("update", again, **named) == "UPDATE_COMPLETE"


def test_an_update_takes_no_name_either(account: Account) -> None:
    kind, taken = "AWS::IAM::Role", account.unique("taken")
    named = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}
    first, second = TemplatedStack(account), TemplatedStack(account)
    assert first.send("create", template_of(kind, taken), **named) == "CREATE_COMPLETE"
    own = template_of(kind, account.unique("own"))
    assert second.send("create", own, **named) == "CREATE_COMPLETE"
    ended = second.send("update", template_of(kind, taken, Description="mine"), **named)
    assert ended == "UPDATE_ROLLBACK_COMPLETE"
    [role] = [account.client("iam").get_role(RoleName=taken)["Role"]]
    assert role.get("Description", "") == ""
