"""What is late on the embedded AWS when it is asked to be, on a clock that stands."""

import random
from collections.abc import Sequence
from typing import Any

from localaws.lateness import LateAws
from localaws.lateness.empty_pages import EmptyPages
from localaws.words.http import Caller
from tests.unit.logs.world import GROUP, START_MS, STREAM, USER, LogsWorld
from tests.unit.virtual_time import VirtualTime

Params = dict[str, Any]


def late(world: LogsWorld, seed: int | None = 7) -> LateAws:
    return LateAws(world.time, seed)


def pass_s(world: LogsWorld, seconds: float) -> None:
    world.clock.skip_to(world.clock.now_s() + seconds)
    world.scheduler.run_due(world.clock.now_s())


def seen(world: LogsWorld) -> list[str]:
    found = world.call("FilterLogEvents", logGroupName=GROUP)
    return [event["message"] for event in found["events"]]


def written(world: LogsWorld, seed: int | None, lines: Sequence[str]) -> list[list[str]]:
    """What is seen of lines every second for half a minute."""
    world.service.put(GROUP, STREAM, [])
    events = [(START_MS + number, line) for number, line in enumerate(lines)]
    late(world, seed).log_sink(world.service).put(GROUP, STREAM, events)
    looks = [seen(world)]
    for _ in range(30):
        pass_s(world, 1.0)
        looks.append(seen(world))
    return looks


def test_a_log_event_is_seen_3_to_30_s_after_it_was_written_in_late_order() -> None:
    lines = [f"line {number}" for number in range(40)]
    looks = written(LogsWorld(), 7, lines)
    # Then nothing is seen at first and everything in the end, in order of its time stamps
    assert looks[2] == []
    assert looks[30] == lines
    # And in between some that came later are seen before some that came first
    assert any(look and look != lines[: len(look)] for look in looks)
    # And the same seed makes it the same, another one does not
    assert written(LogsWorld(), 7, lines) == looks
    assert written(LogsWorld(), 8, lines) != looks


def test_lines_of_one_millisecond_keep_their_order_and_are_seen_together() -> None:
    world = LogsWorld()
    world.service.put(GROUP, STREAM, [])
    sink = late(world).log_sink(world.service)
    lines = [f"line {number}" for number in range(20)]
    for line in lines:
        sink.put(GROUP, STREAM, [(START_MS, line)])
    sizes = set()
    for _ in range(30):
        pass_s(world, 1.0)
        sizes.add(len(seen(world)))
    assert sizes == {0, 20}
    assert seen(world) == lines


def test_without_a_seed_nothing_is_late() -> None:
    assert written(LogsWorld(), None, ["line"])[0] == ["line"]
    world = LogsWorld()
    operations = world.service.operations()
    assert late(world, None).logs(operations) is operations
    assert late(world, None).sqs(operations) is operations


def test_some_pages_are_empty_and_a_reader_that_goes_on_misses_nothing() -> None:
    # Given an operation of three pages
    def three(params: Params, _caller: Caller) -> Params:
        page = int(params.get("nextToken") or 0)
        answer = {"events": [page], "limit": params["limit"]}
        return answer | ({"nextToken": str(page + 1)} if page < 2 else {})

    pages = EmptyPages(three, random.Random(3))
    # When somebody reads to the end, again and again
    sizes = set()
    for _ in range(20):
        read, token, events = 0, None, []
        while read == 0 or token:
            asked = {"limit": 5} | ({"nextToken": token} if token else {})
            answer = pages.filter_log_events(asked, USER)
            read, token = read + 1, answer.get("nextToken")
            events += answer["events"]
        sizes.add(read)
        assert events == [0, 1, 2]
    # Then sometimes there were more pages, never more than an empty one before each
    assert len(sizes) > 1
    assert max(sizes) <= 6


def test_counts_of_a_queue_are_up_to_a_minute_old_and_other_attributes_are_not() -> None:
    time = VirtualTime(1_000.0)
    held = {"ApproximateNumberOfMessages": "1", "DelaySeconds": "0"}

    def described(params: Params, _caller: Caller) -> Params:
        return {"Attributes": {n: v for n, v in held.items() if n in params["AttributeNames"]}}

    operations = LateAws(time.time, 7).sqs({"GetQueueAttributes": described})
    asked = {"QueueUrl": "q", "AttributeNames": list(held)}

    def look() -> Params:
        return operations["GetQueueAttributes"](asked, USER)["Attributes"]  # type: ignore[index,call-overload,no-any-return]

    # Given counts that were looked at, then a message and a setting more
    assert look() == held
    held.update(ApproximateNumberOfMessages="2", DelaySeconds="5")
    assert look() == {"ApproximateNumberOfMessages": "1", "DelaySeconds": "5"}
    # Then they are counted anew within a minute, at a moment that is scheduled
    next_s = time.scheduler.next_at_s()
    assert next_s is not None
    assert next_s - 1_000.0 <= 60.0
    time.clock.skip_to(next_s)
    assert look() == held
