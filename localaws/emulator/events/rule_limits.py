"""What EventBridge refuses of a rule and of a bus. Pure.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html; that an empty pattern
is none, how large one may be and which names and DLQs buses may have was measured for
https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/events.
"""

import re
from collections.abc import Mapping
from typing import Any

from localaws.emulator.events.target_limits import mistake_in_dlq

_LARGEST_PATTERN_BYTES = 2048


def mistake_in_rule(rule: Mapping[str, Any], pattern: str) -> str | None:
    """The message with which PutRule refuses it, or None.

    Args:
        rule: as PutRule takes it.
        pattern: its EventPattern as JSON; "" if it has none.
    """
    if re.fullmatch(r"\s*(\{\s*\}\s*)?", pattern) and not rule.get("ScheduleExpression"):
        return "Parameter(s) EventPattern or ScheduleExpression must be specified."
    if len(pattern.encode()) > _LARGEST_PATTERN_BYTES:
        return (
            f"Parameter EventPattern for rule {rule.get('Name')} exceeds limit of "
            f"{_LARGEST_PATTERN_BYTES}."
        )
    return None


def mistake_in_bus(bus: Mapping[str, Any]) -> str | None:
    """The message with which CreateEventBus and UpdateEventBus refuse it, or None."""
    name, source = str(bus.get("Name") or ""), bus.get("EventSourceName")
    if source and source != name:
        return "Event bus name must match event source name"
    if "/" in name and not source:
        return "Event bus name must not contain '/'."
    mistake = mistake_in_dlq(bus.get("DeadLetterConfig"))
    return mistake and f"{mistake}."
