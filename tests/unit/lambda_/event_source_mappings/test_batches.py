"""How many messages make a batch, and how many batches run at a time."""

from tests.unit.lambda_.steps import fail, ok, send
from tests.unit.lambda_.world import World


async def test_a_batch_takes_what_is_there(world: World):
    """A8, A14: up to ten messages, up to five batches at a time."""
    queue = world.queue()
    await world.function(ok, takes_s=0.5)
    send(queue, *map(str, range(120)))
    await world.mapping(queue)
    await world.run_until_idle()
    assert [len(run.bodies) for run in world.runs] == [10] * 12
    # Five at once; nothing grows within half a second.
    assert world.run_times_s()[:6] == [0] * 5 + [0.5]
    assert sorted(int(body) for run in world.runs for body in run.bodies) == list(range(120))


async def test_concurrency_grows_while_messages_wait(world: World):
    """A14: 300 more per minute."""
    queue = world.queue()
    await world.function(ok, takes_s=20)
    send(queue, *map(str, range(100)))
    await world.mapping(queue, BatchSize=1)
    await world.run_until_idle()
    times_s = world.run_times_s()
    assert [times_s.count(at_s) for at_s in (0, 6, 12)] == [5, 30, 30]


async def test_maximum_concurrency(world: World):
    """A11, A16: a cap without throttles."""
    queue = world.queue()
    await world.function(ok, takes_s=10)
    send(queue, *map(str, range(6)))
    await world.mapping(queue, BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    await world.run_until_idle()
    assert world.run_times_s() == [0, 0, 10, 10, 20, 20]
    assert world.total("Throttles") == 0


async def test_a_window_collects_a_batch(world: World):
    """A9, A10."""
    queue = world.queue(VisibilityTimeout=60)
    await world.function(ok)
    await world.mapping(queue, BatchSize=15, MaximumBatchingWindowInSeconds=5)
    start_s = world.clock.now_s()
    send(queue, *map(str, range(4)))
    await world.run(3)
    send(queue, *map(str, range(4, 9)))
    await world.run_until_idle()
    (run,) = world.runs
    assert run.at_s - start_s == 5
    assert len(run.bodies) == 9
    assert run.event["Records"][0]["md5OfMessageAttributes"] is None


async def test_a_full_batch_does_not_wait_for_its_window(world: World):
    """A9, A18."""
    queue = world.queue(VisibilityTimeout=60)
    await world.function(ok)
    await world.mapping(queue, BatchSize=20, MaximumBatchingWindowInSeconds=300)
    send(queue, *map(str, range(40)))
    await world.run(0)
    assert [len(run.bodies) for run in world.runs] == [20, 20]


async def test_a_batch_closes_at_six_megabytes(world: World):
    """A9."""
    queue = world.queue()
    await world.function(ok)
    send(queue, *["x" * 1_000_000] * 8)
    await world.mapping(queue)
    await world.run_until_idle()
    assert sorted(len(run.bodies) for run in world.runs) == [2, 6]


async def test_a_window_that_outlasts_the_visibility_timeout(world: World):
    """A26: the poller hides the messages for window, timeout and 30 seconds."""
    queue = world.queue(VisibilityTimeout=30)
    await world.function(fail, Timeout=30)
    await world.mapping(queue, BatchSize=100, MaximumBatchingWindowInSeconds=40)
    send(queue, "one")
    await world.run(150)
    # Received at 0, 100, each run 40 seconds later.
    assert world.run_times_s() == [0, 100]
