"""The way to the dead-letter queue: when a message moves, what it keeps, how long it lives."""

import pytest

from localaws.sqs import errors
from tests.unit.sqs.world import SENDER, SqsWorld, bodies, redrive_policy

DAY_S = 24 * 3600.0


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


@pytest.mark.parametrize("max_receives", [1, 2, 5])
def test_the_receive_after_the_last_allowed_one_moves_the_message(world, max_receives):
    # Given a message that nobody deletes
    queue, dlq = world.queue_with_dlq(max_receives, VisibilityTimeout=5)
    queue.send("bad", sender_id=SENDER)
    # When it is received as often as the policy allows
    for count in range(1, max_receives + 1):
        assert [m.receive_count for m in queue.receive(1)] == [count]
        world.pass_time(5)
    # Then it is still in the source queue
    assert (queue.counts(), dlq.counts()) == ((1, 0, 0), (0, 0, 0))
    # And the next receive finds nothing, because it moved the message
    assert queue.receive(1) == []
    assert (queue.counts(), dlq.counts()) == ((0, 0, 0), (1, 0, 0))


def test_nothing_moves_while_nobody_receives(world):
    queue, dlq = world.queue_with_dlq(1, VisibilityTimeout=1)
    queue.send("bad", sender_id=SENDER)
    queue.receive(1)
    world.pass_time(3 * DAY_S)
    assert (queue.counts(), dlq.counts()) == ((1, 0, 0), (0, 0, 0))


def test_a_visibility_timeout_of_zero_moves_it_on_the_second_receive(world):
    queue, dlq = world.queue_with_dlq(1)
    queue.send("bad", sender_id=SENDER)
    assert len(queue.receive(1, visibility_timeout_s=0)) == 1
    assert queue.receive(1, visibility_timeout_s=0) == []
    assert dlq.counts() == (1, 0, 0)


def test_one_receive_moves_the_bad_ones_and_returns_the_good_ones(world):
    queue, dlq = world.queue_with_dlq(1, VisibilityTimeout=5)
    for n in range(3):
        queue.send(f"bad {n}", sender_id=SENDER)
    queue.receive(10)
    world.pass_time(5)
    queue.send("good", sender_id=SENDER)
    assert bodies(queue.receive(10)) == ["good"]
    assert bodies(dlq.receive(10)) == ["bad 0", "bad 1", "bad 2"]


def test_what_a_redriven_message_keeps_and_what_changes(world):
    # Given a message with everything a message can have
    queue, dlq = world.queue_with_dlq(1, VisibilityTimeout=5)
    attributes = {"kind": {"DataType": "String", "StringValue": "bad"}}
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}}
    queue.send("x", sender_id=SENDER, message_attributes=attributes, system_attributes=trace)
    world.pass_time(3)
    [before] = queue.receive(1)
    # When it was redriven
    world.pass_time(60)
    queue.receive(1)
    [after] = dlq.receive(1)
    # Then it is the same message, with its history
    assert after.message_id == before.message_id
    assert (after.body, after.md5_of_body) == (before.body, before.md5_of_body)
    assert after.message_attributes == attributes
    assert after.md5_of_message_attributes == before.md5_of_message_attributes
    was, now = before.system_attributes(), after.system_attributes()
    for name in ("SenderId", "SentTimestamp", "ApproximateFirstReceiveTimestamp", "AWSTraceHeader"):
        assert now[name] == was[name]
    # And it says where it came from; the move itself was no receive
    assert now["DeadLetterQueueSourceArn"] == queue.arn
    assert now["ApproximateReceiveCount"] == "2"
    assert after.receipt_handle != before.receipt_handle


def test_the_old_receipt_handle_does_not_reach_into_the_dead_letter_queue(world):
    queue, dlq = world.queue_with_dlq(1, VisibilityTimeout=5)
    queue.send("bad", sender_id=SENDER)
    [message] = queue.receive(1)
    world.pass_time(5)
    queue.receive(1)
    queue.delete(message.receipt_handle)
    with pytest.raises(errors.ReceiptHandleIsInvalid, match="is not valid for this queue"):
        dlq.delete(message.receipt_handle)
    assert dlq.counts() == (1, 0, 0)


def test_retention_in_a_standard_dlq_counts_from_the_original_send(world):
    # Given a message that spent one day in the source, and a DLQ that keeps four
    queue, dlq = world.queue_with_dlq(1, MessageRetentionPeriod=1_209_600)
    dlq.set_attributes({"MessageRetentionPeriod": str(int(4 * DAY_S))})
    queue.send("bad", sender_id=SENDER)
    world.pass_time(DAY_S)
    queue.receive(1, visibility_timeout_s=0)
    queue.receive(1)
    # When three more days have passed
    world.pass_time(3 * DAY_S - 1)
    assert dlq.counts() == (1, 0, 0)
    world.pass_time(1)
    # Then it is gone
    assert dlq.counts() == (0, 0, 0)


def test_retention_in_a_fifo_dlq_starts_again(world):
    queue, dlq = world.queue_with_dlq(1, "q.fifo", MessageRetentionPeriod=1_209_600)
    dlq.set_attributes({"MessageRetentionPeriod": str(int(4 * DAY_S))})
    queue.send("bad", sender_id=SENDER, group_id="g", deduplication_id="d")
    world.pass_time(DAY_S)
    queue.receive(1, visibility_timeout_s=0)
    queue.receive(1)
    world.pass_time(4 * DAY_S - 1)
    assert dlq.counts() == (1, 0, 0)
    world.pass_time(1)
    assert dlq.counts() == (0, 0, 0)


def test_a_dlq_that_keeps_less_than_the_time_already_spent_loses_the_message(world):
    queue, dlq = world.queue_with_dlq(1)
    dlq.set_attributes({"MessageRetentionPeriod": "60"})
    queue.send("bad", sender_id=SENDER)
    world.pass_time(61)
    queue.receive(1, visibility_timeout_s=0)
    queue.receive(1)
    assert (queue.counts(), dlq.counts()) == ((0, 0, 0), (0, 0, 0))


def test_without_its_dlq_a_queue_goes_on_delivering(world):
    queue, dlq = world.queue_with_dlq(1)
    queue.send("bad", sender_id=SENDER)
    world.service.delete_queue(dlq)
    for _ in range(3):
        assert len(queue.receive(1, visibility_timeout_s=0)) == 1


def test_a_dlq_has_its_own_count_for_its_own_dlq(world):
    # Given a DLQ that has a DLQ itself
    queue, dlq = world.queue_with_dlq(2)
    last = world.queue("last")
    dlq.set_attributes({"RedrivePolicy": redrive_policy(last, 2)})
    queue.send("bad", sender_id=SENDER)
    for _ in range(3):
        queue.receive(1, visibility_timeout_s=0)
    # Then the receives of the source do not use up those of the DLQ
    assert [m.receive_count for m in dlq.receive(1, visibility_timeout_s=0)] == [3]
    assert [m.receive_count for m in dlq.receive(1, visibility_timeout_s=0)] == [4]
    assert dlq.receive(1) == []
    assert last.counts() == (1, 0, 0)


def test_a_lowered_limit_holds_for_messages_already_received(world):
    queue, dlq = world.queue_with_dlq(5)
    queue.send("bad", sender_id=SENDER)
    for _ in range(3):
        queue.receive(1, visibility_timeout_s=0)
    queue.set_attributes({"RedrivePolicy": redrive_policy(dlq, 2)})
    assert queue.receive(1) == []
    assert dlq.counts() == (1, 0, 0)


def test_without_a_policy_nothing_is_moved(world):
    queue, dlq = world.queue_with_dlq(1)
    queue.set_attributes({"RedrivePolicy": ""})
    queue.send("bad", sender_id=SENDER)
    for _ in range(4):
        assert queue.receive(1, visibility_timeout_s=0)
    assert dlq.counts() == (0, 0, 0)


def test_a_redriven_fifo_message_keeps_its_group_and_gets_its_id_as_deduplication_id(world):
    queue, dlq = world.queue_with_dlq(1, "q.fifo")
    sent = queue.send("bad", sender_id=SENDER, group_id="g", deduplication_id="d")
    queue.receive(1, visibility_timeout_s=0)
    queue.receive(1)
    [moved] = dlq.receive(1)
    assert (moved.message_id, moved.group_id) == (sent.message_id, "g")
    assert moved.deduplication_id == sent.message_id
    assert moved.sequence_number != sent.sequence_number


def test_redriving_a_fifo_head_lets_the_next_one_through(world):
    queue, dlq = world.queue_with_dlq(1, "q.fifo", ContentBasedDeduplication="true")
    queue.send("bad", sender_id=SENDER, group_id="g")
    queue.receive(1, visibility_timeout_s=0)
    queue.send("good", sender_id=SENDER, group_id="g")
    assert bodies(queue.receive(10)) == ["good"]
    assert bodies(dlq.receive(10)) == ["bad"]
