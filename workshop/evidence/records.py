"""What arrives when a message is given up (or was processed), field by field. Pure.

Four kinds of message can lie in a pattern's queues; `kind_of` tells them apart by what only AWS
could have written:

    invocation record     destination: the event, the answer or error, and why it is here
    function's DLQ event  the event alone, plus three message attributes
    dead-lettered message source queue's DLQ: the original message, nothing added but the source ARN
    SNS notification      subscription's DLQ: the envelope of what SNS could not deliver
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from workshop import html
from workshop.errors import DataError

RECORD = "invocation record"
FUNCTION_DLQ = "function's DLQ event"
DEAD_LETTER = "dead-lettered message"
NOTIFICATION = "SNS notification"

_LONGEST_VALUE = 220

# Field path -> what it means to whoever reads the message in the morning.
_MEANINGS: Mapping[str, Mapping[str, str]] = {
    RECORD: {
        "version": "version of this record's shape",
        "timestamp": "when Lambda wrote the record",
        "requestContext.requestId": "shared by all attempts: look for it in the logs",
        "requestContext.functionArn": "function and qualifier that were invoked",
        "requestContext.condition": "why the record is here",
        "requestContext.approximateInvokeCount": "attempts, not retries: 3 attempts are 2 retries",
        "requestPayload": "the event, complete: what to send again after the repair",
        "requestPayload.Records[0].Sns.Message": "inside it: what was published, the order itself",
        "responseContext.statusCode": "of the invocation; 200 also when the function failed",
        "responseContext.executedVersion": "the version of the function that ran",
        "responseContext.functionError": "present only when the function failed",
        "responsePayload.errorMessage": "message of the last attempt's error",
        "responsePayload.errorType": "class of the last attempt's error",
        "responsePayload.requestId": "request id again; empty if the code did not load",
        "responsePayload.stackTrace": (
            "where in the code it failed; of what arrives, only a record has it"
        ),
        "responsePayload": "what the function returned",
    },
    FUNCTION_DLQ: {
        "MessageAttributes.RequestID": "shared by all attempts: look for it in the logs",
        "MessageAttributes.ErrorCode": "HTTP status of the last attempt; 200: it ran and failed",
        "MessageAttributes.ErrorMessage": "the error's message, first 1,024 bytes, no stack trace",
        "Body": "the original event itself, nothing around it",
        "Body.Records[0].Sns.Message": "inside it: what was published, the order itself",
    },
    DEAD_LETTER: {
        "MessageId": "the same id as in the source queue",
        "Body": "the original message, unchanged; no error is added to it",
        "Attributes.ApproximateReceiveCount": "goes on counting across the move: looking adds one",
        "Attributes.SentTimestamp": "of the first send; in a standard queue the move keeps it",
        "Attributes.ApproximateFirstReceiveTimestamp": "the first receive from the source queue",
        "Attributes.DeadLetterQueueSourceArn": "the queue that gave the message up",
    },
    NOTIFICATION: {
        "Type": "a notification of an SNS topic",
        "MessageId": "id that SNS gave the message when it was published",
        "TopicArn": "the topic it was published to",
        "Subject": "subject given at publish",
        "Message": "what was published; the function never saw it",
        "Timestamp": "when it was published",
    },
}
# In the record of a success a field may mean something else.
_OF_A_SUCCESS: Mapping[str, str] = {
    "requestContext.approximateInvokeCount": (
        "no number of attempts here: of a success it was 1 wherever we have seen one"
    ),
    "requestPayload": "the event, complete: what the function was given",
}


def kind_of(message: Mapping[str, Any]) -> str | None:
    """The kind of a message as boto3 returns it; None when it is an ordinary message."""
    if "DeadLetterQueueSourceArn" in message.get("Attributes", {}):
        return DEAD_LETTER
    if {"RequestID", "ErrorMessage"} & set(message.get("MessageAttributes", {})):
        return FUNCTION_DLQ
    body = body_of(message)
    if isinstance(body, dict) and "condition" in (body.get("requestContext") or {}):
        return RECORD
    if isinstance(body, dict) and body.get("Type") == "Notification" and "TopicArn" in body:
        return NOTIFICATION
    return None


def body_of(message: Mapping[str, Any]) -> Any:
    """The body as JSON, or as text when it is not JSON."""
    return parsed(message.get("Body", ""))


def parsed(text: str) -> Any:
    """What the text says as JSON, or the text when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def explain(message: Mapping[str, Any]) -> "FieldTable":
    """Take a message from a DLQ or destination apart.

    Recognises an invocation record (destination), an event with the function DLQ's three
    attributes, an SNS notification (subscription's DLQ), and a message moved by a queue's redrive
    policy (source queue's DLQ).

    Args:
        message: as boto3's receive_message or `Lab.messages` returns it, with all attributes.

    Returns:
        Columns `field` (str, path), `value` (str, long values shortened), `meaning` (str), in the
        message's own order, as a DataFrame; the kind is in `.attrs["kind"]`.

    Raises:
        DataError: it is none of these.
    """
    kind = kind_of(message)
    if kind is None:
        raise DataError(
            f"This message is neither a record nor dead-lettered: {_short(message.get('Body'))}",
            "Pass a message of a DLQ or destination, received with all its attributes "
            '(AttributeNames=["All"], MessageAttributeNames=["All"]), or use lab.messages().',
        )
    is_success = kind == RECORD and body_of(message)["requestContext"]["condition"] == "Success"
    meanings = {**_MEANINGS[kind], **(_OF_A_SUCCESS if is_success else {})}
    rows = [
        {"field": path, "value": _short(value), "meaning": meanings[path]}
        for path, value in _fields(message, kind)
        if path in meanings
    ]
    table = FieldTable(rows, columns=["field", "value", "meaning"], dtype="str")
    table.attrs["kind"] = kind
    return table


class FieldTable(pd.DataFrame):
    """A DataFrame that a notebook shows with whole values; pandas would cut them."""

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        # Fixed widths: a long ARN or JSON text must not squeeze the meanings, or leave the page.
        rows = self.itertuples(index=False)
        table = html.table(list(self.columns), rows, widths=(37, 35, 28))
        return html.joined(html.paragraph(self.attrs["kind"]), table)


def _fields(message: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Any]]:
    body = body_of(message)
    if kind == RECORD:
        for path, value in _paths(body, _MEANINGS[RECORD]):
            yield path, value
            if path == "requestPayload":
                yield from _published(path, value)
    elif kind == NOTIFICATION:
        yield from body.items()
    elif kind == FUNCTION_DLQ:
        for name, attribute in message.get("MessageAttributes", {}).items():
            yield f"MessageAttributes.{name}", attribute.get("StringValue")
        yield "Body", message.get("Body")
        yield from _published("Body", body)
    else:
        yield "MessageId", message.get("MessageId")
        yield "Body", message.get("Body")
        for name, value in message.get("Attributes", {}).items():
            yield f"Attributes.{name}", value


def _published(path: str, event: Any) -> Iterator[tuple[str, Any]]:
    """What was published, when the event came from SNS."""
    try:
        yield f"{path}.Records[0].Sns.Message", event["Records"][0]["Sns"]["Message"]
    except (TypeError, KeyError, IndexError):
        return


def _paths(value: Any, meanings: Mapping[str, str], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths, opened only as far as there are meanings for what is inside."""
    for name, inner in value.items():
        path = f"{prefix}{name}"
        is_opened = isinstance(inner, dict) and any(f"{path}.{key}" in meanings for key in inner)
        if is_opened:
            yield from _paths(inner, meanings, f"{path}.")
        else:
            yield path, inner


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
