"""Events: what PutLogEvents takes, and how GetLogEvents and FilterLogEvents give them back."""

from typing import Any

import pytest

from tests.unit.logs.world import GROUP, START_MS, STREAM, LogsWorld
from tests.unit.virtual_time import START_S

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@pytest.fixture
def world() -> LogsWorld:
    world = LogsWorld()
    world.call("CreateLogGroup", logGroupName=GROUP)
    world.call("CreateLogStream", logGroupName=GROUP, logStreamName=STREAM)
    return world


def put(world: LogsWorld, *events: tuple[int, str]) -> dict[str, Any]:
    log_events = [{"timestamp": at_ms, "message": message} for at_ms, message in events]
    return world.call(
        "PutLogEvents", logGroupName=GROUP, logStreamName=STREAM, logEvents=log_events
    )


def get(world: LogsWorld, **params: Any) -> tuple[list[str], str, str]:
    """The messages, and the tokens forward and backward."""
    answer = world.call("GetLogEvents", logGroupName=GROUP, logStreamName=STREAM, **params)
    messages = [event["message"] for event in answer["events"]]
    return messages, answer["nextForwardToken"], answer["nextBackwardToken"]


def test_events_too_old_expired_and_too_new_are_rejected_the_others_kept(world: LogsWorld) -> None:
    world.call("PutRetentionPolicy", logGroupName=GROUP, retentionInDays=1)
    answer = put(
        world,
        (START_MS - 15 * DAY_MS, "too old"),
        (START_MS - 2 * DAY_MS, "expired"),
        (START_MS, "good"),
        (START_MS + 2 * HOUR_MS, "just good"),
        (START_MS + 2 * HOUR_MS + 1, "too new"),
    )
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["rejectedLogEventsInfo"] == {
        "tooOldLogEventEndIndex": 1,
        "expiredLogEventEndIndex": 2,
        "tooNewLogEventStartIndex": 4,
    }
    assert world.found() == ["good", "just good"]


def test_a_batch_spans_a_day_at_most(world: LogsWorld) -> None:
    answer = put(world, (START_MS - DAY_MS - 1, "a"), (START_MS, "b"))
    assert answer["Error"]["Code"] == "InvalidParameterException"
    assert world.found() == []
    assert "Error" not in put(world, (START_MS - DAY_MS, "a"), (START_MS, "b"))


def test_a_batch_holds_a_mebibyte_with_26_bytes_for_each_event(world: LogsWorld) -> None:
    fits = "x" * (1_048_576 // 2 - 26)
    assert "Error" not in put(world, (START_MS, fits), (START_MS, fits))
    answer = put(world, (START_MS, fits), (START_MS, fits + "x"))
    assert answer["Error"]["Message"].startswith("Upload too large: 1048577 bytes")


def test_late_events_take_their_place_in_time(world: LogsWorld) -> None:
    world.write("second", at_ms=START_MS + 10)
    world.write("first", at_ms=START_MS)
    world.write("same moment as second", at_ms=START_MS + 10)
    assert get(world)[0] == world.found() == ["first", "second", "same moment as second"]


def test_get_log_events_goes_forward_and_stops_at_the_end(world: LogsWorld) -> None:
    world.write("1", "2", "3", "4", "5")
    first, forward, _ = get(world, startFromHead=True, limit=3)
    assert first == ["1", "2", "3"]
    second, end, _ = get(world, startFromHead=True, limit=3, nextToken=forward)
    assert second == ["4", "5"]
    # At the end the token that came in comes out again
    nothing, same, back = get(world, startFromHead=True, nextToken=end)
    assert (nothing, same) == ([], end)
    # And what is written then is found by it; the way back leads over what was read
    world.write("6", at_ms=START_MS + 100)
    assert get(world, startFromHead=True, nextToken=end)[0] == ["6"]
    assert get(world, limit=2, nextToken=back)[0] == ["4", "5"]


def test_get_log_events_starts_with_the_newest_and_goes_back(world: LogsWorld) -> None:
    world.write("1", "2", "3", "4", "5")
    first, _, back = get(world, limit=2)
    assert first == ["4", "5"]
    second, _, back = get(world, limit=2, nextToken=back)
    assert second == ["2", "3"]
    third, forward, back = get(world, limit=2, nextToken=back)
    assert third == ["1"]
    nothing, forward, same = get(world, limit=2, nextToken=back)
    assert (nothing, same) == ([], back)
    assert get(world, limit=2, nextToken=forward)[0] == ["1", "2"]


def test_an_empty_stream_has_tokens_too(world: LogsWorld) -> None:
    messages, forward, _ = get(world)
    assert messages == []
    world.write("1")
    assert get(world, nextToken=forward)[0] == ["1"]


def test_the_end_time_is_exclusive_in_one_and_inclusive_in_the_other(world: LogsWorld) -> None:
    world.write("1", "2", "3")
    bounds = {"startTime": START_MS, "endTime": START_MS + 1}
    assert get(world, **bounds)[0] == ["1"]
    assert world.found(**bounds) == ["1", "2"]


def test_events_of_all_streams_come_in_order_of_time_with_all_they_have(world: LogsWorld) -> None:
    world.write("a1", stream="a", at_ms=START_MS)
    world.write("b1", stream="b", at_ms=START_MS + 1)
    world.write("a2", stream="a", at_ms=START_MS + 2)
    events = world.call("FilterLogEvents", logGroupName=GROUP)["events"]
    assert [event["message"] for event in events] == ["a1", "b1", "a2"]
    assert [event["logStreamName"] for event in events] == ["a", "b", "a"]
    assert all(event["ingestionTime"] == int(START_S * 1000) for event in events)
    ids = [event["eventId"] for event in events]
    assert ids == sorted(set(ids))
    assert {len(event_id) for event_id in ids} == {56}


def test_filter_log_events_by_streams_and_prefix(world: LogsWorld) -> None:
    for name in ("x/1", "x/2", "y/1"):
        world.write(name, stream=name)
    assert world.found(logStreamNames=["y/1", "x/1"]) == ["x/1", "y/1"]
    assert world.found(logStreamNamePrefix="x/") == ["x/1", "x/2"]
    assert world.error("FilterLogEvents", logGroupName=GROUP, logStreamNames=["x/1", "nope"]) == (
        "ResourceNotFoundException",
        "The specified log stream does not exist.",
    )
    both = {"logStreamNames": ["x/1"], "logStreamNamePrefix": "x/"}
    code, _ = world.error("FilterLogEvents", logGroupName=GROUP, **both)
    assert code == "InvalidParameterException"


def test_newest_first_in_pages(world: LogsWorld) -> None:
    now = world.clock.now_ms() + 40 * DAY_MS * 2  # after 2024-01-01
    for place in range(5):
        world.write(str(place), stream="ab"[place % 2], at_ms=now + place)
    order = {"startFromHead": False, "startTime": now, "limit": 2}
    assert world.found(**order) == ["4", "3", "2", "1", "0"]
    code, _ = world.error("FilterLogEvents", logGroupName=GROUP, startFromHead=False)
    assert code == "InvalidParameterException"


def test_a_page_ends_at_a_mebibyte_and_at_the_limit(world: LogsWorld) -> None:
    for _ in range(3):
        world.write("x" * 500_000)
    first = world.call("FilterLogEvents", logGroupName=GROUP)
    assert len(first["events"]) == 2
    assert len(world.found()) == 3
    exact = world.call("FilterLogEvents", logGroupName=GROUP, limit=1, startTime=START_MS + 1)
    assert "nextToken" not in exact


def test_a_token_is_good_for_its_group_and_a_day(world: LogsWorld) -> None:
    world.write("1", "2")
    world.write("1", "2", group="other")
    token = world.call("FilterLogEvents", logGroupName=GROUP, limit=1)["nextToken"]
    invalid = ("InvalidParameterException", "The specified nextToken is invalid.")
    assert world.error("FilterLogEvents", logGroupName="other", nextToken=token) == invalid
    world.clock.skip_to(START_S + 86_401)
    assert world.error("FilterLogEvents", logGroupName=GROUP, nextToken=token) == invalid
