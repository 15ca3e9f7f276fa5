"""Clients of an embedded AWS that has ended, or hangs, say so in place of botocore's words."""

import re
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError, ReadTimeoutError

from workshop.errors import EndedError, EndpointError

AGAIN = (
    "Run the cell with workshop.connect() again: it starts a new one, which is empty, and deploys "
    "the patterns."
)
UNANSWERED = (NoConnection, HTTPClientError)
_LOOPBACK = ("127.0.0.1", "localhost")


def speaking(client: Any) -> Any:
    """The same client, which raises EndpointError where nobody answers it any more."""
    # First of all: botocore would send the request again, or raise its own error.
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_first(f"needs-retry.{service}", _tell)
    return client


def _tell(caught_exception: Exception | None = None, **_: Any) -> None:
    if isinstance(caught_exception, UNANSWERED):
        raise unanswered(caught_exception) from None


def unanswered(error: Exception) -> EndpointError:
    """What became of the embedded AWS that did not answer."""
    if isinstance(error, ReadTimeoutError):
        return EndpointError(
            f"The embedded AWS does not answer ({_reason(error)}).",
            "Wait, and look again: it may be busy, or its process was stopped. If it stays so, end "
            "the command that started it, such as `lab`, and begin anew.",
        )
    return EndedError(
        f"The embedded AWS does not answer any more ({_reason(error)}). It has ended, and its "
        "messages with it.",
        AGAIN,
    )


def is_local(error: Exception) -> bool:
    """Whether botocore's error is about an address of this machine, as the embedded AWS has one."""
    address = str(getattr(error, "kwargs", {}).get("endpoint_url", ""))
    return urlsplit(address).hostname in _LOOPBACK


def _reason(error: Exception) -> str:
    """Without the address, which says nothing to a reader."""
    return re.sub(r'( on| from)?( endpoint)? URL: "[^"]*"', "", str(error)).strip(" .:")
