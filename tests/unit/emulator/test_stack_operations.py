"""Operations on a stack, one at a time; the stacks are played here, their tasks are the loop's."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from types import ModuleType
from typing import Any

import pytest

from localaws.emulator.stacks.operations import CANCELLED, StackOperations
from localaws.time.activity import Activity

ID, NAME, KIND = "arn:aws:cloudformation:::stack/orders/1", "orders", "AWS::CloudFormation::Stack"


class Stacks:
    """One stack; its resources are made when a test says so."""

    def __init__(self, status: str) -> None:
        self.record: dict[str, Any] = {"StackName": NAME, "StackId": ID, "StackStatus": status}
        self.may_go_on = asyncio.Event()
        self.told: list[str] = []
        self.made: list[str] = []
        self.rolled_back = False
        self.activity = Activity()
        self.stacks, self.handlers, self.records = map(ModuleType, ("stacks", "handlers", "r"))
        vars(self.records)["_stacks"] = {NAME: self.record}
        vars(self.stacks).update(
            _stack_region_context=lambda _stack, _stack_id: nullcontext(),
            _add_event=lambda *given: self.told.append(given[4]),
            _provision_resource=lambda *given: self.made.append(given[1]),
            _roll_back_operation=self._roll_back,
            _resolve_stack_outputs=lambda *given: given,
        )
        vars(self.handlers).update(
            _create_stack_task_in_region=None,
            _ACTION_HANDLERS={"DeleteStack": self._delete_stack},
            _resolve_stack=lambda name: self.records._stacks.get(name),
            _p=lambda params, name: params[name],
            _error=lambda code, message: (400, code, message),
            _xml=lambda status, _name, body: (status, {}, body),
        )
        operations = StackOperations(self.stacks, self.handlers, self.records, self.activity)
        operations.take_over((self.handlers,))

    def create(self) -> None:
        self.handlers._create_stack_task_in_region(self._deploy(), self.record, ID)

    def delete(self) -> Any:
        return self.handlers._ACTION_HANDLERS["DeleteStack"]({"StackName": NAME})

    async def end(self) -> None:
        self.may_go_on.set()
        while not self.activity.idle:
            await asyncio.sleep(0)

    async def _deploy(self) -> None:
        add: Callable[..., None] = self.stacks._add_event
        add(ID, NAME, NAME, KIND, "CREATE_IN_PROGRESS")
        try:
            for name in ("First", "Second"):
                self.stacks._provision_resource("AWS::SQS::Queue", name, {}, NAME)
                await self.may_go_on.wait()
        except ValueError as error:
            add(ID, NAME, name, "AWS::SQS::Queue", f"CREATE_FAILED {error}")
            await self.stacks._roll_back_operation(NAME, ID, self.record, {})
            return
        self.record["StackStatus"] = "CREATE_COMPLETE"
        add(ID, NAME, NAME, KIND, "CREATE_COMPLETE")

    async def _roll_back(self, _name: str, _id: str, _stack: Any, operation: Any) -> None:
        self.rolled_back = True
        self.operation = operation

    def _delete_stack(self, _params: Any) -> Any:
        self.handlers._create_stack_task_in_region(self._delete(), self.record, ID)
        return 200, {}, ""

    async def _delete(self) -> None:
        self.stacks._add_event(ID, NAME, NAME, KIND, "DELETE_IN_PROGRESS")
        self.made.clear()
        self.records._stacks[NAME]["StackStatus"] = "DELETE_COMPLETE"
        self.stacks._add_event(ID, NAME, NAME, KIND, "DELETE_COMPLETE")


def test_a_deletion_ends_a_creation_and_is_the_last_that_is_told() -> None:
    async def scenario() -> None:
        world = Stacks("CREATE_IN_PROGRESS")
        world.create()
        await asyncio.sleep(0)
        assert world.made == ["First"]
        world.delete()
        assert world.records._stacks[NAME]["StackStatus"] == "DELETE_IN_PROGRESS"
        assert world.delete() == (200, {}, "")
        await world.end()
        assert world.told == [
            "CREATE_IN_PROGRESS",
            f"CREATE_FAILED {CANCELLED}",
            "DELETE_IN_PROGRESS",
            "DELETE_COMPLETE",
        ]
        assert world.records._stacks[NAME]["StackStatus"] == "DELETE_COMPLETE"
        assert not world.made
        assert not world.rolled_back

    asyncio.run(scenario())


def test_a_creation_that_has_not_begun_never_begins() -> None:
    async def scenario() -> None:
        world = Stacks("CREATE_IN_PROGRESS")
        world.create()
        world.delete()
        await world.end()
        assert world.told == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]

    asyncio.run(scenario())


def test_time_stands_while_an_operation_goes_on_and_not_while_another_one_waits_for_it() -> None:
    async def scenario() -> None:
        world = Stacks("CREATE_IN_PROGRESS")
        world.create()
        assert not world.activity.idle  # from the moment in which it was asked for
        await asyncio.sleep(0)
        world.delete()
        for _ in range(3):
            await asyncio.sleep(0)
        # The deletion waits for the creation: what that waits for may come
        with world.activity.paused():
            assert world.activity.idle
        rests = world.activity.rests
        await world.end()
        assert world.activity.rests == rests + 2

    asyncio.run(scenario())


def test_what_is_not_interrupted_goes_its_way() -> None:
    async def scenario() -> None:
        world = Stacks("CREATE_IN_PROGRESS")
        world.create()
        await world.end()
        assert world.told == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
        world.delete()
        await world.end()
        assert world.told[2:] == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "status",
    ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"],
)
def test_an_update_is_not_interrupted(status: str) -> None:
    async def scenario() -> None:
        world = Stacks(status)
        words = f"Stack [{ID}] cannot be deleted while in status {status}"
        assert world.delete() == (400, "ValidationError", words)
        assert world.activity.idle

    asyncio.run(scenario())


def test_an_update_is_cancelled_also_after_its_last_resource() -> None:
    async def scenario() -> None:
        world = Stacks("UPDATE_IN_PROGRESS")
        outputs = {}, {}, {}, {}, {}, NAME, ID
        assert world.stacks._resolve_stack_outputs(*outputs) == outputs
        world.record["_cancel_requested"] = True
        with pytest.raises(ValueError, match="User Initiated") as cancelled:
            world.stacks._resolve_stack_outputs(*outputs)
        # What ministack does then: the update has not failed, the user wants it back.
        world.stacks._add_event(ID, NAME, NAME, KIND, "UPDATE_FAILED", str(cancelled.value), ID)
        await world.stacks._roll_back_operation(NAME, ID, world.record, {"is_update": True})
        assert world.operation == {"is_update": True, "cancelled": True}
        assert not world.told

    asyncio.run(scenario())
