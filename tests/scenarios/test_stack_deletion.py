"""Stacks that are deleted while something else goes on, and what does not let itself be deleted."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account, trust
from tests.scenarios.templated_stack import TemplatedStack

QUEUES = {f"Queue{number}": {"Type": "AWS::SQS::Queue"} for number in range(5)}


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


def queues_of(account: Account, stack: TemplatedStack) -> list[str]:
    listed = account.client("sqs").list_queues(QueueNamePrefix=stack.name)
    return list(listed.get("QueueUrls", []))


@pytest.mark.parametrize("stays", [False, True], ids=["taken back", "stays"])
def test_a_deletion_takes_over_from_a_creation(
    account: Account, stack: TemplatedStack, stays: bool
) -> None:
    # Given a stack that is being made
    body = json.dumps({"Resources": QUEUES})
    made = stack.cloudformation.create_stack(
        StackName=stack.name, TemplateBody=body, DisableRollback=stays
    )
    # When it is deleted at once, and once more
    stack.cloudformation.delete_stack(StackName=stack.name)
    stack.cloudformation.delete_stack(StackName=stack.name)
    # Then it ends deleted, and nothing is left of it
    assert stack.end(made["StackId"]) == "DELETE_COMPLETE"
    assert not queues_of(account, stack)
    told = stack.cloudformation.describe_stack_events(StackName=made["StackId"])["StackEvents"]
    assert told[0]["ResourceStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="does not exist"):
        stack.told()


def put_object(account: Account, bucket: str) -> None:
    s3 = account.client("s3")
    s3.put_object(Bucket=bucket, Key="order", Body=b"1")
    account.on_close(lambda: s3.delete_bucket(Bucket=bucket))
    account.on_close(lambda: s3.delete_object(Bucket=bucket, Key="order"))


def attach_policy(account: Account, role: str) -> None:
    iam, arn = account.client("iam"), "arn:aws:iam::aws:policy/ReadOnlyAccess"
    iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    account.on_close(lambda: iam.delete_role(RoleName=role))
    account.on_close(lambda: iam.detach_role_policy(RoleName=role, PolicyArn=arn))


def attach_to_somebody(account: Account, arn: str) -> None:
    iam, role = account.client("iam"), account.unique("other")
    document = json.dumps(trust("lambda.amazonaws.com"))
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=document)
    iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    account.on_close(lambda: iam.delete_policy(PolicyArn=arn))
    account.on_close(lambda: iam.delete_role(RoleName=role))
    account.on_close(lambda: iam.detach_role_policy(RoleName=role, PolicyArn=arn))


def make_key(account: Account, user: str) -> None:
    iam = account.client("iam")
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    account.on_close(lambda: iam.delete_user(UserName=user))
    account.on_close(lambda: iam.delete_access_key(UserName=user, AccessKeyId=key))


def make_rule(account: Account, bus: str) -> None:
    events, name = account.client("events"), account.unique("rule")
    pattern = json.dumps({"source": ["orders"]})
    events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    account.on_close(lambda: events.delete_event_bus(Name=bus))
    account.on_close(lambda: events.delete_rule(Name=name, EventBusName=bus))


def make_target(account: Account, rule: str) -> None:
    events = account.client("events")
    target = {"Id": "by-hand", "Arn": account.queue().arn}
    events.put_targets(Rule=rule, Targets=[target])
    account.on_close(lambda: events.delete_rule(Name=rule))
    account.on_close(lambda: events.remove_targets(Rule=rule, Ids=["by-hand"]))


def use_table(account: Account, table: str) -> None:
    dynamodb = account.client("dynamodb")
    account.on_close(lambda: dynamodb.delete_table(TableName=table))
    account.on_close(
        lambda: dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
    )


def push_image(account: Account, repository: str) -> None:
    ecr = account.client("ecr")
    ecr.put_image(repositoryName=repository, imageManifest="{}", imageTag="latest")
    account.on_close(lambda: ecr.delete_repository(repositoryName=repository, force=True))


ALLOWED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}],
}
TABLE = {
    "DeletionProtectionEnabled": True,
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}
INLINE = {"PolicyName": "own", "PolicyDocument": ALLOWED}
# Type -> its properties, what happens to it, and the words that refuse its deletion.
IN_USE: dict[str, tuple[dict[str, Any], Callable[[Account, str], None], str]] = {
    "AWS::S3::Bucket": ({}, put_object, "The bucket you tried to delete is not empty"),
    "AWS::IAM::Role": (
        {"AssumeRolePolicyDocument": trust("lambda.amazonaws.com"), "Policies": [INLINE]},
        attach_policy,
        "Cannot delete entity, must detach all policies first.",
    ),
    "AWS::IAM::ManagedPolicy": (
        {"PolicyDocument": ALLOWED},
        attach_to_somebody,
        "Cannot delete a policy attached to entities.",
    ),
    "AWS::IAM::User": (
        {"Policies": [INLINE]},
        make_key,
        "Cannot delete entity, must delete access keys first.",
    ),
    "AWS::DynamoDB::Table": (TABLE, use_table, "protected against deletion"),
    "AWS::Events::EventBus": ({"Name": "a-bus"}, make_rule, "can't be deleted since it has rules"),
    "AWS::Events::Rule": (
        {"EventPattern": {"source": ["orders"]}},
        make_target,
        "Rule can't be deleted since it has targets.",
    ),
    "AWS::ECR::Repository": ({}, push_image, "is not empty"),
}


def in_use(account: Account, stack: TemplatedStack, kind: str) -> None:
    properties, use, _words = IN_USE[kind]
    if kind == "AWS::Events::EventBus":
        properties = {"Name": account.unique("bus")}
    it = {"Type": kind, "Properties": properties}
    resources = {"It": it, "Queue": QUEUES["Queue0"]}
    assert stack.send("create", resources, Capabilities=["CAPABILITY_IAM"]) == "CREATE_COMPLETE"
    use(account, stack.physical_id("It"))


@pytest.mark.parametrize("kind", IN_USE)
def test_what_is_in_use_keeps_its_stack(account: Account, stack: TemplatedStack, kind: str) -> None:
    # Given a stack with something that somebody else put something into
    in_use(account, stack, kind)
    stack_id = stack.told()["StackId"]
    # When it is deleted
    ended = stack.delete()
    # Then all is deleted but this, whose service says why
    assert ended == "DELETE_FAILED"
    assert stack.told()["StackStatusReason"].startswith(
        "The following resource(s) failed to delete: [It]."
    )
    assert IN_USE[kind][2] in stack.reasons()
    assert not queues_of(account, stack)
    # And the stack goes without it, and needs no leave for what is deleted
    with pytest.raises(ClientError, match="Do not specify resources that are in the DELETE_COMPL"):
        stack.delete(RetainResources=["It", "Queue"])
    assert stack.delete(RetainResources=["It"]) == "DELETE_COMPLETE"
    assert stack.told(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def test_a_stack_that_cannot_be_deleted_is_forced_to_go(
    account: Account, stack: TemplatedStack
) -> None:
    in_use(account, stack, "AWS::S3::Bucket")
    bucket = stack.physical_id("It")
    assert stack.delete() == "DELETE_FAILED"
    assert stack.delete(DeletionMode="FORCE_DELETE_STACK") == "DELETE_COMPLETE"
    assert account.client("s3").get_object(Bucket=bucket, Key="order")["Body"].read() == b"1"


def test_what_leaves_a_template_in_use_stays(account: Account, stack: TemplatedStack) -> None:
    in_use(account, stack, "AWS::S3::Bucket")
    bucket = stack.physical_id("It")
    assert stack.send("update", {"Queue": QUEUES["Queue0"]}) == "UPDATE_COMPLETE"
    assert "The bucket you tried to delete is not empty" in stack.reasons()
    # It is no longer the stack's.
    assert stack.told()["StackStatusReason"] == (
        "Update successful. One or more resources could not be deleted."
    )
    assert stack.delete() == "DELETE_COMPLETE"
    assert account.client("s3").head_object(Bucket=bucket, Key="order")
