"""The one HTTP door: checks the caller, then hands the request to the service it is for."""

import asyncio
import hmac
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import unquote

from localaws.door.asgi import Receive, Scope, Send
from localaws.door.connections import Connections
from localaws.door.dates import dated
from localaws.door.refusals import aws_refusal, refusal, too_large, unread
from localaws.door.signatures import AccessDenied, SignatureVerifier
from localaws.time.activity import Activity
from localaws.words.http import Caller, HttpRequest, HttpResponse

# Room for the largest direct upload that Lambda takes (50 MB, base64) and for CDK's assets.
MAX_BODY_BYTES = 256 * 1024 * 1024

CLOCK_PATH = "/_clock"


class Service(Protocol):
    """One AWS service."""

    def handle(self, request: HttpRequest, caller: Caller) -> Coroutine[Any, Any, HttpResponse]: ...


class Elsewhere(Protocol):
    """The services that are not ours."""

    def serve(
        self, scope: Scope, request: HttpRequest, service: str, caller: Caller, send: Send
    ) -> Coroutine[Any, Any, None]: ...


class Endpoint:
    """The ASGI application.

    Args:
        hosts: the only values of the Host header that are answered: a web page that resolves its
            own name to this machine must not be.
        services: service name of the signature's scope -> our service.
        everything_else: serves all others.
        clock: the clock API.
        secret_paths: start of a path -> who serves it; such a path holds a secret of its own, so
            its requests are not signed (Lambda's Runtime API, presigned downloads, the certificate
            of SNS's signatures).
        silence_s: real seconds that a client may be silent within its request; its silence must
            not stop everybody's time.
        clock_token: what callers of the clock API prove themselves with.
        connections: told of those whose requests may be asked.
    """

    def __init__(
        self,
        *,
        hosts: Iterable[str],
        verifier: SignatureVerifier,
        activity: Activity,
        services: dict[str, Service],
        everything_else: Elsewhere,
        clock: Callable[[HttpRequest], Coroutine[Any, Any, HttpResponse]],
        secret_paths: Mapping[str, "SecretPath"],
        clock_token: str,
        connections: Connections,
        silence_s: float = 5.0,
    ) -> None:
        self._hosts = frozenset(hosts)
        self._verifier = verifier
        self._activity = activity
        self._services = services
        self._everything_else = everything_else
        self._clock = clock
        self._secret_paths = dict(secret_paths)
        self._clock_authorization = f"Bearer {clock_token}".encode()
        self._connections = connections
        self._silence_s = silence_s
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Let nobody wait any longer: the process is about to end."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        head = _head(scope)
        send = dated(send, head)
        refused = self._refuse(head) or _too_long(head)
        if refused is not None:
            await send_response(send, unread(refused, head))
            return
        body = await self._read(head, receive)
        if isinstance(body, HttpResponse):
            await send_response(send, body)
        elif body is not None:
            await self._serve(scope, replace(head, body=body), receive, send)

    async def _serve(
        self, scope: Scope, request: HttpRequest, receive: Receive, send: Send
    ) -> None:
        secret_path = self._secret_path(request.path)
        if secret_path is not None:
            self._connections.admit(scope.get("client"), keep=secret_path.is_kept)
            await send_response(send, await secret_path.handle(request))
        elif request.path == CLOCK_PATH:
            self._connections.admit(scope.get("client"))
            await self._answer(self._clock(request), receive, send)
        else:
            await self._serve_aws(scope, request, receive, send)

    def _secret_path(self, path: str) -> "SecretPath | None":
        return next((s for start, s in self._secret_paths.items() if path.startswith(start)), None)

    def _refuse(self, head: HttpRequest) -> HttpResponse | None:
        """The answer to a stranger, before anything of its body is read."""
        host = head.headers.get("host", "")
        if host not in self._hosts:
            return refusal(f"the Host header {host!r} is not this endpoint's name")
        if "origin" in head.headers:
            return refusal("requests of web pages (with an Origin header) are not served")
        secret_path = self._secret_path(head.path)
        if secret_path is not None:
            return None if secret_path.admits(head.path) else secret_path.unknown()
        if head.path == CLOCK_PATH:
            return self._refuse_clock(head)
        try:
            self._verifier.check_claim(head)
        except AccessDenied as error:
            return aws_refusal(head, error, str(uuid.uuid4()))
        return None

    async def _read(self, head: HttpRequest, receive: Receive) -> "bytes | HttpResponse | None":
        # Time stands still while a request comes in, but not for whoever has yet to show a key.
        if self._secret_path(head.path) is not None:
            return await _body(head, receive, self._silence_s)
        with self._activity.running():
            return await _body(head, receive, self._silence_s)

    def _refuse_clock(self, head: HttpRequest) -> HttpResponse | None:
        given = head.headers.get("authorization", "").encode()
        if hmac.compare_digest(given, self._clock_authorization):
            return None
        return refusal("the clock API takes the secret access key of this run as bearer token")

    async def _serve_aws(
        self, scope: Scope, request: HttpRequest, receive: Receive, send: Send
    ) -> None:
        caller = Caller(arn="", request_id=request_id(request.path))
        try:
            signed = self._verifier.verify(request)
        except AccessDenied as error:
            await send_response(send, aws_refusal(request, error, caller.request_id))
            return
        self._connections.admit(scope.get("client"))
        caller = replace(
            caller, arn=signed.principal.arn, access_key_id=signed.principal.access_key_id
        )
        if unquote(request.path).lstrip("/").startswith("_"):
            # No bucket's name begins so, but the emulator's own controls do.
            await send_response(send, refusal("AWS has no such path"))
            return
        service = self._services.get(signed.service)
        if service is not None:
            await self._answer(service.handle(request, caller), receive, send)
            return
        with self._activity.running():
            await self._everything_else.serve(scope, request, signed.service, caller, send)

    async def _answer(
        self, answering: Coroutine[Any, Any, HttpResponse], receive: Receive, send: Send
    ) -> None:
        """Answer a client that is still there: nobody else may be handed what it waited for."""
        answer = asyncio.ensure_future(answering)
        await asyncio.sleep(0)
        if not answer.done():
            ends = [asyncio.ensure_future(end) for end in (receive(), self._closing.wait())]
            await asyncio.wait((answer, *ends), return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                end.cancel()
        if answer.done():
            await send_response(send, answer.result())
            return
        answer.cancel()
        if self._closing.is_set():
            await send_response(send, HttpResponse(503, b'{"message": "The embedded AWS ends."}'))


def _head(scope: Scope) -> HttpRequest:
    """The request without its body."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return HttpRequest(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1").partition("?")[0],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=b"",
    )


def _unknown_path() -> HttpResponse:
    return refusal("the path is not known")


@dataclass(frozen=True)
class SecretPath:
    """Paths that hold a secret of their own, and who serves them.

    Attributes:
        admits: whether a path's secret is one that was given out.
        unknown: the answer to a path whose secret is none.
        is_kept: its connections are parts of the endpoint itself, and never closed.
    """

    admits: Callable[[str], bool]
    handle: Callable[[HttpRequest], Awaitable[HttpResponse]]
    unknown: Callable[[], HttpResponse] = _unknown_path
    is_kept: bool = False


def _too_long(head: HttpRequest) -> HttpResponse | None:
    """The refusal of a body whose length says that it is larger than any may be."""
    length = head.headers.get("content-length", "")
    size = int(length) if length.isdecimal() else 0
    return too_large(head, size, MAX_BODY_BYTES) if size > MAX_BODY_BYTES else None


async def _body(
    head: HttpRequest, receive: Receive, silence_s: float
) -> "bytes | HttpResponse | None":
    """A request's whole body, a refusal, or None when the client has gone."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        try:
            # Not `wait_for`, which in Python 3.11 makes a task of what is there already.
            async with asyncio.timeout(silence_s):
                message = await receive()
        except TimeoutError:
            return HttpResponse(408, b'{"message": "the rest of the body did not come"}')
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY_BYTES:
            return too_large(head, size, MAX_BODY_BYTES)
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


async def send_response(send: Send, response: HttpResponse) -> None:
    """Answer with a response that is there as a whole."""
    headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
    headers += [(b"set-cookie", cookie.encode()) for cookie in response.cookies]
    headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def request_id(path: str) -> str:
    """The id of a new request; those of invocations are drawn by themselves.

    Logs and records show them. How many other requests came before, since who waits asks again and
    again, must not change them where ids follow from a seed.
    """
    return _invocation_id() if path.endswith("/invocations") else str(uuid.uuid4())


def _invocation_id() -> str:
    return str(uuid.uuid4())
