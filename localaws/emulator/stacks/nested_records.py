"""The records of stacks in stacks, as ministack keeps those of all stacks."""

import copy
import uuid
from collections.abc import Mapping
from typing import Any

from localaws.emulator.stacks.nested_requests import NestedRequest
from localaws.emulator.stacks.stack_operation import STATE


def record_of(
    name: str,
    around: Mapping[str, Any],
    request: NestedRequest,
    place: tuple[str, str],
    now: str,
) -> dict[str, Any]:
    """Of one that is to be made.

    Args:
        around: the stack that it is in.
        place: Region and account.
        now: the time, as events have it.
    """
    region, account_id = place
    return {
        "StackName": name,
        "StackId": f"arn:aws:cloudformation:{region}:{account_id}:stack/{name}/{uuid.uuid4()}",
        "ParentId": around["StackId"],
        "RootId": around.get("RootId", around["StackId"]),
        "StackStatus": "CREATE_IN_PROGRESS",
        "StackStatusReason": "",
        "CreationTime": now,
        "LastUpdatedTime": now,
        "Capabilities": around.get("Capabilities", []),
        "Outputs": [],
        # The stack around it validates nothing of it before it is made.
        "_disable_validation": True,
        "_resources": {},
        "_template": request.template,
        "_resolved_params": request.values,
        **request.in_record(),
    }


def state_of(stack: Mapping[str, Any]) -> dict[str, Any]:
    """What an update of it begins from."""
    return copy.deepcopy({name: stack[name] for name in STATE})
