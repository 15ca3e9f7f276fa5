"""What a mapping does when its function, its role or a filter says no."""

import pytest

from localaws.sqs import KeyUnusable
from localaws.words.data_keys import KeyFault
from tests.unit.lambda_.steps import ok, send
from tests.unit.lambda_.world import World


async def test_a_throttled_batch_is_tried_again_within_its_lease(world: World):
    """A23, J24: no receive is used up."""
    queue = world.queue(VisibilityTimeout=60)
    await world.function(ok, takes_s=10)
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=1)
    await world.mapping(queue)
    await world.invoke_event("busy for ten seconds")
    await world.run(0)
    send(queue, "waits")
    await world.run_until_idle()
    run = world.runs[1]
    assert run.counts == ["1"]
    assert run.at_s - world.runs[0].at_s == pytest.approx(11, abs=0.5)
    assert world.total("Throttles") == 2
    assert world.total("Errors") == 0


async def test_a_long_throttle_costs_a_receive(world: World):
    """A23, A24."""
    queue = world.queue(VisibilityTimeout=30)
    await world.function(ok, takes_s=40)
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=1)
    await world.mapping(queue)
    await world.invoke_event("busy")
    await world.run(0)
    send(queue, "waits")
    await world.run_until_idle()
    assert world.runs[1].counts == ["2"]


async def test_without_concurrency_every_visibility_timeout_costs_a_receive(world: World):
    """A23, J25."""
    queue = world.queue(VisibilityTimeout=60)
    await world.function(ok)
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=0)
    uuid = await world.mapping(queue, MetricsConfig={"Metrics": ["EventCount"]})
    send(queue, "waits")
    await world.run(119)
    await world.call("DeleteFunctionConcurrency", FunctionName="fn")
    await world.run_until_idle()
    assert [run.counts for run in world.runs] == [["3"]]
    counts = {
        name: sum(world.metrics.values(name, EventSourceMappingUUID=uuid))
        for name in (
            "PolledEventCount",
            "InvokedEventCount",
            "FailedInvokeEventCount",
            "DeletedEventCount",
        )
    }
    assert counts == {
        "PolledEventCount": 3,
        "InvokedEventCount": 3,
        "FailedInvokeEventCount": 2,
        "DeletedEventCount": 1,
    }


async def test_throttled_messages_reach_the_dlq_without_a_run(world: World):
    """A24."""
    queue, dlq = world.queue_with_dlq(max_receives=3, visibility_s=30)
    await world.function(ok)
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=0)
    await world.mapping(queue)
    send(queue, "never run")
    await world.run_until_idle()
    assert world.runs == []
    assert len(dlq.receive(10)) == 1
    assert world.total("Throttles") == 3


async def test_what_does_not_match_is_deleted_unseen(world: World):
    """A42, F6, J23."""
    queue, dlq = world.queue_with_dlq(max_receives=1)
    await world.function(ok)
    uuid = await world.mapping(
        queue,
        FilterCriteria={"Filters": [{"Pattern": '{"body":{"kind":["order"]}}'}]},
        MetricsConfig={"Metrics": ["EventCount"]},
    )
    send(queue, '{"kind":"order"}', '{"kind":"ping"}', "plain")
    await world.run_until_idle()
    assert [run.bodies for run in world.runs] == [['{"kind":"order"}']]
    assert queue.receive(10) == dlq.receive(10) == []
    dropped = world.metrics.values("FilteredOutEventCount", EventSourceMappingUUID=uuid)
    assert sum(dropped) == 2


async def test_a_role_that_may_no_longer_read(world: World):
    """A29: the messages wait, no receive is counted."""
    queue = world.queue(VisibilityTimeout=30)
    await world.function(ok)
    await world.mapping(queue)
    denied = ("sqs:ReceiveMessage", queue.arn)
    world.permissions.denied.add(denied)
    send(queue, "waits")
    await world.run(100)
    assert world.runs == []
    world.permissions.denied.remove(denied)
    await world.run(20)
    assert [run.counts for run in world.runs] == [["1"]]


async def test_a_role_that_may_no_longer_delete(world: World):
    """A28: what was processed comes again."""
    queue = world.queue(VisibilityTimeout=30)
    await world.function(ok)
    await world.mapping(queue)
    world.permissions.denied.add(("sqs:DeleteMessage", queue.arn))
    send(queue, "again")
    await world.run(40)
    assert [run.counts for run in world.runs] == [["1"], ["2"]]


async def test_a_key_that_cannot_be_used_costs_no_receive(world: World):
    """The function sees the message once KMS uses the queue's key again."""
    queue = world.queue(VisibilityTimeout=30, KmsMasterKeyId="it")
    await world.function(ok)
    await world.mapping(queue)
    world.key_faults["it"] = KeyFault("DisabledException", "It is disabled.")
    with pytest.raises(KeyUnusable):
        send(queue, "refused")
    world.key_faults.clear()
    send(queue, "waits")
    world.key_faults["it"] = KeyFault("DisabledException", "It is disabled.")
    await world.run(90)
    assert world.runs == []
    world.key_faults.clear()
    await world.run_until_idle()
    [run] = world.runs
    assert run.counts == ["1"]
