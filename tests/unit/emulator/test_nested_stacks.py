"""A stack in a stack: how its creation ends where the stack around it does not let it."""

import asyncio
import itertools
from contextlib import nullcontext
from types import ModuleType
from typing import Any

import pytest

from localaws.emulator.stacks.life_cycle import LifeCycle
from localaws.emulator.stacks.nested_requests import NestedRequest
from localaws.emulator.stacks.nested_stacks import NestedStacks
from localaws.emulator.stacks.operations import CANCELLED
from localaws.emulator.stacks.time_limits import EXCEEDED, TimeLimits

AROUND = {"StackName": "orders", "StackId": "arn:orders", "StackStatus": "CREATE_IN_PROGRESS"}


class Requests:
    """Asks for an empty stack, whatever the properties."""

    def read(self, _parent: str, _properties: Any) -> NestedRequest:
        return NestedRequest({}, "{}", {}, {}, [])


class World:
    """A stack in whose place another one is made; how that ends is up to a test."""

    def __init__(self) -> None:
        self.status = "CREATE_COMPLETE"
        self.now_s = 1_000.0
        self.takes_s = 0.0
        stacks, self.records = ModuleType("stacks"), ModuleType("records")
        provisioners, engine = ModuleType("provisioners"), ModuleType("engine")
        vars(self.records).update(
            _stacks={"orders": dict(AROUND)}, _stack_events={"arn:orders": []}
        )
        vars(engine).update(get_region=lambda: "eu-west-1", get_account_id=lambda: "123456789012")
        times = itertools.count()
        vars(stacks).update(
            now_iso=lambda: str(next(times)),
            _add_event=self._tell,
            _provision_resource=lambda *given: given,
            _resolve_stack_outputs=lambda *given: given,
            _deploy_stack_async=self._deploy,
            _create_then_delete_on_failure=self._create,
            _delete_stack_async=self._delete,
        )
        self.limits = TimeLimits(stacks, self.records, lambda: self.now_s)
        self.limits.hold()
        self.modules = {"stacks": stacks, "engine": engine, "provisioners": provisioners}

    @property
    def nested(self) -> dict[str, Any]:
        [stack] = [one for name, one in self.records._stacks.items() if name != "orders"]
        return dict(stack)

    def create(self, **properties: Any) -> Any:
        """Let one begin, and make it, beside a loop."""

        async def run() -> Any:
            stacks = NestedStacks(
                self.modules,
                self.records,
                Requests(),  # type: ignore[arg-type]
                lambda _name: nullcontext(),
                lambda _export, _exporter: None,
                self.limits,
                asyncio.get_running_loop(),
                LifeCycle(self.modules["stacks"], self.records, lambda *_: ""),
            )
            asked = ("Nested", properties, "orders")
            begun, _ = await asyncio.to_thread(stacks.create, *asked)
            assert begun == self.nested["StackId"]
            return await asyncio.to_thread(stacks.create, *asked)

        return asyncio.run(run())

    def _tell(self, *event: Any) -> None:
        stack_id, _name, _logical_id, _kind, status, reason, physical_id = event
        told = {
            "PhysicalResourceId": physical_id,
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
        }
        self.records._stack_events[stack_id].append(told)

    async def _deploy(self, name: str, *_rest: Any, **_named: Any) -> None:
        self.now_s += self.takes_s
        try:
            self.modules["stacks"]._provision_resource("AWS::SQS::Queue", "It", {}, name)
        except ValueError as error:
            stack_id = self.nested["StackId"]
            self._tell(stack_id, name, name, "", "DELETE_IN_PROGRESS", str(error), stack_id)
            self.status = "DELETE_COMPLETE"

    async def _create(self, name: str, _stack_id: str, work: Any) -> None:
        await work
        self.records._stacks[name]["StackStatus"] = self.status

    async def _delete(self, name: str, _stack_id: str) -> None:
        self.records._stacks[name]["StackStatus"] = "DELETE_COMPLETE"


def test_it_is_made_within_its_minutes() -> None:
    world = World()
    world.takes_s = 60
    stack_id, outputs = world.create(TimeoutInMinutes=1)
    assert (stack_id, outputs) == (world.nested["StackId"], {})
    assert world.nested["StackStatus"] == "CREATE_COMPLETE"


def test_it_ends_when_its_minutes_are_over() -> None:
    world = World()
    world.takes_s = 61
    with pytest.raises(ValueError, match="was not successfully created") as refused:
        world.create(TimeoutInMinutes=1)
    assert EXCEEDED in str(refused.value)


def test_nothing_is_left_where_the_stack_around_it_is_deleted_meanwhile() -> None:
    world = World()
    world.status = "CREATE_IN_PROGRESS"  # nobody rolls back what is to be deleted
    with pytest.raises(ValueError, match=CANCELLED):
        world.create()
    assert world.nested["StackStatus"] == "DELETE_COMPLETE"
