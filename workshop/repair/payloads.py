"""What a dead letter carries: the payload for the handler, and the event to send again. Pure."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from workshop.evidence import records

Message = Mapping[str, Any]


def event_of(message: Message) -> Any:
    """The event that the function got or should have got; None for a message of a queue."""
    kind, body = records.kind_of(message), records.body_of(message)
    if kind == records.RECORD:
        return body.get("requestPayload")
    if kind == records.FUNCTION_DLQ:
        return body
    if kind == records.NOTIFICATION:
        return _event_of_notification(body)
    return None


def _event_of_notification(notification: Mapping[str, Any]) -> dict[str, Any]:
    """The event SNS would have sent: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html"""
    sns = {name: value for name, value in notification.items() if name != "UnsubscribeURL"}
    sns.setdefault("Subject", None)
    sns.setdefault("MessageAttributes", {})
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": sns}
    return {"Records": [record]}


def payload_text(message: Message) -> str:
    """The order as its sender wrote it."""
    event = event_of(message)
    if event is None:
        return str(message.get("Body", ""))
    try:
        return str(event["Records"][0]["Sns"]["Message"])
    except (TypeError, KeyError, IndexError):
        return json.dumps(event)


def changed_text(text: str, change: Callable[[Any], Any]) -> str:
    """The payload after `change`, as text again."""
    after = change(records.parsed(text))
    return after if isinstance(after, str) else json.dumps(after)


def with_payload(event: Any, text: str) -> Any:
    """The event with another payload."""
    try:
        [record] = event["Records"]
        return {**event, "Records": [{**record, "Sns": {**record["Sns"], "Message": text}}]}
    except (TypeError, KeyError, ValueError):
        return records.parsed(text)
