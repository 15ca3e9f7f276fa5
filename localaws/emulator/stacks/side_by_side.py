"""Creations and updates of stacks, with every resource begun once those that it needs are done.

ministack makes one after the other and stops at the first that fails. On AWS the others that were
begun are cancelled then, or, where the stack is to keep what could be made, go on.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
The words: https://github.com/aws-samples/amazon-chime-live-events/issues/7 (a creation) and
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

import logging
from dataclasses import replace

from localaws.emulator.stacks.course import Course, Turn, moments_until_call, moments_until_end
from localaws.emulator.stacks.events import note_properties
from localaws.emulator.stacks.resource_changes import (
    Change,
    carry_out,
    change_of,
    keep,
    revert,
    tag,
)
from localaws.emulator.stacks.stack_operation import (
    CANCELLED,
    INITIATED,
    STACK,
    UPDATE_CANCELLED,
    FailedChange,
    NotMade,
    Operation,
    Untouched,
    needs_of,
)

_LOG = logging.getLogger("localaws.cloudformation")


class SideBySide:
    """The resources of one operation on their way.

    Args:
        operation: begins with nothing done.
        goes_on: what does not need what fails is made all the same.

    Attributes:
        names: the logical ids of what is to be there, as the template's conditions have it.
    """

    def __init__(self, operation: Operation, *, goes_on: bool) -> None:
        self._operation = operation
        self._goes_on = goes_on
        active = {
            name
            for name, definition in operation.definitions.items()
            if operation.conditions.get(definition.get("Condition"), True)
        }
        self.names = frozenset(active)
        needs = needs_of(operation.stacks, operation.definitions, active)
        self._course = Course(needs)
        # Begun and not yet at an end, in the order of their beginnings.
        self._under_way: dict[str, Change] = {}
        self._physical_ids: dict[str, str] = {}
        self._is_taken_over = False

    async def run(self) -> None:
        """Take every step that there is, or those up to the first failure."""
        while not self._is_to_end() and (found := self._course.next()):
            step, name = found
            if step is Turn.BEGIN:
                self._begin(name)
            elif step is Turn.CALL:
                await self._call(self._under_way[name])
            elif name in self._under_way:
                self._end(self._under_way.pop(name))
        self._cancel()

    def _is_to_end(self) -> bool:
        operation = self._operation
        if operation.before is not None and operation.stack.pop("_cancel_requested", False):
            # What follows is told to be asked for by who cancelled it.
            token = operation.stack.pop("_cancel_token", "")
            operation.stacks.CLIENT_REQUEST_TOKEN.set(token)
            operation.is_cancelled = True
        has_failed = bool(operation.failures and not self._goes_on)
        return operation.is_cancelled or self._is_taken_over or has_failed

    def _begin(self, name: str) -> None:
        operation, kind = self._operation, self._operation.definitions[name]["Type"]
        try:
            change = change_of(operation, name)
        except Exception as error:
            held = operation.held(name)
            physical_id = str(held["PhysicalResourceId"]) if held else ""
            self._fail(name, FailedChange(kind, physical_id), "UPDATE" if held else "CREATE", error)
            return
        if change.stays:
            keep(operation, change, change.physical_id, (change.before or {}).get("Attributes", {}))
            self._course.follow(name, Turn.END)
            return
        self._under_way[name] = change
        note_properties(operation.stack, name, change.told, operation.values)
        if name not in operation.imports:
            status = f"{change.verb}_IN_PROGRESS"
            operation.tell_of(name, kind, status, change.reason, change.physical_id)
        # A nested stack that is new begins at once, and is made while the rest is.
        is_to_begin = kind == STACK and not change.before
        self._course.follow(name, Turn.CALL, 0 if is_to_begin else moments_until_call(kind))

    async def _call(self, change: Change) -> None:
        operation, name = self._operation, change.logical_id
        is_imported = name in operation.imports
        is_begun = name in self._physical_ids
        try:
            if is_imported:
                self._physical_ids[name] = await self._adopt(change)
            else:
                self._physical_ids[name] = await carry_out(operation, change)
        except Exception as error:
            if isinstance(error, NotMade):
                keep(operation, change, error.physical_id, {})
                operation.resources[name]["ResourceStatus"] = f"{change.verb}_FAILED"
                self._physical_ids[name] = error.physical_id
            change.is_called &= not isinstance(error, Untouched)
            del self._under_way[name]
            verb = "IMPORT" if is_imported else change.verb
            self._fail(name, change.failure(), verb, error)
            if self._goes_on:
                await self._send_back(name)
            return
        is_another = change.before is None or name in operation.replaced
        if change.kind == STACK and not change.before and not is_begun:
            self._course.follow(name, Turn.CALL, moments_until_call(STACK))
            return
        # A nested stack tells its id itself, when it begins.
        if is_another and change.kind != STACK and not is_imported:
            status = f"{change.verb}_IN_PROGRESS"
            operation.tell_of(name, change.kind, status, INITIATED, self._physical_ids[name])
        moments = 0 if is_imported else moments_until_end(change.kind)
        self._course.follow(name, Turn.END, moments)

    async def _send_back(self, name: str) -> None:
        """Return what failed to how it was, where the rest goes on."""
        operation, failed = self._operation, self._operation.failures[name]
        is_sent = operation.stacks._sends_back_failed_update(failed.kind) and failed.kind != STACK
        if failed.applied is None or not is_sent:
            return
        try:
            await revert(operation, name, failed, operation.resources[name])
        except Exception:
            _LOG.debug("%s was not sent back", name, exc_info=True)
        else:
            operation.failures[name] = replace(failed, applied=None)

    def _end(self, change: Change) -> None:
        name = change.logical_id
        if name not in self._operation.imports:
            status, physical_id = f"{change.verb}_COMPLETE", self._physical_ids[name]
            self._operation.tell_of(name, change.kind, status, "", physical_id)

    async def _adopt(self, change: Change) -> str:
        operation, (name, stack_id) = self._operation, self._operation.place
        identifier = operation.imports[change.logical_id]
        asked = (stack_id, name, change.logical_id, change.kind, identifier)
        physical_id, attributes = operation.stacks._adopt_resource(*asked)
        keep(operation, change, physical_id, attributes)
        record = operation.resources[change.logical_id]
        record["ResourceStatus"] = "UPDATE_COMPLETE"
        await tag(operation, change.logical_id, record)
        return str(physical_id)

    def _fail(self, name: str, failure: FailedChange, verb: str, error: Exception) -> None:
        _LOG.debug("%s failed", name, exc_info=True)
        self._operation.failures[name] = failure
        # A deletion ends also what is to stay as it failed.
        self._is_taken_over = str(error) == CANCELLED
        physical_id = self._physical_ids.get(name, failure.physical_id)
        about = (f"{verb}_FAILED", str(error), physical_id)
        self._operation.tell_of(name, failure.kind, *about)

    def _cancel(self) -> None:
        """End what was begun."""
        for name, change in self._under_way.items():
            told = UPDATE_CANCELLED if change.before else CANCELLED
            about = (
                f"{change.verb}_FAILED",
                told,
                self._physical_ids.get(name, change.physical_id),
            )
            self._operation.failures[name] = change.failure()
            self._operation.tell_of(name, change.kind, *about)
