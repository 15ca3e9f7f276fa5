"""The clean-up after an update: what was replaced or left out is deleted once all else is done.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from typing import Any

from localaws.emulator.stacks.removals import Removal, remove
from localaws.emulator.stacks.stack_operation import Operation, needs_of

# https://github.com/rvedotrc/aws-cloudformation-stack-states/issues/2
_LEFT_BEHIND = "Update successful. One or more resources could not be deleted."


async def clean_up(operation: Operation) -> str:
    """Delete it, and let go of what stays; what AWS says of that, "" where nothing does."""
    before: dict[str, Any] = operation.before or {}
    held: dict[str, Any] = before.get("_resources", {})
    left_out = held.keys() - {*operation.made, *operation.stayed}
    removals = {
        **{name: Removal(kind, "", {}) for name, kind in operation.unmade().items()},
        **{name: _replaced(operation, name) for name in operation.replaced},
        **{name: _left_out(operation, before, name) for name in left_out},
    }
    definitions = (before.get("_template") or {}).get("Resources") or {}
    needs = needs_of(operation.stacks, definitions, set(removals))
    name, _ = operation.place
    removed = await remove(operation.stacks, name, removals, needs, operation.tell_of)
    for logical_id in left_out:
        operation.resources.pop(logical_id, None)
    return _LEFT_BEHIND if len(removed.gone) < len(removals) else ""


def _replaced(operation: Operation, name: str) -> Removal:
    replaced, now = operation.replaced[name], operation.resources[name]
    held = operation.held(name) or {}
    policy = operation.policy(name, "UpdateReplacePolicy")
    return Removal(
        now["ResourceType"],
        replaced.physical_id,
        held.get("Properties", {}),
        is_kept=policy in operation.stacks._RETAINING_POLICIES,
        pending=replaced.pending,
        is_handled=now["PhysicalResourceId"] == replaced.physical_id,
    )


def _left_out(operation: Operation, before: dict[str, Any], name: str) -> Removal:
    record, template = before["_resources"][name], before.get("_template") or {}
    policy = operation.stacks._resource_policy(
        (template.get("Resources") or {}).get(name),
        "DeletionPolicy",
        before["_resources"],
        before.get("_resolved_params", {}),
        before.get("_conditions", operation.conditions),
        template.get("Mappings", {}),
        *operation.place,
    )
    return Removal(
        record["ResourceType"],
        str(record["PhysicalResourceId"]),
        record.get("Properties", {}),
        is_kept=policy in operation.stacks._RETAINING_POLICIES,
        takes_snapshot=policy == "Snapshot",
    )
