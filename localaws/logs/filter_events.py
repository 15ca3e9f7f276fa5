"""FilterLogEvents: a search through the streams of a group, page by page."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from localaws.logs import tokens
from localaws.logs.errors import InvalidNextToken, InvalidParameterException
from localaws.logs.group import LogGroup
from localaws.logs.limits import (
    MAX_PAGE_BYTES,
    MAX_PAGE_EVENTS,
    MAX_PAGE_SCANNED,
    TOKEN_VALID_MS,
)
from localaws.logs.patterns import FilterPattern, compile_pattern
from localaws.logs.reading import Found, Span, read
from localaws.logs.registry import LogGroups
from localaws.logs.stream import LogStream, Position, bytes_of
from localaws.time.clock import Clock
from localaws.words.http import Caller

Params = dict[str, Any]

# The first moment from which events can be read newest first: 2024-01-01T00:00:00Z.
_NEWEST_FIRST_FROM_MS = 1_704_067_200_000

# How many events are looked at in one go: as long as others wait.
_PART = 2_000


class FilterEvents:
    """The operation, with what it reads from."""

    def __init__(self, clock: Clock, groups: LogGroups) -> None:
        self._clock = clock
        self._groups = groups

    async def filter_log_events(self, params: Params, _caller: Caller) -> Params:
        group = self._groups.requested(params)
        streams = self._streams(group, params)
        after, newest_first = self._continued(group, params)
        end_ms = params.get("endTime")
        span = Span(
            start_ms=params.get("startTime") or 0,
            end_ms=None if end_ms is None else end_ms + 1,  # inclusive, unlike GetLogEvents
            after=after,
        )
        text = params.get("filterPattern") or ""
        page = _Page(params.get("limit") or MAX_PAGE_EVENTS, text)
        while page.fill(read(streams, span, newest_first=newest_first)):
            # Between two parts of a page others get their turn; events may come meanwhile.
            await asyncio.sleep(0)
            span = replace(span, after=page.goes_on_after)
        answer: Params = {"events": page.events, "searchedLogStreams": []}
        if page.goes_on_after is not None:
            answer["nextToken"] = tokens.encode(
                "filter",
                group.name,
                newest_first,
                self._clock.now_ms(),
                page.goes_on_after.event_id,
            )
        return answer

    def _streams(self, group: LogGroup, params: Params) -> Iterable[LogStream]:
        names, prefix = params.get("logStreamNames"), params.get("logStreamNamePrefix")
        if names and prefix:
            raise InvalidParameterException(
                "logStreamNames and logStreamNamePrefix are mutually exclusive parameters."
            )
        if names:
            return [self._groups.stream(group, name) for name in dict.fromkeys(names)]
        if prefix:
            return [s for name, s in group.streams.items() if name.startswith(prefix)]
        return group.streams.values()

    def _continued(self, group: LogGroup, params: Params) -> tuple[Position | None, bool]:
        """After which event, and in which direction, the request goes on."""
        token = params.get("nextToken")
        if not token:
            newest_first = params.get("startFromHead") is False
            if newest_first and (params.get("startTime") or 0) < _NEWEST_FIRST_FROM_MS:
                raise InvalidParameterException(
                    "startFromHead can be false only with a startTime of 2024-01-01 or later."
                )
            return None, newest_first
        group_name, newest_first, issued_ms, event_id = tokens.decode("filter", token, 4)
        try:
            is_fresh = issued_ms + TOKEN_VALID_MS >= self._clock.now_ms()
            position = Position.of(event_id)
        except (TypeError, ValueError):
            raise InvalidNextToken from None
        if group_name != group.name or not is_fresh:
            raise InvalidNextToken
        return position, bool(newest_first)


class _Page:
    """Takes events until one of the limits of a page is reached.

    Attributes:
        goes_on_after: the last event that was looked at, or None when there is nothing more.
    """

    def __init__(self, limit: int, pattern: str) -> None:
        self.events: list[Params] = []
        self.goes_on_after: Position | None = None
        self._scanned = 0
        self._bytes = 0
        self._limit = limit
        self._pattern: FilterPattern | None = compile_pattern(pattern) if pattern.strip() else None

    def fill(self, found: Iterable[Found]) -> bool:
        """Look at a part of what is there; whether the page takes more than that."""
        matches = self._pattern.matches if self._pattern else None
        for looked_at, event in enumerate(found):
            if looked_at == _PART:
                return True
            if self._scanned == MAX_PAGE_SCANNED:
                return False
            message = event[2].messages[event[3]]
            if matches is None or matches(message):
                self._bytes += bytes_of(message)
                full = self._bytes > MAX_PAGE_BYTES and self.events
                if len(self.events) == self._limit or full:
                    return False
                self.events.append(_shown(event))
            self._scanned += 1
            self.goes_on_after = Position(*event[:2])
        self.goes_on_after = None
        return False


def _shown(found: Found) -> Params:
    time_ms, serial, stream, index = found
    return {
        "logStreamName": stream.name,
        "timestamp": time_ms,
        "message": stream.messages[index],
        "ingestionTime": stream.ingested_ms[index],
        "eventId": Position(time_ms, serial).event_id,
    }
