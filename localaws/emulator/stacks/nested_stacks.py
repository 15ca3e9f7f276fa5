"""Stacks in stacks: made, changed, sent back and taken away as all others are.

ministack has a way of its own for them, past the checks of CreateStack: it forgets the attributes
of what an update leaves as it is, exports nothing, leaves what it made of one that fails, takes
back no update, and deletes what a template wants to keep. Here they go the way of all stacks.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
The words: https://github.com/aws-quickstart/quickstart-eks-hashicorp-vault/issues/38
"""

import asyncio
import uuid
from collections.abc import Callable, Collection, Coroutine, Mapping
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.stacks.exports import FindImporters, kept, restore_exports
from localaws.emulator.stacks.life_cycle import PART, PENDING, STAYS, LifeCycle
from localaws.emulator.stacks.nested_records import record_of, state_of
from localaws.emulator.stacks.nested_requests import NestedRequest, NestedRequests
from localaws.emulator.stacks.rollbacks import SKIPPED, UNFINISHED, Rollback
from localaws.emulator.stacks.stack_operation import CANCELLED, INITIATED, STACK, NotMade
from localaws.emulator.stacks.states import not_updatable
from localaws.emulator.stacks.time_limits import TimeLimits
from localaws.emulator.stacks.type_changes import type_change

# Lets conditions be those of a stack of this name.
AskingOf = Callable[[str], AbstractContextManager[None]]

_CREATING, _CREATED, _LEFT = "CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CREATE_FAILED"
_DELETING, _DELETED = "DELETE_IN_PROGRESS", "DELETE_COMPLETE"
_UPDATING, _ROLLING_BACK = "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"
_NOT_UPDATED, _NOT_ROLLED_BACK = "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED"
_CLEANING = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
# On the record of the stack around them: those that have begun, by their logical ids.
_BEGUN = "_begun_stacks"
_Made = tuple[str, dict[str, str]]
_Work = Coroutine[Any, Any, None]


class NestedStacks:
    """What makes, changes and deletes them, in the place of ministack's own.

    All of it is called beside the loop.

    Args:
        modules: ministack's of CloudFormation, by their names.
        records: its module that holds the stacks and their exports.
        requests: reads what is asked for.
        asking_of: whose conditions are asked for meanwhile.
        importers: who uses an export.
        limits: how long a creation may take.
        loop: on which stacks are made.
        life_cycle: makes, updates and deletes all stacks.
    """

    def __init__(
        self,
        modules: Mapping[str, ModuleType],
        records: ModuleType,
        requests: NestedRequests,
        asking_of: AskingOf,
        importers: FindImporters,
        limits: TimeLimits,
        loop: asyncio.AbstractEventLoop,
        life_cycle: LifeCycle,
    ) -> None:
        self._provisioners = modules["provisioners"]
        self._stacks = modules["stacks"]
        self._engine = modules["engine"]
        self._records = records
        self._requests = requests
        self._asking_of = asking_of
        self._importers = importers
        self._limits = limits
        self._loop = loop
        self._life_cycle = life_cycle

    def take_over(self) -> None:
        """Let ministack's table of resource types lead here."""
        self._provisioners._RESOURCE_HANDLERS[STACK] |= {
            "create": self.create,
            "update": self.update,
            "delete": self.delete,
        }
        theirs = self._stacks._update_resource

        def updated(kind: str, physical_id: str, old: Any, new: Any, *rest: Any) -> Any:
            # ministack asks no handler where nothing changed but what lies at the address.
            if kind == STACK and old == new:
                return self.update(physical_id, old, new, rest[0])
            return theirs(kind, physical_id, old, new, *rest)

        replace(self._stacks, "_update_resource", updated)

    def create(self, logical_id: str, properties: Mapping[str, Any], parent: str) -> _Made:
        """Let one begin; asked again, make it: its id, and then its outputs as attributes.

        It is there from its beginning, long before what stands beside it is done: tools look for
        the events of a stack that is being made.

        Raises:
            ValueError: it cannot be made; what was made of it is gone.
        """
        around = self._records._stacks[parent]
        stack, request = around.get(_BEGUN, {}).pop(logical_id, (None, None))
        if stack is None or stack["StackStatus"] != _CREATING:
            return self._begin(logical_id, properties, around), {}
        name = stack["StackName"]
        with self._asking_of(name):
            stays = around.get(STAYS, False)
            make = self._deploying(stack, request, stays=stays)
            if not stays:
                make = self._stacks._create_then_delete_on_failure(name, stack["StackId"], make)
            self._do(make)
            if stack["StackStatus"] == _CREATED:
                return self._made(stack)
            ended = _LEFT if stays else _DELETED
            if stack["StackStatus"] != ended:  # the stack around it is being deleted
                self._do(self._stacks._delete_stack_async(name, stack["StackId"]))
                raise ValueError(CANCELLED)
        told = self._reason(stack, _LEFT if stays else _DELETING)
        reason = told.removesuffix("Delete requested by user.").strip()
        raise NotMade(
            f"Embedded stack {stack['StackId']} was not successfully created: {reason}",
            stack["StackId"],
        )

    def update(
        self, physical_id: str, _old: Any, properties: Mapping[str, Any], parent: str
    ) -> _Made:
        """Change one, or send it back where the stack around it is rolled back.

        Raises:
            ValueError: it cannot be changed; it is as it was.
        """
        name = self._name_of(physical_id)
        stack = self._records._stacks[name]
        around = self._records._stacks[parent]
        with self._asking_of(name):
            if around["StackStatus"] == _ROLLING_BACK:
                self._send_back(stack, around.get(SKIPPED))
                return self._made(stack)
            request = self._requests.read(parent, properties)
            if mistake := not_updatable(stack) or type_change(stack, request.template):
                raise ValueError(mistake)
            if request.changes_nothing_of(stack):
                return self._made(stack)
            self._finish(stack)
            before, since = state_of(stack), len(self._events_of(stack))
            self._begin_update(stack, request)
            stays = around.get(STAYS, False)
            self._do(self._deploying(stack, request, before, stays=stays))
        if stack["StackStatus"] == _CLEANING:
            return self._made(stack)
        stack["_conditions"] = before["_conditions"]
        status = _NOT_UPDATED if stays else _ROLLING_BACK
        raise _not_updated(stack, status, self._reason(stack, status, since))

    def delete(self, physical_id: str, _properties: Any) -> None:
        """Delete one with all that it does not keep.

        Raises:
            ValueError: somebody imports from it, or a resource cannot be deleted.
        """
        name = self._name_of(physical_id)
        stack = self._records._stacks.get(name)
        if stack is None or stack["StackStatus"] == _DELETED:
            return
        for export, told in self._records._exports.items():
            is_its = told["StackId"] == stack["StackId"]
            if is_its and (users := self._importers(export, name)):
                raise ValueError(kept(export, users))
        self._finish(stack)
        self._do(self._stacks._delete_stack_async(name, stack["StackId"]))
        if stack["StackStatus"] != _DELETED:
            reason = stack["StackStatusReason"]
            raise ValueError(
                f"Embedded stack {stack['StackId']} was not successfully deleted: {reason}"
            )

    def _begin(self, logical_id: str, properties: Mapping[str, Any], around: dict[str, Any]) -> str:
        parent = around["StackName"]
        name = f"{parent}-{logical_id}-{uuid.uuid4().hex[:13].upper()}"
        with self._asking_of(name):
            request = self._requests.read(parent, properties)
        stack = self._new(name, parent, request)
        if minutes := properties.get("TimeoutInMinutes"):
            self._limits.begin(stack, float(minutes))
        about = (around["StackId"], parent, logical_id, STACK, _CREATING, INITIATED)
        self._stacks._add_event(*about, stack["StackId"])
        self._tell(stack, _CREATING)
        around.setdefault(_BEGUN, {})[logical_id] = stack, request
        return str(stack["StackId"])

    def _new(self, name: str, parent: str, request: NestedRequest) -> dict[str, Any]:
        place = (self._engine.get_region(), self._engine.get_account_id())
        around = self._records._stacks[parent]
        stack = record_of(name, around, request, place, self._stacks.now_iso())
        self._records._stacks[name] = stack
        self._records._stack_events[stack["StackId"]] = []
        return stack

    def _begin_update(self, stack: dict[str, Any], request: NestedRequest) -> None:
        updated = {"StackStatus": _UPDATING, "LastUpdatedTime": self._stacks.now_iso()}
        stack |= request.in_record() | updated | {PART: True}
        self._tell(stack, _UPDATING)

    def _finish(self, stack: dict[str, Any]) -> None:
        """Clean up after an update that can no longer be taken back."""
        if pending := stack.pop(PENDING, None):
            self._do(self._life_cycle.finish(pending))

    def _send_back(self, stack: dict[str, Any], skipped: Collection[str] | None) -> None:
        """Take back the update that the stack around it takes back, if it was one.

        It has nothing to do with an update that the stack has itself rolled back.

        Args:
            skipped: what a rollback that goes on leaves as it is; None for one that begins.
        """
        pending, failed = stack.pop(PENDING, None), stack.pop("_failed_operation", None)
        if stack["StackStatus"] == _NOT_ROLLED_BACK and skipped is not None:
            self._do(stack[UNFINISHED].go_on(skipped))
        elif operation := pending or (failed and failed["of"].since_stable()):
            self._do(Rollback(operation, keeps_retained=True).run(""))
        if stack["StackStatus"] == _NOT_ROLLED_BACK:
            raise _not_updated(stack, _NOT_ROLLED_BACK, stack["StackStatusReason"])
        restore_exports(self._records, stack)

    def _deploying(
        self,
        stack: Mapping[str, Any],
        request: NestedRequest,
        before: Mapping[str, Any] | None = None,
        *,
        stays: bool,
    ) -> _Work:
        work: _Work = self._stacks._deploy_stack_async(
            stack["StackName"],
            stack["StackId"],
            request.template,
            request.values,
            stays,
            request.tags,
            is_update=before is not None,
            previous_stack=before,
        )
        return work

    def _do(self, work: _Work) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _tell(self, stack: Mapping[str, Any], status: str) -> None:
        name, its = stack["StackName"], stack["StackId"]
        self._stacks._add_event(its, name, name, STACK, status, "", its)

    def _reason(self, stack: Mapping[str, Any], status: str, since: int = 0) -> str:
        """Why the stack itself came to this status; "" where it did not."""
        its = (stack["StackId"], status)
        events = self._events_of(stack)[since:]
        of_it = (e for e in events if (e["PhysicalResourceId"], e["ResourceStatus"]) == its)
        return str(next(of_it, {"ResourceStatusReason": ""})["ResourceStatusReason"])

    def _events_of(self, stack: Mapping[str, Any]) -> list[dict[str, Any]]:
        return list(self._records._stack_events[stack["StackId"]])

    def _made(self, stack: Mapping[str, Any]) -> _Made:
        outputs = {f"Outputs.{one['OutputKey']}": one["OutputValue"] for one in stack["Outputs"]}
        return stack["StackId"], outputs

    def _name_of(self, physical_id: str) -> str:
        return str(self._provisioners._nested_stack_lookup_name(physical_id))


def _not_updated(stack: Mapping[str, Any], status: str, reason: str) -> ValueError:
    return ValueError(
        f"Embedded stack {stack['StackId']} was not successfully updated. "
        f"Currently in {status} with reason: {reason.strip()}"
    )
