"""From which states a stack is updated, and how what an operation without rollback left goes on.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
The words: https://github.com/rails-lambda/lamby/issues/132 (a state that is no beginning),
https://github.com/aws/aws-cli/issues/6368 (a failed operation without rollback) and
https://github.com/code-dot-org/code-dot-org/pull/68524 (OnFailure=DO_NOTHING).
"""

import copy
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.stacks.created_change_sets import when_created
from localaws.emulator.stacks.nested_requests import holds_stacks
from localaws.emulator.stacks.output_changes import complete_empty
from localaws.emulator.stacks.stack_operation import Record

_LEFT = ("CREATE_FAILED", "UPDATE_FAILED")
_UPDATABLE = frozenset(
    {
        *_LEFT,
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)
_GONE = "DELETE_COMPLETE"
_REVIEWED = "REVIEW_IN_PROGRESS"
# A state from which ministack begins an update; it takes none of those of failure.
_STANDS_FOR_IT = "UPDATE_COMPLETE"
_RETRIED = "_retried"
_ON_FAILURE = "_on_failure"


def keep_to_states(handlers: ModuleType, change_sets: ModuleType) -> None:
    """Let operations on stacks begin where AWS lets them, and with what is there.

    Args:
        handlers: ministack's module that answers requests.
        change_sets: its module of change sets.
    """
    table, no_updates = handlers._ACTION_HANDLERS, handlers._stack_has_no_updates
    create, update = table["CreateStack"], table["UpdateStack"]
    create_change_set, execute = table["CreateChangeSet"], table["ExecuteChangeSet"]

    def found(params: Any) -> dict[str, Any] | None:
        stack = handlers._resolve_stack(handlers._p(params, "StackName"))
        return stack if stack and stack["StackStatus"] != _GONE else None

    def refusal(message: str) -> Any:
        return handlers._error("ValidationError", message)

    def created(params: Any) -> Any:
        answer = create(params)
        if answer[0] == 200 and (stack := found(params)):
            stack[_ON_FAILURE] = handlers._p(params, "OnFailure")
        return answer

    def updated(params: Any) -> Any:
        stack = found(params)
        if stack is None:
            return update(params)
        keeps = _keeps(handlers, params)
        if mistake := not_updatable(stack) or _unrolled(stack, keeps, "update-stack"):
            return refusal(mistake)
        return retried(stack, params) if stack["StackStatus"] in _LEFT else update(params)

    def retried(stack: dict[str, Any], params: Any) -> Any:
        left = stack["StackStatus"]
        stack |= {"StackStatus": _STANDS_FOR_IT, _RETRIED: True}
        try:
            return update(params)
        finally:
            del stack[_RETRIED]
            if stack["StackStatus"] == _STANDS_FOR_IT:  # it was refused
                stack["StackStatus"] = left

    def compared(params: Any) -> Any:
        stack = found(params)
        if stack is None:
            return create_change_set(params)
        if handlers._p(params, "ChangeSetType") == "CREATE":
            if stack["StackStatus"] != _REVIEWED:
                return refusal(
                    f"Stack [{stack['StackName']}] already exists and cannot be created again "
                    f"with the changeSet [{handlers._p(params, 'ChangeSetName')}]."
                )
        elif mistake := not_updatable(stack):
            return refusal(mistake)
        template = stack["_template"]
        stack["_template"] = _as_made(stack)
        try:
            return create_change_set(params)
        finally:
            stack["_template"] = template

    def executed(params: Any) -> Any:
        _, change_set = change_sets._find_change_set(
            handlers._p(params, "ChangeSetName"), handlers._p(params, "StackName")
        )
        if change_set and change_set["ExecutionStatus"] != "AVAILABLE":
            return handlers._error("InvalidChangeSetStatus", _unexecutable(change_set))
        if change_set:
            stack = handlers._resolve_stack(change_set["StackName"])
            keeps = _keeps(handlers, params)
            if stack and (mistake := _unrolled(stack, keeps, "execute-change-set")):
                return refusal(mistake)
        return execute(params)

    def has_no_updates(stack: Any, *rest: Any) -> bool:
        # A nested stack's template may be another one at the same address.
        may_differ = _RETRIED in stack or holds_stacks(stack.get("_template") or {})
        return not may_differ and no_updates(stack, *rest)

    table |= {
        "CreateStack": created,
        "UpdateStack": updated,
        "CreateChangeSet": compared,
        "ExecuteChangeSet": executed,
    }
    replace(handlers, "_stack_has_no_updates", has_no_updates)
    when_created(handlers, change_sets, _lead_on)


def _lead_on(change_set: Record, stack: Record) -> None:
    """From what failed and was not rolled back each template leads on, as UpdateStack's does.

    What was never made goes, where the template is without it.
    """
    if stack["StackStatus"] not in _LEFT or change_set.get("ChangeSetType") != "UPDATE":
        return
    complete_empty(change_set)
    failed = stack.get("_failed_operation")
    if failed and change_set["Status"] == "CREATE_COMPLETE":
        left = failed["of"].unmade()
        change_set["Changes"] += [
            {
                "ResourceChange": {
                    "Action": "Remove",
                    "LogicalResourceId": name,
                    "ResourceType": left[name],
                }
            }
            for name in sorted(left.keys() - (change_set["_template"].get("Resources") or {}))
        ]


def _keeps(handlers: ModuleType, params: Any) -> bool:
    return str(handlers._p(params, "DisableRollback", "false")).lower() == "true"


def not_updatable(stack: Mapping[str, Any]) -> str | None:
    """What AWS says where no update of a stack can begin; None where one can."""
    status = stack["StackStatus"]
    if status in _UPDATABLE:
        return None
    return f"Stack:{stack['StackId']} is in {status} state and can not be updated."


def _unrolled(stack: Mapping[str, Any], keeps: bool, api: str) -> str | None:
    """What keeps an update from a stack that failed and was not rolled back."""
    status = stack["StackStatus"]
    if status not in _LEFT:
        return None
    if status == "CREATE_FAILED" and stack.get(_ON_FAILURE) == "DO_NOTHING":
        return (
            f"This stack cannot be updated from [{status}] state because it contains "
            "[on-failure: DO_NOTHING]. Please use disable-rollback option instead during stack "
            "creation."
        )
    if keeps:
        return None
    return (
        f"This stack is currently in a non-terminal [{status}] state. To update the stack from "
        f"this state, please use the disable-rollback parameter with {api} API. To rollback to "
        "the last known good state, use the rollback-stack API"
    )


def _unexecutable(change_set: Mapping[str, Any]) -> str:
    is_made = change_set["Status"] == "CREATE_COMPLETE"
    of_what, status = (
        ("execution status", change_set["ExecutionStatus"])
        if is_made
        else ("status", change_set["Status"])
    )
    return (
        f"ChangeSet [{change_set['ChangeSetId']}] cannot be executed in its current {of_what} of "
        f"[{status}]"
    )


def _as_made(stack: Mapping[str, Any]) -> dict[str, Any]:
    """The template of what a stack has, be it that of an operation which failed half way."""
    template: dict[str, Any] = stack["_template"]
    failed = stack.get("_failed_operation") if stack["StackStatus"] in _LEFT else None
    if not failed:
        return template
    operation = failed["of"]
    resources = {
        name: definition
        for name, definition in template.get("Resources", {}).items()
        if operation.held(name)
    }
    resources |= {name: operation.definitions[name] for name in operation.made}
    for name in operation.failures.keys() & resources.keys():
        # Whichever template comes next, this one is not as it says.
        resources[name] = copy.deepcopy(resources[name]) | {"Metadata": {"State": "failed"}}
    return {**operation.template, **template, "Resources": resources}
