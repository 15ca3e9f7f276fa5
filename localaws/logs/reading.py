"""Events of several streams in order of time, merged as they are read."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from localaws.logs.stream import LogStream, Position

# (time in ms, serial number, stream, index in the stream); the first two tell all events apart.
Found: TypeAlias = tuple[int, int, LogStream, int]


@dataclass(frozen=True)
class Span:
    """A range of events.

    Attributes:
        start_ms: no event before this moment.
        end_ms: no event at this moment or later; None for no end.
        after: only events that come after this one, in the direction of reading.
    """

    start_ms: int = 0
    end_ms: int | None = None
    after: Position | None = None


def read(
    streams: Iterable[LogStream], span: Span, *, newest_first: bool = False
) -> Iterator[Found]:
    """The events of the span in order; costs nothing but for those that are taken."""
    parts = []
    for stream in streams:
        start, end = bounds(stream, span, newest_first=newest_first)
        if start < end:
            indexes = range(end - 1, start - 1, -1) if newest_first else range(start, end)
            parts.append(_events(stream, indexes))
    if len(parts) == 1:
        return parts[0]
    return heapq.merge(*parts, reverse=newest_first)


def bounds(stream: LogStream, span: Span, *, newest_first: bool = False) -> tuple[int, int]:
    """The indexes of a stream's first event of the span and of the one after its last."""
    start = stream.index_from(span.start_ms) if span.start_ms > 0 else 0
    end = len(stream) if span.end_ms is None else stream.index_from(span.end_ms)
    if span.after is not None:
        if newest_first:
            end = min(end, stream.index_at(span.after))
        else:
            start = max(start, stream.index_at(next_position(span.after)))
    return start, end


def next_position(position: Position) -> Position:
    """The first position after one."""
    return Position(position.time_ms, position.serial + 1)


def _events(stream: LogStream, indexes: range) -> Iterator[Found]:
    times_ms, serials = stream.times_ms, stream.serials
    for index in indexes:
        yield times_ms[index], serials[index], stream, index
