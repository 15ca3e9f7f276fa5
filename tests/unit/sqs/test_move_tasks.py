"""DLQ redrive: start, progress, rate, cancel, failure, and what a moved message is."""

import base64
import json

import pytest

from localaws.sqs import errors
from tests.unit.sqs.world import SENDER, SqsWorld, bodies, redrive_policy
from tests.unit.virtual_time import START_S


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


def in_dlq(world, count, name="q"):
    """A queue and its DLQ with that many redriven messages."""
    queue, dlq = world.queue_with_dlq(1, name)
    for n in range(count):
        fifo = {"group_id": "g", "deduplication_id": str(n)} if queue.is_fifo else {}
        queue.send(f"bad {n}", sender_id=SENDER, **fifo)
    while queue.receive(10, visibility_timeout_s=0) or sum(queue.counts()):
        pass
    assert dlq.counts() == (count, 0, 0)
    return queue, dlq


def listed(world, dlq, **params):
    return world.call("ListMessageMoveTasks", SourceArn=dlq.arn, **params)["Results"]


def start(world, dlq, **params):
    return world.call("StartMessageMoveTask", SourceArn=dlq.arn, **params)["TaskHandle"]


def test_back_to_the_source_by_default(world):
    queue, dlq = in_dlq(world, 2)
    handle = start(world, dlq)
    decoded = json.loads(base64.b64decode(handle))
    assert decoded.keys() == {"taskId", "sourceArn"}
    assert decoded["sourceArn"] == dlq.arn
    assert listed(world, dlq) == [
        {
            "TaskHandle": handle,
            "Status": "RUNNING",
            "SourceArn": dlq.arn,
            "ApproximateNumberOfMessagesMoved": 0,
            "ApproximateNumberOfMessagesToMove": 2,
            "StartedTimestamp": int(START_S * 1000),
        }
    ]
    world.pass_time(1)
    assert listed(world, dlq) == [
        {
            "Status": "COMPLETED",
            "SourceArn": dlq.arn,
            "ApproximateNumberOfMessagesMoved": 2,
            "ApproximateNumberOfMessagesToMove": 2,
            "StartedTimestamp": int(START_S * 1000),
        }
    ]
    assert bodies(queue.receive(10)) == ["bad 0", "bad 1"]


def test_each_message_goes_back_to_its_own_source(world):
    queue, dlq = in_dlq(world, 1)
    other = world.queue("other", RedrivePolicy=redrive_policy(dlq, 1))
    other.send("of the other", sender_id=SENDER)
    other.receive(1, visibility_timeout_s=0)
    other.receive(1)
    start(world, dlq)
    world.pass_time(1)
    assert bodies(queue.receive(10)) == ["bad 0"]
    assert bodies(other.receive(10)) == ["of the other"]


def test_a_moved_message_is_a_new_one_with_the_old_content(world):
    queue, dlq = in_dlq(world, 1)
    [old] = dlq.receive(1, visibility_timeout_s=0)
    world.pass_time(3600)
    destination = world.queue("destination")
    start(world, dlq, DestinationArn=destination.arn)
    world.pass_time(1)
    [new] = destination.receive(1)
    assert (new.body, new.sender_id) == (old.body, old.sender_id)
    assert new.message_id != old.message_id
    assert new.sent_at_ms == int((START_S + 3600.1) * 1000)
    assert new.receive_count == 1
    assert "DeadLetterQueueSourceArn" not in new.system_attributes()
    assert sum(queue.counts()) == 0
    assert listed(world, dlq)[0]["DestinationArn"] == destination.arn
    # And it is kept as long as any new message
    world.pass_time(345_600 - 2)
    assert sum(destination.counts()) == 1


def test_the_rate_is_kept(world):
    queue, dlq = in_dlq(world, 5)
    start(world, dlq, MaxNumberOfMessagesPerSecond=2)
    progress = []
    for _ in range(6):
        progress.append(listed(world, dlq)[0]["ApproximateNumberOfMessagesMoved"])
        world.pass_time(0.5)
    assert progress == [0, 1, 2, 3, 4, 5]
    entry = listed(world, dlq)[0]
    assert (entry["Status"], entry["MaxNumberOfMessagesPerSecond"]) == ("COMPLETED", 2)
    assert sum(queue.counts()) == 5


@pytest.mark.parametrize("rate", [93, 500, None])
def test_a_high_rate_is_kept_on_average(world, rate):
    _, dlq = in_dlq(world, 600)
    start(world, dlq, **({"MaxNumberOfMessagesPerSecond": rate} if rate else {}))
    world.pass_time(1)
    assert listed(world, dlq)[0]["ApproximateNumberOfMessagesMoved"] == (rate or 500)


def test_a_cancelled_task_stops_after_what_it_has_taken(world):
    queue, dlq = in_dlq(world, 10)
    handle = start(world, dlq, MaxNumberOfMessagesPerSecond=1)
    world.pass_time(2)
    assert world.call("CancelMessageMoveTask", TaskHandle=handle) == {
        "ApproximateNumberOfMessagesMoved": 2
    }
    assert listed(world, dlq)[0]["Status"] == "CANCELLING"
    assert "TaskHandle" not in listed(world, dlq)[0]
    world.pass_time(10)
    [entry] = listed(world, dlq)
    assert entry["Status"] == "CANCELLED"
    moved = entry["ApproximateNumberOfMessagesMoved"]
    assert (queue.counts()[0], dlq.counts()[0]) == (moved, 10 - moved)
    assert world.refused("CancelMessageMoveTask", TaskHandle=handle).message == (
        "Only active tasks can be cancelled."
    )


def test_a_destination_deleted_on_the_way_fails_the_task(world):
    _, dlq = in_dlq(world, 3)
    destination = world.queue("destination")
    start(world, dlq, DestinationArn=destination.arn, MaxNumberOfMessagesPerSecond=1)
    world.pass_time(1)
    world.service.delete_queue(destination)
    world.pass_time(1)
    entry = listed(world, dlq)[0]
    assert (entry["Status"], entry["FailureReason"]) == (
        "FAILED",
        "AWS.SimpleQueueService.NonExistentQueue",
    )
    assert dlq.counts() == (2, 0, 0)


def test_a_message_that_was_sent_to_the_dlq_directly_has_no_way_back(world):
    _, dlq = in_dlq(world, 0)
    dlq.send("direct", sender_id=SENDER)
    start(world, dlq)
    world.pass_time(1)
    entry = listed(world, dlq)[0]
    assert (entry["Status"], entry["FailureReason"]) == ("FAILED", "CouldNotDetermineMessageSource")
    assert entry["ApproximateNumberOfMessagesMoved"] == 0
    assert dlq.counts() == (1, 0, 0)


def test_a_consumer_that_fails_again_does_not_keep_the_task_going(world):
    # Given a task and a consumer that sends everything back to the DLQ
    queue, dlq = in_dlq(world, 3)
    start(world, dlq, MaxNumberOfMessagesPerSecond=1)
    for _ in range(10):
        world.pass_time(1)
        queue.receive(10, visibility_timeout_s=0)
        queue.receive(10, visibility_timeout_s=0)
    # Then it moved as many as there were at the start
    entry = listed(world, dlq)[0]
    assert (entry["Status"], entry["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 3)
    assert dlq.counts() == (3, 0, 0)


def test_messages_in_flight_are_left(world):
    queue, dlq = in_dlq(world, 3)
    dlq.receive(1)
    start(world, dlq)
    world.pass_time(1)
    assert listed(world, dlq)[0]["ApproximateNumberOfMessagesToMove"] == 2
    assert (queue.counts(), dlq.counts()) == ((2, 0, 0), (0, 1, 0))


def test_a_fifo_dlq_is_emptied_in_order_and_past_deduplication(world):
    queue, dlq = in_dlq(world, 3, "q.fifo")
    start(world, dlq)
    world.pass_time(1)
    assert bodies(queue.receive(10)) == ["bad 0", "bad 1", "bad 2"]


def test_the_latest_tasks_are_listed_newest_first(world):
    _, dlq = in_dlq(world, 0)
    for _ in range(12):
        start(world, dlq)
        world.pass_time(1)
    assert len(listed(world, dlq)) == 1
    started = [entry["StartedTimestamp"] for entry in listed(world, dlq, MaxResults=10)]
    assert len(started) == 10
    assert started == sorted(started, reverse=True)


def test_one_task_per_source_at_a_time(world):
    _, dlq = in_dlq(world, 2)
    start(world, dlq)
    refused = world.refused("StartMessageMoveTask", SourceArn=dlq.arn)
    assert refused.message == (
        "There is already a task running. Only one active task is allowed for a source queue arn "
        "at a given time."
    )
    world.pass_time(1)
    start(world, dlq)


def test_what_cannot_be_started(world):
    queue, dlq = in_dlq(world, 1)
    fifo = world.queue("f.fifo")
    nowhere = f"{dlq.arn}-nowhere"

    def message(source=dlq.arn, **params):
        error = world.refused("StartMessageMoveTask", SourceArn=source, **params)
        return error.message, error.status

    assert message(queue.arn) == ("Source queue must be configured as a Dead Letter Queue.", 400)
    assert message(nowhere) == (
        "The resource that you specified for the SourceArn parameter doesn't exist.",
        404,
    )
    assert message(DestinationArn=nowhere) == (
        "The resource that you specified for the DestinationArn parameter doesn't exist.",
        404,
    )
    assert message(DestinationArn="x")[0].startswith("You must use this format to specify the Dest")
    assert message(DestinationArn=dlq.arn)[0] == (
        "Source queue arn and destination queue arn cannot be the same."
    )
    assert message(DestinationArn=fifo.arn)[0] == (
        "The source queue and destination queue must be of the same queue type."
    )
    for rate in (0, 501):
        assert message(MaxNumberOfMessagesPerSecond=rate)[0] == (
            "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter "
            "a number that's between 1 and 500."
        )


def test_handles_that_name_no_task(world):
    _, dlq = in_dlq(world, 0)

    def refused(content):
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        handle = base64.b64encode(text).decode()
        return world.refused("CancelMessageMoveTask", TaskHandle=handle)

    for content in (b"garbage", b"\xff", [1], {"taskId": "x"}):
        assert refused(content).message == "Value for parameter TaskHandle is invalid."
    unknown = refused({"taskId": "x", "sourceArn": dlq.arn})
    assert isinstance(unknown, errors.ResourceNotFoundException)
    assert unknown.message == "Task does not exist."
    nowhere = refused({"taskId": "x", "sourceArn": f"{dlq.arn}-nowhere"})
    assert nowhere.message == (
        "The resource that you specified for the SourceArn parameter doesn't exist."
    )
