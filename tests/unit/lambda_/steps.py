"""What tests of Lambda's data plane do and look at again and again."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from localaws.sqs import Message, Queue
from localaws.words.errors import AwsError
from tests.unit.lambda_.world import World


def ok(event: Any) -> Any:
    """A handler that succeeds."""
    return {"ok": True}


def fail(event: Any) -> Any:
    """A handler that always raises."""
    raise RuntimeError("intentional failure")


def report(*bodies: str) -> Callable[[Any], Any]:
    """A handler that reports the records with these bodies as failed."""

    def handler(event: Any) -> Any:
        failed = [r["messageId"] for r in event["Records"] if r["body"] in bodies]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    return handler


def send(queue: Queue, *bodies: str, **options: Any) -> list[Message]:
    """Send messages to a queue."""
    return [queue.send(body, sender_id="AIDA", **options) for body in bodies]


def bodies(queue: Queue) -> list[Any]:
    """The parsed bodies of all messages that a queue hands out."""
    found: list[Any] = []
    while messages := queue.receive(10):
        found += [json.loads(message.body) for message in messages]
    return found


async def configure(world: World, function: str = "fn", **params: Any) -> None:
    """Configure asynchronous invocation."""
    await world.call("PutFunctionEventInvokeConfig", FunctionName=function, **params)


def on_failure(arn: str) -> dict[str, Any]:
    """The setting that sends records of failures there."""
    return {"DestinationConfig": {"OnFailure": {"Destination": arn}}}


async def create(world: World, queue: Queue, function: str = "fn", **params: Any) -> dict[str, Any]:
    """Create an event source mapping."""
    return await world.call(
        "CreateEventSourceMapping", EventSourceArn=queue.arn, FunctionName=function, **params
    )


async def refusal(world: World, operation: str, /, **params: Any) -> AwsError:
    """The error of an operation that must fail."""
    with pytest.raises(AwsError) as refused:
        await world.call(operation, **params)
    return refused.value
