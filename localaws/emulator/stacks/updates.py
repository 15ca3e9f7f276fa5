"""What an update of a stack tells: of what changes, as what it is.

ministack tells an update of each resource of the stack, also of what is new or stays as it is, and
of nothing that it deletes afterwards. AWS tells nothing of what stays, of a new resource that it is
created, and deletes what was replaced or left out in a clean-up of its own.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any

from localaws.cloudformation.templates.properties import as_read
from localaws.emulator.seams import replace

_STACK = "AWS::CloudFormation::Stack"
INITIATED = "Resource creation Initiated"
_UPDATE, _CREATE = "UPDATE_", "CREATE_"
_UPDATING = f"{_UPDATE}IN_PROGRESS"
_UPDATED = f"{_UPDATE}COMPLETE"
_UNDELETED = "DELETE_FAILED"
_LEFT_BEHIND = "Update successful. One or more resources could not be deleted."
_CLEANING = f"{_UPDATE}COMPLETE_CLEANUP_IN_PROGRESS"


@dataclass
class _Update:
    """One resource of a stack that is being updated.

    Attributes:
        before: what the stack held of it; None when it is new.
        begin: tells that its update begins, once it is clear that it changes.
        stays: nothing of it changes.
        is_replaced: another one is made in its place.
        is_nested: it is a stack.
    """

    before: dict[str, Any] | None
    begin: list[Callable[[], None]] = field(default_factory=list)
    stays: bool = False
    is_replaced: bool = False
    is_nested: bool = False

    @property
    def physical_id(self) -> str:
        """Of what the stack held; "" when it is new."""
        return str(self.before["PhysicalResourceId"]) if self.before else ""

    def tell_beginning(self) -> None:
        while self.begin:
            self.begin.pop()()


# A stack's resources are updated one after the other, in one task.
_CURRENT: ContextVar[_Update | None] = ContextVar("current update of a resource", default=None)


def tell_updates(stacks: ModuleType, records: ModuleType) -> None:
    """Let stacks tell of their resources what AWS tells.

    Args:
        stacks: ministack's module that makes and changes them.
        records: its module that holds them and their events.
    """
    events = _Events(stacks, records)
    update, delete = stacks._update_resource, stacks._delete_resource

    def updated(kind: str, physical_id: str, old: Any, new: Any, *rest: Any) -> Any:
        if current := _CURRENT.get():
            current.stays = as_read(kind, old) == as_read(kind, new)
            if not current.stays:
                current.tell_beginning()
        return update(kind, physical_id, old, new, *rest)

    def deleted(
        kind: str, physical_id: str, properties: Any, stack_name: str, logical_id: str, *rest: Any
    ) -> Any:
        stack_id = records._stacks.get(stack_name, {}).get("StackId", "")
        about = (stack_id, stack_name, logical_id, kind)
        is_cleaned_up = events.is_updating(stack_id)
        if is_cleaned_up:
            events.clean_up(stack_id, stack_name)
            events.add(*about, "DELETE_IN_PROGRESS", "", physical_id)
        result = delete(kind, physical_id, properties, stack_name, logical_id, *rest)
        if is_cleaned_up:
            events.add(*about, "DELETE_COMPLETE", "", physical_id)
        return result

    replace(stacks, "_add_event", events.event)
    replace(stacks, "_update_resource", updated)
    replace(stacks, "_delete_resource", deleted)


class _Events:
    """The events of stacks."""

    def __init__(self, stacks: ModuleType, records: ModuleType) -> None:
        self.add = stacks._add_event
        self._records = records

    def is_updating(self, stack_id: str) -> bool:
        """Whether an update goes on that has not failed."""
        return self._last_of_stack(stack_id) in (_UPDATING, _CLEANING)

    def clean_up(self, stack_id: str, stack_name: str) -> None:
        """Tell, once, that all is made that an update makes."""
        if self._last_of_stack(stack_id) != _CLEANING:
            self.add(stack_id, stack_name, stack_name, _STACK, _CLEANING, "", stack_id)

    def event(
        self,
        stack_id: str,
        stack_name: str,
        logical_id: str,
        kind: str,
        status: str,
        reason: str = "",
        physical_id: str = "",
        detailed_status: str = "",
    ) -> None:
        """Add what ministack tells to a stack's events, or what AWS tells in its place."""
        add = partial(self.add, stack_id, stack_name, logical_id, kind)
        if kind == _STACK and logical_id == stack_name:
            if status == _UPDATED:
                self.clean_up(stack_id, stack_name)
                reason = self._leave_behind(stack_id, stack_name)
        elif status == "CREATE_COMPLETE":
            if kind != _STACK:  # a nested stack tells it when it begins
                add("CREATE_IN_PROGRESS", INITIATED, physical_id)
        elif self.is_updating(stack_id):
            if status == "DELETE_SKIPPED":
                self.clean_up(stack_id, stack_name)
            elif status.startswith(_UPDATE):
                self._update(add, stack_name, logical_id, kind, status, reason, physical_id)
                return
        add(status, reason, physical_id, detailed_status)

    def _update(
        self,
        add: Callable[..., None],
        stack_name: str,
        logical_id: str,
        kind: str,
        status: str,
        reason: str,
        physical_id: str,
    ) -> None:
        records = self._records._stacks.get(stack_name, {}).get("_resources", {})
        current = _CURRENT.get()
        if status == _UPDATING and not reason:
            current = _Update(records.get(logical_id), is_nested=kind == _STACK)
            _CURRENT.set(current)
            if current.before is None:
                add(f"{_CREATE}IN_PROGRESS")
            else:
                current.begin.append(partial(add, _UPDATING, "", current.physical_id))
        elif current is None:
            add(status, reason, physical_id)
        elif status == _UPDATING:
            current.begin, current.is_replaced = [partial(add, status, reason, physical_id)], True
        else:
            self._end(current, add, records.get(logical_id), status, reason, physical_id)

    def _end(
        self,
        current: _Update,
        add: Callable[..., None],
        record: dict[str, Any] | None,
        status: str,
        reason: str,
        physical_id: str,
    ) -> None:
        _CURRENT.set(None)
        has_succeeded = status == _UPDATED
        if has_succeeded and record and current.stays and current.before:
            kept = ("ResourceStatus", "Timestamp")
            record |= {name: current.before[name] for name in kept if name in current.before}
            return
        current.tell_beginning()
        if current.before is None:
            status = status.replace(_UPDATE, _CREATE)
            if has_succeeded and record:
                record["ResourceStatus"] = status
        is_new = current.before is None and not current.is_nested
        if has_succeeded and (is_new or current.is_replaced):
            begun = f"{_CREATE if current.before is None else _UPDATE}IN_PROGRESS"
            add(begun, INITIATED, physical_id)
        add(status, reason, physical_id or current.physical_id)

    def _leave_behind(self, stack_id: str, stack_name: str) -> str:
        """Let go of what could not be deleted; what AWS says of that, "" where all could.

        https://github.com/rvedotrc/aws-cloudformation-stack-states/issues/2
        """
        is_left = False
        for event in reversed(self._records._stack_events[stack_id]):
            if event["ResourceStatus"] == _CLEANING:
                break
            is_left = is_left or event["ResourceStatus"] == _UNDELETED
        stack = self._records._stacks[stack_name]
        kept = {n: r for n, r in stack["_resources"].items() if r["ResourceStatus"] != _UNDELETED}
        stack |= {"_resources": kept, "StackStatusReason": _LEFT_BEHIND if is_left else ""}
        return _LEFT_BEHIND if is_left else ""

    def _last_of_stack(self, stack_id: str) -> str:
        """The status that the stack itself was told to have last; "" without any."""
        events = self._records._stack_events.get(stack_id, ())
        of_stack = (one for one in reversed(events) if one["PhysicalResourceId"] == stack_id)
        return next((str(one["ResourceStatus"]) for one in of_stack), "")
