"""Partial batch responses, and the order of FIFO groups."""

import itertools

import pytest

from tests.unit.lambda_.steps import fail, ok, report, send
from tests.unit.lambda_.world import World

PARTIAL = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


async def test_only_reported_messages_come_back(world: World):
    """A37, A40."""
    queue, dlq = world.queue_with_dlq(max_receives=2)
    await world.function(report("bad"))
    send(queue, "good", "bad", "fine")
    await world.mapping(queue, **PARTIAL)
    await world.run_until_idle()
    assert [sorted(run.bodies) for run in world.runs] == [["bad", "fine", "good"], ["bad"]]
    assert [message.body for message in dlq.receive(10)] == ["bad"]
    assert world.total("Errors") == 0


@pytest.mark.parametrize(
    "response", [{}, None, {"batchItemFailures": []}, {"batchItemFailures": None}]
)
async def test_reports_of_success(world: World, response):
    """A38, J17, J19."""
    queue, dlq = world.queue_with_dlq(max_receives=1)
    await world.function(lambda event: response)
    await world.mapping(queue, **PARTIAL)
    send(queue, "one")
    await world.run_until_idle()
    assert len(world.runs) == 1
    assert not dlq.has_available()


@pytest.mark.parametrize(
    "failures",
    [
        [{"foo": "notvalid"}],
        [{"itemIdentifier": ""}],
        [{"itemIdentifier": None}],
        [{"itemIdentifier": "unknown"}],
    ],
)
async def test_reports_that_fail_the_batch(world: World, failures):
    """A38, J18, J20."""
    queue, dlq = world.queue_with_dlq(max_receives=2)
    await world.function(lambda event: {"batchItemFailures": failures})
    await world.mapping(queue, **PARTIAL)
    send(queue, "one")
    await world.run_until_idle()
    assert len(world.runs) == 2
    assert len(dlq.receive(10)) == 1


async def test_an_exception_fails_good_records_too(world: World):
    """A38, J21."""
    queue, dlq = world.queue_with_dlq(max_receives=2)
    await world.function(fail)
    send(queue, "good", "bad")
    await world.mapping(queue, **PARTIAL)
    await world.run_until_idle()
    assert sorted(message.body for message in dlq.receive(10)) == ["bad", "good"]


async def test_the_response_is_ignored_unless_asked_for(world: World):
    """A39."""
    queue, dlq = world.queue_with_dlq(max_receives=1)
    await world.function(report("bad"))
    await world.mapping(queue)
    send(queue, "bad")
    await world.run_until_idle()
    assert len(world.runs) == 1
    assert not dlq.has_available()


async def test_a_fifo_group_is_processed_in_order_one_batch_at_a_time(world: World):
    """A17, A5."""
    queue = world.queue("q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    await world.function(ok, takes_s=1)
    await world.mapping(queue, BatchSize=2)
    for number in range(4):
        send(queue, f"a{number}", group_id="a")
    send(queue, "b0", group_id="b")
    await world.run_until_idle()
    groups = [
        {r["attributes"]["MessageGroupId"] for r in run.event["Records"]} for run in world.runs
    ]
    assert all(len(group) == 1 for group in groups)
    of_a = [run for run in world.runs if run.bodies[0].startswith("a")]
    assert [body for run in of_a for body in run.bodies] == ["a0", "a1", "a2", "a3"]
    assert all(later.at_s - run.at_s >= 1 for run, later in itertools.pairwise(of_a))
    attributes = of_a[0].event["Records"][0]["attributes"]
    assert {"MessageGroupId", "MessageDeduplicationId", "SequenceNumber"} <= set(attributes)


async def test_a_failing_group_blocks_only_itself(world: World):
    """A17."""
    queue, _ = world.queue_with_dlq(2, 30, FifoQueue="true", ContentBasedDeduplication="true")

    def handler(event):
        if event["Records"][0]["body"] == "a0":
            raise RuntimeError("bad")

    await world.function(handler)
    await world.mapping(queue, BatchSize=1)
    send(queue, "a0", "a1", group_id="a")
    send(queue, "b0", group_id="b")
    await world.run_until_idle()
    assert [run.bodies[0] for run in world.runs] == ["a0", "b0", "a0", "a1"]
    assert world.run_times_s() == [0, 0, 30, 60]


async def test_reported_failures_of_a_fifo_batch(world: World):
    """J22."""
    queue, _ = world.queue_with_dlq(3, 30, FifoQueue="true", ContentBasedDeduplication="true")
    await world.function(lambda event: report("1", "3")(event) if len(world.runs) == 1 else None)
    send(queue, "0", "1", "2", "3", group_id="g")
    await world.mapping(queue, **PARTIAL)
    await world.run_until_idle()
    assert [run.bodies for run in world.runs] == [["0", "1", "2", "3"], ["1", "3"]]
    assert world.runs[1].counts == ["2", "2"]
