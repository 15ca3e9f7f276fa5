"""Counters, delays, visibility timeouts, receipt handles and retention of standard queues."""

import pytest

from localaws.sqs import errors
from tests.unit.sqs.world import SENDER, SqsWorld, bodies


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


def test_counters_of_six_messages_one_received(world):
    queue = world.queue(VisibilityTimeout=5)
    for n in range(6):
        queue.send(str(n), sender_id=SENDER)
    queue.receive(1)
    assert queue.counts() == (5, 1, 0)
    world.clock.skip_to(world.clock.now_s() + 5)
    assert queue.counts() == (6, 0, 0)


def test_the_oldest_available_message_comes_first(world):
    queue = world.queue(VisibilityTimeout=5)
    for n in range(4):
        queue.send(str(n), sender_id=SENDER)
    assert bodies(queue.receive(2)) == ["0", "1"]
    world.pass_time(5)
    assert bodies(queue.receive(10)) == ["0", "1", "2", "3"]


def test_a_delay_hides_a_new_message_and_costs_no_receive(world):
    queue = world.queue()
    queue.send("later", sender_id=SENDER, delay_s=10)
    assert queue.receive(1) == []
    assert queue.counts() == (0, 0, 1)
    world.pass_time(10)
    assert [m.receive_count for m in queue.receive(1)] == [1]


def test_a_message_of_its_own_delay_ignores_the_queue_s_even_if_it_is_zero(world):
    queue = world.queue(DelaySeconds=10)
    queue.send("now", sender_id=SENDER, delay_s=0)
    queue.send("later", sender_id=SENDER)
    assert bodies(queue.receive(10)) == ["now"]
    assert queue.counts() == (0, 1, 1)


def test_a_changed_delay_does_not_hold_for_messages_already_sent(world):
    queue = world.queue(DelaySeconds=10)
    queue.send("x", sender_id=SENDER)
    queue.set_attributes({"DelaySeconds": "0"})
    assert queue.counts() == (0, 0, 1)


def test_the_visibility_timeout_is_the_queue_s_unless_the_receive_names_one(world):
    queue = world.queue(VisibilityTimeout=30)
    queue.send("x", sender_id=SENDER)
    queue.receive(1, visibility_timeout_s=5)
    world.pass_time(4.999)
    assert not queue.has_available()
    world.pass_time(0.001)
    assert queue.has_available()


def test_each_message_has_its_own_timer(world):
    queue = world.queue(VisibilityTimeout=30)
    for n in range(3):
        queue.send(str(n), sender_id=SENDER)
    first, second, _ = queue.receive(3)
    queue.change_visibility(first.receipt_handle, 10)
    queue.change_visibility(second.receipt_handle, 0)
    assert bodies(queue.receive(10)) == ["1"]
    world.pass_time(10)
    assert bodies(queue.receive(10)) == ["0"]
    world.pass_time(20)
    assert bodies(queue.receive(10)) == ["1", "2"]


def test_a_changed_timeout_counts_from_the_change_and_is_forgotten_by_the_next_receive(world):
    queue = world.queue(VisibilityTimeout=30)
    queue.send("x", sender_id=SENDER)
    [message] = queue.receive(1)
    world.pass_time(20)
    queue.change_visibility(message.receipt_handle, 60)
    world.pass_time(59)
    assert not queue.has_available()
    world.pass_time(1)
    queue.receive(1)
    world.pass_time(30)
    assert queue.has_available()


def test_visibility_may_not_exceed_twelve_hours_since_the_receive(world):
    queue = world.queue()
    queue.send("x", sender_id=SENDER)
    [message] = queue.receive(1)
    world.pass_time(1)
    with pytest.raises(errors.InvalidParameterValue) as refused:
        queue.change_visibility(message.receipt_handle, 43_200)
    assert refused.value.message == (
        "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout "
        "for the message is beyond the limit [43200 seconds]"
    )
    queue.change_visibility(message.receipt_handle, 43_199)


def test_a_redelivery_has_the_same_first_receive_and_another_handle(world):
    queue = world.queue(VisibilityTimeout=5)
    queue.send("x", sender_id=SENDER)
    [first] = queue.receive(1)
    world.pass_time(5)
    [second] = queue.receive(1)
    assert second.message_id == first.message_id
    assert second.first_received_at_ms == first.first_received_at_ms
    assert second.sent_at_ms == first.sent_at_ms
    assert (first.receive_count, second.receive_count) == (1, 2)
    assert second.receipt_handle != first.receipt_handle


def test_delete_works_after_the_visibility_timeout_and_with_an_older_handle(world):
    queue = world.queue(VisibilityTimeout=5)
    queue.send("x", sender_id=SENDER)
    [first] = queue.receive(1)
    world.pass_time(5)
    queue.receive(1)
    queue.delete(first.receipt_handle)
    assert queue.counts() == (0, 0, 0)


def test_deleting_twice_is_no_error_but_hiding_a_deleted_message_is(world):
    queue = world.queue()
    queue.send("x", sender_id=SENDER)
    [message] = queue.receive(1)
    queue.delete(message.receipt_handle)
    queue.delete(message.receipt_handle)
    with pytest.raises(errors.InvalidParameterValue) as refused:
        queue.change_visibility(message.receipt_handle, 5)
    assert refused.value.message == (
        f"Value {message.receipt_handle} for parameter ReceiptHandle is invalid. Reason: Message "
        "does not exist or is not available for visibility timeout change."
    )


def test_changing_visibility_after_it_ended_leaves_the_message_available(world):
    queue = world.queue(VisibilityTimeout=5)
    queue.send("x", sender_id=SENDER)
    [message] = queue.receive(1)
    world.pass_time(5)
    queue.change_visibility(message.receipt_handle, 100)
    assert queue.counts() == (1, 0, 0)


@pytest.mark.parametrize("handle", ["garbage", "Z2FyYmFnZQ==", "ü"])
def test_text_that_was_never_a_handle_is_refused(world, handle):
    with pytest.raises(errors.ReceiptHandleIsInvalid) as refused:
        world.queue().delete(handle)
    assert handle in refused.value.message
    assert refused.value.status == 404


def test_an_empty_handle_is_a_missing_parameter(world):
    with pytest.raises(errors.MissingParameter, match="must contain the parameter ReceiptHandle"):
        world.queue().delete("")


def test_handles_do_not_outlive_their_queue(world):
    queue = world.queue()
    queue.send("x", sender_id=SENDER)
    [message] = queue.receive(1)
    world.service.delete_queue(queue)
    world.pass_time(60)
    with pytest.raises(errors.ReceiptHandleIsInvalid):
        world.queue().delete(message.receipt_handle)


@pytest.mark.parametrize("state", ["available", "delayed", "in flight"])
def test_retention_ends_a_message_wherever_it_stands(world, state):
    # Given a DLQ too: expiry never leads there
    queue, dlq = world.queue_with_dlq(1, MessageRetentionPeriod=60)
    queue.send("x", sender_id=SENDER, delay_s=900 if state == "delayed" else None)
    if state == "in flight":
        queue.receive(1, visibility_timeout_s=900)
    world.pass_time(59.9)
    assert sum(queue.counts()) == 1
    world.pass_time(0.1)
    assert (queue.counts(), dlq.counts()) == ((0, 0, 0), (0, 0, 0))
    assert queue.receive(10) == []


def test_a_purge_takes_messages_in_every_state_and_has_a_minute_s_rest(world):
    queue = world.queue()
    for n in range(3):
        queue.send(str(n), sender_id=SENDER)
    queue.send("later", sender_id=SENDER, delay_s=100)
    [taken, *_] = queue.receive(2)
    queue.purge()
    assert queue.counts() == (0, 0, 0)
    queue.delete(taken.receipt_handle)
    with pytest.raises(errors.PurgeQueueInProgress) as refused:
        queue.purge()
    assert refused.value.message == (
        "Only one PurgeQueue operation on q is allowed every 60 seconds."
    )
    assert refused.value.status == 403
    world.pass_time(60)
    queue.purge()


def test_a_receiver_s_message_does_not_change_afterwards(world):
    queue = world.queue()
    queue.send("x", sender_id=SENDER)
    [first] = queue.receive(1, visibility_timeout_s=0)
    queue.receive(1)
    assert first.receive_count == 1


def test_too_many_messages_in_flight(world, monkeypatch):
    monkeypatch.setattr("localaws.sqs.limits.MAX_IN_FLIGHT", 2)
    queue = world.queue()
    for n in range(3):
        queue.send(str(n), sender_id=SENDER)
    queue.receive(2)
    assert queue.receive(1) == []
    refused = world.refused("ReceiveMessage", QueueUrl=queue.url)
    assert (refused.query_code, refused.status) == ("OverLimit", 403)
