"""The one HTTP door: checks the caller, then hands the request to the service it is for."""

import asyncio
import hmac
import json
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, MutableMapping
from dataclasses import replace
from typing import Any, Protocol
from xml.sax.saxutils import escape

from .access import AccessDenied, SignatureVerifier
from .activity import Activity
from .http import Caller, HttpRequest, HttpResponse

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Refuse = Callable[[HttpRequest, Caller], HttpResponse | None]

# Room for the largest direct upload that Lambda takes (50 MB, base64) and for CDK's assets.
MAX_BODY_BYTES = 256 * 1024 * 1024

CLOCK_PATH = "/_clock"


class Service(Protocol):
    """One AWS service."""

    def handle(self, request: HttpRequest, caller: Caller) -> Coroutine[Any, Any, HttpResponse]: ...


class Endpoint:
    """The ASGI application.

    Args:
        hosts: the only values of the Host header that are answered: a web page that resolves its
            own name to this machine must not be.
        services: service name of the signature's scope -> our service.
        everything_else: the emulator's ASGI application.
        clock: the clock API.
        secret_paths: start of a path -> who serves it; such a path holds a secret of its own, so
            its requests are not signed (Lambda's Runtime API, presigned downloads).
        clock_token: what callers of the clock API prove themselves with.
        refuse: the answer to a caller who may not ask the emulator for this, or None if it may.
    """

    def __init__(
        self,
        *,
        hosts: Iterable[str],
        verifier: SignatureVerifier,
        activity: Activity,
        services: dict[str, Service],
        everything_else: AsgiApp,
        clock: Callable[[HttpRequest], Awaitable[HttpResponse]],
        secret_paths: Mapping[str, Callable[[HttpRequest], Awaitable[HttpResponse]]],
        clock_token: str,
        refuse: Refuse = lambda request, caller: None,
    ) -> None:
        self._hosts = frozenset(hosts)
        self._verifier = verifier
        self._activity = activity
        self._services = services
        self._everything_else = everything_else
        self._clock = clock
        self._secret_paths = dict(secret_paths)
        self._refuse_by_policy = refuse
        self._clock_authorization = f"Bearer {clock_token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = _headers(scope)
        refusal = self._refuse(headers)
        if refusal is not None:
            await _send(send, refusal)
            return
        with self._activity.running():
            request = await _read(scope, headers, receive)
        if isinstance(request, HttpResponse):
            await _send(send, request)
        elif request is not None:
            await self._serve(scope, request, receive, send)

    async def _serve(
        self, scope: Scope, request: HttpRequest, receive: Receive, send: Send
    ) -> None:
        for start, handle in self._secret_paths.items():
            if request.path.startswith(start):
                await _send(send, await handle(request))
                return
        if request.path == CLOCK_PATH:
            await _send(send, await self._serve_clock(request))
        else:
            await self._serve_aws(scope, request, receive, send)

    def _refuse(self, headers: dict[str, str]) -> HttpResponse | None:
        if headers.get("host", "") not in self._hosts:
            return _refusal(f"the Host header {headers.get('host')!r} is not this endpoint's name")
        if "origin" in headers:
            return _refusal("requests of web pages (with an Origin header) are not served")
        return None

    async def _serve_clock(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._clock_authorization):
            return _refusal("the clock API takes the secret access key of this run as bearer token")
        return await self._clock(request)

    async def _serve_aws(
        self, scope: Scope, request: HttpRequest, receive: Receive, send: Send
    ) -> None:
        caller = Caller(arn="", request_id=str(uuid.uuid4()))
        try:
            signed = self._verifier.verify(request)
        except AccessDenied as error:
            await _send(send, _aws_refusal(request, error, caller.request_id))
            return
        caller = replace(
            caller, arn=signed.principal.arn, access_key_id=signed.principal.access_key_id
        )
        service = self._services.get(signed.service)
        if service is not None:
            response = await _while_connected(service.handle(request, caller), receive)
            if response is not None:
                await _send(send, response)
            return
        refusal = self._refuse_by_policy(request, caller)
        if refusal is not None:
            await _send(send, refusal)
            return
        with self._activity.running():
            await self._everything_else(scope, _replay(request.body), _without_cors(send))


def _headers(scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


async def _read(
    scope: Scope, headers: dict[str, str], receive: Receive
) -> "HttpRequest | HttpResponse | None":
    """The request with its whole body, a refusal, or None when the client has gone."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY_BYTES:
            return HttpResponse(413, b'{"message": "the body is larger than 256 MB"}')
        parts.append(part)
        more = message.get("more_body", False)
    return HttpRequest(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1").partition("?")[0],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=b"".join(parts),
    )


async def _while_connected(
    answering: Coroutine[Any, Any, HttpResponse], receive: Receive
) -> HttpResponse | None:
    """The answer, or None once the client has gone: nobody may be handed what it waited for."""
    answer = asyncio.ensure_future(answering)
    await asyncio.sleep(0)
    if not answer.done():
        gone = asyncio.ensure_future(receive())
        await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
    if answer.done():
        return answer.result()
    answer.cancel()
    return None


async def _send(send: Send, response: HttpResponse) -> None:
    headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
    headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _replay(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def _without_cors(send: Send) -> Send:
    """The emulator invites every web page to read its answers; this endpoint invites none."""

    async def send_without_cors(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, value)
                for name, value in message.get("headers", [])
                # Our server writes the date too: two of them read as one that is no date, and the
                # SDK for JavaScript (the CDK CLI) then cannot sign any more.
                if not name.lower().startswith((b"access-control-", b"date"))
            ]
        await send(message)

    return send_without_cors


def _refusal(reason: str) -> HttpResponse:
    body = json.dumps({"message": f"Refused: {reason}."}).encode()
    return HttpResponse(403, body, {"content-type": "application/json"})


def _aws_refusal(request: HttpRequest, error: AccessDenied, request_id: str) -> HttpResponse:
    """An authentication error in the form that the caller's SDK can read."""
    headers = {"x-amzn-requestid": request_id, "x-amzn-errortype": error.code}
    by_query = request.headers.get("content-type", "").startswith("application/x-www-form")
    scope = request.headers.get("authorization", "") + request.query
    if by_query or "/s3/aws4_request" in scope.replace("%2F", "/"):
        body = (
            "<ErrorResponse><Error><Type>Sender</Type>"
            f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
            f"</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        return HttpResponse(error.status, body.encode(), headers | {"content-type": "text/xml"})
    text = json.dumps({"__type": error.code, "message": error.message})
    return HttpResponse(
        error.status, text.encode(), headers | {"content-type": "application/x-amz-json-1.1"}
    )
