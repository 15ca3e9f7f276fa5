"""A change set whose deployment could not go well has failed when it is made, and says why."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE = {"Type": "AWS::SQS::Queue"}
WRONG = {"A": QUEUE | {"Properties": {"Foo": 1}}}


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


def change_set(
    account: Account, stack: TemplatedStack, resources: Any, **options: Any
) -> dict[str, Any]:
    """A change set that leads there, as it is described once it is made."""
    of = {"StackName": stack.name, "ChangeSetName": "next"}
    template = json.dumps({"Resources": resources})
    stack.cloudformation.create_change_set(TemplateBody=template, **of, **options)
    account.time.until(
        lambda: stack.cloudformation.describe_change_set(**of)["Status"].endswith(("ED", "TE"))
    )
    return dict(stack.cloudformation.describe_change_set(**of))


def failed(validation: str) -> str:
    return (
        f"The following hook(s)/validation failed: [AWS::EarlyValidation::{validation}]. To "
        "troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure "
        "information."
    )


@pytest.mark.parametrize("verb", ["CREATE", "UPDATE"])
def test_a_property_that_there_is_not(account: Account, stack: TemplatedStack, verb: str) -> None:
    # Given a stack, or none, when a change set has a property that its type has not
    if verb == "UPDATE":
        stack.send("create", {"A": QUEUE})
    told = change_set(account, stack, WRONG, ChangeSetType=verb)
    # Then it has failed, and can not be executed
    assert (told["Status"], told["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert told["StatusReason"] == failed("PropertyValidation")
    with pytest.raises(ClientError, match="cannot be executed in its current status"):
        stack.cloudformation.execute_change_set(StackName=stack.name, ChangeSetName="next")
    # And its events say where and why, by the change set's name or id
    [event] = stack.validation_errors(ChangeSetName="next", Filters={"FailedEvents": True})
    assert event["ValidationPath"] == "/Resources/A/Properties"
    assert event["ValidationStatusReason"] == "extraneous key [Foo] is not permitted"
    assert event["OperationType"] == "CREATE_CHANGESET"
    by_id = stack.cloudformation.describe_events(ChangeSetName=told["ChangeSetId"])
    assert event in by_id["OperationEvents"]


def test_a_name_that_is_taken(account: Account, stack: TemplatedStack) -> None:
    # Given a bucket, when a change set is to make one of that name
    name = outlets.bucket(account)
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}
    told = change_set(account, stack, {"B": bucket}, ChangeSetType="CREATE")
    # Then it has failed
    assert told["StatusReason"] == failed("ResourceExistenceCheck")
    [event] = stack.validation_errors(ChangeSetName="next")
    assert event["LogicalResourceId"] == "B"
    assert event["ValidationName"] == "NAME_CONFLICT_VALIDATION"
    assert event["ValidationStatusReason"] == (
        f"Resource of type 'AWS::S3::Bucket' with identifier '{name}' already exists."
    )


def test_what_a_stack_has_is_no_conflict(account: Account, stack: TemplatedStack) -> None:
    named = {"LogGroupName": account.unique("group")}
    group = {"Type": "AWS::Logs::LogGroup", "Properties": named}
    stack.send("create", {"G": group})
    longer = group | {"Properties": named | {"RetentionInDays": 3}}
    told = change_set(account, stack, {"G": longer})
    assert (told["Status"], told["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert stack.validation_errors(ChangeSetName="next") == []


def test_nothing_is_looked_at_where_that_is_switched_off(
    account: Account, stack: TemplatedStack
) -> None:
    told = change_set(account, stack, WRONG, ChangeSetType="CREATE", DisableValidation=True)
    assert told["ExecutionStatus"] == "AVAILABLE"
    stack.cloudformation.execute_change_set(StackName=stack.name, ChangeSetName="next")
    assert stack.end() == "ROLLBACK_COMPLETE"
    assert "extraneous key [Foo] is not permitted" in stack.reasons()


def test_a_change_sets_name_alone_says_nothing(account: Account, stack: TemplatedStack) -> None:
    change_set(account, stack, WRONG, ChangeSetType="CREATE")
    for asked in ({"ChangeSetName": "next"}, {}):
        with pytest.raises(ClientError, match="One of ChangeSetName, OperationId or StackName"):
            stack.cloudformation.describe_events(**asked)
