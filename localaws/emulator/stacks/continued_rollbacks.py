"""ContinueUpdateRollback: what could not be sent back is tried again, in nested stacks as well.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html
"""

from collections.abc import Collection, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.stacks.rollbacks import UNFINISHED, Rollback

_FAILED = "UPDATE_ROLLBACK_FAILED"


def continue_rollbacks(handlers: ModuleType, records: ModuleType) -> None:
    """Let ministack's answers go on with our rollbacks.

    Args:
        handlers: its module that answers requests.
        records: its module that holds the stacks.
    """

    def refusal(message: str) -> Any:
        return handlers._error("ValidationError", message)

    def answer(params: Any) -> Any:
        name = handlers._p(params, "StackName")
        stack = handlers._resolve_stack(name)
        if not stack or stack["StackStatus"] == "DELETE_COMPLETE":
            return refusal(f"Stack [{name}] does not exist")
        if "ParentId" in stack:
            return refusal("RollbackUpdatedStack cannot be invoked on child stacks")
        if stack["StackStatus"] != _FAILED:
            return refusal(
                f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not continue "
                "its update rollback."
            )
        skipped = _members(params, "ResourcesToSkip")
        found = _names_to_skip(stack, records._stacks)
        if absent := sorted(one for one in skipped if one not in found):
            return refusal(
                f"ResourcesToSkip: no rollback of {', '.join(absent)} has failed in stack "
                f"{stack['StackName']}. Those that have: {', '.join(sorted(found))}."
            )
        rollback: Rollback = stack[UNFINISHED]
        work = rollback.go_on(skipped)
        handlers._create_stack_task_in_region(work, stack, stack["StackId"])
        return handlers._xml(
            200,
            "ContinueUpdateRollbackResponse",
            "<ContinueUpdateRollbackResult></ContinueUpdateRollbackResult>",
        )

    handlers._ACTION_HANDLERS["ContinueUpdateRollback"] = answer


def _members(params: Any, name: str) -> list[str]:
    start = f"{name}.member."
    return [str(params[one][0]) for one in sorted(params) if one.startswith(start)]


def _names_to_skip(stack: Mapping[str, Any], stacks: Mapping[str, Any]) -> Collection[str]:
    """Of what could not be sent back in a stack, and in those in it.

    A nested stack is skipped by what failed in it; itself, where it is gone.
    """
    names = set()
    if stack["StackStatus"] == _FAILED and UNFINISHED in stack:
        for name, physical_id in stack[UNFINISHED].unfinished.items():
            nested = [one for one in stacks.values() if one["StackId"] == physical_id]
            if all(one["StackStatus"].startswith("DELETE_") for one in nested):
                names.add(name)
            for one in nested:
                names |= set(_names_to_skip(one, stacks))
    return names
