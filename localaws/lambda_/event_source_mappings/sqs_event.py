"""The event that a function gets for a batch of SQS messages. Pure."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from localaws.words.arns import region_of
from localaws.words.json_text import compact

# A batch closes when its payload reaches the limit of a synchronous invocation.
MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
_ENVELOPE_BYTES = len('{"Records":[]}')

_ATTRIBUTE_ORDER = (
    "ApproximateReceiveCount",
    "AWSTraceHeader",
    "SentTimestamp",
    "SequenceNumber",
    "MessageGroupId",
    "SenderId",
    "MessageDeduplicationId",
    "ApproximateFirstReceiveTimestamp",
    "DeadLetterQueueSourceArn",
)


class SqsMessage(Protocol):
    """What the event needs of an SQS message."""

    @property
    def message_id(self) -> str: ...
    @property
    def receipt_handle(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def md5_of_body(self) -> str: ...
    @property
    def md5_of_message_attributes(self) -> str | None: ...
    @property
    def message_attributes(self) -> Mapping[str, Mapping[str, Any]]: ...
    def system_attributes(self) -> dict[str, str]: ...


def record(message: SqsMessage, queue_arn: str, *, windowed: bool = False) -> dict[str, Any]:
    """One message as the function sees it, keys in AWS's order.

    Args:
        windowed: the mapping has a batching window. In every recording, a message without
            attributes then carries `"md5OfMessageAttributes": null`, otherwise no such key.
    """
    built: dict[str, Any] = {
        "messageId": message.message_id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": _in_order(message.system_attributes()),
        "messageAttributes": {
            name: _attribute(value) for name, value in (message.message_attributes or {}).items()
        },
    }
    if windowed or message.md5_of_message_attributes is not None:
        built["md5OfMessageAttributes"] = message.md5_of_message_attributes
    built |= {
        "md5OfBody": message.md5_of_body,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region_of(queue_arn),
    }
    return built


def payload(records: Sequence[str]) -> bytes:
    """The whole event from records that are JSON text already."""
    return ('{"Records":[' + ",".join(records) + "]}").encode()


def how_many_fit(sizes_bytes: Sequence[int], batch_size: int) -> int:
    """How many of the first records make one batch: at least one, at most 6 MB and `batch_size`.

    Args:
        sizes_bytes: of the records' JSON texts.
    """
    total = _ENVELOPE_BYTES
    for count, size in enumerate(sizes_bytes[:batch_size]):
        total += size + 1
        if total > MAX_PAYLOAD_BYTES:
            return max(count, 1)
    return min(len(sizes_bytes), batch_size)


def record_text(built: Mapping[str, Any]) -> str:
    """One record as compact JSON."""
    return compact(built)


def _in_order(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: attributes[name] for name in _ATTRIBUTE_ORDER if name in attributes}


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    built: dict[str, Any] = {}
    if "StringValue" in value:
        built["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        built["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    built["stringListValues"] = []
    built["binaryListValues"] = []
    built["dataType"] = value["DataType"]
    return built
