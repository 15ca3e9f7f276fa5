"""A rollback: what an operation made is deleted, and what it changed is sent back.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from localaws.emulator.stacks.clean_ups import remove_replaced
from localaws.emulator.stacks.course import Course, Turn, moments_until_call, moments_until_end
from localaws.emulator.stacks.events import note_properties
from localaws.emulator.stacks.removals import Removal, remove
from localaws.emulator.stacks.resource_changes import revert, tag
from localaws.emulator.stacks.stack_operation import (
    BY_USER,
    STACK,
    STATE,
    FailedChange,
    Operation,
    needs_of,
)

_LOG = logging.getLogger("localaws.cloudformation")
# On a stack's record: the rollback that could not be finished, and what its continuation skips.
UNFINISHED, SKIPPED = "_unfinished_rollback", "_skipped"
# The reasons that AWS gives of what was imported and is let go.
_UNTAG = "Remove stack-level tags from imported resource if applicable."


class Rollback:
    """One operation's.

    Args:
        operation: it failed, or was cancelled.
        keeps_retained: what a template retains stays, also where the operation made it.

    Attributes:
        operation: as given.
    """

    def __init__(self, operation: Operation, *, keeps_retained: bool) -> None:
        self.operation = operation
        self._keeps_retained = keeps_retained
        self._is_update = operation.before is not None
        self._held = (operation.before or {}).get("_resources", {})
        self._unfinished: dict[str, FailedChange] = {}

    async def run(self, reason: str) -> None:
        """Take it back, and tell of it.

        Args:
            reason: of the rollback, as its first event has it.
        """
        if self._is_update:
            await self._take_back(reason, self._changed())
        else:
            await self._take_away(reason)

    async def go_on(self, skipped: Collection[str]) -> None:
        """Try again what could not be sent back.

        Args:
            skipped: the logical ids of what is to be left as it is; of a nested stack's resource
                with that stack's name and a dot before it.
        """
        left, self._unfinished = self._unfinished, {}
        operation = self.operation
        operation.stack[SKIPPED] = skipped
        for name in left:
            if self.name_to_skip(name) in skipped:
                left[name] = replace(left[name], applied=None)
        try:
            await self._take_back(BY_USER, left)
        finally:
            del operation.stack[SKIPPED]

    def name_to_skip(self, logical_id: str) -> str:
        """What a resource of this stack is called where a rollback is to go on without it."""
        stack = self.operation.stack
        return f"{stack['StackName']}.{logical_id}" if "ParentId" in stack else logical_id

    @property
    def unfinished(self) -> Mapping[str, str]:
        """What could not be sent back: the physical ids by the names to skip it with."""
        return {self.name_to_skip(name): one.physical_id for name, one in self._unfinished.items()}

    async def _take_back(self, reason: str, changed: dict[str, FailedChange]) -> None:
        operation, before = self.operation, self.operation.before or {}
        operation.tell("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        await self._send_back(changed)
        if self._unfinished:
            operation.stack[UNFINISHED] = self
            names = ", ".join(sorted(self._unfinished))
            told = f"The following resource(s) failed to update: [{names}]. "
            operation.stack["StackStatusReason"] = told
            operation.tell("UPDATE_ROLLBACK_FAILED", told)
            return
        operation.stack.pop(UNFINISHED, None)
        new = [name for name in operation.made if self._is_new(name)]
        await self._release(new)
        operation.tell("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        await self._delete(new)
        await remove_replaced(operation, operation.between)
        stack = operation.stack
        stack |= {name: before[name] for name in STATE if name in before}
        stack["StackStatusReason"] = ""
        operation.tell("UPDATE_ROLLBACK_COMPLETE")

    async def _take_away(self, reason: str) -> None:
        operation = self.operation
        operation.tell("ROLLBACK_IN_PROGRESS", reason)
        failed = await self._delete(operation.made)
        await remove_replaced(operation, operation.between)
        if failed:
            names = ", ".join(sorted(failed))
            told = f"The following resource(s) failed to delete: [{names}]. "
            operation.stack["StackStatusReason"] = told
            operation.tell("ROLLBACK_FAILED", told)
        else:
            await self._release(operation.made)
            operation.tell("ROLLBACK_COMPLETE", "Rollback complete")

    def _is_new(self, name: str) -> bool:
        """Whether what the stack has of it now is not what it had."""
        held, now = self._held.get(name), self.operation.resources.get(name, {})
        return (
            held is None
            or held.get("PhysicalResourceId") != now.get("PhysicalResourceId")
            or name in self.operation.replaced
        )

    async def _send_back(self, changed: dict[str, FailedChange]) -> None:
        """Give what was changed its properties again, all side by side."""
        operation = self.operation
        course = Course(needs_of(operation.stacks, operation.definitions, set(changed)))
        while found := course.next():
            step, name = found
            one = changed[name]
            about = (name, one.kind)
            if step is Turn.BEGIN and one.applied is None:
                course.follow(name, Turn.END)
            elif step is Turn.BEGIN:
                held = self._held[name].get("Properties", {})
                note_properties(operation.stack, name, held, operation.values)
                operation.tell_of(*about, "UPDATE_IN_PROGRESS", "", one.physical_id)
                course.follow(name, Turn.CALL, moments_until_call(one.kind))
            elif step is Turn.CALL:
                try:
                    await revert(operation, name, one, self._held[name])
                except Exception as error:
                    _LOG.debug("%s was not sent back", name, exc_info=True)
                    operation.tell_of(*about, "UPDATE_FAILED", str(error), one.physical_id)
                    self._unfinished[name] = one
                    course.follow(name, Turn.END)
                else:
                    course.follow(name, Turn.END, moments_until_end(one.kind))
            elif name not in self._unfinished:
                self._held[name] |= {
                    "ResourceStatus": "UPDATE_COMPLETE",
                    "Timestamp": operation.stacks.now_iso(),
                }
                operation.tell_of(*about, "UPDATE_COMPLETE", "", one.physical_id)

    def _changed(self) -> dict[str, FailedChange]:
        """What the stack had and the operation touched, with what there is to send back."""
        operation, changed = self.operation, {}
        for name in operation.made:
            held, now = self._held.get(name), operation.resources.get(name, {})
            if held is None:
                continue
            kind, physical_id = now["ResourceType"], str(held["PhysicalResourceId"])
            if self._is_new(name):
                changed[name] = FailedChange(kind, physical_id)
                continue
            applied = operation.tagged(name, now.get("Properties", {}))
            previous = operation.tagged(name, held.get("Properties", {}), before=True)
            if applied != previous or kind == STACK:
                attributes = now.get("Attributes", {})
                changed[name] = FailedChange(kind, physical_id, applied, previous, attributes)
        for name, failure in operation.failures.items():
            if name in self._held and name not in changed and name not in operation.made:
                is_sent = operation.stacks._sends_back_failed_update(failure.kind)
                as_it_was = FailedChange(failure.kind, failure.physical_id)
                is_touched = failure.applied is not None and is_sent
                changed[name] = failure if is_touched else as_it_was
        return changed

    async def _delete(self, new: Iterable[str]) -> list[str]:
        """Delete what is new; the logical ids of what cannot be, and stays."""
        operation = self.operation
        # What failed before it was made is told to be gone, too.
        unmade = {name: Removal(kind, "", {}) for name, kind in operation.unmade().items()}
        removals = unmade | {
            name: self._removal(name) for name in new if name not in operation.imports
        }
        removed = await remove(
            operation.stacks,
            operation.place[0],
            removals,
            needs_of(operation.stacks, operation.definitions, set(removals)),
            operation.tell_of,
        )
        for name in removed.gone:
            operation.resources.pop(name, None)
        return list(removed.failed)

    def _removal(self, name: str) -> Removal:
        record = self.operation.resources[name]
        is_kept = self.operation.policy(name, "DeletionPolicy") == "Retain" and self._keeps_retained
        return Removal(
            record["ResourceType"],
            str(record["PhysicalResourceId"]),
            record.get("Properties", {}),
            is_kept=is_kept,
        )

    async def _release(self, new: Iterable[str]) -> None:
        """Let what was imported leave the stack as it came."""
        operation = self.operation
        for name in [name for name in operation.failures if name in operation.imports]:
            kind = operation.definitions[name]["Type"]
            for status in ("IMPORT_ROLLBACK_IN_PROGRESS", "IMPORT_ROLLBACK_COMPLETE"):
                operation.tell_of(name, kind, status)
        for name in [name for name in reversed(list(new)) if name in operation.imports]:
            record = operation.resources.pop(name)
            await tag(operation, name, record, takes_away=True)
            for status, reason in (
                ("UPDATE_IN_PROGRESS", _UNTAG),
                ("UPDATE_COMPLETE", ""),
                ("IMPORT_ROLLBACK_IN_PROGRESS", ""),
                ("IMPORT_ROLLBACK_COMPLETE", ""),
            ):
                about = (name, record["ResourceType"], status, reason)
                operation.tell_of(*about, record["PhysicalResourceId"])
