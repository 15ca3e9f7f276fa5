"""Long polls and subscribers: who is told of a message, when, and at whose expense."""

import asyncio

import pytest

from tests.unit.sqs.world import SENDER, SqsWorld
from tests.unit.virtual_time import START_S


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


def receiving(world, queue, **params):
    params = {"QueueUrl": queue.url, **params}
    answer = world.operations["ReceiveMessage"](params, world.caller)
    return asyncio.ensure_future(answer)


async def test_an_empty_wait_ends_at_its_time(world):
    queue = world.queue()
    poll = receiving(world, queue, WaitTimeSeconds=20)
    assert await world.finish(poll) == {}
    assert world.clock.now_s() == START_S + 20
    assert not world.activity.waited_for
    assert world.activity.idle


async def test_the_queue_s_own_wait_is_the_default(world):
    queue = world.queue(ReceiveMessageWaitTimeSeconds=7)
    await world.finish(receiving(world, queue))
    assert world.clock.now_s() == START_S + 7
    assert world.call("ReceiveMessage", QueueUrl=queue.url, WaitTimeSeconds=0) == {}


async def test_a_wait_ends_with_the_first_message(world):
    queue = world.queue()
    poll = receiving(world, queue, WaitTimeSeconds=20)
    await world.settled()
    world.clock.skip_to(START_S + 3)
    queue.send("x", sender_id=SENDER)
    [message] = (await world.finish(poll))["Messages"]
    assert message["Body"] == "x"
    assert world.clock.now_s() == START_S + 3
    assert queue.counts() == (0, 1, 0)


async def test_a_wait_ends_when_a_delay_or_a_visibility_timeout_does(world):
    queue = world.queue(VisibilityTimeout=5)
    queue.send("x", sender_id=SENDER, delay_s=4)
    for end_s in (4, 9, 14):
        [message] = (await world.finish(receiving(world, queue, WaitTimeSeconds=20)))["Messages"]
        assert message["Body"] == "x"
        assert world.clock.now_s() == START_S + end_s


async def test_a_message_that_moves_to_the_dlq_does_not_end_the_wait(world):
    queue, dlq = world.queue_with_dlq(1, VisibilityTimeout=5)
    queue.send("bad", sender_id=SENDER)
    queue.receive(1)
    at_dlq = receiving(world, dlq, WaitTimeSeconds=20)
    at_source = receiving(world, queue, WaitTimeSeconds=20)
    assert (await world.finish(at_dlq))["Messages"][0]["Body"] == "bad"
    assert world.clock.now_s() == START_S + 5
    assert await world.finish(at_source) == {}
    assert world.clock.now_s() == START_S + 20


async def test_one_message_ends_one_of_two_waits(world):
    queue = world.queue()
    first = receiving(world, queue, WaitTimeSeconds=20)
    second = receiving(world, queue, WaitTimeSeconds=20)
    await world.settled()
    queue.send("x", sender_id=SENDER)
    assert "Messages" in await world.finish(first)
    assert await world.finish(second) == {}


async def test_a_client_that_goes_away_takes_no_message_with_it(world):
    queue = world.queue()
    gone = receiving(world, queue, WaitTimeSeconds=20)
    await world.settled()
    queue.send("x", sender_id=SENDER)
    world.settle()
    assert not world.activity.idle
    # When it goes in the very moment in which it was woken
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    # Then the message is there for others, and nothing is left behind
    assert queue.counts() == (1, 0, 0)
    assert world.activity.idle
    assert not world.activity.waited_for
    assert "Messages" in await world.finish(receiving(world, queue, WaitTimeSeconds=20))


async def test_time_stands_between_the_wake_up_and_the_answer(world):
    queue = world.queue()
    poll = receiving(world, queue, WaitTimeSeconds=20)
    await world.settled()
    queue.send("x", sender_id=SENDER)
    world.settle()
    assert not world.activity.idle
    await world.finish(poll)
    assert world.activity.idle


async def test_a_wait_at_a_deleted_queue_ends(world):
    queue = world.queue()
    poll = receiving(world, queue, WaitTimeSeconds=20)
    await world.settled()
    world.service.delete_queue(queue)
    assert await world.finish(poll) == {}
    assert world.clock.now_s() == START_S


def test_subscribers_are_told_once_per_moment_and_never_from_inside_a_call(world):
    queue = world.queue()
    calls = []
    queue.subscribe(lambda: calls.append(world.clock.now_s()))
    for n in range(3):
        queue.send(str(n), sender_id=SENDER)
    assert calls == []
    world.pass_time(0)
    assert calls == [START_S]
    world.pass_time(100)
    assert calls == [START_S]


def test_subscribers_are_told_when_messages_come_back(world):
    queue = world.queue(VisibilityTimeout=5)
    for n in range(3):
        queue.send(str(n), sender_id=SENDER)
    queue.send("later", sender_id=SENDER, delay_s=20)
    received = queue.receive(3)
    calls = []
    unsubscribe = queue.subscribe(lambda: calls.append(world.clock.now_s() - START_S))
    queue.delete(received[0].receipt_handle)
    queue.change_visibility(received[1].receipt_handle, 12)
    world.pass_time(30)
    assert calls == [5, 12, 20]
    # And no longer when they have unsubscribed
    unsubscribe()
    queue.send("x", sender_id=SENDER)
    world.pass_time(1)
    assert calls == [5, 12, 20]


def test_a_fifo_subscriber_is_told_when_the_group_is_free(world):
    queue = world.queue("q.fifo", ContentBasedDeduplication="true")
    for n in range(2):
        queue.send(str(n), sender_id=SENDER, group_id="g")
    [first] = queue.receive(1)
    calls = []
    queue.subscribe(lambda: calls.append(world.clock.now_s() - START_S))
    queue.send("2", sender_id=SENDER, group_id="g")
    world.pass_time(3)
    assert calls == []
    queue.delete(first.receipt_handle)
    world.pass_time(1)
    assert calls == [3]


def test_there_is_a_timer_only_while_somebody_listens(world):
    queue = world.queue(VisibilityTimeout=90)
    queue.send("x", sender_id=SENDER)
    queue.receive(1)
    world.pass_time(60)  # past the publication of the metrics
    assert world.scheduler.next_at_s() is None
    unsubscribe = queue.subscribe(lambda: None)
    assert world.scheduler.next_at_s() == START_S + 90
    unsubscribe()
    assert world.scheduler.next_at_s() is None
