"""Why a stack is in the state that it is in, as AWS tells it.

ministack tells most of it in words of its own, and fails a resource (or the stack, before it takes
it back) for what is wrong with an export. AWS tells that of the stack alone, once it takes back.
https://github.com/aws-samples/aws-serverless-workshops/issues/210 (a failed creation)
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

import re
from collections.abc import Callable, Coroutine, Iterable
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.stacks.time_limits import EXCEEDED

_STACK = "AWS::CloudFormation::Stack"
_BEGINNINGS = frozenset(
    {"CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS", "UPDATE_IN_PROGRESS"}
)
_FAILED = ("CREATE_FAILED", "UPDATE_FAILED")
_USER = "User Initiated"
_CANCELLED = "Resource creation cancelled"
# ministack's, in the place of which AWS says what failed.
_VAGUE = "Rollback requested"
# Of the whole operation, though a resource has it in its properties.
_OF_ALL = re.compile(r"No export named .* found\.|Parameters: \[.*\] cannot be found\.")
# How ministack tells of a dynamic reference to a parameter that there is not.
_NOT_STORED = re.compile(r"Dynamic reference \{\{resolve:(ssm.*?)\}\} could not be resolved: .*")

# What went wrong with an operation on a stack, on the stack's record.
_FAILING, _PROBLEM = "_failing", "_problem"
_DELETES = "_deletes_on_failure"


def tell_reasons(stacks: ModuleType, records: ModuleType, others: Iterable[ModuleType]) -> None:
    """Let a stack's events and descriptions tell its reasons.

    Args:
        stacks: ministack's module that makes and changes stacks.
        records: its module that holds them.
        others: its modules that begin what the first one does.
    """
    reasons = _Reasons(stacks._add_event, records)
    create: Callable[..., Coroutine[Any, Any, None]] = stacks._create_then_delete_on_failure

    def create_or_delete(
        name: str, stack_id: str, deploy: Coroutine[Any, Any, None]
    ) -> Coroutine[Any, Any, None]:
        records._stacks[name][_DELETES] = True
        return create(name, stack_id, deploy)

    references = stacks._resolve_dynamic_references

    def resolved(*given: Any, **named: Any) -> Any:
        try:
            return references(*given, **named)
        except ValueError as error:
            if found := _NOT_STORED.fullmatch(str(error)):
                raise ValueError(f"Parameters: [{found[1]}] cannot be found.") from None
            raise

    replace(stacks, "_resolve_dynamic_references", resolved)
    for module in (stacks, *others):
        replace(module, "_add_event", reasons.event)
        replace(module, "_create_then_delete_on_failure", create_or_delete)


class _Reasons:
    def __init__(self, add: Callable[..., None], records: ModuleType) -> None:
        self._add = add
        self._records = records

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
        """Add an event with AWS's reason, or none where AWS tells none."""
        stack = self._records._stacks.get(stack_name, {})
        about = (stack_id, stack_name, logical_id, kind)
        if kind != _STACK or logical_id != stack_name:
            if status in _FAILED:
                if kind != _STACK and _OF_ALL.fullmatch(reason):
                    stack[_PROBLEM] = reason
                    return
                stack.setdefault(_FAILING, {})[logical_id] = status.removesuffix("_FAILED").lower()
                if reason == EXCEEDED:
                    stack[_PROBLEM], reason = reason, _CANCELLED
            self._add(*about, status, reason, physical_id, detailed_status)
            return
        if not detailed_status:
            if status in _FAILED and stack.get("StackStatus", "").endswith("_IN_PROGRESS"):
                stack[_PROBLEM] = reason  # told with what follows
                return
            if stack.get(_DELETES):
                if status in ("ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS"):
                    return  # it is being deleted
                if status == "ROLLBACK_IN_PROGRESS":
                    status = stack["StackStatus"] = "DELETE_IN_PROGRESS"
                    reason = f"{_sentence(_why(stack))} Delete requested by user."
            reason = self._of_stack(stack, status, reason)
        stack["StackStatusReason"] = reason
        self._add(*about, status, reason, physical_id, detailed_status)
        if status == "DELETE_IN_PROGRESS":
            stack["DeletionTime"] = self._records._stack_events[stack_id][-1]["Timestamp"]

    def _of_stack(self, stack: dict[str, Any], status: str, reason: str) -> str:
        if status in _BEGINNINGS:
            is_deleted_for_failing = stack.get(_DELETES) and status == "DELETE_IN_PROGRESS"
            if not is_deleted_for_failing:
                stack.pop(_FAILING, None)
                stack.pop(_PROBLEM, None)
            return reason or _USER
        if status == "ROLLBACK_COMPLETE":
            return ""
        if status == "ROLLBACK_IN_PROGRESS" and reason == _VAGUE:
            told = _why(stack)
            return f"{_sentence(told)} Rollback requested by user." if told else reason
        if status in ("UPDATE_ROLLBACK_IN_PROGRESS", *_FAILED) and reason != _USER:
            return _why(stack) or reason
        return reason


def _why(stack: dict[str, Any]) -> str:
    """What went wrong; "" where nothing is known."""
    if problem := stack.get(_PROBLEM):
        return str(problem)
    failing: dict[str, str] = stack.get(_FAILING, {})
    told = ""
    for verb in ("create", "update"):
        # AWS's sentence ends with a blank where nothing follows.
        if names := [name for name, failed in failing.items() if failed == verb]:
            told += f"The following resource(s) failed to {verb}: [{', '.join(names)}]. "
    return told


def _sentence(told: str) -> str:
    text = told.removesuffix("Rollback requested by user.").rstrip(". ")
    return f"{text}."
