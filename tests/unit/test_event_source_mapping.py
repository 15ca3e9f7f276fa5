"""SQS to Lambda: one message's way through an event source mapping."""

import itertools

import pytest

from localaws.errors import AwsError
from tests.unit.data_plane_world import World, fail, ok, running_world


@pytest.fixture
async def world(tmp_path):
    async with running_world(tmp_path) as world:
        yield world


def send(queue, *bodies: str, **options):
    return [queue.send(body, sender_id="AIDA", **options) for body in bodies]


async def create(world: World, queue, function="fn", **params):
    return await world.call(
        "CreateEventSourceMapping", EventSourceArn=queue.arn, FunctionName=function, **params
    )


async def refusal(world: World, operation: str, /, **params) -> AwsError:
    with pytest.raises(AwsError) as refused:
        await world.call(operation, **params)
    return refused.value


# Delivery and failure


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


# Batches


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
    await world.function(ok, takes_s=10)
    send(queue, *map(str, range(40)))
    await world.mapping(queue, BatchSize=1)
    await world.run_until_idle()
    assert world.run_times_s().count(0) == 5
    assert world.run_times_s().count(1) == 5
    assert world.run_times_s().count(2) == 5


async def test_maximum_concurrency(world: World):
    """A11, A16: a cap without throttles."""
    queue = world.queue()
    await world.function(ok, takes_s=10)
    send(queue, *map(str, range(6)))
    await world.mapping(queue, BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    await world.run_until_idle()
    assert world.run_times_s() == [0, 0, 10, 10, 20, 20]
    assert world.metrics.total("Throttles") == 0


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


# Partial batch responses

PARTIAL = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


def report(*bodies: str):
    def handler(event):
        failed = [r["messageId"] for r in event["Records"] if r["body"] in bodies]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    return handler


async def test_only_reported_messages_come_back(world: World):
    """A37, A40."""
    queue, dlq = world.queue_with_dlq(max_receives=2)
    await world.function(report("bad"))
    send(queue, "good", "bad", "fine")
    await world.mapping(queue, **PARTIAL)
    await world.run_until_idle()
    assert [sorted(run.bodies) for run in world.runs] == [["bad", "fine", "good"], ["bad"]]
    assert [message.body for message in dlq.receive(10)] == ["bad"]
    assert world.metrics.total("Errors") == 0


@pytest.mark.parametrize(
    "response", [{}, None, {"batchItemFailures": []}, {"batchItemFailures": None}]
)
async def test_reports_of_success(world: World, response):
    """A38, J17, J19."""
    queue, dlq = world.queue_with_dlq(max_receives=1)
    await world.function(lambda event: response)
    await world.mapping(queue, **PARTIAL)
    send(queue, "one")
    await world.run_until_idle()
    assert len(world.runs) == 1
    assert not dlq.has_available()


@pytest.mark.parametrize(
    "failures",
    [
        [{"foo": "notvalid"}],
        [{"itemIdentifier": ""}],
        [{"itemIdentifier": None}],
        [{"itemIdentifier": "unknown"}],
    ],
)
async def test_reports_that_fail_the_batch(world: World, failures):
    """A38, J18, J20."""
    queue, dlq = world.queue_with_dlq(max_receives=2)
    await world.function(lambda event: {"batchItemFailures": failures})
    await world.mapping(queue, **PARTIAL)
    send(queue, "one")
    await world.run_until_idle()
    assert len(world.runs) == 2
    assert len(dlq.receive(10)) == 1


async def test_an_exception_fails_good_records_too(world: World):
    """A38, J21."""
    queue, dlq = world.queue_with_dlq(max_receives=2)
    await world.function(fail)
    send(queue, "good", "bad")
    await world.mapping(queue, **PARTIAL)
    await world.run_until_idle()
    assert sorted(message.body for message in dlq.receive(10)) == ["bad", "good"]


async def test_the_response_is_ignored_unless_asked_for(world: World):
    """A39."""
    queue, dlq = world.queue_with_dlq(max_receives=1)
    await world.function(report("bad"))
    await world.mapping(queue)
    send(queue, "bad")
    await world.run_until_idle()
    assert len(world.runs) == 1
    assert not dlq.has_available()


# FIFO


async def test_a_fifo_group_is_processed_in_order_one_batch_at_a_time(world: World):
    """A17, A5."""
    queue = world.queue("q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    await world.function(ok, takes_s=1)
    await world.mapping(queue, BatchSize=2)
    for number in range(4):
        send(queue, f"a{number}", group_id="a")
    send(queue, "b0", group_id="b")
    await world.run_until_idle()
    groups = [
        {r["attributes"]["MessageGroupId"] for r in run.event["Records"]} for run in world.runs
    ]
    assert all(len(group) == 1 for group in groups)
    of_a = [run for run in world.runs if run.bodies[0].startswith("a")]
    assert [body for run in of_a for body in run.bodies] == ["a0", "a1", "a2", "a3"]
    assert all(later.at_s - run.at_s >= 1 for run, later in itertools.pairwise(of_a))
    attributes = of_a[0].event["Records"][0]["attributes"]
    assert {"MessageGroupId", "MessageDeduplicationId", "SequenceNumber"} <= set(attributes)


async def test_a_failing_group_blocks_only_itself(world: World):
    """A17."""
    queue, _ = world.queue_with_dlq(2, 30, FifoQueue="true", ContentBasedDeduplication="true")

    def handler(event):
        if event["Records"][0]["body"] == "a0":
            raise RuntimeError("bad")

    await world.function(handler)
    await world.mapping(queue, BatchSize=1)
    send(queue, "a0", "a1", group_id="a")
    send(queue, "b0", group_id="b")
    await world.run_until_idle()
    assert [run.bodies[0] for run in world.runs] == ["a0", "b0", "a0", "a1"]
    assert world.run_times_s() == [0, 0, 30, 60]


async def test_reported_failures_of_a_fifo_batch(world: World):
    """J22."""
    queue, _ = world.queue_with_dlq(3, 30, FifoQueue="true", ContentBasedDeduplication="true")
    await world.function(lambda event: report("1", "3")(event) if len(world.runs) == 1 else None)
    send(queue, "0", "1", "2", "3", group_id="g")
    await world.mapping(queue, **PARTIAL)
    await world.run_until_idle()
    assert [run.bodies for run in world.runs] == [["0", "1", "2", "3"], ["1", "3"]]
    assert world.runs[1].counts == ["2", "2"]


# Throttles


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
    assert world.metrics.total("Throttles") == 2
    assert world.metrics.total("Errors") == 0


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
    await world.mapping(queue, MetricsConfig={"Metrics": ["EventCount"]})
    send(queue, "waits")
    await world.run(119)
    await world.call("DeleteFunctionConcurrency", FunctionName="fn")
    await world.run_until_idle()
    assert [run.counts for run in world.runs] == [["3"]]
    counts = {
        name: sum(v for _, n, v, d in world.metrics.points if n == name and len(d) == 1)
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
    assert world.metrics.total("Throttles") == 3


# Filters


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


# Permissions, deletion, states


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


async def test_creation(world: World):
    """A31, J13."""
    queue = world.queue()
    arn = await world.function(ok)
    answer = await create(world, queue)
    uuid = answer.pop("UUID")
    assert answer == {
        "BatchSize": 10,
        "EventSourceArn": queue.arn,
        "EventSourceMappingArn": arn.replace("function:fn", f"event-source-mapping:{uuid}"),
        "FunctionArn": arn,
        "FunctionResponseTypes": [],
        "LastModified": world.clock.now_s(),
        "MaximumBatchingWindowInSeconds": 0,
        "State": "Creating",
        "StateTransitionReason": "USER_INITIATED",
    }
    assert (await create(world, world.queue("r"), Enabled=False))["State"] == "Disabled"
    listed = await world.call("ListEventSourceMappings", FunctionName="fn")
    assert len(listed["EventSourceMappings"]) == 2
    listed = await world.call("ListEventSourceMappings", EventSourceArn=queue.arn)
    assert [one["UUID"] for one in listed["EventSourceMappings"]] == [uuid]


WINDOW_TEXT = (
    "Maximum batch window in seconds must be greater than 0 "
    "if maximum batch size is greater than 10"
)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"BatchSize": 15}, WINDOW_TEXT),
        (
            {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:::x"}}},
            "Unsupported DestinationConfig parameter for given event source mapping type.",
        ),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": '{"eventSource":[]}'}]}},
            "Invalid filter pattern definition.",
        ),
        ({"FunctionName": "nope"}, "Function does not exist"),
        ({"EventSourceArn": None}, "Unrecognized event source."),
        (
            {"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:nope"},
            "Error occurred while ReceiveMessage. SQS Error Code: "
            "AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does "
            "not exist.",
        ),
    ],
)
async def test_refused_creations(world: World, params, message):
    """A33, J12, J15."""
    queue = world.queue()
    await world.function(ok)
    given = {"EventSourceArn": queue.arn, "FunctionName": "fn"} | params
    error = await refusal(world, "CreateEventSourceMapping", **given)
    assert (error.code, error.status) == ("InvalidParameterValueException", 400)
    assert error.message == message


@pytest.mark.parametrize(("visibility_s", "accepted"), [(30, False), (60, True)])
async def test_visibility_timeout_and_function_timeout(world: World, visibility_s, accepted):
    """A33, A34, J9, J10."""
    queue = world.queue(VisibilityTimeout=visibility_s)
    await world.function(ok, Timeout=60)
    if accepted:
        assert (await create(world, queue))["State"] == "Creating"
        return
    error = await refusal(
        world, "CreateEventSourceMapping", EventSourceArn=queue.arn, FunctionName="fn"
    )
    assert error.message == (
        "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds"
    )


@pytest.mark.parametrize("action", ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"])
async def test_a_role_without_the_permissions(world: World, action):
    """A29, A33, J14."""
    queue = world.queue()
    await world.function(ok)
    world.permissions.denied.add((f"sqs:{action}", queue.arn))
    error = await refusal(
        world, "CreateEventSourceMapping", EventSourceArn=queue.arn, FunctionName="fn"
    )
    assert error.message == (
        f"The function execution role does not have permissions to call {action} on SQS"
    )


async def test_a_second_mapping_of_the_same_queue_and_function(world: World):
    """A33, J11."""
    queue = world.queue()
    await world.function(ok)
    uuid = await world.mapping(queue)
    error = await refusal(
        world, "CreateEventSourceMapping", EventSourceArn=queue.arn, FunctionName="fn"
    )
    assert (error.code, error.status) == ("ResourceConflictException", 409)
    assert error.message == (
        f'An event source mapping with SQS arn (" {queue.arn} ") and function (" fn ") already '
        f"exists. Please update or delete the existing mapping with UUID {uuid}"
    )


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
    assert world.metrics.total("RecursiveInvocationsDropped") == 1
