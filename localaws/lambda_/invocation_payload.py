"""The event of an Invoke request: checked before anything runs. Pure."""

import json

from ..errors import AwsError
from .errors import RequestEntityTooLargeException

MAX_SYNCHRONOUS_BYTES = 6 * 1024 * 1024
MAX_ASYNCHRONOUS_BYTES = 1024 * 1024

_EXPECTED = (
    "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
)


class InvalidRequestContentException(AwsError):
    """The payload is not JSON."""

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(
            f"Could not parse request body into json: Could not parse payload into json: {reason}\n"
            " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled);"
            f" line: 1, column: {column}]",
            fields={"Type": "User"},
        )


def checked_payload(payload: bytes | str | None, invocation_type: str) -> bytes:
    """The event as JSON text; an absent payload is the empty object.

    Raises:
        RequestEntityTooLargeException: larger than the invocation type allows.
        InvalidRequestContentException: not JSON in UTF-8.
    """
    event = payload.encode() if isinstance(payload, str) else payload or b"{}"
    limit = MAX_ASYNCHRONOUS_BYTES if invocation_type == "Event" else MAX_SYNCHRONOUS_BYTES
    if len(event) > limit:
        raise _too_large(len(event), invocation_type, limit)
    try:
        json.loads(event.decode())
    except RecursionError:
        raise InvalidRequestContentException(
            "Document nesting depth exceeds the maximum allowed (1000)", 1001
        ) from None
    except ValueError as error:
        raise _refusal(event, error) from None
    return event


def _too_large(size: int, invocation_type: str, limit: int) -> RequestEntityTooLargeException:
    """In the words that callers report; the model has another name for it, RequestTooLarge."""
    if invocation_type == "Event":
        return RequestEntityTooLargeException(
            f"{size} byte payload is too large for the Event invocation type (limit {limit} bytes)"
        )
    return RequestEntityTooLargeException(
        f"Request must be smaller than {limit} bytes for the InvokeFunction operation"
    )


def _refusal(event: bytes, error: ValueError) -> InvalidRequestContentException:
    """The texts of the JSON parser that AWS uses, as far as recorded."""
    first = event[:1]
    if first and first not in b'{["-0123456789tfn \t\r\n':
        shown = _shown(event)
        return InvalidRequestContentException(f"Unexpected character ({shown}): {_EXPECTED}", 1)
    if isinstance(error, UnicodeDecodeError):
        column = error.start + 2
        reason = f"Invalid UTF-8 start byte 0x{event[error.start]:02x}"
        return InvalidRequestContentException(reason, column)
    position = error.pos if isinstance(error, json.JSONDecodeError) else 0
    if position >= len(event.decode()):
        return InvalidRequestContentException("Unexpected end-of-input", position + 1)
    return InvalidRequestContentException(
        f"Unexpected character ({_shown(event.decode()[position:].encode())}): {_EXPECTED}",
        position + 1,
    )


def _shown(event: bytes) -> str:
    code = event[0]
    if code < 32 or code >= 128:
        return f"(CTRL-CHAR, code {code})"
    return f"'{chr(code)}' (code {code})"
