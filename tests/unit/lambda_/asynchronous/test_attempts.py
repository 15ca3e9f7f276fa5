"""Asynchronous invocation: attempts, waits and endings."""

import asyncio
import json

import pytest

from localaws.words.errors import AwsError
from tests.unit.lambda_.fakes import Environments
from tests.unit.lambda_.steps import bodies, configure, fail, ok, on_failure
from tests.unit.lambda_.world import World
from tests.unit.virtual_time import START_S


async def test_three_attempts_with_one_request_id(world: World):
    """C1, C4, C7, J38, J39."""
    await world.function(fail)
    request_id = await world.invoke_event({"message": "m1"})
    await world.run_until_idle()
    assert world.run_times_s() == [0, 60, 180]
    assert {run.request.request_id for run in world.runs} == {request_id}


async def test_what_is_due_together_is_tried_in_the_order_it_was_accepted(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    async def dawdle(_: Environments, turns: float) -> None:
        # Real time alone: no virtual one passes
        for _turn in range(int(turns)):
            await asyncio.sleep(0)

    monkeypatch.setattr(Environments, "_sleep", dawdle)
    await world.function(fail, "first", takes_s=20)
    await world.function(fail, "second")
    for name in ("first", "second"):
        await world.invoke_event({}, name)
    await world.run_until_idle()
    # The first one's attempts end later on this machine, and at the same moment
    assert world.run_times_s("first") == world.run_times_s("second") == [0, 60, 180]
    assert [run.function for run in world.runs] == ["first", "second"] * 3


@pytest.mark.parametrize("retries", [0, 1])
async def test_fewer_retries(world: World, retries: int):
    """J41."""
    queue = world.queue()
    await world.function(fail)
    await configure(world, MaximumRetryAttempts=retries, **on_failure(queue.arn))
    await world.invoke_event({})
    await world.run_until_idle()
    (record,) = bodies(queue)
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == retries + 1 == len(world.runs)


@pytest.mark.parametrize(("age_s", "attempts", "ends_s"), [(60, 1, 0), (90, 2, 60)])
async def test_maximum_event_age(world: World, age_s: int, attempts: int, ends_s: int):
    """C6, J42, J43: given up at once, not at the deadline."""
    queue = world.queue()
    await world.function(fail)
    await configure(world, MaximumEventAgeInSeconds=age_s, **on_failure(queue.arn))
    await world.run(1)
    accepted_s = world.elapsed_s()
    await world.invoke_event({})
    await world.run_until_idle()
    (message,) = queue.receive(10)
    context = json.loads(message.body)["requestContext"]
    assert context["condition"] == "EventAgeExceeded"
    assert context["approximateInvokeCount"] == attempts == len(world.runs)
    assert message.sent_at_ms / 1000 - START_S - accepted_s == ends_s


async def test_throttled_until_too_old(world: World):
    """C5, C16, C24, J55a."""
    dlq, queue = world.queue("fn-dlq"), world.queue("on-failure")
    await world.function(ok, takes_s=500, DeadLetterConfig={"TargetArn": dlq.arn})
    await configure(world, MaximumEventAgeInSeconds=60, **on_failure(queue.arn))
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=1)
    await world.invoke_event("first, and long")
    await world.run(0)
    await world.invoke_event("second")
    await world.run(61)
    (record,) = bodies(queue)
    assert record["requestContext"]["condition"] == "EventAgeExceeded"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert record["responseContext"] == {"statusCode": 429}
    assert "responsePayload" not in record
    (message,) = dlq.receive(10)
    assert message.message_attributes["ErrorCode"]["StringValue"] == "429"
    assert message.message_attributes["ErrorMessage"]["StringValue"] == "Rate Exceeded."
    # Tried at 0, 1, 3, 7, 15, 31 seconds.
    assert world.total("Throttles") == 6
    await world.run_until_idle()


async def test_a_throttled_event_runs_when_there_is_capacity(world: World):
    """C5: throttles use up no retries."""
    await world.function(ok, takes_s=10)
    await configure(world, MaximumRetryAttempts=0)
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=1)
    await world.invoke_event(1)
    await world.run(0)
    await world.invoke_event(2)
    await world.run_until_idle()
    assert [run.event for run in world.runs] == [1, 2]
    assert world.run_times_s() == [0, 15]
    assert world.total("Errors") == 0


async def test_the_function_is_deleted_while_its_event_waits(world: World):
    """C17, C24, J55b."""
    dlq, queue = world.queue("fn-dlq"), world.queue("on-failure")
    await world.function(ok, takes_s=5, DeadLetterConfig={"TargetArn": dlq.arn})
    await configure(world, MaximumRetryAttempts=1, **on_failure(queue.arn))
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=1)
    await world.invoke_event(1)
    await world.run(0)
    await world.invoke_event(2)
    await world.run(0)
    await world.call("DeleteFunction", FunctionName="fn")
    await world.run_until_idle()
    assert [run.event for run in world.runs] == [1]
    (record,) = bodies(queue)
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["responseContext"] == {"statusCode": 404}
    attributes = dlq.receive(10)[0].message_attributes
    assert attributes["ErrorCode"]["StringValue"] == "404"
    assert attributes["ErrorMessage"]["StringValue"] == (
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:fn:$LATEST"
    )


async def test_a_retry_runs_the_code_of_its_time(world: World):
    """C8, J54."""
    await world.function(fail)
    await world.invoke_event({})
    await world.run(30)
    world.handlers["fn"] = ok
    before = world.control_plane.resolve("fn").version.revision_id
    await world.call("UpdateFunctionConfiguration", FunctionName="fn", Description="new")
    assert world.control_plane.resolve("fn").version.revision_id != before
    await world.run_until_idle()
    assert world.run_times_s() == [0, 60]


async def test_an_alias_has_its_own_configuration(world: World):
    """C13, C28."""
    queue = world.queue()
    await world.function(fail)
    await configure(world, MaximumRetryAttempts=0)
    await world.call("PublishVersion", FunctionName="fn")
    await world.call("CreateAlias", FunctionName="fn", Name="live", FunctionVersion="1")
    await configure(world, Qualifier="live", MaximumRetryAttempts=1, **on_failure(queue.arn))
    await world.invoke_event({}, Qualifier="live")
    await world.run_until_idle()
    (record,) = bodies(queue)
    assert record["requestContext"]["functionArn"].endswith(":function:fn:live")
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["responseContext"]["executedVersion"] == "1"
    dimensions = {"FunctionName": "fn", "Resource": "fn:live", "ExecutedVersion": "1"}
    assert sum(world.metrics.values("Invocations", **dimensions)) == 2


async def test_the_metrics_of_a_failing_event(world: World):
    """C31, F1, F4, J72."""
    await world.function(fail)
    await world.invoke_event({})
    await world.run_until_idle()
    assert world.total("Invocations") == 3
    assert world.total("Errors") == 3
    assert world.total("Throttles") == 0
    assert world.total("AsyncEventsReceived") == 1
    assert world.total("AsyncEventsDropped") == 1
    ages_ms = world.metrics.values("AsyncEventAge", FunctionName="fn")
    assert ages_ms == [0, 60_000, 180_000]
    assert world.total("DeadLetterErrors") is None
    assert world.total("DestinationDeliveryFailures") is None


async def test_an_invocation_counts_when_it_began(world: World):
    """F1."""
    await world.function(fail, takes_s=90, Timeout=100)
    began_s = world.clock.now_s()
    await configure(world, MaximumRetryAttempts=0)
    await world.invoke_event({})
    await world.run_until_idle()
    for name in ("Errors", "Duration", "Throttles"):
        assert [p.at_s for p in world.metrics.of(name, FunctionName="fn")] == [began_s]


async def test_a_chain_of_itself_is_stopped_after_sixteen_runs(world: World):
    """C37, C38."""
    dlq = world.queue()

    def again(event):
        header = world.runs[-1].request.trace_header
        arn = "arn:aws:lambda:us-east-1:123456789012:function:fn"
        world.plane.invoke_async(
            arn, b"{}", principal_service="sns.amazonaws.com", source_arn="t", trace_header=header
        )

    await world.function(again, DeadLetterConfig={"TargetArn": dlq.arn})
    await world.invoke_event({})
    await world.run_until_idle()
    assert len(world.runs) == 16
    assert world.total("RecursiveInvocationsDropped") == 1
    assert len(dlq.receive(10)) == 1


async def test_other_services_need_the_resource_policy(world: World):
    """D5, D10."""
    arn = await world.function(ok)
    world.permissions.services_denied = True
    with pytest.raises(AwsError) as refused:
        world.plane.invoke_async(
            arn, b"{}", principal_service="sns.amazonaws.com", source_arn="topic"
        )
    assert (refused.value.code, refused.value.status) == ("AccessDeniedException", 403)
    assert refused.value.message == (
        "User: sns.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: "
        f"{arn} because no resource-based policy allows the lambda:InvokeFunction action"
    )
    assert world.runs == []


async def test_nothing_is_scheduled_once_events_have_ended(world: World):
    await world.function(fail)
    await world.invoke_event({})
    await asyncio.sleep(0)
    await world.run_until_idle()
    assert world.activity.idle
    assert world.elapsed_s() < 200


async def test_an_environment_that_cannot_be_started_is_no_function_error(world: World):
    """C5: a system error backs off, uses up no retry and does not count as an invoke."""
    queue = world.queue()
    broken = {"times": 3}

    def start() -> None:
        if broken["times"]:
            broken["times"] -= 1
            raise OSError("no more processes")

    world.before_run = start
    await world.function(fail)
    await configure(world, MaximumRetryAttempts=0, **on_failure(queue.arn))
    begin_s = world.clock.now_s()
    await world.invoke_event({})
    await world.run_until_idle()
    (record,) = bodies(queue)
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    # Tried at 0, 1, 3 and 7 seconds.
    assert [run.at_s - begin_s for run in world.runs] == [7]


async def test_an_event_outlives_a_defect_of_this_program(world: World):
    queue, reported = world.queue(), []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    defects = [ValueError("embedded null byte"), AssertionError()]

    def start() -> None:
        if defects:
            raise defects.pop()

    world.before_run = start
    await world.function(ok)
    await configure(world, DestinationConfig={"OnSuccess": {"Destination": queue.arn}})
    await world.invoke_event({})
    await world.run_until_idle()
    (record,) = bodies(queue)
    assert record["requestContext"]["condition"] == "Success"
    assert [type(context["exception"]) for context in reported] == [AssertionError, ValueError]
