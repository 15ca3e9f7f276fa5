"""A stack that takes longer to be made than it may."""

from types import ModuleType
from typing import Any

import pytest

from localaws.emulator.stacks.time_limits import EXCEEDED, TimeLimits


class World:
    """One stack, whose resources take as long as a test says."""

    def __init__(self, status: str = "CREATE_IN_PROGRESS") -> None:
        self.now_s = 1_000.0
        self.stack: dict[str, Any] = {"StackStatus": status}
        self.stacks, records = ModuleType("stacks"), ModuleType("records")
        vars(self.stacks).update(
            _provision_resource=lambda *given: given, _resolve_stack_outputs=lambda *given: given
        )
        vars(records)["_stacks"] = {"orders": self.stack}
        self.limits = TimeLimits(self.stacks, records, lambda: self.now_s)
        self.limits.hold()

    def provision(self) -> Any:
        return self.stacks._provision_resource("AWS::SQS::Queue", "It", {}, "orders")

    def outputs(self) -> Any:
        return self.stacks._resolve_stack_outputs({}, {}, {}, {}, {}, "orders", "arn")


def test_it_ends_when_its_minutes_are_over() -> None:
    world = World()
    world.limits.begin(world.stack, 2)
    world.now_s += 120
    assert world.provision()
    assert world.outputs()
    world.now_s += 1
    for step in (world.provision, world.outputs):
        with pytest.raises(ValueError, match=EXCEEDED):
            step()


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"])
def test_only_its_creation_is_held_to_it(status: str) -> None:
    world = World(status)
    world.limits.begin(world.stack, 1)
    world.now_s += 1_000
    assert world.provision()
    assert world.outputs()


def test_without_a_limit_it_may_take_for_ever() -> None:
    world = World()
    world.now_s += 1e9
    assert world.provision()
