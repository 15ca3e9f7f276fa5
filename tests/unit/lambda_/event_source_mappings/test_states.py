"""The states of event source mappings, and what becomes of orphaned ones."""

from tests.unit.lambda_.steps import create, ok, refusal, send
from tests.unit.lambda_.world import World


async def test_a_deleted_function(world: World):
    """A27, J16: the mapping stays enabled, the messages go to the queue's DLQ."""
    queue, dlq = world.queue_with_dlq(max_receives=2, visibility_s=30)
    await world.function(ok)
    uuid = await world.mapping(queue)
    await world.call("DeleteFunction", FunctionName="fn")
    send(queue, "orphan")
    await world.run_until_idle()
    assert (await world.call("GetEventSourceMapping", UUID=uuid))["State"] == "Enabled"
    assert world.runs == []
    assert len(dlq.receive(10)) == 1


async def test_a_disabled_mapping_leaves_messages_alone(world: World):
    """A32."""
    queue = world.queue()
    await world.function(ok)
    uuid = await world.mapping(queue)
    answer = await world.call("UpdateEventSourceMapping", UUID=uuid, Enabled=False)
    assert answer["State"] == "Disabling"
    await world.run(1)
    assert (await world.call("GetEventSourceMapping", UUID=uuid))["State"] == "Disabled"
    send(queue, "waits")
    await world.run(1000)
    assert world.runs == []
    answer = await world.call("UpdateEventSourceMapping", UUID=uuid, Enabled=True)
    assert answer["State"] == "Enabling"
    await world.run(1)
    assert (await world.call("GetEventSourceMapping", UUID=uuid))["State"] == "Enabled"
    assert [run.counts for run in world.runs] == [["1"]]


async def test_an_update_takes_effect(world: World):
    """A32, A36."""
    queue = world.queue()
    await world.function(ok)
    await world.function(ok, "other")
    uuid = await world.mapping(queue)
    answer = await world.call("UpdateEventSourceMapping", UUID=uuid, FunctionName="other")
    assert answer["State"] == "Updating"
    assert answer["FunctionArn"].endswith(":function:other")
    await world.run(1)
    send(queue, "one")
    await world.run(0)
    assert [run.function for run in world.runs] == ["other"]


async def test_a_mapping_between_two_states_takes_no_change(world: World):
    """A33: ResourceInUseException."""
    queue = world.queue()
    await world.function(ok)
    uuid = (await create(world, queue))["UUID"]
    error = await refusal(world, "UpdateEventSourceMapping", UUID=uuid, BatchSize=5)
    assert (error.code, error.status) == ("ResourceInUseException", 400)


async def test_a_deleted_mapping(world: World):
    """A32: full configuration, then 404."""
    queue = world.queue()
    await world.function(ok)
    uuid = await world.mapping(queue)
    answer = await world.call("DeleteEventSourceMapping", UUID=uuid)
    assert (answer["State"], answer["BatchSize"]) == ("Deleting", 10)
    await world.run(1)
    error = await refusal(world, "GetEventSourceMapping", UUID=uuid)
    assert (error.code, error.status) == ("ResourceNotFoundException", 404)
    send(queue, "one")
    await world.run(100)
    assert world.runs == []


async def test_a_mapping_to_an_alias(world: World):
    """A31: FunctionArn keeps the qualifier."""
    queue = world.queue()
    await world.function(ok)
    await world.call("PublishVersion", FunctionName="fn")
    await world.call("CreateAlias", FunctionName="fn", Name="live", FunctionVersion="1")
    answer = await create(world, queue, "fn:live")
    assert answer["FunctionArn"].endswith(":function:fn:live")
    send(queue, "one")
    await world.run_until_idle()
    assert world.runs[0].request.invoked_arn.endswith(":function:fn:live")


async def test_a_queue_that_is_deleted_and_created_again(world: World):
    """The mapping stays enabled; it polls the new queue of the same name."""
    queue = world.queue()
    await world.function(ok)
    uuid = await world.mapping(queue)
    world.sqs.delete_queue(queue)
    await world.run(120)
    assert (await world.call("GetEventSourceMapping", UUID=uuid))["State"] == "Enabled"
    again = world.queue()
    send(again, "one")
    await world.run(20)
    assert [run.bodies for run in world.runs] == [["one"]]


async def test_a_mapping_disabled_while_its_batch_is_throttled(world: World):
    """A23: the batch is let go; its message shows again when its time comes."""
    queue = world.queue(VisibilityTimeout=60)
    await world.function(ok, takes_s=500)
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=1)
    uuid = await world.mapping(queue)
    await world.invoke_event("busy")
    await world.run(0)
    send(queue, "waits")
    await world.run(1)
    await world.call("UpdateEventSourceMapping", UUID=uuid, Enabled=False)
    await world.run(58)
    throttles = world.total("Throttles")
    assert not queue.has_available()
    await world.run(2)
    assert [message.receive_count for message in queue.receive(10)] == [2]
    assert world.total("Throttles") == throttles == 1
    await world.run_until_idle()


async def test_a_mapping_disabled_while_its_window_is_open(world: World):
    """A9: what was collected is not lost."""
    queue = world.queue(VisibilityTimeout=60)
    await world.function(ok)
    uuid = await world.mapping(queue, MaximumBatchingWindowInSeconds=20)
    send(queue, "collected")
    await world.run(1)
    await world.call("UpdateEventSourceMapping", UUID=uuid, Enabled=False)
    await world.run(100)
    assert world.runs == []
    await world.call("UpdateEventSourceMapping", UUID=uuid, Enabled=True)
    await world.run(30)
    assert [run.counts for run in world.runs] == [["2"]]
