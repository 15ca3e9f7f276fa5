"""What becomes of a stack in a stack where something fails, and of what an update leaves out."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

NESTED = "AWS::CloudFormation::Stack"


def queue(*needs: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties, "DependsOn": list(needs)}


def wrong(*needs: str) -> dict[str, Any]:
    return queue(*needs, VisibilityTimeout=99_999)


class Around:
    """A stack with one in it, whose template always lies at the same address."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.stack = TemplatedStack(account)
        self._bucket = outlets.bucket(account)

    def send(
        self,
        verb: str,
        inner: dict[str, Any],
        beside: Any = None,
        outputs: Any = None,
        **options: Any,
    ) -> tuple[str, str]:
        """Create or update it; how it and the nested one ended."""
        template = {"Resources": inner, "Outputs": outputs or {"None": {"Value": "none"}}}
        self.account.client("s3").put_object(
            Bucket=self._bucket, Key="inner.json", Body=json.dumps(template)
        )
        region = self.account.session.region_name
        address = f"https://{self._bucket}.s3.{region}.amazonaws.com/inner.json"
        nested = {"Nested": {"Type": NESTED, "Properties": {"TemplateURL": address}}}
        ended = self.stack.send(verb, nested | (beside or {}), **options)
        return ended, self.inner.end(self.inner.name)

    @property
    def inner(self) -> TemplatedStack:
        """The nested one, by the id that its events tell."""
        told = [
            one["PhysicalResourceId"]
            for one in self.stack.events()
            if one["LogicalResourceId"] == "Nested" and one.get("PhysicalResourceId")
        ]
        return TemplatedStack(self.account, told[-1])

    def url(self, name: str) -> str:
        return self.inner.physical_id(name)

    def delay_s(self, url: str) -> str:
        found = self.account.client("sqs").get_queue_attributes(
            QueueUrl=url, AttributeNames=["DelaySeconds"]
        )
        return found["Attributes"]["DelaySeconds"]

    def statuses(self, stack: TemplatedStack, logical_id: str = "") -> list[str]:
        """What a stack, or a resource of it, was told to be."""
        return [
            one["ResourceStatus"]
            for one in stack.events()
            if (one["LogicalResourceId"] == logical_id)
            or (not logical_id and one["PhysicalResourceId"] == one["StackId"])
        ]


@pytest.fixture
def around(account: Account) -> Around:
    return Around(account)


def test_a_template_that_was_written_over_is_read_again(around: Around) -> None:
    assert around.send("create", {"It": queue()}) == ("CREATE_COMPLETE",) * 2
    # When nothing of the stack around it changes, but what lies at the address
    assert around.send("update", {"It": queue(DelaySeconds=3)}) == ("UPDATE_COMPLETE",) * 2
    # Then it changes
    assert around.delay_s(around.url("It")) == "3"
    # And with nothing changed there, it is only looked at
    seen = len(around.inner.events())
    assert around.send("update", {"It": queue(DelaySeconds=3)}) == ("UPDATE_COMPLETE",) * 2
    assert len(around.inner.events()) == seen
    assert around.statuses(around.stack, "Nested")[-2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]


@pytest.mark.parametrize(
    ("option", "mended"),
    [({"DisableRollback": True}, True), ({"OnFailure": "DO_NOTHING"}, False)],
    ids=["disabled", "nothing"],
)
def test_it_stays_as_it_failed(around: Around, option: dict[str, Any], mended: bool) -> None:
    inner = {"Made": queue(), "Wrong": wrong()}
    assert around.send("create", inner, **option) == ("CREATE_FAILED",) * 2
    # Then what it made is there, and it tells what was wrong
    assert around.delay_s(around.url("Made")) == "0"
    told = "The following resource(s) failed to create: [Wrong]."
    assert around.inner.told()["StackStatusReason"].strip() == told
    assert f"was not successfully created: {told}" in around.stack.reasons()
    # And it goes on from there, where that is possible
    if mended:
        right = {"Made": queue(), "Wrong": queue()}
        ended = around.send("update", right, DisableRollback=True)
        assert ended == ("UPDATE_COMPLETE",) * 2
    # And is deleted with the stack around it
    inner_stack = around.inner
    assert around.stack.delete() == "DELETE_COMPLETE"
    assert inner_stack.told()["StackStatus"] == "DELETE_COMPLETE"


def test_a_failed_update_of_it_stays_and_is_taken_back_when_asked(around: Around) -> None:
    around.send("create", {"It": queue(), "Other": queue()})
    changed = {"It": queue(DelaySeconds=3), "Other": wrong("It")}
    ended = around.send("update", changed, DisableRollback=True)
    assert ended == ("UPDATE_FAILED",) * 2
    assert around.delay_s(around.url("It")) == "3"
    # When the stack around it is rolled back
    around.stack.cloudformation.rollback_stack(StackName=around.stack.name)
    assert around.stack.end() == "UPDATE_ROLLBACK_COMPLETE"
    # Then it is, too
    assert around.inner.end() == "UPDATE_ROLLBACK_COMPLETE"
    assert around.delay_s(around.url("It")) == "0"


def test_what_an_update_leaves_out_goes_when_all_is_done(around: Around) -> None:
    around.send("create", {"Left": queue(), "Stays": queue()})
    left = around.url("Left")
    # Given an update that leaves it out, and fails beside it
    failing = {"Wrong": wrong("Nested")}
    ended = around.send("update", {"Stays": queue()}, failing)
    # Then it was never deleted
    assert ended == ("UPDATE_ROLLBACK_COMPLETE",) * 2
    assert around.url("Left") == left
    assert "DELETE_IN_PROGRESS" not in around.statuses(around.inner, "Left")
    # When the update is done without failure
    beside = {"Last": queue("Nested")}
    assert around.send("update", {"Stays": queue()}, beside) == ("UPDATE_COMPLETE",) * 2
    # Then it goes, once the stack around it cleans up
    [deleted] = [
        one["Timestamp"]
        for one in around.inner.events()
        if (one["LogicalResourceId"], one["ResourceStatus"]) == ("Left", "DELETE_IN_PROGRESS")
    ]
    cleaning = [
        one["Timestamp"]
        for one in around.stack.events()
        if one["ResourceStatus"] == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
    ]
    assert cleaning[-1] < deleted


def test_what_it_exported_is_exported_again_when_it_is_sent_back(
    account: Account, around: Around
) -> None:
    names = [account.unique(name) for name in ("old", "new")]
    old, new = ({"It": {"Value": "1", "Export": {"Name": name}}} for name in names)
    around.send("create", {"It": queue()}, outputs=old)
    # When an update of it is done, and then taken back
    around.send("update", {"It": queue()}, {"Wrong": wrong("Nested")}, outputs=new)
    # Then it exports what it did before
    pages = around.stack.cloudformation.get_paginator("list_exports").paginate()
    exported = {one["Name"] for page in pages for one in page["Exports"]}
    assert exported & set(names) == {names[0]}


def test_one_that_stayed_as_it_failed_goes_with_a_rollback(around: Around) -> None:
    around.send("create", {"Made": queue(), "Wrong": wrong()}, DisableRollback=True)
    inner = around.inner
    around.stack.cloudformation.rollback_stack(StackName=around.stack.name)
    assert around.stack.end() == "ROLLBACK_COMPLETE"
    assert inner.told(inner.name)["StackStatus"] == "DELETE_COMPLETE"


@pytest.fixture
def stuck(around: Around) -> Around:
    """One whose nested stack cannot be sent back, as somebody deleted what is in it."""
    around.send("create", {"Gone": queue(), "Stays": queue()})
    changed = {"Gone": queue(DelaySeconds=3), "Stays": queue(DelaySeconds=3), "New": queue()}
    around.send("update", changed, {"Wrong": wrong("Nested")}, DisableRollback=True)
    around.account.client("sqs").delete_queue(QueueUrl=around.url("Gone"))
    around.stack.cloudformation.rollback_stack(StackName=around.stack.name)
    assert around.stack.end() == "UPDATE_ROLLBACK_FAILED"
    assert around.inner.end() == "UPDATE_ROLLBACK_FAILED"
    return around


def test_a_rollback_goes_on_in_a_nested_stack_without_what_is_skipped(stuck: Around) -> None:
    # What can be sent back was, and what is new waits for the rest
    assert stuck.delay_s(stuck.url("Stays")) == "0"
    assert stuck.delay_s(stuck.url("New")) == "0"
    name = stuck.inner.told()["StackName"]
    stuck.stack.cloudformation.continue_update_rollback(
        StackName=stuck.stack.name, ResourcesToSkip=[f"{name}.Gone"]
    )
    assert stuck.stack.end() == "UPDATE_ROLLBACK_COMPLETE"
    assert stuck.inner.end() == "UPDATE_ROLLBACK_COMPLETE"
    with pytest.raises(ClientError, match="New does not exist"):
        stuck.url("New")


def test_a_rollback_that_goes_on_fails_again_where_nothing_was_mended(stuck: Around) -> None:
    stuck.stack.cloudformation.continue_update_rollback(StackName=stuck.stack.name)
    assert stuck.stack.end() == "UPDATE_ROLLBACK_FAILED"
    assert stuck.inner.end() == "UPDATE_ROLLBACK_FAILED"


@pytest.mark.parametrize("skipped", ["Nested", "Gone", "Nested.Gone"])
def test_only_what_could_not_be_sent_back_is_skipped(stuck: Around, skipped: str) -> None:
    with pytest.raises(ClientError, match="ResourcesToSkip") as refused:
        stuck.stack.cloudformation.continue_update_rollback(
            StackName=stuck.stack.name, ResourcesToSkip=[skipped]
        )
    assert f"{stuck.inner.told()['StackName']}.Gone" in str(refused.value)


def test_a_nested_stack_goes_on_with_the_one_around_it_alone(stuck: Around) -> None:
    with pytest.raises(ClientError, match="cannot be invoked on child stacks"):
        stuck.stack.cloudformation.continue_update_rollback(StackName=stuck.inner.name)
