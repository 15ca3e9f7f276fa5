"""HTTP/1.1 on one connection, with limits on what a client may send, and for how long."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from localaws.door.connections import Connections

# As much as AWS's front doors allow of request line and headers, generously.
MAX_HEAD_BYTES = 64 * 1024

# Real seconds in which a request has to come, its head and all of it: more than a busy machine
# needs for the largest body.
_HEAD_S = 20.0
_REQUEST_S = 300.0


class BoundedHttpProtocol(HttpToolsProtocol):
    """uvicorn keeps whatever comes until the headers end, and waits for it without end.

    This gives up when they do not end, or the body does not, and tells who is connected.

    Args:
        connections: of the endpoint.
        head_s: real seconds from the beginning of a request, or of the connection, to the end of
            the headers.
        request_s: real seconds from the end of the headers to that of the body.
        given: what uvicorn gives.
    """

    def __init__(
        self,
        connections: Connections,
        *,
        head_s: float = _HEAD_S,
        request_s: float = _REQUEST_S,
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self._open = connections
        self._head_s = head_s
        self._request_s = request_s
        self._in_head = True
        self._head_bytes = 0
        self._patience: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a request came whole, and its answer is still to be given."""
        cycle = self.cycle
        return cycle is not None and not (cycle.more_body or cycle.response_complete)

    def drop(self) -> None:
        """Close it at once, with what it has not read of its answer."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._open.open(self)
        self._expect_within(self._head_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        self._open.close(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._open.hear(self)
        self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The request line and headers are too long.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_within(self._head_s)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._expect_within(self._request_s)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head, self._head_bytes = True, 0
        self._expect_nothing()
        super().on_message_complete()

    def _expect_within(self, seconds: float) -> None:
        """The next part has to be there by then."""
        self._expect_nothing()
        self._patience = self.loop.call_later(seconds, self.drop)

    def _expect_nothing(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
