"""An update makes no other type of a resource: that is refused before anything begins.

The words: https://github.com/aws/aws-sam-cli/issues/6786 (a change set) and
https://github.com/aws-quickstart/quickstart-amazon-eks/issues/361 (an update).
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.stacks.created_change_sets import when_created
from localaws.emulator.stacks.stack_operation import Record


class _NotPermitted(ValueError):
    """An update that would change a type."""


def refuse_type_changes(handlers: ModuleType, change_sets: ModuleType) -> None:
    """Let UpdateStack refuse it, and CreateChangeSet fail.

    Args:
        handlers: ministack's module that answers requests.
        change_sets: its module of change sets.
    """
    table, no_updates = handlers._ACTION_HANDLERS, handlers._stack_has_no_updates
    update = table["UpdateStack"]

    def has_no_updates(stack: Mapping[str, Any], template: Any, *rest: Any) -> bool:
        if problem := type_change(stack, template):
            raise _NotPermitted(problem)
        return bool(no_updates(stack, template, *rest))

    def updated(params: Any) -> Any:
        try:
            return update(params)
        except _NotPermitted as problem:
            return handlers._error("ValidationError", str(problem))

    def fail(change_set: Record, stack: Record) -> None:
        if problem := type_change(stack, change_set["_template"]):
            failed = {"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE"}
            change_set.update(failed, StatusReason=problem, Changes=[])

    table["UpdateStack"] = updated
    replace(handlers, "_stack_has_no_updates", has_no_updates)
    when_created(handlers, change_sets, fail)


def type_change(stack: Mapping[str, Any], template: Mapping[str, Any]) -> str | None:
    """What AWS says of a template that changes the type of what a stack has; None where none is."""
    held = stack.get("_resources", {})
    changed = [
        name
        for name, definition in (template.get("Resources") or {}).items()
        if name in held and held[name]["ResourceType"] != definition.get("Type")
    ]
    return (
        "Update of resource type is not permitted. The new template modifies resource type of the "
        f"following resources: [{', '.join(changed)}]"
        if changed
        else None
    )
