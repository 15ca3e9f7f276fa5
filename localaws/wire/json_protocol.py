"""AWS JSON 1.0 and 1.1: the operation in a header, the parameters as one JSON document."""

import json
from collections.abc import Mapping
from typing import Any

from localaws.wire.json_values import Convert, JsonReaders, JsonWriters
from localaws.wire.models import OperationModel, ServiceModel
from localaws.wire.protocol import Call, error_shape, message_member, status_of
from localaws.wire.refusals import (
    CORAL,
    SerializationException,
    UnknownOperationException,
    WireError,
)
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest, HttpResponse

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class JsonProtocol:
    """Reads and writes AWS JSON for one service.

    Where the service was a query service before (`awsQueryCompatible`), errors carry the old
    code in a header too: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
    """

    def __init__(self, model: ServiceModel, namespace: str) -> None:
        self._model = model
        self._namespace = namespace
        self._prefix = f"{model.metadata['targetPrefix']}."
        self._query_compatible = "awsQueryCompatible" in model.metadata
        self._content_type = f"application/x-amz-json-{model.metadata.get('jsonVersion', '1.0')}"
        self._readers = JsonReaders()
        self._writers = JsonWriters()
        self._by_target: dict[str, tuple[OperationModel, Convert]] = {}

    def parse(self, request: HttpRequest) -> Call:
        operation, read = self._operation(request.headers.get("x-amz-target", ""))
        return Call(operation, read(parse_json(request.body or b"{}")))

    def answer(
        self, operation: OperationModel, result: Mapping[str, Any], request_id: str
    ) -> HttpResponse:
        body = b""
        if operation.output is not None:
            body = dump_json(self._writers.of(operation.output)(result))
        return HttpResponse(200, body, self._headers(request_id))

    def refuse(self, error: AwsError, request_id: str) -> HttpResponse:
        shape = error_shape(self._model, error.code)
        status = status_of(error, shape)
        headers = self._headers(request_id)
        if self._query_compatible:
            fault = "Receiver" if status >= 500 else "Sender"
            headers["x-amzn-query-error"] = f"{error.query_code};{fault}"
        namespace = CORAL if isinstance(error, WireError) else self._namespace
        document = {"__type": f"{namespace}#{error.code}", **error.fields}
        if error.message:
            document[message_member(shape, "message")] = error.message
        return HttpResponse(status, dump_json(document), headers)

    def _operation(self, target: str) -> tuple[OperationModel, Convert]:
        known = self._by_target.get(target)
        if known is not None:
            return known
        name = target.removeprefix(self._prefix)
        operation = self._model.operations.get(name)
        if operation is None or name == target:
            raise UnknownOperationException("")
        read = self._readers.of(operation.input) if operation.input else lambda value: {}
        self._by_target[target] = operation, read
        return operation, read

    def _headers(self, request_id: str) -> dict[str, str]:
        return {"Content-Type": self._content_type, "x-amzn-RequestId": request_id}


def parse_json(body: bytes) -> Any:
    """A JSON document; raises SerializationException when it is none."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise SerializationException("") from error


def dump_json(document: Any) -> bytes:
    """Compact JSON. A lone surrogate, which UTF-8 cannot carry, becomes a question mark."""
    return _ENCODER.encode(document).encode("utf-8", errors="replace")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
