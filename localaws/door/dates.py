"""The Date of an answer: that of the request's signature, so that no caller's clock seems wrong.

Callers sign with real time, handlers with virtual time, and both are right. An SDK that finds the
Date minutes away from its own time takes whatever error it was answered for one of its clock: that
of JavaScript (3.1164 was seen) asks again for each, three times, the CDK CLI seven times in 50 s.
"""

from datetime import UTC, datetime
from email.utils import format_datetime

from localaws.door.asgi import Message, Send
from localaws.words.http import HttpRequest

_SIGNED_AT = "%Y%m%dT%H%M%SZ"


def dated(send: Send, request: HttpRequest) -> Send:
    """`send`, whose answer bears the request's date; none where the request has none."""
    try:
        signed_at = datetime.strptime(request.headers.get("x-amz-date", ""), _SIGNED_AT)
    except ValueError:
        return send
    date = format_datetime(signed_at.replace(tzinfo=UTC), usegmt=True).encode()

    async def send_dated(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), (b"date", date)]
        await send(message)

    return send_dated
