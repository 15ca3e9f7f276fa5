"""Events of several streams in order of time, merged as they are read."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TypeAlias

from localaws.logs.stream import LogStream, Position

# (time in ms, serial number, stream, index in the stream); the first two tell all events apart.
Found: TypeAlias = tuple[int, int, LogStream, int]

# How many events are merged at a time: few first, since most readers want few.
_FIRST_WINDOW = 128
_LAST_WINDOW = 8_192


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
    """The events of the span in order; costs little but for those that are taken."""
    parts = []
    for stream in streams:
        start, end = bounds(stream, span, newest_first=newest_first)
        if start < end:
            parts.append(_Part(stream, start, end))
    merge = _newest_first if newest_first else _oldest_first
    return chain.from_iterable(merge(parts))


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


class _Part:
    """What is still to be read of one stream: the indexes from `start` up to `end`."""

    __slots__ = ("end", "start", "stream")

    def __init__(self, stream: LogStream, start: int, end: int) -> None:
        self.stream = stream
        self.start = start
        self.end = end

    def events(self, start: int, end: int) -> Iterable[Found]:
        stream = self.stream
        return zip(
            stream.times_ms[start:end],
            stream.serials[start:end],
            repeat(stream),
            range(start, end),
            strict=False,
        )


# Merging takes the events of all streams up to some moment and sorts them. Sorting what is a few
# sorted runs is several times faster than taking one event after the other from a heap.


def _oldest_first(parts: list[_Part]) -> Iterator[list[Found]]:
    count = _FIRST_WINDOW
    while parts:
        # Up to the moment that the first stream reaches with its share.
        share = count // len(parts) + 1
        until_ms = min(
            part.stream.times_ms[min(part.start + share, part.end) - 1] for part in parts
        )
        window: list[Found] = []
        for part in parts:
            end = min(bisect_right(part.stream.times_ms, until_ms, part.start), part.end)
            window += part.events(part.start, end)
            part.start = end
        window.sort()
        yield window
        parts = [part for part in parts if part.start < part.end]
        count = min(count * 2, _LAST_WINDOW)


def _newest_first(parts: list[_Part]) -> Iterator[list[Found]]:
    count = _FIRST_WINDOW
    while parts:
        share = count // len(parts) + 1
        from_ms = max(part.stream.times_ms[max(part.end - share, part.start)] for part in parts)
        window: list[Found] = []
        for part in parts:
            start = max(bisect_left(part.stream.times_ms, from_ms, 0, part.end), part.start)
            window += part.events(start, part.end)
            part.end = start
        window.sort(reverse=True)
        yield window
        parts = [part for part in parts if part.start < part.end]
        count = min(count * 2, _LAST_WINDOW)
