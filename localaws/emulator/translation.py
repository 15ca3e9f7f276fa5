"""A service of ministack that has several protocols is asked in one of them.

CloudWatch went from forms over JSON to CBOR, and each SDK takes the first that it knows: forms the
AWS CLI 1, JSON boto3, CBOR the SDKs for Java, Go, JavaScript and Rust. ministack's answers to forms
lack half of the members that its answers in JSON have.
"""

import json
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

from localaws.door.asgi import Message, Scope, Send
from localaws.door.endpoint import send_response
from localaws.wire.json_protocol import JsonProtocol, dump_json
from localaws.wire.json_values import JsonReaders, JsonWriters
from localaws.wire.models import OperationModel
from localaws.wire.protocol import WireProtocol
from localaws.wire.refusals import SerializationException
from localaws.wire.skin import ServiceSkin
from localaws.words.errors import AwsError
from localaws.words.http import Caller, HttpRequest, HttpResponse

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
_LARGEST_BYTES = 1_048_576

# Codes that forms had before there was another protocol.
_QUERY_CODES = {"AccessDeniedException": "AccessDenied"}

Serve = Callable[[Scope, HttpRequest, Send], Awaitable[None]]


class Translator:
    """Stands between callers and a service, and speaks JSON with the service.

    Args:
        skin: knows its protocols.
    """

    def __init__(self, skin: ServiceSkin) -> None:
        self._skin = skin
        self._readers = JsonReaders()
        self._writers = JsonWriters()

    async def serve(
        self, scope: Scope, request: HttpRequest, caller: Caller, send: Send, serve: Serve
    ) -> None:
        """Answer a request in whatever protocol it is, by `serve`, which gets it in JSON."""
        protocol = self._skin.protocol_of(request)
        try:
            request = inflated(request)
            if isinstance(protocol, JsonProtocol):
                await serve(_of(scope, request), request, send)
                return
            call = protocol.parse(request)
        except AwsError as error:
            await send_response(send, protocol.refuse(error, caller.request_id))
            return
        given = self._writers.of(call.operation.input)(call.params) if call.operation.input else {}
        asked = self._in_json(request, call.operation, dump_json(given))
        collected = _Collected()
        await serve(_of(scope, asked), asked, collected.send)
        answer = self._answer(protocol, call.operation, collected.answer, caller.request_id)
        await send_response(send, answer)

    def _in_json(self, request: HttpRequest, operation: OperationModel, body: bytes) -> HttpRequest:
        metadata = self._skin.model.metadata
        dropped = ("content-type", "content-length", "smithy-protocol", "accept")
        headers = {name: value for name, value in request.headers.items() if name not in dropped}
        headers |= {
            "content-type": f"application/x-amz-json-{metadata['jsonVersion']}",
            "x-amz-target": f"{metadata['targetPrefix']}.{operation.name}",
            "content-length": str(len(body)),
        }
        return HttpRequest("POST", "/", "", headers, body)

    def _answer(
        self,
        protocol: WireProtocol,
        operation: OperationModel,
        answer: HttpResponse,
        request_id: str,
    ) -> HttpResponse:
        document = json.loads(answer.body or b"{}")
        if answer.status < 300:
            read = self._readers.of(operation.output) if operation.output else dict
            return protocol.answer(operation, read(document), request_id)
        code = document.get("__type", "InternalFailure").rpartition("#")[2]
        message = document.get("message") or document.get("Message") or ""
        error = AwsError(
            message, code=code, status=answer.status, query_code=_QUERY_CODES.get(code)
        )
        return protocol.refuse(error, request_id)


def inflated(request: HttpRequest) -> HttpRequest:
    """A request as it was before an SDK compressed it, which it does with more than 10 KB.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html

    Raises:
        AwsError: it is more than CloudWatch takes, or no gzip.
    """
    if request.headers.get("content-encoding") != "gzip":
        return request
    inflating = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = inflating.decompress(request.body, _LARGEST_BYTES + 1)
    except zlib.error:
        raise SerializationException("The body is not gzip, as its Content-Encoding says") from None
    if len(body) > _LARGEST_BYTES:
        raise AwsError("Request size is larger than 1 MB", code="RequestEntityTooLarge", status=413)
    headers = {name: value for name, value in request.headers.items() if name != "content-encoding"}
    headers["content-length"] = str(len(body))
    return replace(request, headers=headers, body=body)


class _Collected:
    """An answer that was sent, as a whole."""

    def __init__(self) -> None:
        self.answer = HttpResponse(500)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.answer.status = message["status"]
        else:
            self.answer.body += message.get("body", b"")


def _of(scope: Scope, request: HttpRequest) -> Scope:
    """The scope of a request in the place of that of another one."""
    headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
    path = {"path": request.path, "raw_path": request.path.encode(), "query_string": b""}
    return {**scope, **path, "method": request.method, "headers": headers}
