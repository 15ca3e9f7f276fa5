"""What a change set tells: references that lead elsewhere, and what needs another resource.

ministack compares what the properties of two templates come to before any resource is made, and an
attribute then is the empty text, whosever it is. So a queue that is to have another DLQ
(`!GetAtt Other.Arn`), or an alias that leads to a new version, would not be in the change set;
where nothing else changes, the CDK CLI and the SAM CLI would say that there is nothing to do.

And of most of our resource types it says that any change may replace them. AWS's schemas tell it.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.cloudformation.templates.properties import recreation
from localaws.emulator.seams import replace


class _Attributes(dict[str, str]):
    """Of a resource that is not made: each is the reference to it."""

    def __init__(self, logical_id: str) -> None:
        super().__init__()
        self._logical_id = logical_id

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"${{{self._logical_id}.{name}}}"


class _Unmade(dict[str, Any]):
    """Resources of which nothing is known but what they are called."""

    def get(self, logical_id: str, default: Any = None) -> Any:
        return {"Attributes": _Attributes(logical_id)}


def compare_references(change_sets: ModuleType) -> None:
    """Let ministack see which attribute of which resource a property has."""
    theirs: Callable[..., Any] = change_sets._resolve_refs

    def resolve(value: Any, resources: dict[str, Any], *rest: Any) -> Any:
        return theirs(value, resources or _Unmade(), *rest)

    replace(change_sets, "_resolve_refs", resolve)


def tell_recreation(stacks: ModuleType) -> None:
    """Let a change set's `RequiresRecreation`, and what updates replace, be as AWS's schemas say.

    Of what was to be replaced a rollback sends nothing back, so it has to be known beforehand.
    """
    theirs: Callable[[str, str], str] = stacks._property_recreation
    replaces: Callable[..., bool] = stacks._replacing_change

    def told(resource_type: str, name: str) -> str:
        return recreation(resource_type, name) or theirs(resource_type, name)

    def replacing(resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        return replaces(resource_type, old, new) or any(
            told(resource_type, name) == "Always" for name in changed
        )

    replace(stacks, "_property_recreation", told)
    replace(stacks, "_replacing_change", replacing)
