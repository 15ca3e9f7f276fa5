"""A stack's resources are made, changed and deleted side by side, as far as none needs another."""

import json
from typing import Any

import pytest

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

CANCELLED, UPDATE_CANCELLED = "Resource creation cancelled", "Resource update cancelled"
INITIATED = "Resource creation Initiated"
WRONG_S = 99_999


def queue(*needs: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties, "DependsOn": list(needs)}


WRONG = queue(VisibilityTimeout=WRONG_S)


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


def told(stack: TemplatedStack, seen: int = 0) -> list[str]:
    """Its resources' events after as many: what became of which, and a reason of CloudFormation."""
    lines = []
    for event in stack.events()[seen:]:
        if event["LogicalResourceId"] != stack.name:
            reason = event.get("ResourceStatusReason", "")
            known = reason if reason in (CANCELLED, UPDATE_CANCELLED, INITIATED) else ""
            name, status = event["LogicalResourceId"], event["ResourceStatus"]
            lines.append(f"{name} {status} {known}".rstrip())
    return lines


def reason(stack: TemplatedStack, status: str) -> str:
    """Of the stack's own last event of this status."""
    own = [one for one in stack.events() if one["LogicalResourceId"] == stack.name]
    [*_, last] = [one for one in own if one["ResourceStatus"] == status]
    return str(last.get("ResourceStatusReason", ""))


def test_all_that_can_begins_and_what_needs_it_begins_then(stack: TemplatedStack) -> None:
    assert stack.send("create", {"A": queue(), "B": queue(), "C": queue("A")}) == "CREATE_COMPLETE"
    assert told(stack) == [
        "A CREATE_IN_PROGRESS",
        "B CREATE_IN_PROGRESS",
        f"A CREATE_IN_PROGRESS {INITIATED}",
        f"B CREATE_IN_PROGRESS {INITIATED}",
        "A CREATE_COMPLETE",
        "B CREATE_COMPLETE",
        "C CREATE_IN_PROGRESS",
        f"C CREATE_IN_PROGRESS {INITIATED}",
        "C CREATE_COMPLETE",
    ]


def test_what_was_begun_beside_a_failure_is_cancelled(
    account: Account, stack: TemplatedStack
) -> None:
    # Given what is complete, what is under way, what is wrong, and what waits for all of them
    beside = {"Begun": queue("Done"), "More": queue("Done"), "Done": queue()}
    failing = {"Failing": WRONG | {"DependsOn": "Done"}, "Waiting": queue("Begun")}
    assert stack.send("create", beside | failing) == "ROLLBACK_COMPLETE"
    # Then those under way are cancelled, whether they were made or not, and the last never begins
    events = told(stack)
    assert events[3:] == [
        "Begun CREATE_IN_PROGRESS",
        "Failing CREATE_IN_PROGRESS",
        "More CREATE_IN_PROGRESS",
        f"Begun CREATE_IN_PROGRESS {INITIATED}",
        "Failing CREATE_FAILED",
        f"Begun CREATE_FAILED {CANCELLED}",
        f"More CREATE_FAILED {CANCELLED}",
        # What was never made has nothing to be deleted.
        "Begun DELETE_IN_PROGRESS",
        "Failing DELETE_COMPLETE",
        "More DELETE_COMPLETE",
        "Begun DELETE_COMPLETE",
        "Done DELETE_IN_PROGRESS",
        "Done DELETE_COMPLETE",
    ]
    assert reason(stack, "ROLLBACK_IN_PROGRESS") == (
        "The following resource(s) failed to create: [Failing, Begun, More]. "
        "Rollback requested by user."
    )
    # And nothing is left
    prefix = f"{stack.name}-"
    assert "QueueUrls" not in account.client("sqs").list_queues(QueueNamePrefix=prefix)


def test_a_cancelled_update_is_sent_back(account: Account, stack: TemplatedStack) -> None:
    stack.send("create", {"A": queue(), "B": queue(), "Wrong": queue(), "Stays": queue()})
    seen = len(stack.events())
    url = stack.physical_id("A")
    changed = {name: queue(DelaySeconds=7) for name in ("A", "New", "Y")}
    resources = changed | {"B": queue(), "Stays": queue(), "Wrong": WRONG}
    # When an update fails beside others
    assert stack.send("update", resources) == "UPDATE_ROLLBACK_COMPLETE"
    # Then what is new and what was there is cancelled, and told of in two sentences
    assert told(stack, seen) == [
        "A UPDATE_IN_PROGRESS",
        "New CREATE_IN_PROGRESS",
        "Wrong UPDATE_IN_PROGRESS",
        "Y CREATE_IN_PROGRESS",
        f"New CREATE_IN_PROGRESS {INITIATED}",
        "Wrong UPDATE_FAILED",
        f"A UPDATE_FAILED {UPDATE_CANCELLED}",
        f"New CREATE_FAILED {CANCELLED}",
        f"Y CREATE_FAILED {CANCELLED}",
        "A UPDATE_IN_PROGRESS",
        "Wrong UPDATE_IN_PROGRESS",
        "A UPDATE_COMPLETE",
        "Wrong UPDATE_COMPLETE",
        "New DELETE_IN_PROGRESS",
        "Y DELETE_COMPLETE",
        "New DELETE_COMPLETE",
    ]
    assert reason(stack, "UPDATE_ROLLBACK_IN_PROGRESS").strip() == (
        "The following resource(s) failed to create: [New, Y]. "
        "The following resource(s) failed to update: [Wrong, A]."
    )
    found = account.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    assert found["Attributes"]["DelaySeconds"] == "0"


def test_what_is_to_stay_as_it_failed_goes_on_beside_it(stack: TemplatedStack) -> None:
    resources = {"A": WRONG, "B": queue(), "C": queue("B"), "D": WRONG | {"DependsOn": "B"}}
    waiting = {"Waiting": queue("A")}
    ended = stack.send("create", resources | waiting, DisableRollback=True)
    # Then each path was followed as far as it went
    assert ended == "CREATE_FAILED"
    found = stack.cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
    assert {one["LogicalResourceId"]: one["ResourceStatus"] for one in found} == {
        "A": "CREATE_FAILED",
        "B": "CREATE_COMPLETE",
        "C": "CREATE_COMPLETE",
        "D": "CREATE_FAILED",
    }
    told_of_it = stack.told()["StackStatusReason"].strip()
    assert told_of_it == "The following resource(s) failed to create: [A, D]."
    # And with what was wrong mended, the rest is made
    right = {"A": queue(), "D": queue("B")}
    mended = stack.send("update", resources | waiting | right, DisableRollback=True)
    assert mended == "UPDATE_COMPLETE"


def test_what_failed_in_an_update_is_as_it_was_and_settles_with_the_next(
    account: Account, stack: TemplatedStack
) -> None:
    stack.send("create", {"A": queue(DelaySeconds=1), "B": queue()})
    wrong = {"A": queue(DelaySeconds=2, VisibilityTimeout=WRONG_S), "B": queue(DelaySeconds=3)}
    assert stack.send("update", wrong, DisableRollback=True) == "UPDATE_FAILED"
    # Then what failed is as it was before, and what went well is not
    sqs = account.client("sqs")
    delays = [
        sqs.get_queue_attributes(QueueUrl=stack.physical_id(name), AttributeNames=["DelaySeconds"])
        for name in ("A", "B")
    ]
    assert [one["Attributes"]["DelaySeconds"] for one in delays] == ["1", "3"]
    seen = len(stack.events())
    # And the next update settles it, though nothing of it changes
    right = wrong | {"A": queue(DelaySeconds=1)}
    assert stack.send("update", right, DisableRollback=True) == "UPDATE_COMPLETE"
    assert told(stack, seen) == ["A UPDATE_IN_PROGRESS", "A UPDATE_COMPLETE"]


def delay_s(account: Account, url: str) -> str:
    found = account.client("sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=["DelaySeconds"]
    )
    return found["Attributes"]["DelaySeconds"]


def test_a_rollback_returns_to_what_was_last_complete(
    account: Account, stack: TemplatedStack
) -> None:
    # Given two updates that failed, one after the other
    stack.send("create", {"A": queue(), "B": queue(), "Left": queue()})
    left = stack.physical_id("Left")
    for delay in (1, 2):
        changed = {"A": queue(DelaySeconds=delay), "B": WRONG, f"New{delay}": queue()}
        changed |= {"Left": queue(DelaySeconds=9)} if delay == 1 else {}
        assert stack.send("update", changed, DisableRollback=True) == "UPDATE_FAILED"
    # When they are rolled back, then neither of them has left anything
    stack.cloudformation.rollback_stack(StackName=stack.name)
    assert stack.end() == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.physical_id("Left") == left
    assert [delay_s(account, url) for url in (stack.physical_id("A"), left)] == ["0", "0"]
    found = stack.cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
    assert {one["LogicalResourceId"] for one in found} == {"A", "B", "Left"}


def test_a_stack_that_never_was_complete_is_rolled_back_to_nothing(
    account: Account, stack: TemplatedStack
) -> None:
    stack.send("create", {"A": queue(), "B": WRONG}, DisableRollback=True)
    changed = {"A": queue(DelaySeconds=1), "B": WRONG, "New": queue()}
    assert stack.send("update", changed, DisableRollback=True) == "UPDATE_FAILED"
    stack.cloudformation.rollback_stack(StackName=stack.name)
    assert stack.end() == "ROLLBACK_COMPLETE"
    prefix = f"{stack.name}-"
    assert "QueueUrls" not in account.client("sqs").list_queues(QueueNamePrefix=prefix)


def test_what_a_failed_update_left_out_goes_when_the_next_one_is_done(
    account: Account, stack: TemplatedStack
) -> None:
    stack.send("create", {"A": queue(), "Left": queue()})
    stack.send("update", {"A": WRONG}, DisableRollback=True)
    assert stack.send("update", {"A": queue(DelaySeconds=1)}, DisableRollback=True) == (
        "UPDATE_COMPLETE"
    )
    urls = account.client("sqs").list_queues(QueueNamePrefix=f"{stack.name}-")["QueueUrls"]
    assert urls == [stack.physical_id("A")]


def test_what_never_was_made_is_added_by_a_change_set(stack: TemplatedStack) -> None:
    resources = {"A": WRONG, "B": queue(), "Waiting": queue("A")}
    stack.send("create", resources, DisableRollback=True)
    names = {"StackName": stack.name, "ChangeSetName": "next"}
    body = json.dumps({"Resources": resources | {"A": queue()}})
    stack.cloudformation.create_change_set(TemplateBody=body, **names)
    changes = stack.cloudformation.describe_change_set(**names)["Changes"]
    actions = {
        one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"]["Action"]
        for one in changes
    }
    assert actions == {"A": "Add", "Waiting": "Add"}
    # And the stack tells which change set it came of
    stack.cloudformation.execute_change_set(DisableRollback=True, **names)
    assert stack.end() == "UPDATE_COMPLETE"
    assert ":changeSet/next/" in stack.told()["ChangeSetId"]
    stack.send("update", {"B": queue()})
    assert "ChangeSetId" not in stack.told()


def test_what_failed_and_is_left_out_then_is_gone(stack: TemplatedStack) -> None:
    stack.send("create", {"A": WRONG, "B": queue()}, DisableRollback=True)
    assert stack.send("update", {"B": queue()}, DisableRollback=True) == "UPDATE_COMPLETE"
    assert told(stack)[-1] == "A DELETE_COMPLETE"
    found = stack.cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
    assert [one["LogicalResourceId"] for one in found] == ["B"]


def test_what_was_replaced_is_told_as_what_there_is_now(
    account: Account, stack: TemplatedStack
) -> None:
    for name in ("one", "two"):
        named = queue(QueueName=account.unique(name))
        stack.send("update" if name == "two" else "create", {"It": named})
    found = stack.cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
    assert [(one["ResourceStatus"], "two" in one["PhysicalResourceId"]) for one in found] == [
        ("UPDATE_COMPLETE", True)
    ]


def test_all_that_nobody_needs_is_deleted_at_once(account: Account, stack: TemplatedStack) -> None:
    stack.send("create", {"A": queue(), "B": queue("A"), "C": queue("A")})
    gone, seen = TemplatedStack(account, stack.told()["StackId"]), len(stack.events())
    assert stack.delete() == "DELETE_COMPLETE"
    lines = [line for line in told(gone, seen) if not line.startswith(stack.name)]
    assert lines == [
        "B DELETE_IN_PROGRESS",
        "C DELETE_IN_PROGRESS",
        "B DELETE_COMPLETE",
        "C DELETE_COMPLETE",
        "A DELETE_IN_PROGRESS",
        "A DELETE_COMPLETE",
    ]
