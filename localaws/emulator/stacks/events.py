"""Events of stacks at moments of their own, with the properties that resources are to have.

Clients sort events by their times (the CDK CLI does), so no two of them may have the same one,
however fast a stack is made and even while time stands.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html
How ids look: https://github.com/aws/serverless-application-model/issues/58
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.stacks.change_values import as_texts

# On a stack's record: the properties of its resources as events tell them, by logical id.
_PROPERTIES = "_told_properties"
_HIDDEN = "****"

_APART = timedelta(milliseconds=1)


def tell_in_order(stacks: ModuleType) -> None:
    """Give each event of a stack a time after that of the one before."""
    theirs = stacks.now_iso
    last = datetime.fromtimestamp(0, UTC)

    def now_iso() -> str:
        nonlocal last
        now = datetime.fromisoformat(theirs())
        # Ahead of the clock by no more than there are events; a clock that was set back counts.
        is_ahead = timedelta() <= last - now < timedelta(seconds=60)
        last = last + _APART if is_ahead else now
        return (
            last.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{last.microsecond // 1000:03}Z"
        )

    replace(stacks, "now_iso", now_iso)


def note_properties(
    stack: dict[str, Any], logical_id: str, properties: Any, values: Mapping[str, Any]
) -> None:
    """Let the events of a resource tell these properties from now on.

    Args:
        values: of the template's parameters; none is told that is not to be echoed.
    """
    text = json.dumps(as_texts(properties), separators=(",", ":"))
    for value in values.values():
        if value.get("NoEcho") and (secret := str(value["Value"])):
            text = text.replace(json.dumps(secret)[1:-1], _HIDDEN)
    stack.setdefault(_PROPERTIES, {})[logical_id] = text


def tell_properties(stacks: ModuleType, records: ModuleType) -> None:
    """Let each event of a resource have its properties, and an id as AWS's have it.

    Args:
        stacks: ministack's module that makes and changes stacks.
        records: its module that holds them and their events.
    """
    theirs = stacks._add_event

    def add(stack_id: str, name: str, logical_id: str, *rest: Any, **named: Any) -> None:
        theirs(stack_id, name, logical_id, *rest, **named)
        event = records._stack_events[stack_id][-1]
        if event["PhysicalResourceId"] == stack_id:
            return
        told = records._stacks.get(name, {}).get(_PROPERTIES, {})
        if logical_id in told:
            event["ResourceProperties"] = told[logical_id]
        status = event["ResourceStatus"]
        what = event["EventId"] if status.endswith("_FAILED") else f"{status}-{event['Timestamp']}"
        event["EventId"] = f"{logical_id}-{what}"

    replace(stacks, "_add_event", add)
