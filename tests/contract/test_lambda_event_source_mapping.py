"""SQS event source mappings, against answers recorded from real AWS."""

import json
from typing import Any

import pytest

from tests.contract.lambda_wire import Wire, as_recorded
from tests.contract.recordings import Comparison, load
from tests.contract.replay import ARN
from tests.unit.lambda_.steps import ok
from tests.unit.lambda_.world import World

MAPPINGS = load("lambda_integration_sqs")
API = load("lambda_api")

CREATE = "CreateEventSourceMapping"
SUITE = "TestSQSEventSourceMapping::"


def shown(recorded: Any) -> Any:
    """The recording with filter patterns as text, as they go over the wire."""
    criteria = recorded.get("FilterCriteria")
    for one in criteria["Filters"] if criteria else []:
        if isinstance(one["Pattern"], dict):
            one["Pattern"] = json.dumps(one["Pattern"])
    return recorded


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


async def test_an_empty_batch_response_is_a_success(world: World, wire: Wire) -> None:
    """A38, J17."""
    recorded = MAPPINGS["test_report_batch_item_failures_empty_json_batch_succeeds"]
    queue, dlq = world.queue_with_dlq(1, visibility_s=5)
    out = world.queue("out")

    def handler(event: Any) -> dict[str, Any]:
        out.send(json.dumps({"event": event, "result": {}}), sender_id="AROA")
        return {}

    await world.function(handler, Timeout=5)
    reports = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
    await wire.call(CREATE, FunctionName="fn", EventSourceArn=queue.arn, **reports)
    await world.run(1)
    queue.send(_sent(recorded["first_invocation"]), sender_id="AIDA")
    await world.run_until_idle()
    (expected,) = recorded["first_invocation"]["Messages"]
    (received,) = map(as_recorded, out.receive(10))
    for one in (expected, received):
        _timeless(one["Body"]["event"]["Records"])
    Comparison().check(expected, received)
    assert (queue.receive(10), dlq.receive(10)) == ([], [])


def _sent(step: dict[str, Any]) -> str:
    body: str = step["Messages"][0]["Body"]["event"]["Records"][0]["body"]
    return body
