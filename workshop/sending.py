"""An order on its way in: which kinds there are, and the boto3 call that sends one.

A call is shown and made from the same arguments, so that what a learner reads is what happens.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workshop.errors import WorkshopError
from workshop.evidence.fifo import is_fifo
from workshop.lab import Lab

# What an order of each kind says, beside an order id that no other order has.
RECIPES: dict[str, dict[str, Any]] = {
    "good": {"pass": True},
    "flaky": {"fault": {"kind": "raise", "until_attempt": 3}},
    "bad": {"pass": False},
    "timeout": {"fault": {"kind": "timeout"}},
}

# The other faults of `lambda/orders`, which no button has.
FAULTS = {
    kind: {"fault": {"kind": kind}}
    for kind in ("raise", "dependency", "malformed", "exit", "memory", "slow")
}

# In a FIFO queue all orders are one group: the sequence in which they were sent is kept.
_GROUP = "orders"


@dataclass(frozen=True)
class ApiCall:
    """One call of boto3.

    Attributes:
        service: whose client makes it, e.g. "sqs".
        operation: the client's method.
        arguments: by AWS's names.
    """

    service: str
    operation: str
    arguments: Mapping[str, Any]

    def made(self, lab: Lab) -> str:
        """Make it; the id that AWS gives the message, or the request id of an invocation."""
        answer = getattr(lab.client(self.service), self.operation)(**self.arguments)
        return str(answer.get("MessageId") or answer["ResponseMetadata"]["RequestId"])

    def code(self, names: Mapping[str, Any]) -> str:
        """The call as one types it.

        Args:
            names: expression -> its value; an argument with such a value is written this way.
        """
        given = ", ".join(
            f"{key}={_written(value, names)}" for key, value in self.arguments.items()
        )
        return f"{self.service}.{self.operation}({given})"


def _written(value: Any, names: Mapping[str, Any]) -> str:
    known = [name for name, named in names.items() if named == value]
    plain = json.dumps(value) if isinstance(value, str) else repr(value)
    return known[0] if known else plain


def call_to(source: str, order: Mapping[str, Any] | str) -> ApiCall:
    """The call that sends an order, or any text, to where messages enter.

    Args:
        source: a queue's URL, a topic's ARN, or the name of a function to invoke asynchronously.
        order: an order, or any text.
    """
    body = order if isinstance(order, str) else json.dumps(order)
    if "://" in source:
        queue = {"QueueUrl": source, "MessageBody": body}
        return ApiCall("sqs", "send_message", queue | (_sequence(order) if is_fifo(source) else {}))
    if source.startswith("arn:"):
        return ApiCall("sns", "publish", {"TopicArn": source, "Message": body})
    event = {"FunctionName": source, "InvocationType": "Event", "Payload": body.encode()}
    return ApiCall("lambda", "invoke", event)


def _sequence(order: Mapping[str, Any] | str) -> dict[str, str]:
    """What a FIFO queue has to know; of a text it can only find out itself whether it is new."""
    new = {} if isinstance(order, str) else {"MessageDeduplicationId": order["order_id"]}
    return {"MessageGroupId": _GROUP} | new


def new_order(kind: str, name: str = "") -> dict[str, Any]:
    """An order of a kind or fault, with an id that begins with the name, by default the kind.

    Raises:
        WorkshopError: there is no such kind.
    """
    known = RECIPES | FAULTS
    if kind not in known:
        raise WorkshopError(f"There is no kind {kind!r}.", f"Use one of {', '.join(known)}.")
    # A name that is new after a kernel restart too, without any memory.
    return {"order_id": f"{name or kind}-{uuid.uuid4().hex[:5]}", **known[kind]}


def send_order(lab: Lab, pattern: str, kind: str, name: str = "") -> dict[str, Any]:
    """Send a new order to where the pattern begins, its source queue or its topic.

    Returns:
        The order with `kind` and `message_id`.
    """
    order = new_order(kind, name)
    message_id = call_to(lab.outputs(pattern).source, order).made(lab)
    return {**order, "kind": kind, "message_id": message_id}


def code_for(lab: Lab, pattern: str) -> str:
    """The call of `send_order` in Python, where `out` is `lab.outputs(pattern)`."""
    out, order = lab.outputs(pattern), new_order("good")
    names = {f"out.{name}": value for name, value in out.items()}
    names |= {"json.dumps(order)": json.dumps(order), 'order["order_id"]': order["order_id"]}
    return call_to(out.source, order).code(names)
