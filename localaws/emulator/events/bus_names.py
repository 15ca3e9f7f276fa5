"""Which event bus an operation is about: AWS takes its ARN wherever it takes its name.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html, "EventBusName: the
name or ARN of the event bus", and alike for all that follow; that a bus that is not there is told
by ListRules too is in moto's and LocalStack's tests, which agree.
"""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace

_Operation = Callable[[Mapping[str, Any]], Any]

_OF_RULES = (
    *("_put_rule", "_delete_rule", "_describe_rule", "_enable_rule", "_disable_rule"),
    *("_put_targets", "_remove_targets", "_list_targets_by_rule"),
    *("_list_rules", "_list_rule_names_by_target"),
)


def take_buses_by_arn(eventbridge: ModuleType) -> None:
    """Let ministack's operations take ARNs of buses, and tell of a bus that is not there."""

    def by_name(theirs: _Operation, field: str) -> _Operation:
        def handle(data: Mapping[str, Any]) -> Any:
            name, error = eventbridge._event_bus_name_from_ref(data.get(field) or "default")
            if error is None and name not in eventbridge._event_buses:
                error = "ResourceNotFoundException", f"Event bus {name} does not exist."
            if error:
                return eventbridge.error_response_json(*error, 400)
            return theirs({**data, field: name})

        return handle

    for operation in _OF_RULES:
        replace(eventbridge, operation, by_name(getattr(eventbridge, operation), "EventBusName"))
    replace(eventbridge, "_describe_event_bus", by_name(eventbridge._describe_event_bus, "Name"))
