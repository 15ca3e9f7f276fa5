"""Logs at size: reading costs what is read, not what is there. Counted, not timed."""

import asyncio
from array import array
from collections.abc import Iterable
from typing import Any

import pytest

from localaws.logs import reading
from localaws.logs.insights import commands
from localaws.logs.reading import Found, Span, read
from localaws.logs.stream import LogStream
from tests.unit.logs.world import GROUP, START_MS, LogsWorld

EVENTS = 100_000
STREAMS = 10


@pytest.fixture(scope="module")
def world() -> LogsWorld:
    """Ten streams whose events take turns."""
    world = LogsWorld()
    for stream in range(STREAMS):
        events = [(START_MS + n, f"{n}") for n in range(stream, EVENTS, STREAMS)]
        world.service.put(GROUP, f"s{stream}", events)
    return world


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The indexes of the events that were looked at."""
    indexes: list[int] = []
    events = reading._Part.events

    def counted(part: reading._Part, start: int, end: int) -> Iterable[Found]:
        indexes.extend(range(start, end))
        return events(part, start, end)

    monkeypatch.setattr(reading._Part, "events", counted)
    return indexes


def test_a_page_looks_at_a_page(world: LogsWorld, taken: list[int]) -> None:
    answer = world.call("FilterLogEvents", logGroupName=GROUP, limit=100)
    assert len(answer["events"]) == 100
    assert len(taken) <= 2 * 100


def test_a_time_range_looks_at_that_range(world: LogsWorld, taken: list[int]) -> None:
    middle = START_MS + EVENTS // 2
    messages = world.found(startTime=middle, endTime=middle + 99)
    assert messages == [str(n) for n in range(EVENTS // 2, EVENTS // 2 + 100)]
    assert len(taken) == 100


def test_named_streams_are_all_that_is_looked_at(world: LogsWorld, taken: list[int]) -> None:
    assert len(world.found(logStreamNames=["s3"], endTime=START_MS + 1_000)) == 100
    assert len(taken) == 100


def test_the_next_page_starts_where_the_last_one_ended(world: LogsWorld, taken: list[int]) -> None:
    first = world.call("FilterLogEvents", logGroupName=GROUP, limit=5_000)
    seen = len(taken)
    world.call("FilterLogEvents", logGroupName=GROUP, limit=5_000, nextToken=first["nextToken"])
    assert len(taken) - seen <= 3 * 5_000


def test_a_search_that_finds_little_ends_its_page_early(
    world: LogsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("localaws.logs.filter_events.MAX_PAGE_SCANNED", 1_000)
    first = world.call("FilterLogEvents", logGroupName=GROUP, filterPattern="99999")
    assert first["events"] == []
    assert "nextToken" in first
    # And the pages together miss nothing and repeat nothing
    assert world.found("999") == [str(n) for n in range(EVENTS) if "999" in str(n)]


async def test_a_long_search_gives_way_to_others(world: LogsWorld) -> None:
    answered = []

    async def ask(operation: str, **params: Any) -> None:
        await world.logs.ask(operation, logGroupName=GROUP, **params)
        answered.append(operation)

    await asyncio.gather(
        ask("FilterLogEvents", filterPattern="nothing"),
        *(ask("GetLogEvents", logStreamName="s1", limit=1) for _ in range(5)),
    )
    assert answered == [*["GetLogEvents"] * 5, "FilterLogEvents"]


def test_a_sort_keeps_no_more_than_is_shown(
    world: LogsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 0
    sort = commands.Sort._sort

    def counted(command: commands.Sort) -> None:
        nonlocal most
        most = max(most, len(command._rows))
        sort(command)

    monkeypatch.setattr(commands.Sort, "_sort", counted)
    late = {"startTime": START_MS // 1000 + 90}
    rows = world.query("fields @message as n | sort n desc, @timestamp | limit 3", **late)
    assert [row["n"] for row in rows] == ["99999", "99998", "99997"]
    assert most <= 2_000
    # And all where what follows wants all: two of three fall away
    rows = world.query("fields @message % 2 as odd | sort odd | dedup odd", **late)
    assert [row["odd"] for row in rows] == ["0", "1"]


def test_a_long_query_gives_way_to_others(world: LogsWorld) -> None:
    answer = world.call(
        "StartQuery",
        logGroupName=GROUP,
        queryString="stats count(*) as n",
        startTime=START_MS // 1000,
        endTime=START_MS // 1000 + 1_000,
    )
    world.pass_time(0.012)
    # It has begun, and others get their turn before it goes on
    running = world.call("GetQueryResults", queryId=answer["queryId"])
    assert running["status"] == "Running"
    assert 0 < running["statistics"]["recordsScanned"] < EVENTS
    world.pass_time(1)
    complete = world.call("GetQueryResults", queryId=answer["queryId"])
    assert complete["results"] == [[{"field": "n", "value": str(EVENTS)}]]


def test_an_event_is_three_numbers_and_its_message() -> None:
    stream = LogStream(GROUP, "s", START_MS)
    stream.append(((START_MS + n, "message") for n in range(1_000)), START_MS, 0)
    for column in (stream.times_ms, stream.ingested_ms, stream.serials):
        assert isinstance(column, array)
        assert column.itemsize == 8


def test_reading_newest_first_is_the_same_backwards() -> None:
    streams = [LogStream(GROUP, name, START_MS) for name in "ab"]
    serial = 0
    for n in range(100):
        serial = streams[n % 2].append([(START_MS + n // 3, str(n))], START_MS, serial)
    forward = list(read(streams, Span()))
    assert list(read(streams, Span(), newest_first=True)) == forward[::-1]
