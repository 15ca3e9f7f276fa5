"""Times in an answer that a caller compares with its own clock, told by that clock.

Callers sign with real time, handlers with virtual time, and both are right. An SDK that finds the
Date minutes away from its own time takes whatever error it was answered for one of its clock: that
of JavaScript (3.1164 was seen) asks again for each, three times, the CDK CLI seven times in 50 s.
And it takes credentials for ended when their Expiration lies behind its own time.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime

from localaws.door.asgi import Message, Send
from localaws.words.http import HttpRequest

_SIGNED_AT = "%Y%m%dT%H%M%SZ"
_EXPIRATION = re.compile(rb"(?<=<Expiration>)[^<]+(?=</Expiration>)")
_EXPIRES_AT = "%Y-%m-%dT%H:%M:%SZ"


def dated(send: Send, request: HttpRequest) -> Send:
    """`send`, whose answer bears the request's date; none where the request has none."""
    signed_at = _signed_at(request)
    if signed_at is None:
        return send
    date = format_datetime(signed_at, usegmt=True).encode()

    async def send_dated(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), (b"date", date)]
        await send(message)

    return send_dated


def expiring(send: Send, request: HttpRequest, now_s: Callable[[], float]) -> Send:
    """`send`, which tells the caller how long credentials of an answer of STS last.

    Args:
        send: sends the answer, whose body is one message.
        request: whose date is the caller's time.
        now_s: the time by which the answer tells when they end, and by which they do.
    """
    signed_at = _signed_at(request)
    if signed_at is None:
        return send

    def on_callers_clock(found: re.Match[bytes]) -> bytes:
        ends_at = datetime.strptime(found[0].decode(), _EXPIRES_AT).replace(tzinfo=UTC)
        lasts = ends_at - datetime.fromtimestamp(int(now_s()), UTC)
        return f"{signed_at + lasts:{_EXPIRES_AT}}".encode()

    async def send_expiring(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = _EXPIRATION.sub(on_callers_clock, message.get("body", b""))
        await send(message)

    return send_expiring


def _signed_at(request: HttpRequest) -> datetime | None:
    """When the caller signed, by its own clock; None for who tells no date."""
    try:
        found = datetime.strptime(request.headers.get("x-amz-date", ""), _SIGNED_AT)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC)
