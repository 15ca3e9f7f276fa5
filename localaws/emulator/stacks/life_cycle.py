"""How a stack is made, updated, taken back and deleted, from its first event to its last.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
"""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.stacks.clean_ups import clean_up, remove_replaced
from localaws.emulator.stacks.exports import BEFORE_DELETION, FindImporters, kept_by
from localaws.emulator.stacks.prerequisites import missing
from localaws.emulator.stacks.rollbacks import UNFINISHED, Rollback
from localaws.emulator.stacks.side_by_side import SideBySide
from localaws.emulator.stacks.stack_operation import BY_USER, STACK, Operation, Record
from localaws.emulator.stacks.stack_removals import remove_all

_LOG = logging.getLogger("localaws.cloudformation")
# ministack's word for a rollback of which `reasons` tells why.
_VAGUE = "Rollback requested"
_DELETING = "DELETE_IN_PROGRESS"
# On a stack's record: it stays as it is where its operation fails; it is updated as a part of
# another one; and the update after which it is to be cleaned up.
STAYS, PART, PENDING = "_stays_on_failure", "_is_part", "_pending"


class LifeCycle:
    """What is called in the place of ministack's own.

    Args:
        stacks: ministack's module that makes, changes and deletes stacks.
        records: its module that holds them and their exports.
        importers: which stacks import an export of a stack; "" where none does.
    """

    def __init__(self, stacks: ModuleType, records: ModuleType, importers: FindImporters) -> None:
        self._stacks = stacks
        self._records = records
        self._importers = importers

    def take_over(self, starters: Iterable[ModuleType]) -> None:
        """Let ministack call it, also these modules of it that answer requests."""
        for module in (self._stacks, *starters):
            for name, work in (
                ("_deploy_stack_async", self.deploy),
                ("_roll_back_operation", self.roll_back),
                ("_delete_stack_async", self.delete),
            ):
                if hasattr(module, name):
                    replace(module, name, work)

    async def deploy(
        self,
        name: str,
        stack_id: str,
        template: Mapping[str, Any],
        values: Mapping[str, Any],
        stays_on_failure: bool,
        _tags: Any,
        is_update: bool = False,
        previous_stack: Record | None = None,
        retain_except_on_create: bool = False,
        imports: Mapping[str, Any] | None = None,
    ) -> None:
        """Make a stack, or update it from what it was; what fails is told, and taken back."""
        stacks, stack = self._stacks, self._records._stacks[name]
        stack[STAYS] = stays_on_failure
        is_part = stack.pop(PART, False)
        before = (previous_stack or {}) if is_update else None
        failed_before = stack.pop("_failed_operation", None)
        continued: Operation | None = failed_before and failed_before["of"]
        left = continued.unmade() if continued else {}
        for asked in ("_cancel_requested", "_cancel_token"):
            stack.pop(asked, None)
        since = (before, continued, left, imports or {})
        operation = Operation(stacks, stack, template, values, *since)
        operation.failed_before |= continued.failures.keys() if continued else set()
        if not stack.get("_disable_validation") and stacks._fail_property_validation(
            stack,
            stack_id,
            name,
            operation.definitions,
            stacks._topological_sort(operation.definitions, operation.conditions),
            values,
            operation.conditions,
            template.get("Mappings", {}),
            stays_on_failure,
            previous_stack=before,
        ):
            return
        resources = SideBySide(operation, goes_on=stays_on_failure)
        if problem := missing(operation, resources.names):
            self._fail(operation, problem)
        else:
            await resources.run()
        outputs, exports = self._outputs(operation)
        await asyncio.sleep(0)
        if operation.is_failed:
            failed = {
                "of": operation,
                "is_update": operation.since_stable().before is not None,
                "cancelled": operation.is_cancelled,
                "retain_except_on_create": retain_except_on_create,
            }
            if stays_on_failure:
                stack["_failed_operation"] = failed
                self._leave(operation)
                operation.tell(f"{operation.verb}_FAILED", operation.problem)
            else:
                await stacks._roll_back_operation(name, stack_id, stack, failed)
            return
        self._records._exports.update(exports)
        stack |= {"_template": template, "_resolved_params": values, "Outputs": outputs}
        if before is None:
            operation.tell("CREATE_COMPLETE")
            return
        operation.tell("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        if is_part:
            stack[PENDING] = operation.since_stable()
        else:
            await self.finish(operation.since_stable())

    async def finish(self, operation: Operation) -> None:
        """Clean up after an update, in the stacks that it changed in this one as well."""
        for nested in self._nested(operation):
            if pending := nested.pop(PENDING, None):
                await self.finish(pending)
        reason = await clean_up(operation)
        operation.stack["StackStatusReason"] = reason
        operation.tell("UPDATE_COMPLETE", reason)

    def _leave(self, operation: Operation) -> None:
        """Nobody cleans up after the updates in an update that stays as it failed, until the next.

        So they can be taken back.
        """
        for nested in self._nested(operation):
            if pending := nested.get(PENDING):
                self._leave(pending)
                if nested["StackStatus"] != "UPDATE_COMPLETE":
                    pending.tell("UPDATE_COMPLETE")

    def _nested(self, operation: Operation) -> list[Record]:
        ids = {one["PhysicalResourceId"] for one in operation.resources.values()}
        stacks: Iterable[Record] = self._records._stacks.values()
        return [stack for stack in stacks if stack["StackId"] in ids]

    def _outputs(self, operation: Operation) -> tuple[list[Any], dict[str, Any]]:
        if operation.is_failed:
            return [], {}
        # What the update leaves out is still there, and no output may have it.
        resources = {
            name: record
            for name, record in operation.resources.items()
            if name in operation.made or name in operation.stayed
        }
        template = operation.template
        try:
            told: tuple[list[Any], dict[str, Any]] = self._stacks._resolve_stack_outputs(
                template.get("Outputs") or {},
                operation.conditions,
                resources,
                operation.values,
                template.get("Mappings", {}),
                *operation.place,
            )
        except Exception as error:
            _LOG.debug("outputs of %s", operation.place, exc_info=True)
            self._fail(operation, str(error))
            return [], {}
        return told

    def _fail(self, operation: Operation, problem: str) -> None:
        """Note what is wrong with none of the resources; the stack's state tells it later."""
        operation.problem = problem
        (name, stack_id), status = operation.place, f"{operation.verb}_FAILED"
        self._stacks._add_event(stack_id, name, name, STACK, status, problem, stack_id)

    async def roll_back(
        self,
        _name: str,
        _stack_id: str,
        stack: Record,
        failed: Mapping[str, Any],
        reason_override: str = "",
    ) -> None:
        """Take a failed operation back, at once or when somebody asks for it."""
        stack.pop("_failed_operation", None)
        of: Operation | None = failed.get("of")
        operation = of.since_stable() if of else self._of_nothing(stack, failed)
        keeps = not failed.get("retain_except_on_create", False)
        reason = BY_USER if failed.get("cancelled") else _VAGUE
        await Rollback(operation, keeps_retained=keeps).run(reason_override or reason)

    def _of_nothing(self, stack: Record, failed: Mapping[str, Any]) -> Operation:
        """One that failed before it began anything, as ministack keeps it."""
        before = failed.get("previous_stack") if failed.get("is_update") else None
        template, values = failed.get("template") or {}, failed.get("param_values") or {}
        return Operation(self._stacks, stack, template, values, before)

    async def delete(
        self,
        name: str,
        stack_id: str,
        retain_resources: Collection[str] = (),
        force: bool = False,
    ) -> None:
        """Delete a stack with all that it does not keep."""
        stack = self._records._stacks.get(name)
        if not stack:
            return
        tell = partial(self._stacks._add_event, stack_id, name, name, STACK)
        stack["StackStatus"] = _DELETING
        tell(_DELETING, "", stack_id)
        before = stack.pop(BEFORE_DELETION, None)
        if before and (reason := kept_by(stack, self._importers)):
            stack["StackStatus"] = before
            stack.pop("DeletionTime", None)
            tell(before, reason, stack_id)
            return
        failed = await remove_all(self._stacks, stack, retain_resources, is_forced=force)
        if not failed and (left := _unfinished(stack)):
            await remove_replaced(left, [*left.between, *left.replaced.values()])
        await asyncio.sleep(0)
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]. "
            stack |= {"StackStatus": "DELETE_FAILED", "StackStatusReason": reason}
            tell("DELETE_FAILED", reason, stack_id)
            return
        for output in stack.get("Outputs", ()):
            self._records._exports.pop(output.get("ExportName"), None)
        stack["StackStatus"] = "DELETE_COMPLETE"
        tell("DELETE_COMPLETE", "", stack_id)


def _unfinished(stack: Record) -> Operation | None:
    """What failed, and was not taken back, or not all the way."""
    if UNFINISHED in stack:
        rollback: Rollback = stack[UNFINISHED]
        return rollback.operation
    of: Operation | None = stack.get("_failed_operation", {}).get("of")
    return of and of.since_stable()
