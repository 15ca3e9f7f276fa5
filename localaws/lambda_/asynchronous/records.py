"""What an asynchronous event leaves behind: invocation records and dead-letter messages. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from localaws.lambda_.asynchronous.retry_policy import Condition
from localaws.lambda_.model import InvocationResult
from localaws.words.json_text import compact, strict
from localaws.words.timestamps import iso_ms

# A dead-letter message names the error by its first 1 KB.
ERROR_MESSAGE_BYTES = 1024

# AWS's own text, its missing space included.
ZERO_CONCURRENCY_MESSAGE = (
    "Function not invoked. Function isconfigured with zero reserved concurrent executions"
)


@dataclass(frozen=True)
class LastAttempt:
    """How the last attempt answered, as far as there was one.

    Attributes:
        status: the HTTP status: 200 (the function ran), 404, 429, 500; None if never attempted.
        error_message: why there is no result, for a status other than 200.
        result: what the function returned or raised, for 200.
    """

    status: int | None = None
    error_message: str = ""
    result: InvocationResult | None = None


@dataclass(frozen=True)
class Ending:
    """One asynchronous event at its end.

    Attributes:
        function_arn: with the requested qualifier, `$LATEST` when none was.
    """

    request_id: str
    function_arn: str
    condition: Condition
    invoke_count: int
    payload: bytes
    last: LastAttempt

    @property
    def succeeded(self) -> bool:
        return self.condition is Condition.SUCCESS


def invocation_record(ending: Ending, now_s: float) -> dict[str, Any]:
    """The record that a destination receives, keys in AWS's order."""
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": iso_ms(now_s),
        "requestContext": {
            "requestId": ending.request_id,
            "functionArn": ending.function_arn,
            "condition": ending.condition.value,
            "approximateInvokeCount": ending.invoke_count,
        },
        "requestPayload": _json_or_text(ending.payload),
    }
    if ending.condition is Condition.ZERO_RESERVED_CONCURRENCY or ending.last.status is None:
        return record
    context: dict[str, Any] = {"statusCode": ending.last.status}
    record["responseContext"] = context
    if (result := ending.last.result) is not None:
        context["executedVersion"] = result.executed_version
        if result.function_error is not None:
            context["functionError"] = result.function_error
        record["responsePayload"] = _json_or_text(result.payload)
    return record


def record_text(record: Mapping[str, Any], limit_bytes: int) -> str:
    """The record as JSON; where it exceeds the target's limit, without its payloads."""
    for dropped in ((), ("responsePayload",), ("responsePayload", "requestPayload")):
        kept = {key: value for key, value in record.items() if key not in dropped}
        text = compact(kept)
        if len(text.encode()) <= limit_bytes:
            break
    return text


def dead_letter_attributes(ending: Ending) -> dict[str, dict[str, str]]:
    """The message attributes that say why an event is in a function's dead-letter queue."""
    attributes = {"RequestID": {"DataType": "String", "StringValue": ending.request_id}}
    zero_concurrency = ending.condition is Condition.ZERO_RESERVED_CONCURRENCY
    if ending.last.status is not None and not zero_concurrency:
        status = str(ending.last.status)
        attributes["ErrorCode"] = {"DataType": "Number", "StringValue": status}
    message = ZERO_CONCURRENCY_MESSAGE if zero_concurrency else _error_message(ending.last)
    # SQS refuses an attribute without a value, so an empty error message has none.
    if cut := cut_utf8(message, ERROR_MESSAGE_BYTES):
        attributes["ErrorMessage"] = {"DataType": "String", "StringValue": cut}
    return attributes


def detail_type(ending: Ending) -> str:
    """EventBridge's `detail-type` of the record."""
    return f"Lambda Function Invocation Result - {'Success' if ending.succeeded else 'Failure'}"


def object_key(function_name: str, now_s: float, unique: str) -> str:
    """The S3 key of a record."""
    now = datetime.fromtimestamp(now_s, UTC)
    return f"aws/lambda/async/{function_name}/{now:%Y/%m/%d}/{now:%Y-%m-%dT%H.%M.%S}-{unique}"


def cut_utf8(text: str, limit_bytes: int) -> str:
    """As many whole characters as fit into `limit_bytes` of UTF-8."""
    return text.encode("utf-8", "replace")[:limit_bytes].decode("utf-8", "ignore")


def _error_message(last: LastAttempt) -> str:
    if last.result is None:
        return last.error_message
    payload = _json_or_text(last.result.payload)
    message = payload.get("errorMessage", "") if isinstance(payload, dict) else payload
    return message if isinstance(message, str) else json.dumps(message)


def _json_or_text(payload: bytes) -> Any:
    try:
        return strict(payload)
    except ValueError:
        return payload.decode("utf-8", "replace")
