"""The Runtime API's client, under the name that awslambdaric imports: `runtime_client`.

AWS's own is a C++ extension without wheels for every platform; this one serves on all of them and
carries what the embedded endpoint adds: the virtual time with every answer, and sleeping.
"""

import _socket  # `socket` costs 7 ms of every cold start; this is the part of it we need
import threading
from collections.abc import Mapping

API = "/2018-06-01/runtime"
MAX_RESPONSE_BYTES = 6_291_556


class RuntimeApiError(RuntimeError):
    """The Runtime API refused a request, or went away."""


class Connection:
    """One keep-alive HTTP/1.1 connection."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._socket: _socket.socket | None = None

    def exchange(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send a request and read its answer: status, headers by canonical name, body.

        The server may have closed a connection that was idle for long: one that was used before
        gets a second chance.
        """
        fresh = self._socket is None
        try:
            return self._attempt(request)
        except (OSError, EOFError) as error:
            self._socket = None
            if fresh:
                raise RuntimeApiError(f"The Runtime API does not answer: {error}") from None
        return self.exchange(request)

    def _attempt(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        if self._socket is None:
            self._socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
            self._socket.connect(self._address)
            # Without it an answer waits 40 ms for an acknowledgement.
            self._socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._receive()
        head = received[:end].decode("latin-1").split("\r\n")
        headers = {
            name.title(): value.strip() for name, _, value in (h.partition(":") for h in head[1:])
        }
        body = bytearray(received[end + 4 :])
        while len(body) < int(headers["Content-Length"]):
            body += self._receive()
        if headers.get("Connection", "").lower() == "close":
            self._socket = None
        return int(head[0].split(" ", 2)[1]), headers, bytes(body)

    def _receive(self) -> bytes:
        assert self._socket is not None
        data = self._socket.recv(65536)
        if not data:
            raise EOFError("the connection was closed")
        return data


class RuntimeClient:
    """What awslambdaric calls, plus `now_s` and `sleep`.

    Args:
        address: AWS_LAMBDA_RUNTIME_API, here with a path: `host:port/_runtime/token`.
    """

    def __init__(self, address: str) -> None:
        netloc, _, self._base = address.partition("/")
        host, _, port = netloc.rpartition(":")
        self._netloc = netloc
        self._target = (host, int(port))
        self._local = threading.local()

    def forked(self) -> None:
        """Forget the connections: they belong to the process that this one was forked from."""
        self._local = threading.local()

    def initialize_client(self, user_agent: str) -> None:
        """Called by awslambdaric at import; the connection is made at the first request."""

    def now_s(self) -> float:
        """Virtual seconds since the epoch."""
        return self._call("GET", "/localaws/clock")[0]

    def sleep(self, seconds: float, *, threads: int) -> float:
        """Wait until virtual time has passed; returns the virtual time then.

        Args:
            threads: how many threads this process has; time is skipped when all of them sleep.
        """
        headers = {"Localaws-Sleep-S": repr(float(seconds)), "Localaws-Threads": str(threads)}
        return self._call("POST", "/localaws/sleep", headers=headers)[0]

    def next(self) -> tuple[bytes, dict[str, object]]:
        """Wait for the next invocation; returns the event and the headers."""
        _, headers, body = self._call("GET", "/invocation/next")
        deadline = int(headers.pop("Lambda-Runtime-Deadline-Ms"))
        return body, {**headers, "Lambda-Runtime-Deadline-Ms": deadline}

    def post_invocation_result(
        self, invoke_id: str, data: bytes, content_type: str, invocation_id: str | None = None
    ) -> None:
        # One byte more than allowed says as much as a gigabyte.
        self._post(
            f"/invocation/{invoke_id}/response", data[: MAX_RESPONSE_BYTES + 1], content_type
        )

    def post_error(
        self, invoke_id: str, error: str, xray_fault: str, invocation_id: str | None = None
    ) -> None:
        self._post(f"/invocation/{invoke_id}/error", error.encode("utf-8", "backslashreplace"))

    def post_init_error(self, error: str, error_type: str) -> None:
        headers = {"Lambda-Runtime-Function-Error-Type": error_type}
        self._post("/init/error", error.encode("utf-8", "backslashreplace"), headers=headers)

    def _post(
        self,
        path: str,
        body: bytes,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._call("POST", path, body, {"Content-Type": content_type, **(headers or {})})

    def _call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[float, dict[str, str], bytes]:
        lines = [f"{method} /{self._base}{API}{path} HTTP/1.1", f"Host: {self._netloc}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = Connection(*self._target)
        status, answer, content = connection.exchange("\r\n".join(lines).encode() + body)
        if status not in (200, 202):
            raise RuntimeApiError(f"{method} {path} was answered with {status}: {content[:500]!r}")
        return float(answer["Localaws-Now-S"]), answer, content
