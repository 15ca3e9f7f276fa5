"""What commands pass on: events first, and after `stats` the rows of its table."""

from collections.abc import Mapping
from typing import Protocol

from localaws.logs import tokens
from localaws.logs.insights.fields import LAMBDA_GROUPS, json_fields, lambda_fields
from localaws.logs.insights.values import Moment, Value, text_of
from localaws.logs.reading import Found
from localaws.logs.stream import Position


class Row(Protocol):
    """Fields by name."""

    def get(self, name: str) -> Value:
        """A field's value, None when the row has none."""

    def set(self, name: str, value: Value) -> None: ...


class TableRow:
    """A row that holds nothing but what was computed."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def get(self, name: str) -> Value:
        return self._values.get(name)

    def set(self, name: str, value: Value) -> None:
        self._values[name] = value


class EventRow:
    """A log event; its fields are found when somebody asks for them.

    It keeps the event itself, not its place: streams may change while a query runs.
    """

    __slots__ = (
        "_account_id",
        "_computed",
        "_found_json",
        "_found_lambda",
        "_ingested_ms",
        "_message",
        "_serial",
        "_stream",
        "_time_ms",
    )

    def __init__(self, account_id: str, found: Found) -> None:
        self._account_id = account_id
        self._time_ms, self._serial, self._stream, index = found
        stream = self._stream
        self._message = stream.messages[index]
        self._ingested_ms = stream.ingested_ms[index]
        self._computed: dict[str, Value] | None = None
        self._found_lambda: dict[str, Value] | None = None
        self._found_json: dict[str, Value] | None = None

    @property
    def pointer(self) -> str:
        """`@ptr`: what GetLogRecord finds the event by."""
        stream = self._stream
        event_id = Position(self._time_ms, self._serial).event_id
        return tokens.encode("pointer", stream.group_name, stream.name, event_id)

    def get(self, name: str) -> Value:
        if self._computed and name in self._computed:
            return self._computed[name]
        if name[:1] != "@" or name[:2] == "@@":
            return self._json().get(name)
        own = self._own(name)
        return self._lambda().get(name) if own is None else own

    def set(self, name: str, value: Value) -> None:
        if self._computed is None:
            self._computed = {}
        self._computed[name] = value

    def all(self) -> dict[str, str]:
        """Every field as text."""
        own = {name: self._own(name) for name in OWN_FIELDS}
        values = {**own, **self._lambda(), **self._json()}
        return {name: text_of(value) for name, value in values.items()}

    def _own(self, name: str) -> Value:
        """The fields that every event has."""
        if name == "@message":
            return self._message
        if name == "@timestamp":
            return Moment(self._time_ms)
        if name == "@logStream":
            return self._stream.name
        if name == "@log":
            return f"{self._account_id}:{self._stream.group_name}"
        if name == "@ingestionTime":
            return Moment(self._ingested_ms)
        return self.pointer if name == "@ptr" else None

    def _lambda(self) -> dict[str, Value]:
        if self._found_lambda is None:
            self._found_lambda = lambda_fields(self._message) if self._is_lambda() else {}
        return self._found_lambda

    def _json(self) -> dict[str, Value]:
        if self._found_json is None:
            self._found_json = json_fields(self._message, embedded=self._is_lambda())
        return self._found_json

    def _is_lambda(self) -> bool:
        return self._stream.group_name.startswith(LAMBDA_GROUPS)


OWN_FIELDS = ("@timestamp", "@message", "@logStream", "@log", "@ingestionTime")


def pointed_at(pointer: str) -> tuple[str, str, Position]:
    """Group, stream and position that a `@ptr` names; raises InvalidNextToken or ValueError."""
    group_name, stream_name, event_id = tokens.decode("pointer", pointer, 3)
    return str(group_name), str(stream_name), Position.of(str(event_id))
