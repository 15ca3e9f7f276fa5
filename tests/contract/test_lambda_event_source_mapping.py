"""SQS event source mappings, destinations and DLQs, against answers recorded from real AWS."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from localaws.wire import ServiceSkin
from tests.contract.recordings import Comparison, load
from tests.contract.replay import ARN, IDENTITY
from tests.unit.data_plane_world import World, fail, ok, running_world
from tests.unit.wire_client import CALLER, WireClient

MAPPINGS = load("lambda_integration_sqs")
DESTINATIONS = load("lambda_destinations")
API = load("lambda_api")

CREATE = "CreateEventSourceMapping"
SUITE = "TestSQSEventSourceMapping::"


class Wire:
    """The world's Lambda, called as boto3 calls it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._skin = ServiceSkin("lambda", world.operations)
        self._client = WireClient(self._skin, "lambda")
        model = Loader().load_service_model("lambda", "service-2")
        self._model = ServiceModel(model, "lambda")

    async def call(self, operation: str, **params: Any) -> dict[str, Any]:
        request = self._client.request(operation, **params)
        response = await self._skin.handle(request, CALLER)
        answer = self._client.parse(self._model.operation_model(operation), response)
        if "LastModified" in answer:
            answer["LastModified"] = answer["LastModified"].isoformat()
        return answer


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path, IDENTITY) as world:
        yield world


@pytest.fixture
def wire(world: World) -> Wire:
    return Wire(world)


def shown(recorded: Any) -> Any:
    """The recording with filter patterns as text, as they go over the wire."""
    criteria = recorded.get("FilterCriteria")
    for one in criteria["Filters"] if criteria else []:
        if isinstance(one["Pattern"], dict):
            one["Pattern"] = json.dumps(one["Pattern"])
    return recorded


def as_recorded(message: Any) -> dict[str, Any]:
    """A message as the recorded tests received it, its body parsed."""
    received = {
        "Body": json.loads(message.body),
        "MD5OfBody": message.md5_of_body,
        "MessageId": message.message_id,
        "ReceiptHandle": message.receipt_handle,
    }
    if message.message_attributes:
        received["MessageAttributes"] = dict(message.message_attributes)
        received["MD5OfMessageAttributes"] = message.md5_of_message_attributes
    return received


async def test_refusals(world: World, wire: Wire) -> None:
    """A33, A35."""
    recorded = API["TestLambdaEventSourceMappings::test_event_source_mapping_exceptions"]
    compare = Comparison()
    await world.function(ok)
    queue = world.queue()
    unknown = {"UUID": "a0a0a0a0-0000-0000-0000-000000000000"}
    missing = {"OnFailure": {"Destination": f"{ARN}:x".replace("lambda", "sqs")}}
    for step, operation, params in (
        ("get_unknown_uuid", "GetEventSourceMapping", unknown),
        ("delete_unknown_uuid", "DeleteEventSourceMapping", unknown),
        ("update_unknown_uuid", "UpdateEventSourceMapping", {**unknown, "Enabled": False}),
        ("create_no_event_source_arn", CREATE, {"FunctionName": "nope"}),
        ("create_unknown_params", CREATE, {"FunctionName": "nope", "EventSourceArn": queue.arn}),
        (
            "destination_config_failure",
            CREATE,
            {"FunctionName": "fn", "EventSourceArn": queue.arn, "DestinationConfig": missing},
        ),
    ):
        compare.check(recorded[step], await wire.call(operation, **params), step)


async def test_default_batch_size(world: World, wire: Wire) -> None:
    """A8, A33, J12, J13."""
    recorded = MAPPINGS[f"{SUITE}test_event_source_mapping_default_batch_size"]
    compare = Comparison()
    await world.function(ok)
    queue, other = world.queue(), world.queue("other")
    made = await wire.call(CREATE, FunctionName="fn", EventSourceArn=queue.arn)
    compare.check(recorded["create-event-source-mapping"], made)
    await world.run(1)
    refused = await wire.call("UpdateEventSourceMapping", UUID=made["UUID"], BatchSize=15)
    compare.check(recorded["invalid-update-event-source-mapping"], refused)
    refused = await wire.call(CREATE, FunctionName="fn", EventSourceArn=other.arn, BatchSize=15)
    compare.check(recorded["invalid-create-event-source-mapping"], refused)


@pytest.mark.parametrize("batch_size", [15, 100, 1000, 10_000])
async def test_batch_size(world: World, wire: Wire, batch_size: int) -> None:
    """A8-A10: fifteen messages of two sends arrive as one batch."""
    recorded = MAPPINGS[f"{SUITE}test_sqs_event_source_mapping_batch_size[{batch_size}]"]
    compare = Comparison()
    await world.function(ok)
    queue = world.queue(VisibilityTimeout=30)
    made = await wire.call(
        CREATE,
        FunctionName="fn",
        EventSourceArn=queue.arn,
        BatchSize=batch_size,
        MaximumBatchingWindowInSeconds=10,
    )
    expected = recorded["create-event-source-mapping-response"]
    window = made.pop("MaximumBatchingWindowInSeconds")
    expected.pop("MaximumBatchingWindowInSeconds")
    assert window == 10
    compare.check(expected, made)
    await world.run(1)
    bodies = [record["body"] for record in recorded["Records"]]
    for body in bodies:
        queue.send(body, sender_id="AIDA")
    await world.run_until_idle()
    (run,) = world.runs
    Comparison().check(_timeless(recorded["Records"]), _timeless(run.event["Records"]))


def _timeless(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records without what their recording names once for all of them."""
    named_once = ("SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp")
    for record in records:
        for name in named_once:
            assert record["attributes"].pop(name)
    return records


@pytest.mark.parametrize("name", ["and", "exists", "numeric-bigger", "prefix", "valid-json-filter"])
async def test_filters(world: World, wire: Wire, name: str) -> None:
    """A42, A43."""
    recorded = MAPPINGS[f"{SUITE}test_sqs_event_filter[{name}]"]
    expected = shown(recorded["create_event_source_mapping_response"])
    await world.function(ok)
    queue = world.queue(VisibilityTimeout=30)
    made = await wire.call(
        CREATE,
        FunctionName="fn",
        EventSourceArn=queue.arn,
        MaximumBatchingWindowInSeconds=1,
        FilterCriteria=expected["FilterCriteria"],
    )
    Comparison().check(expected, made)
    await world.run(1)
    (event,) = recorded["invocation_events"]
    wanted = event["Records"][0]["body"]
    for body in (json.dumps(wanted), '{"unrelated": "value"}', "plain text"):
        queue.send(body, sender_id="AIDA")
    await world.run_until_idle()
    (run,) = world.runs
    (record,) = run.event["Records"]
    record["body"] = json.loads(record["body"])
    Comparison().check(_timeless(event["Records"]), _timeless([record]))
    assert queue.receive(10) == []


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("None", "null"),
        ("simple string", "simple string"),
        ("invalid_filter2", '{"eventSource": "aws:sqs"}'),
        ("invalid_filter3", '{"eventSource": []}'),
    ],
)
async def test_invalid_filters(world: World, wire: Wire, name: str, pattern: str) -> None:
    """A33."""
    recorded = MAPPINGS[f"{SUITE}test_sqs_invalid_event_filter[{name}]"]
    await world.function(ok)
    refused = await wire.call(
        CREATE,
        FunctionName="fn",
        EventSourceArn=world.queue().arn,
        FilterCriteria={"Filters": [{"Pattern": pattern}]},
    )
    Comparison().check(recorded["create_event_source_mapping_exception"], refused)


async def test_retry_after_the_visibility_timeout(world: World, wire: Wire) -> None:
    """A19-A21."""
    recorded = MAPPINGS["test_failing_lambda_retries_after_visibility_timeout"]
    compare = Comparison()
    queue, out = world.queue(VisibilityTimeout=5), world.queue("out")

    def handler(event: Any) -> None:
        error = None if len(world.runs) > 1 else "failed attempt"
        out.send(json.dumps({"error": error, "event": event}), sender_id="AROA")
        if error:
            raise RuntimeError(error)

    await world.function(handler, Timeout=5)
    made = await wire.call(CREATE, FunctionName="fn", EventSourceArn=queue.arn, BatchSize=1)
    await world.run(1)
    found = await wire.call("GetEventSourceMapping", UUID=made["UUID"])
    compare.check(recorded["event_source_mapping"], found)
    queue.send(_sent(recorded["first_attempt"]), sender_id="AIDA")
    await world.run_until_idle()
    for step, message in zip(("first_attempt", "second_attempt"), out.receive(10), strict=True):
        (expected,) = recorded[step]["Messages"]
        received = as_recorded(message)
        for one in (expected, received):
            _timeless(one["Body"]["event"]["Records"])
        compare.check(expected, received, step)


def _sent(step: dict[str, Any]) -> str:
    body: str = step["Messages"][0]["Body"]["event"]["Records"][0]["body"]
    return body


async def test_the_function_dlq(world: World) -> None:
    """C22, J47."""
    recorded = MAPPINGS["test_sqs_queue_as_lambda_dead_letter_queue"]
    dlq = world.queue("dlq")

    def handler(event: Any) -> None:
        raise RuntimeError("Test exception (this is intentional)")

    await world.function(handler, DeadLetterConfig={"TargetArn": dlq.arn})
    await world.invoke_event({"raise_error": 1})
    await world.run_until_idle()
    messages = [as_recorded(message) for message in dlq.receive(10)]
    Comparison().check(recorded["messages"]["Messages"], messages)


@pytest.mark.parametrize(
    "name",
    [
        "test_assess_lambda_destination_invocation[payload0]",
        "test_assess_lambda_destination_invocation[payload1]",
        "test_lambda_destination_default_retries",
    ],
)
async def test_destinations(world: World, wire: Wire, name: str) -> None:
    """C11, C12, C36, J40, J44."""
    recorded = DESTINATIONS[f"TestLambdaDestinationSqs::{name}"]
    compare = Comparison()
    (message,) = recorded["receive_message_result"]["Messages"]
    payload = message["Body"]["requestPayload"]
    queue = world.queue()
    await world.function(fail if payload else ok)
    destination = {"Destination": queue.arn}
    retries = {"MaximumRetryAttempts": 0} if "assess" in name else {}
    put = await wire.call(
        "PutFunctionEventInvokeConfig",
        FunctionName="fn",
        DestinationConfig={"OnSuccess": destination, "OnFailure": destination},
        **retries,
    )
    compare.check(recorded["put_function_event_invoke_config"], put)
    await world.invoke_event(payload)
    await world.run_until_idle()
    (received,) = map(as_recorded, queue.receive(10))
    assert (message["Body"].pop("responsePayload") is None) == (
        received["Body"].pop("responsePayload") is None
    )
    compare.check(message, received)


async def test_maximum_event_age(world: World) -> None:
    """C6, C14, J42, J43."""
    recorded = DESTINATIONS["TestLambdaDestinationSqs::test_maxeventage"]
    queue = world.queue()

    def handler(event: Any) -> None:
        raise RuntimeError("intentional failure")

    await world.function(handler)
    for step, age_s in (("no_retry_failure_message", 60), ("single_retry_failure_message", 90)):
        await world.call(
            "PutFunctionEventInvokeConfig",
            FunctionName="fn",
            MaximumEventAgeInSeconds=age_s,
            MaximumRetryAttempts=2,
            DestinationConfig={"OnFailure": {"Destination": queue.arn}},
        )
        await world.invoke_event({"message": "m"})
        await world.run(61)
        (message,) = queue.receive(10)
        queue.delete(message.receipt_handle)
        received = as_recorded(message) | {"Attributes": message.system_attributes()}
        expected = recorded[step]
        assert set(received["Attributes"]) == set(expected["Attributes"])
        for key in ("requestContext", "responseContext"):
            Comparison().check(expected["Body"][key], received["Body"][key], step)
        assert list(received["Body"]) == list(expected["Body"])
