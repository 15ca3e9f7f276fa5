"""The clean-up after an update: what was replaced or left out is deleted once all else is done.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from collections.abc import Iterable
from typing import Any

from localaws.emulator.stacks.removals import Removal, remove
from localaws.emulator.stacks.stack_operation import Operation, Replaced, needs_of

# https://github.com/rvedotrc/aws-cloudformation-stack-states/issues/2
_LEFT_BEHIND = "Update successful. One or more resources could not be deleted."


async def clean_up(operation: Operation) -> str:
    """Delete it, and let go of what stays; what AWS says of that, "" where nothing does."""
    before: dict[str, Any] = operation.before or {}
    held: dict[str, Any] = before.get("_resources", {})
    left_out = {**held, **operation.resources}.keys() - operation.wanted
    unmade = {name: Removal(kind, "", {}) for name, kind in operation.unmade().items()}
    going = {name: _left_out(operation, name) for name in left_out - unmade.keys()}
    removals = unmade | going
    replaced = [*operation.between, *operation.replaced.values()]
    # Where what replaced it goes as well, that goes first.
    alone = {one.logical_id: one for one in replaced if one.logical_id not in removals}
    removals |= {name: removal_of(operation, one) for name, one in alone.items()}
    definitions = (before.get("_template") or {}).get("Resources") or {}
    needs = needs_of(operation.stacks, definitions, set(removals))
    name, _ = operation.place
    removed = await remove(operation.stacks, name, removals, needs, operation.tell_of)
    rest = [one for one in replaced if one not in alone.values()]
    is_all_gone = await remove_replaced(operation, rest)
    for logical_id in left_out:
        operation.resources.pop(logical_id, None)
    return "" if is_all_gone and len(removed.gone) == len(removals) else _LEFT_BEHIND


async def remove_replaced(operation: Operation, replaced: Iterable[Replaced]) -> bool:
    """Delete what others were made for, one after the other; whether all of it is gone."""
    (name, _), failed = operation.place, 0
    for one in replaced:
        removals = {one.logical_id: removal_of(operation, one)}
        removed = await remove(operation.stacks, name, removals, {}, operation.tell_of)
        failed += len(removed.failed)
    return not failed


def removal_of(operation: Operation, one: Replaced) -> Removal:
    """How it goes."""
    policy = operation.policy(one.logical_id, "UpdateReplacePolicy")
    return Removal(
        one.kind,
        one.physical_id,
        one.properties,
        is_kept=policy in operation.stacks._RETAINING_POLICIES,
        pending=one.pending,
        is_handled=one.is_handled,
    )


def _left_out(operation: Operation, name: str) -> Removal:
    held = (operation.before or {}).get("_resources", {})
    record = operation.resources.get(name) or held[name]
    policy = _last_policy(operation, name)
    return Removal(
        record["ResourceType"],
        str(record["PhysicalResourceId"]),
        record.get("Properties", {}),
        is_kept=policy in operation.stacks._RETAINING_POLICIES,
        takes_snapshot=policy == "Snapshot",
    )


def _last_policy(operation: Operation, name: str) -> Any:
    """The DeletionPolicy of the last template that had it."""
    earlier = operation.latest and operation.latest.continued
    while earlier:
        if name in earlier.definitions:
            return earlier.policy(name, "DeletionPolicy")
        earlier = earlier.continued
    before = operation.before or {}
    template = before.get("_template") or {}
    return operation.stacks._resource_policy(
        (template.get("Resources") or {}).get(name),
        "DeletionPolicy",
        before.get("_resources", {}),
        before.get("_resolved_params", {}),
        before.get("_conditions", operation.conditions),
        template.get("Mappings", {}),
        *operation.place,
    )
