"""What asynchronous events leave behind, and where."""

import json

import pytest

from tests.unit.lambda_.steps import bodies, configure, fail, ok, on_failure, refusal
from tests.unit.lambda_.world import World


async def test_the_on_failure_record(world: World):
    """C10-C14, J40."""
    queue = world.queue()
    await world.function(fail)
    await configure(world, **on_failure(queue.arn))
    request_id = await world.invoke_event({"message": "m1"})
    await world.run_until_idle()
    (message,) = queue.receive(10)
    record = json.loads(message.body)
    assert list(record) == [
        "version",
        "timestamp",
        "requestContext",
        "requestPayload",
        "responseContext",
        "responsePayload",
    ]
    assert record["requestContext"] == {
        "requestId": request_id,
        "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:fn:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    }
    assert record["timestamp"] == "2023-11-14T22:16:20.000Z"
    assert record["requestPayload"] == {"message": "m1"}
    assert record["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    assert record["responsePayload"]["errorMessage"] == "intentional failure"
    assert message.aws_trace_header
    assert message.message_attributes == {}


async def test_the_on_success_record(world: World):
    """C12, J44."""
    queue = world.queue()
    await world.function(lambda event: {"seen": event})
    await configure(world, DestinationConfig={"OnSuccess": {"Destination": queue.arn}})
    await world.invoke_event({"a": 1})
    await world.run_until_idle()
    (record,) = bodies(queue)
    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert record["responsePayload"] == {"seen": {"a": 1}}
    assert world.total("AsyncEventsDropped") is None


async def test_zero_reserved_concurrency(world: World):
    """C3, C15, F2, J45: accepted, then discarded without an attempt."""
    queue = world.queue()
    dlq = world.queue("fn-dlq")
    await world.function(ok, DeadLetterConfig={"TargetArn": dlq.arn})
    await configure(world, **on_failure(queue.arn))
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=0)
    await world.invoke_event({"a": 1})
    await world.run(0)
    (record,) = bodies(queue)
    assert list(record) == ["version", "timestamp", "requestContext", "requestPayload"]
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    (message,) = dlq.receive(10)
    assert set(message.message_attributes) == {"RequestID", "ErrorMessage"}
    assert message.message_attributes["ErrorMessage"]["StringValue"] == (
        "Function not invoked. Function isconfigured with zero reserved concurrent executions"
    )
    assert world.runs == []
    assert world.total("AsyncEventsReceived") == 1
    assert world.total("AsyncEventsDropped") == 1
    for name in ("Invocations", "Errors", "Throttles"):
        assert world.total(name) is None


async def test_the_function_dlq_message(world: World):
    """C22, J47."""
    dlq = world.queue()
    await world.function(fail, DeadLetterConfig={"TargetArn": dlq.arn})
    request_id = await world.invoke_event({"raise_error": 1})
    await world.run_until_idle()
    (message,) = dlq.receive(10)
    assert json.loads(message.body) == {"raise_error": 1}
    assert message.message_attributes == {
        "RequestID": {"DataType": "String", "StringValue": request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": "intentional failure"},
    }


@pytest.mark.parametrize(
    ("text", "expected"), [("x" * 5000, "x" * 1024), ("é" * 1000, "é" * 512), ("", None)]
)
async def test_the_error_message_attribute_is_cut(world: World, text, expected):
    """C22, C23, J48, K7."""

    def raises(event):
        raise RuntimeError(text)

    dlq = world.queue()
    await world.function(raises, DeadLetterConfig={"TargetArn": dlq.arn})
    await configure(world, MaximumRetryAttempts=0)
    await world.invoke_event({})
    await world.run_until_idle()
    attribute = dlq.receive(10)[0].message_attributes.get("ErrorMessage")
    assert (attribute and attribute["StringValue"]) == expected


async def test_dlq_and_destination_are_both_served(world: World):
    """C27, J49."""
    dlq, queue = world.queue("fn-dlq"), world.queue("on-failure")
    await world.function(fail, DeadLetterConfig={"TargetArn": dlq.arn})
    await configure(world, **on_failure(queue.arn))
    await world.invoke_event({})
    await world.run_until_idle()
    assert len(dlq.receive(10)) == len(queue.receive(10)) == 1


async def test_an_sns_topic_as_dlq(world: World):
    """C25, C26, J55c: the whole event, whoever sent it."""
    topic = "arn:aws:sns:us-east-1:123456789012:t"
    await world.function(fail, DeadLetterConfig={"TargetArn": topic})
    await configure(world, MaximumRetryAttempts=0)
    event = {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "m"}}]}
    await world.invoke_event(event)
    await world.run_until_idle()
    ((arn, message, attributes),) = world.outlets.published
    assert arn == topic
    assert json.loads(message) == event
    assert attributes["ErrorCode"] == {"DataType": "Number", "StringValue": "200"}


async def test_an_sns_destination(world: World):
    """C20: the record is the message, without attributes."""
    topic = "arn:aws:sns:us-east-1:123456789012:t"
    await world.function(fail)
    await configure(world, MaximumRetryAttempts=0, **on_failure(topic))
    await world.invoke_event({})
    await world.run_until_idle()
    ((_, message, attributes),) = world.outlets.published
    assert json.loads(message)["requestContext"]["condition"] == "RetriesExhausted"
    assert not attributes


@pytest.mark.parametrize(("handler", "kind"), [(fail, "Failure"), (ok, "Success")])
async def test_an_eventbridge_destination(world: World, handler, kind):
    """C19, J50."""
    bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
    await world.function(handler)
    await configure(
        world,
        MaximumRetryAttempts=0,
        DestinationConfig={f"On{kind}": {"Destination": bus}},
    )
    await world.invoke_event({})
    await world.run_until_idle()
    ((bus_arn, source, detail_type, resources, detail),) = world.outlets.events
    assert (bus_arn, source) == (bus, "lambda")
    assert detail_type == f"Lambda Function Invocation Result - {kind}"
    assert resources == [bus, "arn:aws:lambda:us-east-1:123456789012:function:fn:$LATEST"]
    assert json.loads(detail)["version"] == "1.0"


async def test_a_function_as_destination(world: World):
    """C20: the record is an event of its own."""
    await world.function(fail)
    arn = await world.function(ok, "cleanup")
    await configure(world, MaximumRetryAttempts=0, **on_failure(arn))
    request_id = await world.invoke_event({})
    await world.run_until_idle()
    first, second = world.runs
    assert second.function == "cleanup"
    assert second.event["requestContext"]["requestId"] == request_id
    assert second.request.request_id != first.request.request_id


async def test_an_s3_destination(world: World):
    """C20."""
    await world.function(fail)
    await configure(world, MaximumRetryAttempts=0, **on_failure("arn:aws:s3:::bucket"))
    await world.invoke_event({})
    await world.run_until_idle()
    (((bucket, key), body),) = world.outlets.objects.items()
    assert bucket == "bucket"
    assert key.startswith("aws/lambda/async/fn/2023/11/14/2023-11-14T22.13.20-")
    assert json.loads(body)["requestContext"]["condition"] == "RetriesExhausted"


@pytest.mark.parametrize("outlet", ["destination", "dlq"])
async def test_an_outlet_that_the_role_may_not_write(world: World, outlet):
    """C30, C31, J51: the loss shows in one metric, nothing else breaks."""
    dlq, queue = world.queue("fn-dlq"), world.queue("on-failure")
    await world.function(fail, DeadLetterConfig={"TargetArn": dlq.arn})
    await configure(world, MaximumRetryAttempts=0, **on_failure(queue.arn))
    denied, other = (queue, dlq) if outlet == "destination" else (dlq, queue)
    world.permissions.denied.add(("sqs:SendMessage", denied.arn))
    await world.invoke_event({})
    await world.run_until_idle()
    lost = {"destination": "DestinationDeliveryFailures", "dlq": "DeadLetterErrors"}
    metric = lost.pop(outlet)
    assert world.total(metric) == 1
    assert world.total(*lost.values()) is None
    assert len(other.receive(10)) == 1
    assert not denied.has_available()
    assert world.total("Errors") == 1
    assert world.total("AsyncEventsDropped") == 1


@pytest.mark.parametrize(
    "target",
    [
        "arn:aws:sqs:us-east-1:123456789012:missing",
        "arn:aws:events:us-east-1:123456789012:event-bus/missing",
        "arn:aws:s3:::missing",
    ],
)
async def test_an_undeliverable_destination(world: World, target):
    """C30."""
    await world.function(fail)
    await configure(world, MaximumRetryAttempts=0, **on_failure(target))
    await world.invoke_event({})
    await world.run_until_idle()
    assert world.total("DestinationDeliveryFailures") == 1


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "arn:aws:sns:us-east-1:123456789012:orders.fifo",
            "FIFO-type Amazon SNS topics aren't supported as a destination.",
        ),
        ("arn:aws:sqs:us-east-1:123456789012:orders.fifo", None),
        ("arn:aws:sqs:eu-west-1:123456789012:orders", None),
        ("arn:aws:kinesis:us-east-1:123456789012:stream/orders", None),
    ],
)
async def test_destinations_that_cannot_be(world: World, target, message):
    """C21; https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda."""
    await world.function(fail)
    config = "DestinationConfig(onSuccess={}, onFailure={})".format
    for outlet, shown in (
        ("OnSuccess", config(f"OnSuccess(destination={target})", "null")),
        ("OnFailure", config("null", f"OnFailure(destination={target})")),
    ):
        error = await refusal(
            world,
            "PutFunctionEventInvokeConfig",
            FunctionName="fn",
            DestinationConfig={outlet: {"Destination": target}},
        )
        assert (error.code, error.status) == ("InvalidParameterValueException", 400)
        assert error.message == (message or f"The provided destination config {shown} is invalid.")
