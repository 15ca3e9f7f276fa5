"""JSON documents <-> boto3's dicts, by functions that are built once for every shape."""

from collections.abc import Callable, Mapping
from math import isfinite, isnan
from typing import Any, TypeAlias

from localaws.wire.models import Member, Shape
from localaws.wire.per_shape import PerShape
from localaws.wire.refusals import SerializationException
from localaws.wire.values import (
    read_blob,
    read_timestamp,
    token_of,
    write_blob,
    write_timestamp,
)

Convert: TypeAlias = Callable[[Any], Any]


class JsonReaders(PerShape[Convert]):
    """From a parsed JSON document to boto3's parameters; the wrong type is AWS's error."""

    def structure(self, members: Mapping[str, Member]) -> Convert:
        """The function that reads an object with these members; unknown ones are ignored."""
        readers = {m.wire_name: (m.name, self.of(m.shape)) for m in members.values()}

        def read(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise _misplaced(value)
            found = {}
            for wire_name, item in value.items():
                reader = readers.get(wire_name)
                if reader is not None and item is not None:
                    found[reader[0]] = reader[1](item)
            return found

        return read

    def _build(self, shape: Shape, flattened: bool) -> Convert:
        if shape.type == "structure":
            return self.structure(shape.members)
        if shape.element is not None:
            return _list_reader(self.of(shape.element.shape))
        if shape.value is not None:
            return _map_reader(self.of(shape.value.shape))
        return _SCALAR_READERS.get(shape.type, _read_string)


class JsonWriters(PerShape[Convert]):
    """From an operation's result to a JSON document; members that are None are left out."""

    def structure(self, members: Mapping[str, Member]) -> Convert:
        """The function that writes an object; a member that the model lacks is a defect."""
        writers = {name: (m.wire_name, self.of(m.shape)) for name, m in members.items()}

        def write(value: Mapping[str, Any]) -> dict[str, Any]:
            document = {}
            for name, item in value.items():
                if item is not None:
                    wire_name, writer = writers[name]
                    document[wire_name] = writer(item)
            return document

        return write

    def _build(self, shape: Shape, flattened: bool) -> Convert:
        if shape.type == "structure":
            return self.structure(shape.members)
        if shape.element is not None:
            write = self.of(shape.element.shape)
            return lambda value: [write(item) for item in value]
        if shape.value is not None:
            write = self.of(shape.value.shape)
            return lambda value: {key: write(item) for key, item in value.items()}
        if shape.type == "blob":
            return write_blob
        if shape.type == "timestamp":
            form = shape.traits.get("timestampFormat", "unixTimestamp")
            return lambda value: write_timestamp(value, form)
        return _SCALAR_WRITERS[shape.type]


def _list_reader(read: Convert) -> Convert:
    def read_list(value: Any) -> list[Any]:
        if type(value) is not list:
            raise _misplaced(value)
        return [read(item) for item in value if item is not None]

    return read_list


def _map_reader(read: Convert) -> Convert:
    def read_map(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise _misplaced(value)
        return {key: read(item) for key, item in value.items() if item is not None}

    return read_map


def _read_string(value: Any) -> str:
    if type(value) is str:
        return value
    if isinstance(value, (dict, list)):
        raise _misplaced(value)
    raise SerializationException(f"{token_of(value)} can not be converted to a String")


def _read_integer(value: Any) -> int:
    if type(value) is int:
        return value
    if isinstance(value, (dict, list)):
        raise _misplaced(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise SerializationException(f"{token_of(value)} can not be converted to an Integer")


# https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#shape-serialization
_NO_FINITE_NUMBERS = ("NaN", "Infinity", "-Infinity")


def _read_float(value: Any) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if value in _NO_FINITE_NUMBERS:
        return float(value)
    raise SerializationException(f"{token_of(value)} can not be converted to a Double")


def _read_boolean(value: Any) -> bool:
    if type(value) is bool:
        return value
    if isinstance(value, (dict, list)):
        raise _misplaced(value)
    raise SerializationException(f"{token_of(value)} can not be converted to a Boolean")


def _write_float(value: Any) -> float | str:
    number = float(value)
    if isfinite(number):
        return number
    return "NaN" if isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _misplaced(value: Any) -> SerializationException:
    if isinstance(value, dict):
        return SerializationException("Start of structure or map found where not expected.")
    if isinstance(value, list):
        return SerializationException("Start of list found where not expected.")
    return SerializationException("Unexpected field type")


_SCALAR_READERS: Mapping[str, Convert] = {
    "string": _read_string,
    "integer": _read_integer,
    "long": _read_integer,
    "float": _read_float,
    "double": _read_float,
    "boolean": _read_boolean,
    "blob": read_blob,
    "timestamp": read_timestamp,
}

_SCALAR_WRITERS: Mapping[str, Convert] = {
    "string": str,
    "integer": int,
    "long": int,
    "float": _write_float,
    "double": _write_float,
    "boolean": bool,
}
