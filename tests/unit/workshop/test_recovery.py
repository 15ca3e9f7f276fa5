"""Whatever an interrupted command left behind: each status that a stack can have."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.test_waiting import FakeClock
from workshop.errors import DeploymentError
from workshop.stacks import recovery, statuses
from workshop.stacks.activity import StackProgress
from workshop.stacks.statuses import Next
from workshop.target.commands import remaking
from workshop.target.session import Session
from workshop.target.target import Target

NAME = "FailureWorkshop-SqsDlq"
ALL = (
    botocore.session.Session()
    .get_service_model("cloudformation")
    .shape_for("StackStatus")
    .metadata["enum"]
)
BUSY = [one for one in ALL if one.endswith("_IN_PROGRESS") and one != "REVIEW_IN_PROGRESS"]
# What CloudFormation makes of what it is at work on, when it succeeds.
BECOMES = {"DELETE_IN_PROGRESS": None, "ROLLBACK_IN_PROGRESS": "ROLLBACK_COMPLETE"}
LEFT_OVER = ["CREATE_FAILED", "DELETE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"]
STUCK = ["IMPORT_ROLLBACK_FAILED", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED"]
WHOLE = [
    one for one in ALL if one.endswith("_COMPLETE") and one not in ("DELETE_COMPLETE", *LEFT_OVER)
]


def at(seconds: float) -> datetime:
    """A moment, from the fake clock's beginning on."""
    return FakeClock().now() + timedelta(seconds=seconds)


def proposed(status: str, at_s: float) -> dict[str, Any]:
    return {"Status": status, "CreationTime": at(at_s)}


class Stack:
    """CloudFormation with one stack, which ends its work while nobody looks for a while."""

    def __init__(self, status: str | None, deletes_to: str | None = None) -> None:
        self.status, self.deletes_to = status, deletes_to
        self.deleted, self.looks = 0, 0
        self.proposed = [proposed("CREATE_COMPLETE", 0)]

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        self._expect_stack()
        begun = {"StackStatus": self.status, "StackId": "id", "CreationTime": at(-3600)}
        return {"Stacks": [begun]}

    def get_paginator(self, operation: str) -> Any:
        if operation == "list_change_sets":
            return SimpleNamespace(paginate=lambda **_: [{"Summaries": self.proposed}])
        if operation == "describe_stack_events":
            return SimpleNamespace(paginate=self._events)
        return SimpleNamespace(paginate=lambda **_: [{"StackResourceSummaries": []}])

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        self.deleted += 1
        self.status = self.deletes_to

    def _events(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        self._expect_stack()
        self.looks += 1
        if self.looks == 3 and self.status in BUSY:
            self.status = BECOMES.get(self.status, "UPDATE_COMPLETE")
            self._expect_stack()
        rows = [("id", NAME, str(self.status), "")]
        if "FAILED" in str(self.status):
            rows.append(("Queue", "Queue", "UPDATE_FAILED", "The queue was deleted by hand."))
        keys = ("PhysicalResourceId", "LogicalResourceId", "ResourceStatus", "ResourceStatusReason")
        common = {"StackId": "id", "ResourceType": "AWS::SQS::Queue"}
        return [{"StackEvents": [dict(zip(keys, row, strict=True)) | common for row in rows]}]

    def _expect_stack(self) -> None:
        if self.status is None:
            error = {"Code": "ValidationError", "Message": f"Stack {NAME} does not exist"}
            raise ClientError({"Error": error}, "DescribeStacks")


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workshop.stacks.following.time.sleep", lambda _: None)


def settled(stack: Stack, target: Target | None = None) -> list[StackProgress]:
    """What was told while the stack was settled."""
    told: list[StackProgress] = []
    recovery.settle(session(stack, target), [NAME], lambda _: None, told.append)
    return told


def session(stack: Stack, target: Target | None = None) -> Session:
    sts = SimpleNamespace(meta=SimpleNamespace(region_name="eu-west-1"))
    clients = {"cloudformation": stack, "sts": sts}
    wanted = target or account()
    return Session(wanted, clients.__getitem__, FakeClock(is_virtual=wanted.is_embedded))


def account(profile: str = "p") -> Target:
    return Target("aws", profile=profile, region="eu-west-1", account="123456789012")


def test_every_status_that_aws_knows_is_in_the_table() -> None:
    assert set(statuses._NEXT) == set(ALL)
    assert {*BUSY, *LEFT_OVER, *STUCK, *WHOLE, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE"} == set(ALL)


@pytest.mark.parametrize("status", BUSY)
def test_what_cloudformation_is_at_work_on_is_waited_for(status: str) -> None:
    stack = Stack(status)
    told = settled(stack)
    assert stack.looks >= 3
    assert told[0].status == status
    # And what it has become is settled as well
    assert statuses.next_step(stack.status) in (Next.CHANGE, Next.CREATE)


@pytest.mark.parametrize("status", LEFT_OVER)
@pytest.mark.parametrize("target", [Target(), account()], ids=["embedded", "account"])
def test_what_never_became_whole_is_removed(status: str, target: Target) -> None:
    stack = Stack(status)
    settled(stack, target)
    assert (stack.deleted, stack.status) == (1, None)


def test_another_deploy_that_is_just_beginning_is_waited_for() -> None:
    # Given a change set that another command executes while it is looked at
    class Beginning(Stack):
        seen = 0

        def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
            self.seen += 1
            if self.seen == 3:
                self.status = "CREATE_IN_PROGRESS"
            return super().describe_stacks(StackName)

    stack, said = Beginning("REVIEW_IN_PROGRESS"), list[str]()
    recovery.settle(session(stack), [NAME], said.append, lambda _: None)
    # Then its end is waited for, and nothing is removed
    assert "another deploy may be at work" in said[0]
    assert f"{NAME} is CREATE_IN_PROGRESS" in said[1]
    assert (stack.status, stack.deleted) == ("UPDATE_COMPLETE", 0)


@pytest.mark.parametrize(
    ("sets", "waited_s"),
    [
        ([proposed("CREATE_COMPLETE", 0)], 60),
        ([proposed("CREATE_COMPLETE", -50), proposed("CREATE_COMPLETE", -900)], 15),
        ([proposed("CREATE_COMPLETE", -61)], 0),
        # It cannot be executed, and the stack was begun an hour ago
        ([proposed("FAILED", 0)], 0),
    ],
    ids=["just made", "by a second deploy", "left", "failed"],
)
def test_a_change_set_has_a_minute_from_its_making_and_one_that_was_left_costs_none(
    sets: list[dict[str, Any]], waited_s: float
) -> None:
    stack = Stack("REVIEW_IN_PROGRESS")
    stack.proposed = sets
    found = session(stack)
    # When it is met again and again, and by several stacks
    for _ in range(3):
        recovery.settle(found, [NAME, "FailureWorkshop-Repair"], lambda _: None)
    # Then all of them were waited for once
    assert (found.clock.now() - at(0)).total_seconds() == waited_s


def test_whoever_may_not_list_change_sets_goes_by_when_the_stack_was_begun() -> None:
    class Refusing(Stack):
        def get_paginator(self, operation: str) -> Any:
            if operation == "list_change_sets":
                raise ClientError({"Error": {"Code": "AccessDenied"}}, "ListChangeSets")
            return super().get_paginator(operation)

    found = session(Refusing("REVIEW_IN_PROGRESS"))
    assert recovery.beginning_until(found, NAME) is None
    found.clock.at_s = -3600  # type: ignore[attr-defined]
    assert recovery.beginning_until(found, NAME) == at(-3540)


def test_a_change_set_is_left_to_the_cdk_cli_and_removed_where_nobody_else_is() -> None:
    mine, shared = Stack("REVIEW_IN_PROGRESS"), Stack("REVIEW_IN_PROGRESS")
    settled(mine, Target())
    settled(shared, account())
    assert (mine.deleted, shared.deleted) == (1, 0)


@pytest.mark.parametrize("status", [*WHOLE, None])
def test_what_is_whole_or_not_there_is_left_as_it_is(status: str | None) -> None:
    stack = Stack(status)
    settled(stack)
    assert (stack.deleted, stack.status) == (0, status)


@pytest.mark.parametrize("status", STUCK)
def test_what_is_stuck_is_told_with_its_cause_and_the_remedy(status: str) -> None:
    stack = Stack(status)
    with pytest.raises(DeploymentError) as caught:
        settled(stack)
    assert stack.deleted == 0
    assert caught.value.happened == (
        f"{NAME} is {status}: Queue (AWS::SQS::Queue): The queue was deleted by hand."
    )
    assert remaking(account("p")) in caught.value.remedy
    if command := statuses.mending(status):
        full = f"`aws cloudformation {command} --stack-name {NAME} --region eu-west-1 --profile p`"
        assert full in caught.value.remedy


def test_a_command_fits_the_target() -> None:
    environment = session(Stack(None), account("environment"))
    assert "--profile" not in recovery.aws_command(environment, "delete-stack", NAME)
    embedded = session(Stack(None), Target())
    command = recovery.aws_command(embedded, "delete-stack", NAME)
    assert command == f"aws cloudformation delete-stack --stack-name {NAME}"


def test_what_cannot_be_deleted_is_told_with_its_cause_and_the_way_to_leave_it() -> None:
    stack = Stack("CREATE_COMPLETE", deletes_to="DELETE_FAILED")
    with pytest.raises(DeploymentError) as caught:
        recovery.remove(session(stack), [NAME])
    assert "Queue (AWS::SQS::Queue): The queue was deleted by hand." in caught.value.happened
    assert "--retain-resources Queue --region eu-west-1" in caught.value.remedy


class SlowToShow(Stack):
    """Shows for a while how the stack was made, after its deletion was accepted."""

    def _events(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        if self.looks == 2:
            self.status = None
        return super()._events(StackName)

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        self.deleted += 1


def test_a_removal_takes_its_time_from_when_it_was_asked_for() -> None:
    told = list[StackProgress]()
    recovery.remove(session(SlowToShow("CREATE_COMPLETE")), [NAME], told.append)
    # Then it is at work at once, and not done before it is gone: it was made long ago
    assert [one.status for one in told] == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]


def test_each_stack_that_cannot_be_deleted_has_its_way_to_be_left() -> None:
    names = [NAME, "FailureWorkshop-Repair"]
    left = [
        StackProgress(name, "DELETE_FAILED", failure="in use", stuck=(f"Queue{n}",))
        for n, name in enumerate(names)
    ]
    remedy = recovery._leaving(session(Stack(None)), left)
    for n, name in enumerate(names):
        assert f"--stack-name {name} --retain-resources Queue{n} " in remedy
    # And none that would name nothing
    assert "retain" not in recovery._leaving(
        session(Stack(None)), [StackProgress(NAME, "DELETE_FAILED")]
    )


def test_a_throttled_question_is_asked_again() -> None:
    stack = Stack("CREATE_IN_PROGRESS")
    events, refused = stack._events, [True, True]

    def throttled(StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        if refused:
            refused.pop()
            error = {"Code": "Throttling", "Message": "Rate exceeded"}
            raise ClientError({"Error": error}, "DescribeStackEvents")
        return events(StackName)

    stack._events = throttled  # type: ignore[method-assign]
    settled(stack)
    assert stack.status == "UPDATE_COMPLETE"
