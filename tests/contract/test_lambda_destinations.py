"""Destinations and function DLQs, against answers recorded from real AWS."""

from typing import Any

import pytest

from tests.contract.lambda_wire import Wire, as_recorded
from tests.contract.recordings import Comparison, load
from tests.unit.lambda_.steps import fail, ok
from tests.unit.lambda_.world import World

MAPPINGS = load("lambda_integration_sqs")
DESTINATIONS = load("lambda_destinations")


async def test_the_function_dlq(world: World) -> None:
    """C22, J47."""
    recorded = MAPPINGS["test_sqs_queue_as_lambda_dead_letter_queue"]
    dlq = world.queue("dlq")

    def handler(event: Any) -> None:
        raise RuntimeError("Test exception (this is intentional)")

    await world.function(handler, DeadLetterConfig={"TargetArn": dlq.arn})
    configuration = await world.call("GetFunctionConfiguration", FunctionName="fn")
    await world.invoke_event({"raise_error": 1})
    await world.run_until_idle()
    messages = [as_recorded(message) for message in dlq.receive(10)]
    compare = Comparison()
    compare.check(recorded["lambda-response-dlq-config"], configuration["DeadLetterConfig"])
    compare.check(recorded["messages"]["Messages"], messages)


async def test_a_topic_as_the_function_dlq(world: World, wire: Wire) -> None:
    recorded = load("sns")["TestSNSSubscriptionLambda::test_sns_topic_as_lambda_dead_letter_queue"]
    topic = f"arn:aws:sns:us-east-1:{world.identity.account_id}:dlq"
    await world.function(fail, DeadLetterConfig={"TargetArn": topic})
    configuration = await wire.call("GetFunctionConfiguration", FunctionName="fn")
    Comparison().check(recorded["lambda-response-dlq-config"], configuration["DeadLetterConfig"])


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
