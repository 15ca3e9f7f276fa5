"""A stack takes over what was made without it, and says which types it cannot take over."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

CODE = {"ZipFile": "def handler(event, context): pass"}


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


def imported(
    stack: TemplatedStack, kind: str, identifier: dict[str, str], properties: Any = None
) -> tuple[str, str]:
    """The status of a change set that imports one resource, and why."""
    resource = {"Type": kind, "DeletionPolicy": "Retain", "Properties": properties or {}}
    names = {"StackName": stack.name, "ChangeSetName": "take-over"}
    stack.cloudformation.create_change_set(
        **names,
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps({"Resources": {"It": resource}}),
        ResourcesToImport=[
            {"ResourceType": kind, "LogicalResourceId": "It", "ResourceIdentifier": identifier}
        ],
    )
    told = stack.cloudformation.describe_change_set(**names)
    if told["Status"] == "CREATE_COMPLETE":
        stack.cloudformation.execute_change_set(**names)
        return stack.end(), ""
    return told["Status"], told["StatusReason"]


def test_a_queue_is_imported_and_changed_from_then_on(
    account: Account, stack: TemplatedStack
) -> None:
    # Given a queue that somebody made
    queue = account.queue()
    # When a stack imports it
    kind, name = "AWS::SQS::Queue", queue.url.rpartition("/")[2]
    properties = {"QueueName": name, "VisibilityTimeout": 77}
    status, _ = imported(stack, kind, {"QueueUrl": queue.url}, properties)
    # Then it is the stack's, with its attributes, and an update changes it
    assert (status, stack.physical_id("It")) == ("IMPORT_COMPLETE", queue.url)
    changed = {
        "Type": kind,
        "DeletionPolicy": "Retain",
        "Properties": properties | {"VisibilityTimeout": 78},
    }
    outputs = {"Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["It", "Arn"]}}}}
    assert stack.send("update", {"It": changed}, sections=outputs) == "UPDATE_COMPLETE"
    assert stack.told()["Outputs"][0]["OutputValue"] == queue.arn
    attributes = account.client("sqs").get_queue_attributes(
        QueueUrl=queue.url, AttributeNames=["VisibilityTimeout"]
    )
    assert attributes["Attributes"]["VisibilityTimeout"] == "78"


def test_what_is_imported_gets_the_tags_of_the_stack(
    account: Account, stack: TemplatedStack
) -> None:
    # Given a queue with a tag of its own
    queue, sqs = account.queue(), account.client("sqs")
    sqs.tag_queue(QueueUrl=queue.url, Tags={"own": "1"})
    # When a stack imports it
    properties = {"QueueName": queue.url.rpartition("/")[2]}
    imported(stack, "AWS::SQS::Queue", {"QueueUrl": queue.url}, properties)
    # Then it tells whose it is
    tags = sqs.list_queue_tags(QueueUrl=queue.url)["Tags"]
    assert tags["own"] == "1"
    assert {name: tags[f"aws:cloudformation:{name}"] for name in ("stack-name", "logical-id")} == {
        "stack-name": stack.name,
        "logical-id": "It",
    }


def test_a_topic_is_imported(account: Account, stack: TemplatedStack) -> None:
    arn = account.topic()
    assert imported(stack, "AWS::SNS::Topic", {"TopicArn": arn})[0] == "IMPORT_COMPLETE"
    assert stack.physical_id("It") == arn


def test_a_log_group_is_imported(account: Account, stack: TemplatedStack) -> None:
    logs, name = account.client("logs"), f"/{account.unique('group')}"
    logs.create_log_group(logGroupName=name)
    account.on_close(lambda: logs.delete_log_group(logGroupName=name))
    properties = {"LogGroupName": name}
    status, _ = imported(stack, "AWS::Logs::LogGroup", properties, properties)
    assert (status, stack.physical_id("It")) == ("IMPORT_COMPLETE", name)


def test_a_function_its_version_alias_and_mapping_are_imported(account: Account) -> None:
    # Given a function with a version, an alias and a mapping
    function, lambda_ = account.function(), account.client("lambda")
    found = lambda_.get_function_configuration(FunctionName=function)
    version = lambda_.publish_version(FunctionName=function)
    named = {"FunctionName": function, "FunctionVersion": version["Version"], "Name": "live"}
    alias = lambda_.create_alias(**named)["AliasArn"]
    queue = account.queue()
    mapping = account.mapping(queue, function)
    of_function = {
        "FunctionName": function,
        "Role": found["Role"],
        "Runtime": found["Runtime"],
        "Handler": found["Handler"],
        "Code": CODE,
    }
    # When stacks import them, each is the stack's
    for kind, identifier, value, properties in (
        ("Function", "FunctionName", function, of_function),
        ("Version", "FunctionArn", version["FunctionArn"], {"FunctionName": function}),
        ("Alias", "AliasArn", alias, named),
        (
            "EventSourceMapping",
            "Id",
            mapping,
            {"FunctionName": function, "EventSourceArn": queue.arn},
        ),
    ):
        stack = TemplatedStack(account)
        status, why = imported(stack, f"AWS::Lambda::{kind}", {identifier: value}, properties)
        assert (status, why) == ("IMPORT_COMPLETE", "")
        assert stack.physical_id("It") == value


def test_what_exists_already_is_imported_where_a_change_set_asks_for_it(
    account: Account, stack: TemplatedStack
) -> None:
    # Given a log group that somebody made
    logs, name = account.client("logs"), f"/{account.unique('group')}"
    logs.create_log_group(logGroupName=name)
    account.on_close(lambda: logs.delete_log_group(logGroupName=name))
    group = {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain"}
    resources = {
        "It": group | {"Properties": {"LogGroupName": name}},
        "New": {"Type": "AWS::SQS::Queue"},
    }
    # When a stack is made by a change set that imports what exists
    names = {"StackName": stack.name, "ChangeSetName": "first"}
    stack.cloudformation.create_change_set(
        **names,
        ChangeSetType="CREATE",
        ImportExistingResources=True,
        TemplateBody=json.dumps({"Resources": resources}),
    )
    told = stack.cloudformation.describe_change_set(**names)
    actions = {
        one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"]["Action"]
        for one in told["Changes"]
    }
    stack.cloudformation.execute_change_set(**names)
    # Then it has that log group, and what it made itself
    assert actions == {"It": "Import", "New": "Add"}
    assert stack.end() == "CREATE_COMPLETE"
    assert stack.physical_id("It") == name


@pytest.mark.parametrize(
    ("kind", "identifier", "value", "told"),
    [
        ("AWS::SQS::Queue", "QueueUrl", "http://h/123456789012/nope", "nope' was not found"),
        (
            "AWS::SNS::Topic",
            "TopicArn",
            "arn:aws:sns:us-east-1:123456789012:nope",
            "Topic does not exist",
        ),
        ("AWS::Logs::LogGroup", "LogGroupName", "nope", "was not found"),
        ("AWS::Lambda::Function", "FunctionName", "nope", "Function not found"),
        ("AWS::Lambda::Alias", "AliasArn", "nope", "'nope' was not found"),
    ],
)
def test_what_is_not_there_fails_the_change_set(
    stack: TemplatedStack, kind: str, identifier: str, value: str, told: str
) -> None:
    needed = {"FunctionName": "f", "FunctionVersion": "1", "Name": "n"}
    properties = {
        "AWS::Lambda::Alias": needed,
        "AWS::Lambda::Function": {"Code": CODE, "Role": "arn:aws:iam::123456789012:role/r"},
    }.get(kind)
    status, why = imported(stack, kind, {identifier: value}, properties)
    assert status == "FAILED"
    assert told in why


@pytest.mark.embedded("an account imports it")
def test_a_type_that_cannot_be_imported_is_named(account: Account, stack: TemplatedStack) -> None:
    with pytest.raises(ClientError) as refused:
        imported(stack, "AWS::Events::EventBus", {"Name": "default"}, {"Name": "default"})
    assert refused.value.response["Error"] == {
        "Type": "Sender",
        "Code": "ValidationError",
        "Message": "Import of AWS::Events::EventBus is not part of the embedded AWS. Use a real "
        "account for it, or let a stack make the resource.",
    }
