"""AWS/SQS metrics: what is counted, when it is published, and for how long."""

import pytest

from tests.unit.sqs.world import SENDER, SqsWorld
from tests.unit.virtual_time import START_S

# The virtual clock of these tests starts 20 s into a minute.
TO_FULL_MINUTE_S = 40.0
HOUR_S = 3600.0


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


def test_what_happened_is_published_at_the_next_full_minute(world):
    queue = world.queue()
    for n in range(3):
        queue.send("x" * (n + 1), sender_id=SENDER)
    queue.send("later", sender_id=SENDER, delay_s=900)
    first, _ = queue.receive(2)
    queue.delete(first.receipt_handle)
    assert world.scheduler.next_at_s() == START_S + TO_FULL_MINUTE_S
    world.pass_time(TO_FULL_MINUTE_S)
    assert {point.name: point.value for point in world.metrics.points} == {
        "NumberOfMessagesSent": 4,
        "SentMessageSize": (1 + 2 + 3 + 5) / 4,
        "NumberOfMessagesReceived": 2,
        "NumberOfMessagesDeleted": 1,
        "NumberOfEmptyReceives": 0,
        "ApproximateNumberOfMessagesVisible": 2,
        "ApproximateNumberOfMessagesNotVisible": 0,
        "ApproximateNumberOfMessagesDelayed": 1,
        "ApproximateAgeOfOldestMessage": TO_FULL_MINUTE_S,
    }


def test_a_full_minute_s_points_belong_to_the_minute_before(world):
    world.queue().send("x", sender_id=SENDER)
    world.pass_time(TO_FULL_MINUTE_S)
    assert {point.at_s for point in world.metrics.points} == {START_S + TO_FULL_MINUTE_S - 1}


def test_a_queue_that_was_never_used_publishes_nothing(world):
    world.queue()
    world.pass_time(HOUR_S)
    assert world.metrics.points == []


def test_afterwards_it_publishes_in_the_background_for_six_hours(world):
    queue = world.queue()
    queue.send("x", sender_id=SENDER)
    world.pass_time(TO_FULL_MINUTE_S)
    # Nobody has to wait for what does not change
    assert world.scheduler.next_at_s() is None
    world.pass_time(24 * HOUR_S)
    visible = world.measured(queue, "ApproximateNumberOfMessagesVisible")
    assert visible == [1.0] * 361
    assert sum(world.measured(queue, "NumberOfMessagesSent")) == 1
    assert world.scheduler.next_any_at_s() is None


def test_a_redrive_is_no_send_but_it_shows_at_once(world):
    queue, dlq = world.queue_with_dlq(1)
    queue.send("bad", sender_id=SENDER)
    queue.receive(1, visibility_timeout_s=0)
    queue.receive(1)
    world.pass_time(TO_FULL_MINUTE_S)
    assert world.measured(dlq, "NumberOfMessagesSent") == [0]
    assert world.measured(dlq, "ApproximateNumberOfMessagesVisible") == [1]
    assert world.measured(queue, "ApproximateNumberOfMessagesVisible") == [0]


def test_the_age_in_the_dlq_counts_from_the_arrival_there(world):
    queue, dlq = world.queue_with_dlq(1)
    queue.send("bad", sender_id=SENDER)
    world.pass_time(HOUR_S)
    queue.receive(1, visibility_timeout_s=0)
    queue.receive(1)
    world.pass_time(TO_FULL_MINUTE_S)
    assert world.measured(dlq, "ApproximateAgeOfOldestMessage") == [TO_FULL_MINUTE_S]


def test_a_poison_pill_no_longer_raises_the_age(world):
    queue = world.queue()
    queue.send("bad", sender_id=SENDER)
    world.pass_time(10)
    queue.send("younger", sender_id=SENDER)
    for _ in range(3):
        queue.receive(1, visibility_timeout_s=0)
    world.pass_time(30)
    assert world.measured(queue, "ApproximateAgeOfOldestMessage") == [30]


def test_empty_receives_of_clients_are_counted(world):
    queue = world.queue()
    for _ in range(2):
        world.call("ReceiveMessage", QueueUrl=queue.url)
    world.pass_time(60)
    assert world.measured(queue, "NumberOfEmptyReceives") == [2]


def test_a_deleted_queue_publishes_no_more(world):
    queue = world.queue()
    queue.send("x", sender_id=SENDER)
    world.service.delete_queue(queue)
    queue.send("x", sender_id=SENDER)
    world.pass_time(HOUR_S)
    assert world.metrics.points == []
