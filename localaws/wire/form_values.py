"""Form bodies of the query protocol -> boto3's parameters.

`Entries.member.1.Id=a` is a path into a tree. The form becomes that tree first, then functions
built once for every shape read it.
"""

from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from localaws.wire.models import Member, Shape
from localaws.wire.per_shape import PerShape
from localaws.wire.query_names import QueryNames
from localaws.wire.refusals import MalformedInput
from localaws.wire.values import read_blob, read_timestamp

Node: TypeAlias = "str | dict[str, Any]"
Read: TypeAlias = Callable[[Any], Any]


def parse_form(body: bytes) -> dict[str, Any]:
    """The tree of a form body; raises MalformedInput when one name is both a value and a path."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
        *path, leaf = name.split(".")
        node = tree
        for step in path:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise MalformedInput(f"{step} is both a value and a structure")
        if isinstance(node.get(leaf), dict):
            raise MalformedInput(f"{leaf} is both a value and a structure")
        node[leaf] = value
    return tree


class FormReaders(PerShape[Read]):
    """Functions that read a form's tree, one for every shape."""

    def __init__(self, names: QueryNames) -> None:
        super().__init__()
        self._names = names

    def _build(self, shape: Shape, flattened: bool) -> Read:
        if shape.type == "structure":
            return self._structure(shape)
        if shape.element is not None:
            return self._list(shape.element, flattened)
        if shape.value is not None:
            return self._map(shape, flattened)
        return _SCALARS.get(shape.type, _read_text)

    def _structure(self, shape: Shape) -> Read:
        members = [
            (self._names.of_member(member), name, self.of(member.shape, member.flattened))
            for name, member in shape.members.items()
        ]

        def read(node: Any) -> dict[str, Any]:
            fields = _branch(node)
            return {
                name: read_member(fields[wire_name])
                for wire_name, name, read_member in members
                if wire_name in fields
            }

        return read

    def _list(self, element: Member, flattened: bool) -> Read:
        read_element = self.of(element.shape)
        wire_name = element.wire_name

        def read(node: Any) -> list[Any]:
            if node == "":  # how clients send an empty list
                return []
            if isinstance(node, str):  # a single unnumbered value of a flattened list
                return [read_element(node)]
            items = node if flattened else node.get(wire_name, {})
            return [read_element(item) for item in _numbered(items)]

        return read

    def _map(self, shape: Shape, flattened: bool) -> Read:
        assert shape.value is not None
        read_value = self.of(shape.value.shape)
        blank: Node = {} if shape.value.shape.type == "structure" else ""
        key_name, value_name = self._names.of_entry(shape)

        def read(node: Any) -> dict[str, Any]:
            if node == "":
                return {}
            entries = node if flattened else _branch(node).get("entry", {})
            pairs = [_branch(entry) for entry in _numbered(entries)]
            return {
                _read_text(pair.get(key_name, "")): read_value(pair.get(value_name, blank))
                for pair in pairs
            }

        return read


def _branch(node: Node) -> dict[str, Any]:
    if isinstance(node, str):
        raise MalformedInput("Unexpected value where a structure was expected")
    return node


def _numbered(items: Node) -> list[Any]:
    numbers = sorted((int(n), n) for n in _branch(items) if n.isascii() and n.isdigit())
    return [items[number] for _, number in numbers]  # type: ignore[index]


def _read_text(node: Node) -> str:
    if isinstance(node, str):
        return node
    raise MalformedInput("Unexpected structure where a value was expected")


def _read_integer(node: Node) -> int:
    text = _read_text(node)
    try:
        return int(text)
    except ValueError as error:
        raise MalformedInput(f"{text!r} is not an integer") from error


def _read_boolean(node: Node) -> bool:
    return _read_text(node).lower() == "true"


def _read_float(node: Node) -> float:
    text = _read_text(node)
    try:
        return float(text)
    except ValueError as error:
        raise MalformedInput(f"{text!r} is not a number") from error


_SCALARS = {
    "integer": _read_integer,
    "long": _read_integer,
    "float": _read_float,
    "double": _read_float,
    "boolean": _read_boolean,
    "blob": lambda node: read_blob(_read_text(node)),
    "timestamp": lambda node: read_timestamp(_read_text(node)),
}
