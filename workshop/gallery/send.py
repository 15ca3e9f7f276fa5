"""Sending one message into a rig, and remembering under which id AWS knows it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workshop.lab import Lab
from workshop.workbench import Rig


@dataclass(frozen=True)
class Sent:
    """A message that was sent.

    Attributes:
        rig: into what.
        message_id: the id that AWS gave it; for an asynchronous invocation the request id.
        at: when, on AWS's clock.
        way: what a card calls the way that it took.
    """

    rig: Rig
    message_id: str
    at: datetime
    way: str


def send(lab: Lab, rig: Rig, order: dict[str, Any] | str, *, way: str = "") -> Sent:
    """Send an order, or any text, the way the rig takes messages: queue, topic or invocation.

    Args:
        lab: the target.
        rig: where to.
        order: an order, or any text.
        way: what a card calls this way, default "SQS queue", "asynchronous" or "SNS topic".
    """
    way = way or rig.path
    body = order if isinstance(order, str) else json.dumps(order)
    at = lab.clock.now()
    if rig.path == "SQS queue":
        answer = lab.client("sqs").send_message(QueueUrl=rig.source, MessageBody=body)
        return Sent(rig, answer["MessageId"], at, way)
    if rig.source.startswith("arn:"):
        answer = lab.client("sns").publish(TopicArn=rig.source, Message=body)
        return Sent(rig, answer["MessageId"], at, way)
    answer = lab.client("lambda").invoke(
        FunctionName=rig.source, InvocationType="Event", Payload=body.encode()
    )
    return Sent(rig, answer["ResponseMetadata"]["RequestId"], at, way)
