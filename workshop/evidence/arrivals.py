"""Messages found in DLQs and destinations -> one row per message. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from workshop.evidence import records
from workshop.evidence.behind import carrying

COLUMNS = {
    "message_id": "str",
    "order_id": "str",
    "target": "str",
    "reason": "str",
    "arrived_at": "datetime64[ms, UTC]",
    "sent_at": "datetime64[ms, UTC]",
    "request_id": "str",
    "error_message": "str",
    "receive_count": "Int64",
    "throttled": "Int64",
    "queue_message_id": "str",
    "body": "str",
}

SUCCESS = "Success"
# Of a message that SQS itself moved.
MOVED = "maxReceiveCount"

# The function's DLQ says only an HTTP status; this is what each means.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
_ERROR_CODES = {
    "200": "function error, ErrorCode 200",
    "404": "function deleted, ErrorCode 404",
    "429": "throttled until too old, ErrorCode 429",
}


def arrivals_table(messages: Mapping[str, Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """One row per message that lies in a DLQ or destination.

    Args:
        messages: target name ("source queue's DLQ", "on-failure destination", ...) -> messages as
            boto3 returns them with all attributes.

    Returns:
        Sorted by `sent_at`; nothing found gives the same columns without rows.

        ================ ==================== ==================================================
        column           dtype                meaning
        ================ ==================== ==================================================
        message_id       str                  the id it was sent with (SQS or SNS); the request id
                                              when the function was invoked directly
        order_id         str                  business key, missing when the message has none
        target           str                  where it lies
        reason           str                  why: Success, RetriesExhausted, EventAgeExceeded,
                                              ZeroReservedConcurrency, maxReceiveCount, ...
        arrived_at       datetime64[ms, UTC]  when; missing for a dead-lettered message, because SQS
                                              keeps its first SentTimestamp
        sent_at          datetime64[ms, UTC]  when it was first sent
        request_id       str                  of the invocation; missing when SQS or SNS gave up
        error_message    str                  the last error, where the message tells it
        receive_count    Int64                ApproximateReceiveCount, this look included
        throttled        Int64                how often Lambda refused to run the function, for want
                                              of concurrency, while SQS could receive a message
                                              that it moved; missing where nobody asked
        queue_message_id str                  its id in the queue where it lies
        body             str                  as it lies there
        ================ ==================== ==================================================
    """
    rows = [_row(target, message) for target, found in messages.items() for message in found]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    lying = {str(m["MessageId"]): m for found in messages.values() for m in found}
    table = table.sort_values("sent_at", kind="stable", ignore_index=True)
    return carrying(table, messages=lying)


def _row(target: str, message: Mapping[str, Any]) -> dict[str, Any]:
    attributes = message.get("Attributes", {})
    in_queue_since = _from_ms(attributes.get("SentTimestamp"))
    row: dict[str, Any] = {
        "message_id": message["MessageId"],
        "target": target,
        "reason": "sent here directly",
        "arrived_at": in_queue_since,
        "sent_at": in_queue_since,
        "receive_count": int(attributes.get("ApproximateReceiveCount", 0)),
        "queue_message_id": message["MessageId"],
        "body": message.get("Body", ""),
    }
    kind = records.kind_of(message)
    body = records.body_of(message)
    if kind == records.RECORD:
        row |= _of_record(body)
    elif kind == records.FUNCTION_DLQ:
        row |= _of_function_dlq(message, body)
    elif kind == records.NOTIFICATION:
        row |= _of_notification(body)
    elif kind == records.DEAD_LETTER:
        row |= {"arrived_at": None, "reason": MOVED, "order_id": _order_id(body)}
    else:
        row["order_id"] = _order_id(body)
    return row


def _of_record(record: Mapping[str, Any]) -> dict[str, Any]:
    context, response = record["requestContext"], record.get("responsePayload")
    return {
        "request_id": context["requestId"],
        "reason": context["condition"],
        "error_message": response.get("errorMessage") if isinstance(response, dict) else None,
        **_of_event(record.get("requestPayload"), context["requestId"]),
    }


def _of_function_dlq(message: Mapping[str, Any], event: Any) -> dict[str, Any]:
    told = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    code = told.get("ErrorCode")
    reason = _ERROR_CODES.get(code, f"ErrorCode {code}") if code else "ZeroReservedConcurrency"
    return {
        "request_id": told.get("RequestID"),
        "reason": reason,
        "error_message": told.get("ErrorMessage"),
        **_of_event(event, told.get("RequestID")),
    }


def _of_notification(envelope: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "message_id": envelope["MessageId"],
        "reason": "SNS could not invoke the function",
        "order_id": _order_id(envelope.get("Message")),
        "sent_at": _from_iso(envelope.get("Timestamp")),
    }


def _of_event(event: Any, request_id: str | None) -> dict[str, Any]:
    """Message id, order id and send time inside a Lambda event: SNS's, or a direct invocation's."""
    try:
        notification = event["Records"][0]["Sns"]
    except (TypeError, KeyError, IndexError):
        return {"message_id": request_id, "order_id": _order_id(event)}
    return {
        "message_id": notification.get("MessageId"),
        "order_id": _order_id(notification.get("Message")),
        "sent_at": _from_iso(notification.get("Timestamp")),
    }


def _order_id(body: Any) -> str | None:
    order = records.parsed(body) if isinstance(body, str) else body
    return order.get("order_id") if isinstance(order, dict) else None


def _from_ms(milliseconds: str | None) -> datetime | None:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC) if milliseconds else None


def _from_iso(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
