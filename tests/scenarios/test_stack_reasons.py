"""Why a stack is in its state: in its events, and where it is described."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE = {"Type": "AWS::SQS::Queue"}
WRONG = {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 100_000}}
FAILED = "The following resource(s) failed to create: [Wrong]."
USER = "User Initiated"


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


def told(stack: TemplatedStack, name: str = "") -> list[tuple[str, str]]:
    """The statuses of the stack itself with their reasons, which may end with a blank."""
    events = stack.cloudformation.describe_stack_events(StackName=name or stack.name)
    return [
        (one["ResourceStatus"], one.get("ResourceStatusReason", "").rstrip())
        for one in events["StackEvents"][::-1]
        if one["PhysicalResourceId"] == one["StackId"]
    ]


def test_a_creation_that_is_taken_back_names_what_failed(stack: TemplatedStack) -> None:
    assert stack.send("create", {"Wrong": WRONG}) == "ROLLBACK_COMPLETE"
    assert told(stack) == [
        ("CREATE_IN_PROGRESS", USER),
        ("ROLLBACK_IN_PROGRESS", f"{FAILED} Rollback requested by user."),
        ("ROLLBACK_COMPLETE", ""),
    ]
    assert "StackStatusReason" not in stack.told() or stack.told()["StackStatusReason"] == ""


def test_a_creation_that_is_left_names_what_failed(stack: TemplatedStack) -> None:
    assert stack.send("create", {"Wrong": WRONG}, DisableRollback=True) == "CREATE_FAILED"
    assert told(stack)[-1] == ("CREATE_FAILED", FAILED)
    assert stack.told()["StackStatusReason"].rstrip() == FAILED
    # When it is tried again, with more that fails, then what fails is told anew
    worse = {"Worse": WRONG, "Wrong": QUEUE}
    assert stack.send("update", worse, DisableRollback=True) == "UPDATE_FAILED"
    assert told(stack)[-2:] == [
        ("UPDATE_IN_PROGRESS", USER),
        ("UPDATE_FAILED", FAILED.replace("Wrong", "Worse")),
    ]


def test_a_stack_that_goes_with_its_failure_is_deleted_at_once(stack: TemplatedStack) -> None:
    wrong = WRONG | {"DependsOn": "Made"}
    made = stack.cloudformation.create_stack(
        StackName=stack.name,
        TemplateBody=json.dumps({"Resources": {"Made": QUEUE, "Wrong": wrong}}),
        OnFailure="DELETE",
    )["StackId"]
    describe = stack.cloudformation.describe_stacks
    while describe(StackName=made)["Stacks"][0]["StackStatus"] != "DELETE_COMPLETE":
        pass
    assert told(stack, made) == [
        ("CREATE_IN_PROGRESS", USER),
        ("DELETE_IN_PROGRESS", f"{FAILED} Delete requested by user."),
        ("DELETE_COMPLETE", ""),
    ]


def test_a_change_set_is_somebodys_wish(account: Account, stack: TemplatedStack) -> None:
    calls = stack.cloudformation
    for kind, delay_s in (("CREATE", 1), ("UPDATE", 2)):
        resources = {"It": QUEUE | {"Properties": {"DelaySeconds": delay_s}}}
        calls.create_change_set(
            StackName=stack.name,
            ChangeSetName=kind,
            ChangeSetType=kind,
            TemplateBody=json.dumps({"Resources": resources}),
        )
        calls.execute_change_set(StackName=stack.name, ChangeSetName=kind)
        account.time.until(lambda: stack.told()["StackStatus"].endswith("COMPLETE"))
    started = [one for one in told(stack) if one[0].endswith("_IN_PROGRESS")]
    begun = ("REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
    assert started[:3] == [(status, USER) for status in begun]


def test_what_is_wrong_with_an_export_is_told_of_the_stack_alone(
    account: Account, stack: TemplatedStack
) -> None:
    name = account.unique("nothing")
    its = {"DelaySeconds": {"Fn::ImportValue": name}}
    resources = {"Beside": QUEUE, "It": QUEUE | {"Properties": its}}
    assert stack.send("create", resources) == "ROLLBACK_COMPLETE"
    assert told(stack)[1] == (
        "ROLLBACK_IN_PROGRESS",
        f"No export named {name} found. Rollback requested by user.",
    )
    # And nothing is begun
    assert {one["LogicalResourceId"] for one in stack.events()} == {stack.name}


def test_an_export_that_no_condition_asks_for_may_be_missing(
    account: Account, stack: TemplatedStack
) -> None:
    name = {"Fn::ImportValue": account.unique("nothing")}
    its = {"DelaySeconds": {"Fn::If": ["Asks", name, 5]}}
    never = {"Conditions": {"Asks": {"Fn::Equals": ["a", "b"]}}}
    resources = {"It": QUEUE | {"Properties": its}}
    assert stack.send("create", resources, sections=never) == "CREATE_COMPLETE"
    # And one that is asked for in a function is missed
    joined = {"Fn::Join": ["", [name, "0"]]}
    resources = {"New": QUEUE, "It": QUEUE | {"Properties": {"DelaySeconds": joined}}}
    assert stack.send("update", resources, sections=never) == "UPDATE_ROLLBACK_COMPLETE"
    assert "New" not in {one["LogicalResourceId"] for one in stack.events()}


def test_a_parameter_of_ssm_that_there_is_not_is_told_of_the_stack(stack: TemplatedStack) -> None:
    its = {"QueueName": "{{resolve:ssm:/no-such-name}}"}
    assert stack.send("create", {"It": QUEUE | {"Properties": its}}) == "ROLLBACK_COMPLETE"
    sentence = "Parameters: [ssm:/no-such-name] cannot be found. Rollback requested by user."
    assert told(stack)[1] == ("ROLLBACK_IN_PROGRESS", sentence)
    assert {one["LogicalResourceId"] for one in stack.events()} == {stack.name}


def test_what_is_deleted_is_so_by_somebody(stack: TemplatedStack) -> None:
    stack.send("create", {"It": QUEUE})
    name = stack.told()["StackId"]
    stack.cloudformation.delete_stack(StackName=name)
    assert ("DELETE_IN_PROGRESS", USER) in told(stack, name)


def updating(stack: TemplatedStack, **options: Any) -> None:
    stack.send("update", {"It": QUEUE, "Other": QUEUE}, **options)


def changing(stack: TemplatedStack, kind: str) -> dict[str, Any]:
    made: dict[str, Any] = stack.cloudformation.create_change_set(
        StackName=stack.name,
        ChangeSetName="next",
        ChangeSetType=kind,
        TemplateBody=json.dumps({"Resources": {"Other": QUEUE}}),
    )
    return made


def test_what_was_taken_back_is_not_updated(stack: TemplatedStack) -> None:
    stack.send("create", {"Wrong": WRONG})
    sentence = (
        f"Stack:{stack.told()['StackId']} is in ROLLBACK_COMPLETE state and can not be updated"
    )
    for way in (lambda: updating(stack), lambda: changing(stack, "UPDATE")):
        with pytest.raises(ClientError) as caught:
            way()
        assert f"{sentence}." in caught.value.response["Error"]["Message"]
        assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_what_there_is_is_not_created_again(stack: TemplatedStack) -> None:
    stack.send("create", {"It": QUEUE})
    with pytest.raises(ClientError) as caught:
        changing(stack, "CREATE")
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    assert caught.value.response["Error"]["Message"] == (
        f"Stack [{stack.name}] already exists and cannot be created again with the changeSet "
        "[next]."
    )


def test_what_failed_is_updated_without_rollback_alone(
    account: Account, stack: TemplatedStack
) -> None:
    stack.send("create", {"Wrong": WRONG}, DisableRollback=True)
    sentence = r"in a non-terminal \[CREATE_FAILED\] state. To update the stack from this state, "
    with pytest.raises(ClientError, match=f"{sentence}.* with update-stack API"):
        updating(stack)
    changing(stack, "UPDATE")
    execute = stack.cloudformation.execute_change_set
    with pytest.raises(ClientError, match=f"{sentence}.* with execute-change-set API"):
        execute(StackName=stack.name, ChangeSetName="next")
    # When it is asked for as AWS says, then it is done
    execute(StackName=stack.name, ChangeSetName="next", DisableRollback=True)
    account.time.until(lambda: stack.told()["StackStatus"] == "UPDATE_COMPLETE")


def test_what_is_to_be_left_alone_is_not_updated(stack: TemplatedStack) -> None:
    stack.send("create", {"Wrong": WRONG}, OnFailure="DO_NOTHING")
    with pytest.raises(ClientError, match=r"it contains \[on-failure: DO_NOTHING\]"):
        updating(stack, DisableRollback=True)


def test_the_last_template_that_was_good_is_a_change(
    account: Account, stack: TemplatedStack
) -> None:
    # Given an update that changed one resource and failed at the other
    def resources(delay_s: int, last: Any) -> dict[str, Any]:
        first = QUEUE | {"Properties": {"DelaySeconds": delay_s}}
        return {"First": first, "Last": last | {"DependsOn": "First"}}

    good = resources(1, QUEUE)
    stack.send("create", good)
    stack.send("update", resources(2, WRONG), DisableRollback=True)
    # When the good template is to come back by a change set
    calls = stack.cloudformation
    named = {"StackName": stack.name, "ChangeSetName": "back"}
    calls.create_change_set(**named, TemplateBody=json.dumps({"Resources": good}))
    # Then it changes what the failed update did
    told = calls.describe_change_set(**named)
    assert told["Status"] == "CREATE_COMPLETE"
    changed = {one["ResourceChange"]["LogicalResourceId"] for one in told["Changes"]}
    assert changed == {"First", "Last"}
    calls.execute_change_set(**named, DisableRollback=True)
    account.time.until(lambda: stack.told()["StackStatus"] == "UPDATE_COMPLETE")
    attributes = account.client("sqs").get_queue_attributes(
        QueueUrl=stack.physical_id("First"), AttributeNames=["DelaySeconds"]
    )["Attributes"]
    assert attributes == {"DelaySeconds": "1"}
