"""Results of operations -> the XML of the query protocol."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from localaws.wire.models import Member, Shape
from localaws.wire.per_shape import PerShape
from localaws.wire.query_names import QueryNames
from localaws.wire.values import write_blob, write_timestamp

Write: TypeAlias = Callable[[str, Any, list[str]], None]

# A carriage return would come out of a parser as a newline.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})

# What XML 1.0 cannot carry in any spelling.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XmlWriters(PerShape[Write]):
    """Functions that append a value's elements to a list of text, one for every shape."""

    def __init__(self, names: QueryNames) -> None:
        super().__init__()
        self._names = names

    def _build(self, shape: Shape, flattened: bool) -> Write:
        if shape.type == "structure":
            return self._structure(shape)
        if shape.element is not None:
            return self._list(shape.element, flattened)
        if shape.value is not None:
            return self._map(shape, flattened)
        return _scalar(_TEXTS.get(shape.type, str))

    def _structure(self, shape: Shape) -> Write:
        members = {
            name: (self._names.of_member(member), self.of(member.shape, member.flattened))
            for name, member in shape.members.items()
        }

        def write(name: str, value: Mapping[str, Any], out: list[str]) -> None:
            out.append(f"<{name}>")
            for member, item in value.items():
                if item is not None:
                    wire_name, write_member = members[member]
                    write_member(wire_name, item, out)
            out.append(f"</{name}>")

        return write

    def _list(self, element: Member, flattened: bool) -> Write:
        write_element = self.of(element.shape)

        def write(name: str, value: list[Any], out: list[str]) -> None:
            if flattened:
                for item in value:
                    write_element(name, item, out)
                return
            out.append(f"<{name}>")
            for item in value:
                write_element(element.wire_name, item, out)
            out.append(f"</{name}>")

        return write

    def _map(self, shape: Shape, flattened: bool) -> Write:
        assert shape.value is not None
        write_value = self.of(shape.value.shape)
        key_name, value_name = self._names.of_entry(shape)

        def write_entry(name: str, key: str, value: Any, out: list[str]) -> None:
            out.append(f"<{name}>{element(key_name, key)}")
            write_value(value_name, value, out)
            out.append(f"</{name}>")

        def write(name: str, value: Mapping[str, Any], out: list[str]) -> None:
            if flattened:
                for key, item in value.items():
                    write_entry(name, key, item, out)
                return
            out.append(f"<{name}>")
            for key, item in value.items():
                write_entry("entry", key, item, out)
            out.append(f"</{name}>")

        return write


def element(name: str, text: str) -> str:
    """One element with text."""
    return f"<{name}>{_IMPOSSIBLE.sub('?', text).translate(_ESCAPES)}</{name}>"


def _scalar(to_text: Callable[[Any], str]) -> Write:
    return lambda name, value, out: out.append(element(name, to_text(value)))


_TEXTS: Mapping[str, Callable[[Any], str]] = {
    "boolean": lambda value: "true" if value else "false",
    "blob": write_blob,
    "timestamp": lambda value: str(write_timestamp(value, "iso8601")),
}
