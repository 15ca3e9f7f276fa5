"""Smithy's RPC protocol in CBOR: the operation in the path, the parameters as one CBOR map.

https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
The SDKs for Java, Go, JavaScript and Rust speak it with CloudWatch.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from localaws.wire.json_values import Convert, JsonReaders, JsonWriters
from localaws.wire.models import OperationModel, ServiceModel, Shape
from localaws.wire.protocol import Call, error_shape, message_member, status_of
from localaws.wire.refusals import SerializationException, UnknownOperationException
from localaws.wire.values import read_timestamp
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest, HttpResponse

PROTOCOL = "rpc-v2-cbor"
# CBOR's tag of epoch seconds.
_EPOCH = 1


class CborProtocol:
    """Reads and writes CBOR for one service."""

    def __init__(self, model: ServiceModel, namespace: str) -> None:
        self._model = model
        self._namespace = namespace
        self._readers = _CborReaders()
        self._writers = _CborWriters()

    def parse(self, request: HttpRequest) -> Call:
        operation = self._model.operations.get(request.path.rpartition("/")[2])
        if operation is None:
            raise UnknownOperationException("")
        if operation.input is None or not request.body:
            return Call(operation, {})
        return Call(operation, self._readers.of(operation.input)(_loaded(request.body)))

    def answer(
        self, operation: OperationModel, result: Mapping[str, Any], request_id: str
    ) -> HttpResponse:
        written = {} if operation.output is None else self._writers.of(operation.output)(result)
        return cbor_response(200, written, request_id)

    def refuse(self, error: AwsError, request_id: str) -> HttpResponse:
        shape = error_shape(self._model, error.code)
        document = {"__type": f"{self._namespace}#{shape.name if shape else error.code}"}
        if error.message:
            document[message_member(shape, "message")] = error.message
        answer = cbor_response(status_of(error, shape), document, request_id)
        fault = "Receiver" if answer.status >= 500 else "Sender"
        # https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#awsquerycompatible-trait
        answer.headers["x-amzn-query-error"] = f"{error.query_code};{fault}"
        return answer


class _CborReaders(JsonReaders):
    """As JSON's, but for what CBOR has types for."""

    def _build(self, shape: Shape, flattened: bool) -> Convert:
        if shape.type == "blob":
            return bytes
        if shape.type == "timestamp":
            return _read_timestamp
        return super()._build(shape, flattened)


class _CborWriters(JsonWriters):
    def _build(self, shape: Shape, flattened: bool) -> Convert:
        if shape.type == "blob":
            return bytes
        if shape.type == "timestamp":
            # Imported late: few clients speak it.
            import cbor2

            return lambda value: cbor2.CBORTag(_EPOCH, value)
        return super()._build(shape, flattened)


def _read_timestamp(value: Any) -> float:
    return value.timestamp() if isinstance(value, datetime) else read_timestamp(value)


def _loaded(body: bytes) -> Any:
    import cbor2

    try:
        return cbor2.loads(body)
    except (cbor2.CBORDecodeError, ValueError, RecursionError) as error:
        raise SerializationException("") from error


def cbor_response(status: int, document: Any, request_id: str) -> HttpResponse:
    """An answer of the protocol with a document that CBOR can write."""
    import cbor2

    headers = {"content-type": "application/cbor", "smithy-protocol": PROTOCOL}
    return HttpResponse(status, cbor2.dumps(document), headers | {"x-amzn-requestid": request_id})
