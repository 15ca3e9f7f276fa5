"""Sending one message into a rig, and remembering under which id AWS knows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workshop.lab import Lab
from workshop.sending import call_to
from workshop.workbench import Rig


@dataclass(frozen=True)
class Sent:
    """A message that was sent.

    Attributes:
        rig: into what.
        message_id: the id that AWS gave it; for an asynchronous invocation the request id.
        at: when, on AWS's clock.
        way: what a card calls the way that it took.
        order_id: by which the order is followed, also into messages that others sent; "" for none.
    """

    rig: Rig
    message_id: str
    at: datetime
    way: str
    order_id: str = ""


def send(lab: Lab, rig: Rig, order: dict[str, Any] | str, *, way: str = "",
         follow: bool = False) -> Sent:  # fmt: skip
    """Send an order, or any text, the way the rig takes messages: queue, topic or invocation.

    Args:
        lab: the target.
        rig: where to.
        order: an order, or any text.
        way: what a card calls this way, default "SQS queue", "asynchronous" or "SNS topic".
        follow: look for the order's id, not for the message's: somebody may send it on.
    """
    at = lab.clock.now()
    order_id = str(order["order_id"]) if follow and isinstance(order, dict) else ""
    return Sent(rig, call_to(rig.source, order).made(lab), at, way or rig.path, order_id)
