"""What a role may write into its logs, and what becomes of the rest."""

from collections.abc import Mapping
from typing import Any

import pytest

from localaws.logs import RoleLogs
from localaws.words.identity import Identity
from tests.unit.logs.world import GROUP, START_MS, STREAM, LogsWorld

ROLE = "arn:aws:iam::111111111111:role/orders"
ON_GROUP = f"arn:aws:logs:us-east-1:111111111111:log-group:{GROUP}:log-stream:"


class Role:
    """A role that may do some actions, and notes on what."""

    def __init__(self, *actions: str) -> None:
        self.actions = {f"logs:{action}" for action in actions}
        self.asked: list[tuple[str, str]] = []

    def role_allows(self, role_arn: str, action: str, resource_arn: str) -> bool:
        assert role_arn == ROLE
        self.asked.append((action, resource_arn))
        return action in self.actions

    def role_trusts(self, role_arn: str, service: str) -> bool:
        raise NotImplementedError

    def has_principal(self, arn: str) -> bool:
        raise NotImplementedError

    def resource_policy_allows(self, policy: Mapping[str, Any] | None, **_: Any) -> bool:
        raise NotImplementedError


@pytest.fixture
def world() -> LogsWorld:
    return LogsWorld()


def write(world: LogsWorld, role: Role) -> list[str]:
    """The messages of the stream after the role wrote one; none where there is no stream."""
    sink = RoleLogs(world.service, role, Identity("111111111111", "us-east-1"))
    sink.put(ROLE, GROUP, STREAM, [(START_MS, "a line")])
    answer = world.call("GetLogEvents", logGroupName=GROUP, logStreamName=STREAM)
    return [event["message"] for event in answer.get("events", ())]


def test_a_role_with_all_three_makes_what_it_needs(world: LogsWorld) -> None:
    role = Role("CreateLogGroup", "CreateLogStream", "PutLogEvents")
    assert write(world, role) == ["a line"]
    assert role.asked == [
        ("logs:CreateLogGroup", ON_GROUP),
        ("logs:CreateLogStream", ON_GROUP),
        ("logs:PutLogEvents", ON_GROUP + STREAM),
    ]


@pytest.mark.parametrize(
    "actions",
    [
        (),
        ("PutLogEvents",),
        ("CreateLogStream", "PutLogEvents"),
        ("CreateLogGroup", "PutLogEvents"),
        ("CreateLogGroup", "CreateLogStream"),
    ],
)
def test_a_role_that_lacks_one_writes_nothing(world: LogsWorld, actions: tuple[str, ...]) -> None:
    assert write(world, Role(*actions)) == []
    assert world.call("DescribeLogGroups")["logGroups"] == []


def test_a_group_that_is_there_need_not_be_made(world: LogsWorld) -> None:
    world.call("CreateLogGroup", logGroupName=GROUP)
    assert write(world, Role("PutLogEvents")) == []
    assert write(world, Role("CreateLogStream", "PutLogEvents")) == ["a line"]
    # Nor the stream, once it is there
    assert write(world, Role("PutLogEvents")) == ["a line", "a line"]


def test_a_right_that_was_taken_away_ends_the_log(world: LogsWorld) -> None:
    write(world, Role("CreateLogGroup", "CreateLogStream", "PutLogEvents"))
    assert write(world, Role()) == ["a line"]
