"""HTTP to one address of this machine, on connections that stay open between requests.

A wait is hundreds of short requests: opening a connection for each would cost more than they do.
"""

import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit


class LocalHttp:
    """Requests to one URL. No proxy sees them. Threads may share it: each takes a connection.

    Args:
        url: with host and port, for example `http://127.0.0.1:4566/_clock`.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname or "", parts.port, parts.path
        self._idle: list[http.client.HTTPConnection] = []

    def __del__(self) -> None:
        # Nobody ends a clock: it is open for as long as somebody has it.
        for connection in self._idle:
            connection.close()

    def request(
        self, method: str, body: bytes | None, headers: Mapping[str, str], timeout_s: float
    ) -> tuple[int, bytes]:
        """Send one request; returns the status and the body of its answer.

        Raises:
            OSError, http.client.HTTPException: nobody answers, or not in time (TimeoutError).
        """
        while self._idle:
            connection = self._idle.pop()
            try:
                return self._exchange(connection, method, body, headers, timeout_s)
            except (ConnectionError, http.client.RemoteDisconnected):
                # Closed while it was idle, so the request was never read. Try the next one.
                continue
        connection = http.client.HTTPConnection(self._host, self._port)
        return self._exchange(connection, method, body, headers, timeout_s)

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        body: bytes | None,
        headers: Mapping[str, str],
        timeout_s: float,
    ) -> tuple[int, bytes]:
        connection.timeout = timeout_s
        if connection.sock is not None:
            connection.sock.settimeout(timeout_s)
        try:
            connection.request(method, self._path, body, dict(headers))
            with connection.getresponse() as response:
                answer = response.status, response.read()
        except BaseException:  # an interrupted wait too: its answer must not be the next one's
            connection.close()
            raise
        if connection.sock is not None:
            self._idle.append(connection)
        return answer
