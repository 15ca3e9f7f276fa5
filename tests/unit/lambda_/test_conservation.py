"""Whatever happens, every message and every event ends in exactly one place, and none too early."""

import asyncio
import itertools
import json
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.lambda_.world import World, running_world

KINDS = ("good", "bad", "flaky", "slow")
VISIBILITY_S = 30

mixes = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 90)), min_size=1, max_size=25)
interruptions = st.lists(
    st.tuples(st.integers(1, 100), st.sampled_from(("throttle", "release", "disable", "enable"))),
    max_size=4,
)


def handler(world: World, partial: bool) -> Any:
    """Fails for bad records always, for flaky ones once."""
    seen: Counter[str] = Counter()

    def handle(event: Any) -> Any:
        failed = []
        for record in event["Records"]:
            kind = json.loads(record["body"])["kind"]
            seen[record["messageId"]] += 1
            if kind == "bad" or (kind == "flaky" and seen[record["messageId"]] == 1):
                failed.append({"itemIdentifier": record["messageId"]})
        if failed and not partial:
            raise RuntimeError("intentional failure")
        return {"batchItemFailures": failed}

    return handle


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    mix=mixes,
    stops=interruptions,
    partial=st.booleans(),
    batch_size=st.integers(1, 10),
    window_s=st.sampled_from((0, 2)),
    max_receives=st.integers(1, 4),
    takes_s=st.sampled_from((0, 3)),
)
def test_every_message_ends_in_one_place(
    mix, stops, partial, batch_size, window_s, max_receives, takes_s
):
    async def scenario(world: World) -> None:
        queue, dlq = world.queue_with_dlq(max_receives, VISIBILITY_S)
        await world.function(handler(world, partial), takes_s=takes_s, Timeout=20)
        uuid = await world.mapping(
            queue,
            BatchSize=batch_size,
            MaximumBatchingWindowInSeconds=window_s,
            FunctionResponseTypes=["ReportBatchItemFailures"] if partial else [],
        )
        sent = set()
        moments: dict[int, list[Any]] = defaultdict(list)
        for kind, at_s in mix:
            moments[at_s].append(kind)
        for at_s, what in stops:
            moments[at_s].append(what)
        begin_s = world.clock.now_s()
        for at_s in sorted(moments):
            await world.run(begin_s + at_s - world.clock.now_s())
            for what in moments[at_s]:
                if what in KINDS:
                    body = json.dumps({"kind": what})
                    sent.add(queue.send(body, sender_id="AIDA").message_id)
                else:
                    await interrupt(world, uuid, what)
        await world.run(1)
        await interrupt(world, uuid, "release")
        await interrupt(world, uuid, "enable")
        await world.run_until_idle()

        dead = received(dlq)
        left = received(queue)
        assert not left
        deleted = {message_id for message_id in sent if message_id not in dead}
        succeeded = completed(world, partial)
        assert sorted(dead) == sorted(set(dead))
        assert deleted <= succeeded
        assert not_too_early(world)

    run(scenario)


async def interrupt(world: World, uuid: str, what: str) -> None:
    """Throttle or release the function, disable or enable the mapping."""
    match what:
        case "throttle":
            await world.call(
                "PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=0
            )
        case "release":
            await world.call("DeleteFunctionConcurrency", FunctionName="fn")
        case _:
            state = (await world.call("GetEventSourceMapping", UUID=uuid))["State"]
            if state in ("Enabled", "Disabled"):
                enabled = what == "enable"
                await world.call("UpdateEventSourceMapping", UUID=uuid, Enabled=enabled)
                await world.run(0.3)


def received(queue: Any) -> list[str]:
    """The ids of all messages that can be received."""
    ids: list[str] = []
    while messages := queue.receive(10):
        ids += [message.message_id for message in messages]
    return ids


def completed(world: World, partial: bool) -> set[str]:
    """The messages that some run was done with."""
    done: set[str] = set()
    tries: Counter[str] = Counter()
    for one in world.runs:
        failed = set()
        for record in one.event["Records"]:
            kind = json.loads(record["body"])["kind"]
            tries[record["messageId"]] += 1
            if kind == "bad" or (kind == "flaky" and tries[record["messageId"]] == 1):
                failed.add(record["messageId"])
        ids = {record["messageId"] for record in one.event["Records"]}
        done |= ids - failed if partial or not failed else set()
    return done


def not_too_early(world: World) -> bool:
    """No message was run again before its visibility timeout was over."""
    received_ms: dict[str, list[float]] = defaultdict(list)
    for one in world.runs:
        for record in one.event["Records"]:
            received_ms[record["messageId"]].append(one.at_s)
    return all(
        later - earlier >= VISIBILITY_S - 2.001  # a window of 2 s may delay the earlier run
        for times in received_ms.values()
        for earlier, later in itertools.pairwise(times)
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    mix=mixes,
    retries=st.integers(0, 2),
    age_s=st.sampled_from((60, 90, 300, 21_600)),
    reserved=st.sampled_from((None, 1, 2)),
    takes_s=st.sampled_from((0, 7)),
)
def test_every_event_ends_in_one_record(mix, retries, age_s, reserved, takes_s):
    async def scenario(world: World) -> None:
        seen: Counter[int] = Counter()

        def handle(event: Any) -> None:
            seen[event["n"]] += 1
            if event["kind"] == "bad" or (event["kind"] == "flaky" and seen[event["n"]] == 1):
                raise RuntimeError("intentional failure")

        good, bad = world.queue("good"), world.queue("bad")
        await world.function(handle, takes_s=takes_s)
        if reserved is not None:
            await world.call(
                "PutFunctionConcurrency",
                FunctionName="fn",
                ReservedConcurrentExecutions=reserved,
            )
        await world.call(
            "PutFunctionEventInvokeConfig",
            FunctionName="fn",
            MaximumRetryAttempts=retries,
            MaximumEventAgeInSeconds=age_s,
            DestinationConfig={
                "OnSuccess": {"Destination": good.arn},
                "OnFailure": {"Destination": bad.arn},
            },
        )
        begin_s = world.clock.now_s()
        ids = []
        for number, (kind, at_s) in enumerate(sorted(mix, key=lambda one: one[1])):
            await world.run(begin_s + at_s - world.clock.now_s())
            ids.append(await world.invoke_event({"n": number, "kind": kind}))
        await world.run_until_idle()

        ended = [request_id(body) for queue in (good, bad) for body in bodies(queue)]
        assert sorted(ended) == sorted(ids)
        assert max(seen.values(), default=0) <= retries + 1
        by_request = defaultdict(list)
        for one in world.runs:
            by_request[one.request.request_id].append(one.at_s)
        for times in by_request.values():
            waits = [later - earlier for earlier, later in itertools.pairwise(times)]
            assert all(
                wait >= least + takes_s for wait, least in zip(waits, (60, 120), strict=False)
            )

    run(scenario)


def bodies(queue: Any) -> list[Any]:
    found: list[Any] = []
    while messages := queue.receive(10):
        found += [json.loads(message.body) for message in messages]
    return found


def request_id(record: Any) -> str:
    found: str = record["requestContext"]["requestId"]
    return found


def run(scenario: Any) -> None:
    async def in_a_world() -> None:
        with tempfile.TemporaryDirectory() as work_dir:
            async with running_world(Path(work_dir)) as world:
                await asyncio.wait_for(scenario(world), timeout=60)

    asyncio.run(in_a_world())


def test_the_same_scenario_gives_the_same_attempts_twice():
    """Nothing depends on chance or on how fast the machine is."""
    tables: list[list[Any]] = []

    async def scenario(world: World) -> None:
        queue, _ = world.queue_with_dlq(3, VISIBILITY_S)
        await world.function(handler(world, partial=True), takes_s=2, Timeout=20)
        await world.mapping(queue, FunctionResponseTypes=["ReportBatchItemFailures"])
        for number in range(60):
            body = json.dumps({"kind": KINDS[number % 4], "n": number})
            queue.send(body, sender_id="AIDA")
            await world.run(number % 3)
        await world.run_until_idle()
        tables.append([(one.at_s, one.bodies, one.counts) for one in world.runs])

    run(scenario)
    run(scenario)
    assert tables[0] == tables[1]
    assert len(tables[0]) > 10
