"""The event of an Invoke request: checked before anything runs. Pure."""

from localaws.lambda_.errors import RequestEntityTooLargeException
from localaws.words.errors import AwsError
from localaws.words.json_errors import complaint_about

MAX_SYNCHRONOUS_BYTES = 6 * 1024 * 1024
MAX_ASYNCHRONOUS_BYTES = 1024 * 1024


class InvalidRequestContentException(AwsError):
    """The payload is not JSON."""

    def __init__(self, complaint: str) -> None:
        super().__init__(
            f"Could not parse request body into json: Could not parse payload into json: "
            f"{complaint}",
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
        raise too_large(len(event), invocation_type)
    if (complaint := complaint_about(event)) is not None:
        raise InvalidRequestContentException(complaint)
    return event


def too_large(size: int, invocation_type: str) -> RequestEntityTooLargeException:
    """In the words that callers report; the model has another name for it, RequestTooLarge."""
    if invocation_type == "Event":
        return RequestEntityTooLargeException(
            f"{size} byte payload is too large for the Event invocation type "
            f"(limit {MAX_ASYNCHRONOUS_BYTES} bytes)"
        )
    return RequestEntityTooLargeException(
        f"Request must be smaller than {MAX_SYNCHRONOUS_BYTES} bytes for the InvokeFunction "
        "operation"
    )
