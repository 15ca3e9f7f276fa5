"""One log stream: its events in order of time, in columns."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from localaws.logs.limits import EVENT_OVERHEAD_BYTES

# An event id is 56 digits that grow with time: the time in milliseconds and, below it, what tells
# events of one millisecond apart.
_SERIAL_BITS = 144
_ID_DIGITS = 56


class Position(NamedTuple):
    """Where an event stands among all: events of one moment in the order in which they came."""

    time_ms: int
    serial: int

    @property
    def event_id(self) -> str:
        """The event's id in the API."""
        return f"{(self.time_ms << _SERIAL_BITS) + self.serial:0{_ID_DIGITS}d}"

    @classmethod
    def of(cls, event_id: str) -> "Position":
        """The position of an event id; raises ValueError when it is none."""
        if len(event_id) != _ID_DIGITS or not event_id.isascii() or not event_id.isdigit():
            raise ValueError(f"{event_id!r} is no event id")
        time_ms = int(event_id) >> _SERIAL_BITS
        return cls(time_ms, int(event_id) - (time_ms << _SERIAL_BITS))


class LogStream:
    """Events in columns: 32 bytes and the message for each, and bisection finds a moment.

    Attributes:
        times_ms, ingested_ms, serials, messages: the columns, sorted by (time, serial).
        stored_bytes: as CloudWatch Logs counts them.
    """

    __slots__ = (
        "created_ms",
        "group_name",
        "ingested_ms",
        "messages",
        "name",
        "serials",
        "stored_bytes",
        "times_ms",
    )

    def __init__(self, group_name: str, name: str, created_ms: int) -> None:
        self.group_name = group_name
        self.name = name
        self.created_ms = created_ms
        self.times_ms = array("q")
        self.ingested_ms = array("q")
        self.serials = array("q")
        self.messages: list[str] = []
        self.stored_bytes = 0

    def __len__(self) -> int:
        return len(self.messages)

    def append(self, events: Iterable[tuple[int, str]], ingested_ms: int, serial: int) -> int:
        """Add `(epoch ms, message)` events; returns the next free serial number."""
        times_ms = self.times_ms
        last_ms = times_ms[-1] if times_ms else 0
        size = 0
        for time_ms, message in events:
            if time_ms >= last_ms:
                last_ms = time_ms
                times_ms.append(time_ms)
                self.ingested_ms.append(ingested_ms)
                self.serials.append(serial)
                self.messages.append(message)
            else:
                self._insert(time_ms, message, ingested_ms, serial)
            size += bytes_of(message)
            serial += 1
        self.stored_bytes += size
        return serial

    def _insert(self, time_ms: int, message: str, ingested_ms: int, serial: int) -> None:
        # Its serial number is the highest so far: it comes after the others of its moment.
        index = bisect_right(self.times_ms, time_ms)
        self.times_ms.insert(index, time_ms)
        self.ingested_ms.insert(index, ingested_ms)
        self.serials.insert(index, serial)
        self.messages.insert(index, message)

    def forget_before(self, time_ms: int) -> None:
        """Drop the events older than that."""
        if not self.times_ms or self.times_ms[0] >= time_ms:
            return
        end = bisect_left(self.times_ms, time_ms)
        self.stored_bytes -= sum(bytes_of(message) for message in self.messages[:end])
        del self.times_ms[:end], self.ingested_ms[:end], self.serials[:end], self.messages[:end]

    def index_from(self, time_ms: int) -> int:
        """The index of the first event at that time or later."""
        return bisect_left(self.times_ms, time_ms)

    def index_at(self, position: Position) -> int:
        """The index of the event there, or of the next one."""
        time_ms, serial = position
        start = bisect_left(self.times_ms, time_ms)
        end = bisect_right(self.times_ms, time_ms, start)
        return bisect_left(self.serials, serial, start, end)

    def position(self, index: int) -> Position:
        return Position(self.times_ms[index], self.serials[index])


def bytes_of(message: str) -> int:
    """What an event counts towards every limit in bytes."""
    size = len(message) if message.isascii() else len(message.encode("utf-8", "replace"))
    return size + EVENT_OVERHEAD_BYTES
