"""What Ref gives of a rule: its name, on a bus of one's own with that of the bus before it.

https://github.com/localstack/localstack/issues/9789 shows it.
"""

from collections.abc import Callable, Mapping
from typing import Any

_KIND, _DEFAULT = "AWS::Events::Rule", "default"


def name_rules_by_bus(
    handlers: dict[str, dict[str, Any]], bus_of: Callable[[Mapping[str, Any]], str]
) -> None:
    """Let ministack's handler of rules give them such physical ids.

    Args:
        handlers: ministack's, by resource type.
        bus_of: the name of the bus that a rule's properties ask for.
    """
    theirs = handlers[_KIND]

    def named(made: tuple[str, Any], properties: Any) -> tuple[str, Any]:
        bus = bus_of(properties)
        return (made[0] if bus == _DEFAULT else f"{bus}|{made[0]}"), made[1]

    def create(logical_id: str, properties: Any, stack: str) -> Any:
        return named(theirs["create"](logical_id, properties, stack), properties)

    def update(physical_id: str, old: Any, new: Any, stack: str, logical_id: str) -> Any:
        return named(theirs["update"](_name(physical_id), old, new, stack, logical_id), new)

    def delete(physical_id: str, properties: Any) -> None:
        theirs["delete"](_name(physical_id), properties)

    handlers[_KIND] = theirs | {
        "create": create,
        "update": update,
        "update_with_logical_id": True,
        "delete": delete,
    }


def _name(physical_id: str) -> str:
    return physical_id.rpartition("|")[2]
