"""What a template takes from elsewhere, and what has to be there before anything is made.

Exports of other stacks and parameters of SSM: AWS looks for them first.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-importvalue.html
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from localaws.emulator.stacks.stack_operation import Operation

_IF, _IMPORT, _PARAMETER = "Fn::If", "Fn::ImportValue", "{{resolve:ssm:"


def missing(operation: Operation, names: Collection[str]) -> str:
    """What AWS says of the first thing that there is not; "" where all is there.

    Args:
        names: the resources that the operation is to make.
    """
    for name in sorted(names):
        properties = operation.definitions[name].get("Properties")
        for node in _taken(properties, operation.conditions):
            try:
                _look(operation, node)
            except ValueError as error:
                return str(error)
    return ""


def _look(operation: Operation, node: Any) -> None:
    if isinstance(node, str):
        given = {"reuse_ssm": False, "reuse_secrets": False}
        operation.stacks._resolve_dynamic_references({"It": node}, None, **given)
    else:
        operation.read(node)


def _taken(node: Any, conditions: Mapping[str, bool]) -> Iterator[Any]:
    """Each call of an export, and each text with a reference to a parameter."""
    if isinstance(node, str):
        if _PARAMETER in node:
            yield node
    elif isinstance(node, Mapping) and set(node) == {_IMPORT}:
        yield node
    elif isinstance(node, Mapping) and set(node) == {_IF}:
        condition, then, otherwise = node[_IF]
        yield from _taken(then if conditions.get(condition, True) else otherwise, conditions)
    elif isinstance(node, Mapping | list):
        for value in node.values() if isinstance(node, Mapping) else node:
            yield from _taken(value, conditions)
