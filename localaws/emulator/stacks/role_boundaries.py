"""A role's permissions boundary in a template, which ministack leaves out."""

from collections.abc import Callable, Mapping, MutableMapping
from types import ModuleType
from typing import Any

_ROLE = "AWS::IAM::Role"
_BOUNDARY = "PermissionsBoundary"


def keep_boundaries(table: MutableMapping[str, Any], iam: ModuleType) -> None:
    """Let stacks give roles their boundary, and take it away again.

    Args:
        table: ministack's handlers by resource type.
        iam: its roles.
    """
    theirs = table[_ROLE]
    create: Callable[..., Any] = theirs["create"]
    update: Callable[..., Any] = theirs["update"]

    def bounded(made: Any, properties: Mapping[str, Any]) -> Any:
        iam._roles[made[0]][_BOUNDARY] = properties.get(_BOUNDARY, "")
        return made

    def created(logical_id: str, properties: Any, stack_name: str) -> Any:
        return bounded(create(logical_id, properties, stack_name), properties)

    def updated(physical_id: str, old: Any, new: Any, *rest: Any) -> Any:
        return bounded(update(physical_id, old, new, *rest), new)

    table[_ROLE] = {**theirs, "create": created, "update": updated}
