"""An update tells of what changes, as what it is: made, replaced, deleted or sent back."""

import json
from typing import Any

import pytest

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

STACK = "the stack"
REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."
INITIATED = "Resource creation Initiated"


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


class Watched(TemplatedStack):
    """A stack whose events are looked at, update by update."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._seen = 0

    def update(self, *, ends: str = "UPDATE_COMPLETE", **resources: Any) -> list[tuple[str, ...]]:
        """Update it, or create it; resource, status, and the reason where CloudFormation has one.

        A failure's reason is the service's, so it is left out here.
        """
        verb = "update" if self._seen else "create"
        assert self.send(verb, resources) == ends.replace("UPDATE", verb.upper())
        events = self.events()[self._seen :]
        self._seen += len(events)
        return [self._short(one) for one in events]

    def _short(self, event: dict[str, Any]) -> tuple[str, ...]:
        name, reason = event["LogicalResourceId"], event.get("ResourceStatusReason")
        told = (reason,) if reason in (REPLACING, INITIATED) else ()
        return (STACK if name == self.name else name, event["ResourceStatus"], *told)

    def ids(self, logical_id: str, status: str) -> list[str]:
        """Which resources of that name the events of a status are about."""
        return [
            one["PhysicalResourceId"]
            for one in self.events()
            if (one["LogicalResourceId"], one["ResourceStatus"]) == (logical_id, status)
        ]


@pytest.fixture
def stack(account: Account) -> Watched:
    return Watched(account)


BEGIN = (STACK, "UPDATE_IN_PROGRESS")
END = [(STACK, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), (STACK, "UPDATE_COMPLETE")]


def made(name: str) -> list[tuple[str, ...]]:
    begin = "CREATE_IN_PROGRESS"
    return [(name, begin), (name, begin, INITIATED), (name, "CREATE_COMPLETE")]


def changed(name: str) -> list[tuple[str, ...]]:
    return [(name, "UPDATE_IN_PROGRESS"), (name, "UPDATE_COMPLETE")]


def deleted(name: str) -> list[tuple[str, ...]]:
    return [(name, "DELETE_IN_PROGRESS"), (name, "DELETE_COMPLETE")]


def test_of_what_stays_nothing_is_told(stack: Watched) -> None:
    told = stack.update(Stays=queue(), Changes=queue(DelaySeconds=1))
    assert [one for one in told if one[0] == "Stays"] == made("Stays")

    told = stack.update(Stays=queue(), Changes=queue(DelaySeconds=2))

    assert told == [BEGIN, *changed("Changes"), *END]
    assert set(stack.ids("Changes", "UPDATE_IN_PROGRESS")) == {stack.physical_id("Changes")}
    found = stack.cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
    assert {one["LogicalResourceId"]: one["ResourceStatus"] for one in found} == {
        "Stays": "CREATE_COMPLETE",
        "Changes": "UPDATE_COMPLETE",
    }


def test_what_is_new_is_created_and_what_is_left_out_is_cleaned_up(stack: Watched) -> None:
    stack.update(Stays=queue(), Old=queue())

    told = stack.update(Stays=queue(), New=queue())

    cleaning, complete = END
    assert told == [BEGIN, *made("New"), cleaning, *deleted("Old"), complete]


def test_what_is_replaced_is_made_first_and_deleted_last(account: Account, stack: Watched) -> None:
    stack.update(It=queue(QueueName=account.unique("one")))
    before = stack.physical_id("It")

    told = stack.update(It=queue(QueueName=account.unique("two")))

    begin, (cleaning, complete) = "UPDATE_IN_PROGRESS", END
    replaced = [("It", begin, REPLACING), ("It", begin, INITIATED), ("It", "UPDATE_COMPLETE")]
    assert told == [BEGIN, *replaced, cleaning, *deleted("It"), complete]
    assert stack.ids("It", "DELETE_COMPLETE") == [before] != [stack.physical_id("It")]


def test_what_is_kept_is_told_to_be_skipped(account: Account, stack: Watched) -> None:
    stack.update(Stays=queue(), Kept=queue() | {"DeletionPolicy": "Retain"})
    kept = stack.physical_id("Kept")

    told = stack.update(Stays=queue())

    cleaning, complete = END
    assert told == [BEGIN, cleaning, ("Kept", "DELETE_SKIPPED"), complete]
    account.client("sqs").delete_queue(QueueUrl=kept)


@pytest.mark.parametrize(("fails", "verb"), [("Last", "UPDATE"), ("New", "CREATE")])
def test_an_update_that_fails_is_sent_back(stack: Watched, fails: str, verb: str) -> None:
    last = queue() | {"DependsOn": "First"}
    stack.update(First=queue(DelaySeconds=1), Last=last)
    later = {"Last": last, fails: last | queue(VisibilityTimeout=99_999)}

    told = stack.update(First=queue(DelaySeconds=2), **later, ends="UPDATE_ROLLBACK_COMPLETE")

    back = told.index((STACK, "UPDATE_ROLLBACK_IN_PROGRESS"))
    failed = [(fails, f"{verb}_IN_PROGRESS"), (fails, f"{verb}_FAILED")]
    assert told[:back] == [BEGIN, *changed("First"), *failed]
    assert told[back + 1 :][:2] == changed("First")
    cleaning = (STACK, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    # What never was is told to be gone.
    gone = [(fails, "DELETE_COMPLETE")] if fails == "New" else []
    assert told[told.index(cleaning) :] == [cleaning, *gone, (STACK, "UPDATE_ROLLBACK_COMPLETE")]


def test_an_event_has_the_properties_that_a_resource_is_to_have(stack: Watched) -> None:
    secret = {"Size": {"Type": "String", "NoEcho": True}}
    its = {"DelaySeconds": 5, "MaximumMessageSize": {"Ref": "Size"}}
    given = [{"ParameterKey": "Size", "ParameterValue": "54321"}]
    sections = {"Parameters": secret}
    stack.send("create", {"It": queue(**its)}, Parameters=given, sections=sections)
    # Then each of its events tells them, but for what is not to be echoed
    events = [one for one in stack.events() if one["LogicalResourceId"] == "It"]
    told = [json.loads(one["ResourceProperties"]) for one in events]
    assert told == [{"DelaySeconds": "5", "MaximumMessageSize": "****"}] * 3
    # And has an id of its own that tells what became of it
    ids = [one["EventId"] for one in events]
    assert len(set(ids)) == 3
    assert ids[-1].startswith("It-CREATE_COMPLETE-2")
