"""All that a stack has goes with it, but for what is to be kept."""

from collections.abc import Collection, Mapping
from functools import partial
from types import ModuleType
from typing import Any

from localaws.emulator.stacks.removals import Removal, remove
from localaws.emulator.stacks.stack_operation import Record, needs_of

_FAILED, _SKIPPED = "DELETE_FAILED", "DELETE_SKIPPED"


def check_retained(handlers: ModuleType) -> None:
    """Let DeleteStack refuse to retain what is deleted: https://github.com/rebuy-de/aws-nuke/issues/270.

    Args:
        handlers: ministack's module that answers requests.
    """
    delete = handlers._ACTION_HANDLERS["DeleteStack"]

    def deleted(params: Any) -> Any:
        stack = handlers._resolve_stack(handlers._p(params, "StackName"))
        named = set(handlers._extract_string_members(params, "RetainResources"))
        if stack and stack["StackStatus"] == _FAILED:
            defined = (stack.get("_template") or {}).get("Resources") or {}
            if named & defined.keys() - stack.get("_resources", {}).keys():
                return handlers._error(
                    "ValidationError",
                    "The specified resources to retain must be in a valid state. Do not specify "
                    "resources that are in the DELETE_COMPLETE state.",
                )
        return delete(params)

    handlers._ACTION_HANDLERS["DeleteStack"] = deleted


async def remove_all(
    stacks: ModuleType, stack: Record, retained: Collection[str], *, is_forced: bool
) -> list[str]:
    """Delete the resources of a stack; the logical ids of those that could not be.

    Args:
        stacks: ministack's module that deletes resources.
        stack: its record, from which goes what is gone.
        retained: logical ids of what is to stay.
        is_forced: what cannot be deleted, and what that needs, stays outside of the stack.
    """
    name, resources = stack["StackName"], stack.get("_resources", {})
    definitions = (stack.get("_template") or {}).get("Resources") or {}
    kept = set(retained)
    if is_forced:
        failed = [one for one, record in resources.items() if record["ResourceStatus"] == _FAILED]
        kept |= stacks._with_dependencies(failed, definitions, set(resources))
    removals = {one: _removal(stacks, stack, one, is_kept=one in kept) for one in resources}
    tell = partial(stacks._add_event, stack["StackId"], name)

    def told(one: str, kind: str, status: str, reason: str, physical_id: str) -> None:
        tell(one, kind, status, reason, physical_id)
        if status in ("DELETE_COMPLETE", _SKIPPED):
            resources.pop(one, None)

    needs = needs_of(stacks, definitions, set(removals))
    removed = await remove(stacks, name, removals, needs, told, is_forced=is_forced)
    if is_forced:
        return []
    for one, reason in removed.failed.items():
        resources[one] |= {"ResourceStatus": _FAILED, "ResourceStatusReason": reason}
    return list(removed.failed)


def _removal(stacks: ModuleType, stack: Record, name: str, *, is_kept: bool) -> Removal:
    record: Mapping[str, Any] = stack["_resources"][name]
    template = stack.get("_template") or {}
    policy = stacks._resource_policy(
        (template.get("Resources") or {}).get(name),
        "DeletionPolicy",
        stack["_resources"],
        stack.get("_resolved_params", {}),
        stack.get("_conditions", {}),
        template.get("Mappings", {}),
        stack["StackName"],
        stack["StackId"],
    )
    return Removal(
        record["ResourceType"],
        str(record["PhysicalResourceId"]),
        record.get("Properties", {}),
        is_kept=is_kept or policy in stacks._RETAINING_POLICIES,
        takes_snapshot=policy == "Snapshot",
    )
