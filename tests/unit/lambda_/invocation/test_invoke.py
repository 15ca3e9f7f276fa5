"""Synchronous invocation, and what Invoke refuses."""

import asyncio
import base64
import json
import uuid

import pytest

from localaws.words.errors import AwsError
from localaws.words.http import Caller
from tests.unit.lambda_.steps import fail, ok
from tests.unit.lambda_.world import World


async def refusal(world: World, **params) -> AwsError:
    with pytest.raises(AwsError) as refused:
        await world.call("Invoke", **({"FunctionName": "fn"} | params))
    return refused.value


async def test_the_answer(world: World):
    """E1, A7: the request id of the answer is the function's."""
    await world.function(lambda event: {"seen": event})
    answer = await world.call("Invoke", FunctionName="fn", Payload=b'{"a":1}', LogType="Tail")
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert json.loads(answer["Payload"]) == {"seen": {"a": 1}}
    assert "FunctionError" not in answer
    assert base64.b64decode(answer["LogResult"]) == b"START\nEND\n"
    assert answer["ResponseMetadata"]["RequestId"] == world.runs[0].request.request_id


@pytest.mark.parametrize("invocation_type", ["RequestResponse", "Event", "DryRun"])
async def test_the_answer_names_its_trace(world: World, invocation_type: str):
    """As answers show it that people published."""
    await world.function(lambda event: event)
    answer = await world.call("Invoke", FunctionName="fn", InvocationType=invocation_type)
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-Remapped-Content-Length"] == "0"
    assert headers["X-Amzn-Trace-Id"].startswith("Root=1-")
    await world.run_until_idle()
    for run in world.runs:
        assert run.request.trace_header.startswith(headers["X-Amzn-Trace-Id"] + ";Lineage=")
    assert bool(world.runs) == (invocation_type != "DryRun")


async def test_a_function_error(world: World):
    """E1, F1, J72: HTTP 200, and Errors 1."""
    await world.function(fail)
    answer = await world.call("Invoke", FunctionName="fn")
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert json.loads(answer["Payload"])["errorMessage"] == "intentional failure"
    assert "LogResult" not in answer
    assert world.runs[0].event == {}
    assert world.total("Invocations") == world.total("Errors") == 1


async def test_waiting_for_a_sleeping_function_costs_no_time(world: World):
    """F3: its sleep passes on the virtual clock."""
    await world.function(ok, takes_s=15)
    await asyncio.wait_for(world.call("Invoke", FunctionName="fn"), timeout=60)
    assert world.elapsed_s() >= 15
    assert world.metrics.values("Duration", FunctionName="fn") == [15_000]


@pytest.mark.parametrize("operation", ["Invoke", "InvokeWithResponseStream"])
async def test_no_function_keeps_its_tenants_apart(world: World, operation: str):
    """https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation-troubleshooting.html"""
    await world.function(ok)
    with pytest.raises(AwsError) as refused:
        await world.call(operation, FunctionName="fn", TenantId="blue")
    assert refused.value.code == "InvalidParameterValueException"
    assert "not enabled with tenancy configuration" in refused.value.message


async def test_an_invocation_is_not_durable(world: World):
    await world.function(ok)
    error = await refusal(world, DurableExecutionName="order-7")
    assert error.code == "InvalidParameterValueException"
    assert error.message.endswith("Leave DurableExecutionName out.")


async def test_the_function_runs_on_when_its_caller_goes_away(world: World):
    await world.function(ok, takes_s=15)
    call = asyncio.create_task(world.call("Invoke", FunctionName="fn"))
    while not world.runs:
        await asyncio.sleep(0)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    await world.run_until_idle()
    assert world.total("Errors") == 0
    assert not world.activity.waited_for
    assert world.activity.idle


async def test_an_event_invocation(world: World):
    """C1: accepted, empty, without a word about the function."""
    await world.function(fail)
    answer = await world.call("Invoke", FunctionName="fn", InvocationType="Event", LogType="Tail")
    answer.pop("ResponseMetadata")
    assert answer == {"StatusCode": 202, "Payload": b""}
    answer = await world.call("InvokeAsync", FunctionName="fn", InvokeArgs=b"{}")
    assert answer["Status"] == 202


async def test_a_streamed_response_is_one_chunk(world: World):
    await world.function(lambda event: {"seen": event})
    operation = "InvokeWithResponseStream"
    answer = await world.call(operation, FunctionName="fn", Payload=b'{"a":1}', LogType="Tail")
    chunk, complete = answer["EventStream"]
    assert json.loads(chunk["PayloadChunk"]["Payload"]) == {"seen": {"a": 1}}
    assert base64.b64decode(complete["InvokeComplete"]["LogResult"]) == b"START\nEND\n"
    assert "ErrorCode" not in complete["InvokeComplete"]
    assert answer["ExecutedVersion"] == "$LATEST"

    dry = await world.call(operation, FunctionName="fn", InvocationType="DryRun")
    assert (dry["StatusCode"], len(world.runs)) == (204, 1)


async def test_a_streamed_function_error(world: World):
    await world.function(fail)
    answer = await world.call("InvokeWithResponseStream", FunctionName="fn")
    chunk, complete = answer["EventStream"]
    details = json.loads(complete["InvokeComplete"]["ErrorDetails"])
    assert complete["InvokeComplete"]["ErrorCode"] == "Unhandled"
    assert details["errorMessage"] == "intentional failure"
    assert json.loads(chunk["PayloadChunk"]["Payload"]) == details


async def test_a_dry_run_runs_nothing(world: World):
    await world.function(ok)
    answer = await world.call("Invoke", FunctionName="fn", InvocationType="DryRun")
    assert (answer["StatusCode"], answer["Payload"]) == (204, b"")
    assert world.runs == []


async def test_a_throttled_invocation(world: World):
    """E10, F2, J46."""
    await world.function(ok)
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=0)
    error = await refusal(world)
    assert (error.code, error.status) == ("TooManyRequestsException", 429)
    assert error.message == "Rate Exceeded."
    assert error.fields == {
        "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
        "Type": "User",
    }
    assert world.total("Throttles") == 1
    assert world.total("Errors") == 0
    assert world.total("Invocations") is None


async def test_reserved_concurrency_lets_its_number_through(world: World):
    await world.function(ok, takes_s=10)
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=2)
    calls = [asyncio.create_task(world.call("Invoke", FunctionName="fn")) for _ in range(3)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(outcome, AwsError) for outcome in outcomes] == [False, False, True]
    assert (await world.call("Invoke", FunctionName="fn"))["StatusCode"] == 200


@pytest.mark.parametrize("invocation_type", ["RequestResponse", "Event"])
async def test_an_unknown_function(world: World, invocation_type):
    """C2, E9."""
    error = await refusal(world, FunctionName="nope", InvocationType=invocation_type)
    assert (error.code, error.status) == ("ResourceNotFoundException", 404)
    assert error.message == (
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nope:$LATEST"
    )


@pytest.mark.parametrize(
    ("payload", "reason", "column"),
    [
        (b"n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt", "Invalid UTF-8 start byte 0x87", 3),
        (
            b"\x99\xeb,j\x07\xa1zYh",
            "Unexpected character ((CTRL-CHAR, code 153)): expected a valid value (JSON String, "
            "Number, Array, Object or token 'null', 'true' or 'false')",
            1,
        ),
    ],
)
async def test_a_payload_that_is_not_json(world: World, payload, reason, column):
    """E9."""
    await world.function(ok)
    error = await refusal(world, Payload=payload)
    assert (error.code, error.status) == ("InvalidRequestContentException", 400)
    assert error.message == (
        f"Could not parse request body into json: Could not parse payload into json: {reason}\n"
        " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); "
        f"line: 1, column: {column}]"
    )
    assert world.runs == []


@pytest.mark.parametrize("payload", [b"{", b"nul", b"[1,]", b"{'a':1}", b'"open', b"[" * 100_000])
async def test_other_payloads_that_are_not_json(world: World, payload):
    await world.function(ok)
    error = await refusal(world, Payload=payload)
    assert error.code == "InvalidRequestContentException"


@pytest.mark.parametrize(
    ("invocation_type", "size", "accepted"),
    [
        ("RequestResponse", 6 * 1024 * 1024, True),
        ("RequestResponse", 6 * 1024 * 1024 + 1, False),
        ("Event", 1024 * 1024, True),
        ("Event", 1024 * 1024 + 1, False),
    ],
)
async def test_payload_limits(world: World, invocation_type, size, accepted):
    """C2, J55d."""
    await world.function(ok)
    given = {"InvocationType": invocation_type, "Payload": b'"' + b"x" * (size - 2) + b'"'}
    if accepted:
        await world.call("Invoke", FunctionName="fn", **given)
        return
    error = await refusal(world, **given)
    assert (error.code, error.status) == ("RequestEntityTooLargeException", 413)
    await world.run_until_idle()
    assert world.runs == []


async def test_a_function_that_is_still_being_created(world: World):
    """E32."""
    await world.function(ok)
    await world.call(
        "CreateFunction",
        FunctionName="new",
        Runtime="python3.13",
        Handler="app.handler",
        Role="arn:aws:iam::123456789012:role/worker",
        Code=world.code,
    )
    error = await refusal(world, FunctionName="new")
    assert (error.code, error.status) == ("ResourceConflictException", 409)


async def test_the_client_context(world: World):
    await world.function(ok)
    context = base64.b64encode(b'{"custom":{"a":"b"}}').decode()
    await world.call("Invoke", FunctionName="fn", ClientContext=context)
    assert world.runs[0].request.client_context == '{"custom":{"a":"b"}}'
    error = await refusal(world, ClientContext="no base64!")
    assert error.code == "InvalidRequestContentException"


async def test_an_alias_and_its_metrics(world: World):
    """F.1: by function, by resource, by executed version."""
    await world.function(ok)
    await world.call("PublishVersion", FunctionName="fn")
    await world.call("CreateAlias", FunctionName="fn", Name="live", FunctionVersion="1")
    answer = await world.call("Invoke", FunctionName="fn", Qualifier="live")
    assert answer["ExecutedVersion"] == "1"
    assert world.runs[0].request.invoked_arn.endswith(":function:fn:live")
    for dimensions in (
        {},
        {"FunctionName": "fn"},
        {"FunctionName": "fn", "Resource": "fn:live"},
        {"FunctionName": "fn", "Resource": "fn:live", "ExecutedVersion": "1"},
    ):
        assert world.metrics.values("Invocations", **dimensions) == [1]


async def test_the_caller_s_request_id_is_the_function_s(world: World):
    """C1, J38."""
    await world.function(ok)
    caller = Caller("arn:caller", str(uuid.uuid4()))
    answer = await world.operations["Invoke"]({"FunctionName": "fn"}, caller)
    assert answer["ResponseMetadata"]["RequestId"] == caller.request_id
    assert world.runs[0].request.request_id == caller.request_id


async def test_provisioned_concurrency_is_kept_for_its_version(world: World):
    """Recorded: reserved 1, provisioned 1 for version 1, so nothing is left for $LATEST."""
    await world.function(ok)
    await world.call("PublishVersion", FunctionName="fn")
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=1)
    assert (await world.call("Invoke", FunctionName="fn"))["StatusCode"] == 200
    await world.call(
        "PutProvisionedConcurrencyConfig",
        FunctionName="fn",
        Qualifier="1",
        ProvisionedConcurrentExecutions=1,
    )
    await world.run(120)
    assert (await refusal(world)).code == "TooManyRequestsException"
    assert (await world.call("Invoke", FunctionName="fn", Qualifier="1"))["StatusCode"] == 200
    assert (await refusal(world)).status == 429
