"""PutLogEvents, and GetLogEvents with its two tokens."""

from typing import Any

from localaws.logs.errors import InvalidNextToken
from localaws.logs.ingestion import Ingestion, as_events
from localaws.logs.limits import MAX_PAGE_BYTES, MAX_PAGE_EVENTS
from localaws.logs.reading import Span, bounds
from localaws.logs.registry import LogGroups
from localaws.logs.stream import LogStream, Position, bytes_of
from localaws.words.http import Caller

Params = dict[str, Any]

_START = Position(0, 0)


class EventOperations:
    """Each takes and returns what boto3 does."""

    def __init__(self, groups: LogGroups, ingestion: Ingestion) -> None:
        self._groups = groups
        self._ingestion = ingestion

    def put_log_events(self, params: Params, _caller: Caller) -> Params:
        group = self._groups.named(params["logGroupName"])
        stream = self._groups.stream(group, params["logStreamName"])
        rejected = self._ingestion.put(group, stream, as_events(params["logEvents"]))
        last = stream.position(len(stream) - 1) if len(stream) else _START
        return {
            "nextSequenceToken": last.event_id,
            "rejectedLogEventsInfo": dict(rejected) or None,
        }

    def get_log_events(self, params: Params, _caller: Caller) -> Params:
        group = self._groups.requested(params)
        stream = self._groups.stream(group, params["logStreamName"])
        limit = params.get("limit") or MAX_PAGE_EVENTS
        token = params.get("nextToken")
        forward, position = _read_token(token) if token else (params.get("startFromHead"), None)
        span = Span(params.get("startTime") or 0, params.get("endTime"), position)
        start, end = bounds(stream, span, newest_first=not forward)
        indexes = _page(stream, start, end, limit, forward=bool(forward))
        return {
            "events": [
                {
                    "timestamp": stream.times_ms[index],
                    "message": stream.messages[index],
                    "ingestionTime": stream.ingested_ms[index],
                }
                for index in indexes
            ],
            **_tokens(stream, indexes, position or _START, bool(forward)),
        }


def _page(stream: LogStream, start: int, end: int, limit: int, *, forward: bool) -> range:
    """The indexes of one page, in order of time: from the start on, or up to the end."""
    candidates = range(start, end) if forward else range(end - 1, start - 1, -1)
    count = size = 0
    for index in candidates[:limit]:
        size += bytes_of(stream.messages[index])
        if size > MAX_PAGE_BYTES and count:
            break
        count += 1
    return range(start, start + count) if forward else range(end - count, end)


def _tokens(stream: LogStream, indexes: range, position: Position, forward: bool) -> Params:
    """Where to go on in both directions; at an end it is the token that came in."""
    if indexes:
        first, last = stream.position(indexes[0]), stream.position(indexes[-1])
    elif forward:
        first, last = Position(position.time_ms, position.serial + 1), position
    else:
        first, last = position, Position(position.time_ms, max(position.serial - 1, 0))
    return {
        "nextForwardToken": f"f/{last.event_id}/s",
        "nextBackwardToken": f"b/{first.event_id}/s",
    }


def _read_token(token: str) -> tuple[bool, Position]:
    direction, _, rest = token.partition("/")
    event_id, _, _kind = rest.partition("/")
    if direction not in ("f", "b"):
        raise InvalidNextToken
    try:
        return direction == "f", Position.of(event_id)
    except ValueError:
        raise InvalidNextToken from None
