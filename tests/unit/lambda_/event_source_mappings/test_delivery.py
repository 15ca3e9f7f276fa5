"""SQS to Lambda: one message's way through an event source mapping."""

from tests.unit.lambda_.steps import fail, ok, send
from tests.unit.lambda_.world import World


async def test_the_event(world: World):
    """A1-A3, J26."""
    queue = world.queue()
    await world.function(ok)
    await world.mapping(queue)
    attributes = {
        "Title": {"DataType": "String", "StringValue": "The Whistler"},
        "Weeks": {"DataType": "Number", "StringValue": "6"},
        "Blob": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
    }
    send(queue, '{"order": 7}', message_attributes=attributes)
    await world.run_until_idle()
    (record,) = world.runs[0].event["Records"]
    assert list(record) == [
        "messageId",
        "receiptHandle",
        "body",
        "attributes",
        "messageAttributes",
        "md5OfMessageAttributes",
        "md5OfBody",
        "eventSource",
        "eventSourceARN",
        "awsRegion",
    ]
    assert record["body"] == '{"order": 7}'
    assert list(record["attributes"]) == [
        "ApproximateReceiveCount",
        "SentTimestamp",
        "SenderId",
        "ApproximateFirstReceiveTimestamp",
    ]
    assert all(isinstance(value, str) for value in record["attributes"].values())
    empty = {"stringListValues": [], "binaryListValues": []}
    assert record["messageAttributes"] == {
        "Title": {"stringValue": "The Whistler", **empty, "dataType": "String"},
        "Weeks": {"stringValue": "6", **empty, "dataType": "Number"},
        "Blob": {"binaryValue": "AAE=", **empty, "dataType": "Binary"},
    }
    assert record["eventSourceARN"] == queue.arn


async def test_a_processed_message_is_deleted(world: World):
    """A19."""
    queue = world.queue()
    await world.function(ok)
    await world.mapping(queue)
    send(queue, "good")
    await world.run(1000)
    assert len(world.runs) == 1
    assert queue.receive(10) == []


async def test_a_failing_message_ends_in_the_dlq(world: World):
    """A19-A21, J1, J2, J3, J4."""
    queue, dlq = world.queue_with_dlq(max_receives=2, visibility_s=30)
    await world.function(fail)
    await world.mapping(queue)
    (sent,) = send(queue, '{"pass": false}')
    await world.run(29)
    assert not dlq.has_available()
    await world.run_until_idle()
    assert world.run_times_s() == [0, 30]
    assert [run.counts for run in world.runs] == [["1"], ["2"]]
    (message,) = dlq.receive(10)
    assert (message.message_id, message.body) == (sent.message_id, sent.body)
    assert message.dead_letter_source_arn == queue.arn
    assert message.receive_count == 3
    assert queue.receive(10) == []


async def test_a_redelivery(world: World):
    """A6, A7, J6."""
    queue = world.queue(VisibilityTimeout=60)
    await world.function(lambda event: fail(event) if len(world.runs) == 1 else None)
    await world.mapping(queue)
    send(queue, "flaky")
    await world.run_until_idle()
    first, second = world.runs
    assert second.at_s - first.at_s == 60
    (before,), (after,) = first.event["Records"], second.event["Records"]
    assert before["receiptHandle"] != after["receiptHandle"]
    for kept in ("messageId", "body"):
        assert before[kept] == after[kept]
    for kept in ("SentTimestamp", "ApproximateFirstReceiveTimestamp"):
        assert before["attributes"][kept] == after["attributes"][kept]
    assert first.request.request_id != second.request.request_id


async def test_messages_that_were_there_before_the_mapping(world: World):
    queue = world.queue()
    await world.function(ok)
    send(queue, "early")
    await world.mapping(queue)
    assert world.runs[0].bodies == ["early"]


async def test_a_delayed_message_is_delivered_when_its_delay_is_over(world: World):
    queue = world.queue()
    await world.function(ok)
    await world.mapping(queue)
    sent_s = world.clock.now_s()
    send(queue, "later", delay_s=300)
    await world.run_until_idle()
    assert [run.at_s - sent_s for run in world.runs] == [300]


async def test_idle_mappings_schedule_nothing(world: World):
    queue = world.queue()
    await world.function(ok)
    await world.mapping(queue)
    before_s = world.elapsed_s()
    await world.run_until_idle()
    assert world.elapsed_s() == before_s


async def test_two_functions_compete_for_a_queue(world: World):
    """A12."""
    queue = world.queue()
    await world.function(ok)
    await world.function(ok, "other")
    await world.mapping(queue, BatchSize=1)
    await world.mapping(queue, "other", BatchSize=1)
    send(queue, *map(str, range(30)))
    await world.run_until_idle()
    assert sorted(int(run.bodies[0]) for run in world.runs) == list(range(30))


async def test_a_loop_through_the_queue_is_stopped(world: World):
    """C37, C38, J73."""
    queue, dlq = world.queue_with_dlq(max_receives=1)

    def again(event):
        header = world.runs[-1].request.trace_header
        trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": header}}
        queue.send("again", sender_id="AIDA", system_attributes=trace)

    await world.function(again)
    await world.mapping(queue)
    send(queue, "start")
    await world.run_until_idle()
    assert len(world.runs) == 16
    assert len(dlq.receive(10)) == 1
    assert world.total("RecursiveInvocationsDropped") == 1


async def test_a_queue_that_hides_nothing_does_not_hang_the_poller(world: World):
    """A visibility timeout of 0, set after the mapping was created."""
    queue, dlq = world.queue_with_dlq(max_receives=3)
    await world.function(fail)
    await world.mapping(queue)
    queue.set_attributes({"VisibilityTimeout": "0"})
    send(queue, "bad")
    await world.run_until_idle()
    assert world.run_times_s() == [0, 1, 2]
    assert len(dlq.receive(10)) == 1
