"""A resource's properties, held against its type's schema: as AWS reads them, or what is wrong.

AWS reads a number where text is asked, a number's text where a number is, "true" where a boolean
is; everything else of another type is refused, like properties that there are not.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# Made by tests/property_schemas.py; read when the first stack is made.
SCHEMAS = Path(__file__).with_name("schemas.json")

Schema = dict[str, Any]
# Where a function stands whose value is not known yet.
UNKNOWN = object()
_NAMES = {
    "array": "JSONArray",
    "boolean": "Boolean",
    "integer": "Integer",
    "number": "Number",
    "object": "JSONObject",
    "string": "String",
}


class WrongType(Exception):
    """A value that cannot be read as what is asked for."""


def problems(resource_type: str, properties: Mapping[str, Any]) -> list[str]:
    """What is wrong, in the words of AWS's validation; functions are taken for any value."""
    schema = _schemas().get(resource_type)
    if schema is None:
        return []
    found: list[str] = []
    _PropertyReader(schema["definitions"], found).read(schema | {"type": "object"}, properties, "#")
    read_only = set(schema["read_only"]) - set(schema.get("required", ()))
    named = sorted(read_only & properties.keys())
    return [*found, *(f"#: extraneous key [{name}] is not permitted" for name in named)]


def as_read(resource_type: str, properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties with each value as AWS reads it; what is wrong stays as it is."""
    schema = _schemas().get(resource_type)
    if schema is None:
        return properties
    reader = _PropertyReader(schema["definitions"], [])
    read: Mapping[str, Any] = reader.read(schema | {"type": "object"}, properties, "#")
    return read


def recreation(resource_type: str, name: str) -> str | None:
    """Whether a changed property makes another resource: "Always", "Conditionally" or "Never".

    None where that is not known.
    """
    schema = _schemas().get(resource_type)
    return None if schema is None else schema["recreation"].get(name, "Never")


@functools.cache
def _schemas() -> dict[str, Schema]:
    schemas: dict[str, Schema] = json.loads(SCHEMAS.read_text())
    return schemas


class _PropertyReader:
    def __init__(self, definitions: dict[str, Schema], found: list[str]) -> None:
        self._definitions = definitions
        self._found = found

    def read(self, schema: Schema, value: Any, place: str) -> Any:
        """The value as AWS reads it; notes what is wrong with it."""
        while "$ref" in schema:
            schema = self._definitions.get(schema["$ref"].rsplit("/", 1)[-1], {})
        if is_function(value) or "type" not in schema:
            return value
        asked = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        kind = _kind_of(value)
        if kind not in asked and not (kind == "integer" and "number" in asked):
            for name in asked:
                try:
                    return _coerced(name, value)
                except WrongType:
                    continue
            expected = _NAMES.get(asked[0], asked[0])
            self._found.append(f"{place}: expected type: {expected}, found: {_NAMES[kind]}")
            return value
        if kind == "object":
            return self._read_object(schema, value, place)
        if kind == "array" and "items" in schema:
            return [
                self.read(schema["items"], item, f"{place}/{number}")
                for number, item in enumerate(value)
            ]
        return value

    def _read_object(self, schema: Schema, value: Mapping[str, Any], place: str) -> Any:
        known: dict[str, Schema] = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                self._found.append(f"{place}: required key [{name}] not found")
        read = {}
        for name, member in value.items():
            if name in known:
                read[name] = self.read(known[name], member, f"{place}/{name}")
            elif "values" in schema:
                read[name] = self.read(schema["values"], member, f"{place}/{name}")
            else:
                read[name] = member
                if known and not schema.get("is_open", True):
                    self._found.append(f"{place}: extraneous key [{name}] is not permitted")
        return read


def is_function(value: Any) -> bool:
    """Whether it is a function of CloudFormation's, whose value a template does not tell."""
    if value is UNKNOWN:
        return True
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    [name] = value
    return isinstance(name, str) and (name == "Ref" or name.startswith("Fn::"))


def _kind_of(value: Any) -> str:
    kinds: tuple[tuple[Any, str], ...] = (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
    )
    return next((name for type_, name in kinds if isinstance(value, type_)), "object")


def _coerced(asked: str, value: Any) -> Any:
    for reading in _readings(asked, value):
        return reading
    raise WrongType(asked)


def _readings(asked: str, value: Any) -> Iterator[Any]:
    is_boolean, is_text = isinstance(value, bool), isinstance(value, str)
    if asked == "string" and isinstance(value, bool | int | float):
        yield json.dumps(value)
    if asked == "boolean" and is_text and value.lower() in ("true", "false"):
        yield value.lower() == "true"
    if asked in ("integer", "number") and not is_boolean and isinstance(value, str | int | float):
        try:
            number = float(value)
        except ValueError:
            return
        if number.is_integer():
            yield int(number)
        elif asked == "number":
            yield number
    if asked == "object" and is_text and value.lstrip().startswith("{"):
        yield value  # a document as JSON text
