"""A rollback: what an operation made is deleted, and what it changed is sent back.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

import logging
from collections.abc import Iterable
from typing import Any

from localaws.emulator.stacks.course import Course, Step, moments_until_call, moments_until_end
from localaws.emulator.stacks.removals import Removal, remove
from localaws.emulator.stacks.resource_changes import revert
from localaws.emulator.stacks.stack_operation import Failure, Operation, needs_of

_LOG = logging.getLogger("localaws.cloudformation")
_RESTORED = (
    "_resources",
    "_template",
    "_template_body",
    "_resolved_params",
    "_conditions",
    "Parameters",
    "Tags",
    "Outputs",
)
# The reasons that AWS gives of what was imported and is let go.
_UNTAG = "Remove stack-level tags from imported resource if applicable."


class Rollback:
    """One operation's.

    Args:
        operation: it failed, or was cancelled.
        keeps_retained: what a template retains stays, also where the operation made it.
    """

    def __init__(self, operation: Operation, *, keeps_retained: bool) -> None:
        self._operation = operation
        self._keeps_retained = keeps_retained
        self._is_update = operation.before is not None
        self._held = (operation.before or {}).get("_resources", {})
        # What ContinueUpdateRollback tries again, as ministack keeps it.
        self._unfinished: dict[str, Any] = {}

    async def run(self, reason: str) -> None:
        """Take it back, and tell of it.

        Args:
            reason: of the rollback, as its first event has it.
        """
        operation = self._operation
        ended = "UPDATE_ROLLBACK" if self._is_update else "ROLLBACK"
        operation.tell(f"{ended}_IN_PROGRESS", reason)
        new = [name for name in operation.made if self._is_new(name)]
        if self._is_update:
            await self._send_back()
            self._release(new)
        if self._is_update and not self._unfinished:
            operation.tell(f"{ended}_COMPLETE_CLEANUP_IN_PROGRESS")
        await self._delete(name for name in new if name not in operation.imports)
        if operation.before is None:
            self._release(new)
        else:
            stack, before = operation.stack, operation.before
            stack.update({name: before[name] for name in _RESTORED if name in before})
        self._end(ended)

    def _end(self, ended: str) -> None:
        stack = self._operation.stack
        if self._unfinished:
            stack["_rollback_failed"] = self._unfinished
            told = _not_taken_back(self._unfinished)
            stack["StackStatusReason"] = told
            self._operation.tell(f"{ended}_FAILED", told)
        else:
            self._operation.tell(
                f"{ended}_COMPLETE", "" if self._is_update else "Rollback complete"
            )

    def _is_new(self, name: str) -> bool:
        """Whether what the stack has of it now is not what it had."""
        held, now = self._held.get(name), self._operation.resources.get(name, {})
        return (
            held is None
            or held.get("PhysicalResourceId") != now.get("PhysicalResourceId")
            or name in self._operation.replaced
        )

    async def _send_back(self) -> None:
        """Give what was changed its properties again, all side by side."""
        operation = self._operation
        changed = self._changed()
        course = Course(needs_of(operation.stacks, operation.definitions, set(changed)))
        while found := course.next():
            step, name = found
            one = changed[name]
            about = (name, one.kind)
            if step is Step.BEGIN and one.applied == one.previous:
                course.follow(name, Step.END)
            elif step is Step.BEGIN:
                operation.tell_of(*about, "UPDATE_IN_PROGRESS", "", one.physical_id)
                course.follow(name, Step.CALL, moments_until_call(one.kind))
            elif step is Step.CALL:
                try:
                    await revert(operation, name, one, self._held[name])
                except Exception as error:
                    _LOG.debug("%s was not sent back", name, exc_info=True)
                    operation.tell_of(*about, "UPDATE_FAILED", str(error), one.physical_id)
                    self._unfinished[name] = {
                        "PhysicalResourceId": one.physical_id,
                        "ResourceType": one.kind,
                        "RevertFrom": one.applied,
                        "RevertTo": one.previous,
                        "Attributes": one.attributes,
                    }
                    course.follow(name, Step.END)
                else:
                    course.follow(name, Step.END, moments_until_end(one.kind))
            elif name not in self._unfinished:
                self._held[name] |= {
                    "ResourceStatus": "UPDATE_COMPLETE",
                    "Timestamp": operation.stacks.now_iso(),
                }
                operation.tell_of(*about, "UPDATE_COMPLETE", "", one.physical_id)

    def _changed(self) -> dict[str, Failure]:
        """What the stack had and the operation touched, with what there is to send back."""
        operation, changed = self._operation, {}
        for name in operation.made:
            held, now = self._held.get(name), operation.resources.get(name, {})
            if held is None:
                continue
            kind, physical_id = now["ResourceType"], str(held["PhysicalResourceId"])
            if self._is_new(name):
                changed[name] = Failure(kind, physical_id)
                continue
            applied = operation.tagged(name, now.get("Properties", {}))
            previous = operation.tagged(name, held.get("Properties", {}), before=True)
            if applied != previous:
                attributes = now.get("Attributes", {})
                changed[name] = Failure(kind, physical_id, applied, previous, attributes)
        for name, failure in operation.failures.items():
            if name in self._held and name not in changed and name not in operation.made:
                is_sent = operation.stacks._sends_back_failed_update(failure.kind)
                as_it_was = Failure(failure.kind, failure.physical_id)
                is_touched = failure.applied is not None and is_sent
                changed[name] = failure if is_touched else as_it_was
        return changed

    async def _delete(self, new: Iterable[str]) -> None:
        operation, is_cleaned_up = self._operation, self._is_update and not self._unfinished
        # What failed before it was made is told to be gone, too.
        unmade = {name: Removal(kind, "", {}) for name, kind in operation.unmade().items()}
        removals = unmade | {name: self._removal(name) for name in new}
        removed = await remove(
            operation.stacks,
            operation.place[0],
            removals,
            needs_of(operation.stacks, operation.definitions, set(removals)),
            operation.tell_of,
        )
        # A rollback has succeeded once it only cleans up.
        for name, one in removals.items():
            if name not in removed.gone and one.physical_id and not is_cleaned_up:
                self._unfinished[name] = {
                    "PhysicalResourceId": one.physical_id,
                    "ResourceType": one.kind,
                    "Properties": one.properties,
                }
            if name in removed.gone or self._is_update:
                operation.resources.pop(name, None)

    def _removal(self, name: str) -> Removal:
        record = self._operation.resources[name]
        is_kept = (
            self._operation.policy(name, "DeletionPolicy") == "Retain" and self._keeps_retained
        )
        return Removal(
            record["ResourceType"],
            str(record["PhysicalResourceId"]),
            record.get("Properties", {}),
            is_kept=is_kept,
        )

    def _release(self, new: Iterable[str]) -> None:
        """Let what was imported leave the stack as it came."""
        operation = self._operation
        for name in [name for name in operation.failures if name in operation.imports]:
            kind = operation.definitions[name]["Type"]
            for status in ("IMPORT_ROLLBACK_IN_PROGRESS", "IMPORT_ROLLBACK_COMPLETE"):
                operation.tell_of(name, kind, status)
        for name in [name for name in reversed(list(new)) if name in operation.imports]:
            record = operation.resources.pop(name)
            for status, reason in (
                ("UPDATE_IN_PROGRESS", _UNTAG),
                ("UPDATE_COMPLETE", ""),
                ("IMPORT_ROLLBACK_IN_PROGRESS", ""),
                ("IMPORT_ROLLBACK_COMPLETE", ""),
            ):
                about = (name, record["ResourceType"], status, reason)
                operation.tell_of(*about, record["PhysicalResourceId"])


def _not_taken_back(unfinished: dict[str, Any]) -> str:
    changes = sorted(name for name, one in unfinished.items() if "RevertTo" in one)
    told = []
    for verb, names in (
        ("update", changes),
        ("delete", sorted(unfinished.keys() - set(changes))),
    ):
        if names:
            told.append(f"The following resource(s) failed to {verb}: [{', '.join(names)}].")
    return " ".join(told)
