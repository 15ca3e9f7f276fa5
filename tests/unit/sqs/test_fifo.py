"""FIFO queues: order within groups, blocked groups, deduplication, repeated receives."""

import pytest

from localaws.sqs import errors
from tests.unit.sqs.world import SENDER, SqsWorld, bodies


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


@pytest.fixture
def queue(world):
    return world.queue("q.fifo", ContentBasedDeduplication="true", VisibilityTimeout=10)


def send(queue, body, group="g", **params):
    return queue.send(body, sender_id=SENDER, group_id=group, **params)


def test_a_receive_takes_as_many_of_one_group_as_it_can_in_order(queue):
    for body, group in [("a1", "a"), ("b1", "b"), ("a2", "a"), ("b2", "b"), ("a3", "a")]:
        send(queue, body, group)
    assert bodies(queue.receive(4)) == ["a1", "a2", "a3", "b1"]


def test_a_group_in_flight_is_blocked_and_others_are_not(world, queue):
    for body, group in [("a1", "a"), ("a2", "a"), ("b1", "b")]:
        send(queue, body, group)
    assert bodies(queue.receive(1)) == ["a1"]
    assert bodies(queue.receive(10)) == ["b1"]
    assert queue.receive(10) == []
    # When the first is deleted, its group goes on; when b1's time is up, b begins again
    world.pass_time(10)
    assert bodies(queue.receive(10)) == ["a1", "a2", "b1"]


def test_deleting_the_message_in_flight_frees_the_group(queue):
    send(queue, "1")
    send(queue, "2")
    [first] = queue.receive(1)
    assert not queue.has_available()
    queue.delete(first.receipt_handle)
    assert bodies(queue.receive(10)) == ["2"]


@pytest.mark.parametrize(("extended", "shown"), [(0, []), (1, ["0"]), (2, ["0", "1"])])
def test_a_group_shows_up_to_its_first_message_in_flight(world, queue, extended, shown):
    """As AWS was seen to do: https://github.com/localstack/localstack/pull/13386."""
    for n in range(3):
        send(queue, str(n))
    batch = queue.receive(3)
    queue.change_visibility(batch[extended].receipt_handle, 60)
    world.pass_time(10)
    assert bodies(queue.receive(10)) == shown


def test_a_message_shown_early_can_be_received_beside_the_rest_of_its_batch(world, queue):
    """As LocalStack's `test_fifo_message_group_visibility_after_*` saw it on AWS."""
    for body, group in [("a1", "a"), ("a2", "a"), ("a3", "a"), ("b1", "b")]:
        send(queue, body, group)
    first, second = queue.receive(2)
    queue.delete(first.receipt_handle)
    assert not queue.is_full()
    queue.change_visibility(second.receipt_handle, 0)
    assert bodies(queue.receive(10)) == ["b1", "a2", "a3"]


def test_a_batch_s_later_message_opens_no_group(queue):
    for n in range(3):
        send(queue, str(n))
    _, second = queue.receive(2)
    queue.change_visibility(second.receipt_handle, 0)
    assert not queue.has_available()
    assert queue.receive(10) == []


def test_groups_take_turns_in_the_order_in_which_they_became_receivable(world, queue):
    """As LocalStack's `test_fifo_receive_message_*` saw it on AWS."""
    for body in ("a1", "b1", "b2", "c1", "a2"):
        send(queue, body, body[0])
    assert bodies(queue.receive(3, visibility_timeout_s=0)) == ["a1", "a2", "b1"]
    assert bodies(queue.receive(10)) == ["c1", "a1", "a2", "b1", "b2"]


def test_blocked_messages_count_as_available(queue):
    for n in range(6):
        send(queue, str(n))
    queue.receive(2)
    assert queue.counts() == (4, 2, 0)


def test_an_expired_or_replaced_handle_neither_deletes_nor_hides(world, queue):
    send(queue, "x")
    [first] = queue.receive(1)
    world.pass_time(10)
    expected = (
        f"Value {first.receipt_handle} for parameter ReceiptHandle is invalid. "
        "Reason: The receipt handle has expired."
    )
    for _ in range(2):  # once while the message is available, once while somebody else has it
        with pytest.raises(errors.InvalidParameterValue) as refused:
            queue.delete(first.receipt_handle)
        assert refused.value.message == expected
        with pytest.raises(errors.InvalidParameterValue):
            queue.change_visibility(first.receipt_handle, 20)
        queue.receive(1)


@pytest.mark.parametrize("deleted", [True, False])
def test_a_repeated_body_is_stored_once_within_five_minutes(world, queue, deleted):
    first = send(queue, "same")
    if deleted:
        queue.delete(queue.receive(1)[0].receipt_handle)
    world.pass_time(299)
    again = send(queue, "same")
    assert (again.message_id, again.sequence_number) == (first.message_id, first.sequence_number)
    assert sum(queue.counts()) == (0 if deleted else 1)
    world.pass_time(1)
    send(queue, "same")
    assert sum(queue.counts()) == (1 if deleted else 2)


def test_an_explicit_id_counts_and_the_body_does_not(queue):
    first = send(queue, "one", deduplication_id="d")
    again = send(queue, "another", deduplication_id="d")
    send(queue, "one", deduplication_id="e")
    assert again.message_id == first.message_id
    # The answer to a duplicate carries the digest of what was sent, for the SDK's check
    assert again.md5_of_body != first.md5_of_body
    assert bodies(queue.receive(10)) == ["one", "one"]


def test_an_id_is_taken_for_the_queue_or_for_the_group_as_the_scope_says(world):
    queue = world.queue("q.fifo")
    send(queue, "1", "a", deduplication_id="d")
    send(queue, "2", "b", deduplication_id="d")
    assert sum(queue.counts()) == 1
    per_group = world.queue("p.fifo", DeduplicationScope="messageGroup")
    send(per_group, "1", "a", deduplication_id="d")
    send(per_group, "2", "b", deduplication_id="d")
    send(per_group, "3", "a", deduplication_id="d")
    assert sum(per_group.counts()) == 2


@pytest.mark.parametrize("created", ["queue", "messageGroup"])
def test_a_changed_scope_changes_nothing(world, created):
    # https://github.com/localstack/localstack/pull/10324
    queue = world.queue("q.fifo", DeduplicationScope=created)
    other = "queue" if created == "messageGroup" else "messageGroup"
    queue.set_attributes({"DeduplicationScope": other})
    assert queue.described()["DeduplicationScope"] == other
    for group in ("a", "b"):
        send(queue, "1", group, deduplication_id="d")
    assert sum(queue.counts()) == (1 if created == "queue" else 2)


def test_sequence_numbers_have_twenty_digits_and_grow(queue):
    numbers = [send(queue, str(n)).sequence_number for n in range(5)]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 5
    assert {len(number) for number in numbers} == {20}


def test_the_queue_s_delay_holds_and_a_change_of_it_too(world):
    queue = world.queue("q.fifo", ContentBasedDeduplication="true", DelaySeconds=10)
    send(queue, "1")
    send(queue, "2", delay_s=0)
    assert queue.counts() == (0, 0, 2)
    world.pass_time(4)
    queue.set_attributes({"DelaySeconds": "5"})
    assert queue.counts() == (0, 0, 2)
    world.pass_time(1)
    assert bodies(queue.receive(10)) == ["1", "2"]
    send(queue, "3", "h")
    queue.set_attributes({"DelaySeconds": "0"})
    assert bodies(queue.receive(10)) == ["3"]


def test_a_longer_delay_hides_what_nobody_received_yet(world):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html"""
    # Given messages that can be received, of which one was received before
    queue = world.queue("q.fifo", ContentBasedDeduplication="true")
    for group in ("seen", "new", "old"):
        send(queue, group, group)
        world.pass_time(10)
    assert bodies(queue.receive(1, visibility_timeout_s=1)) == ["seen"]
    world.pass_time(1)  # they are 31 s, 21 s and 11 s old
    send(queue, "behind", "seen")
    # When the queue's delay becomes longer than two messages are old
    queue.set_attributes({"DelaySeconds": "20"})
    # Then these two are delayed until they are as old, and what was received once is not
    assert queue.counts() == (2, 0, 2)
    assert sorted(bodies(queue.receive(10))) == ["new", "seen"]
    world.pass_time(8.5)
    assert queue.receive(10) == []
    world.pass_time(0.5)
    assert bodies(queue.receive(10)) == ["old"]
    queue.set_attributes({"DelaySeconds": "0"})
    assert queue.counts() == (1, 3, 0)


def test_a_delayed_message_does_not_overtake_nor_block_what_came_before(world):
    queue = world.queue("q.fifo", ContentBasedDeduplication="true")
    send(queue, "1")
    world.pass_time(10)
    queue.set_attributes({"DelaySeconds": "10"})
    send(queue, "2")
    assert bodies(queue.receive(10)) == ["1"]
    world.pass_time(10)
    assert queue.counts() == (1, 1, 0)
    assert queue.receive(10) == []


def test_a_repeated_receive_gets_the_same_messages_and_a_new_timeout(world, queue):
    send(queue, "1")
    send(queue, "2")
    first = queue.receive(1, attempt_id="try")
    world.pass_time(8)
    again = queue.receive(1, attempt_id="try")
    assert [m.receipt_handle for m in again] == [m.receipt_handle for m in first]
    assert again[0].receive_count == 1
    world.pass_time(8)
    assert queue.counts() == (1, 1, 0)


@pytest.mark.parametrize("change", ["delete", "show", "hide", "receive"])
def test_a_receive_cannot_be_repeated_when_its_messages_changed(world, queue, change):
    # https://github.com/awslabs/amazon-sqs-java-messaging-lib/issues/213
    send(queue, "1")
    [first] = queue.receive(1, attempt_id="try")
    if change == "delete":
        queue.delete(first.receipt_handle)
    elif change == "receive":
        world.pass_time(10)
        queue.receive(1)
    else:
        queue.change_visibility(first.receipt_handle, 0 if change == "show" else 20)
    with pytest.raises(errors.InvalidParameterValue, match="is not valid anymore since the"):
        queue.receive(1, attempt_id="try")
    # Then the id is free after five minutes, or with the messages
    queue.purge()
    assert queue.receive(1, attempt_id="try") == []


def test_a_repeated_receive_starts_afresh_when_its_time_is_over(world, queue):
    send(queue, "1")
    assert queue.receive(1, attempt_id="try")
    for count in (2, 3):
        world.pass_time(10)
        assert [m.receive_count for m in queue.receive(1, attempt_id="try")] == [count]


def test_attempt_ids_are_forgotten_after_five_minutes(world, queue):
    queue.set_attributes({"VisibilityTimeout": "600"})
    send(queue, "1")
    assert queue.receive(1, attempt_id="try")
    world.pass_time(300)
    assert queue.receive(1, attempt_id="try") == []


def test_retention_of_a_message_in_flight_frees_its_group(world):
    queue = world.queue("q.fifo", ContentBasedDeduplication="true", MessageRetentionPeriod=60)
    send(queue, "1")
    queue.receive(1, visibility_timeout_s=600)
    world.pass_time(30)
    send(queue, "2")
    assert not queue.has_available()
    world.pass_time(30)
    assert bodies(queue.receive(1)) == ["2"]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "The request must contain the parameter MessageGroupId."),
        (
            {"group_id": "g"},
            "The queue should either have ContentBasedDeduplication enabled or "
            "MessageDeduplicationId provided explicitly",
        ),
        (
            {"group_id": "g", "deduplication_id": "d", "delay_s": 2},
            "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter "
            "that is not valid for this queue type.",
        ),
        (
            {"group_id": "g", "deduplication_id": "x y"},
            "Value x y for parameter MessageDeduplicationId is invalid. Reason: "
            "MessageDeduplicationId can only include alphanumeric and punctuation characters. "
            "1 to 128 in length.",
        ),
    ],
)
def test_what_a_fifo_queue_does_not_take(world, params, message):
    with pytest.raises((errors.MissingParameter, errors.InvalidParameterValue)) as refused:
        world.queue("q.fifo").send("x", sender_id=SENDER, **params)
    assert refused.value.message == message


def test_a_purge_frees_the_ids_that_were_taken(world, queue):
    queue.send("a", sender_id=SENDER, group_id="g", deduplication_id="1")
    queue.purge()
    queue.send("b", sender_id=SENDER, group_id="g", deduplication_id="1")
    assert bodies(queue.receive(10)) == ["b"]
