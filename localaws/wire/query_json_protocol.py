"""The query protocol with answers in JSON, for clients that accept `application/json`.

API Gateway's integrations with SQS and SNS work so. Members that have no value are null, and
SQS's maps are lists of names and values:
{"ReceiveMessageResponse": {"ReceiveMessageResult": {"messages": null}, "ResponseMetadata": ...}}
"""

import json
from collections.abc import Mapping
from typing import Any

from localaws.wire.json_values import JsonWriters
from localaws.wire.models import OperationModel, ServiceModel, Shape
from localaws.wire.query_names import names_of
from localaws.wire.query_protocol import QueryProtocol
from localaws.wire.refusals import UnknownOperationException
from localaws.words.errors import AwsError
from localaws.words.http import HttpResponse

# Lists that SQS writes in lower case here.
_SPELLINGS = {"MessageList": "messages", "QueueUrlList": "queueUrls"}


class QueryJsonProtocol(QueryProtocol):
    """Reads forms and writes JSON for one service."""

    def __init__(self, model: ServiceModel) -> None:
        super().__init__(model)
        self._names = names_of(model.service)
        self._scalars = JsonWriters()

    def answer(
        self, operation: OperationModel, result: Mapping[str, Any], request_id: str
    ) -> HttpResponse:
        response: dict[str, Any] = {"ResponseMetadata": {"RequestId": request_id}}
        if operation.output is not None:
            wrapper = operation.result_wrapper or f"{operation.name}Result"
            response[wrapper] = self._value(operation.output, result)
        return _json(200, {f"{operation.name}Response": response}, request_id)

    def refuse(self, error: AwsError, request_id: str) -> HttpResponse:
        if isinstance(error, UnknownOperationException):
            return super().refuse(error, request_id)
        status, code, message, fault = self.described(error)
        described = {"Code": code, "Message": message, "Type": fault}
        return _json(status, {"Error": described, "RequestId": request_id}, request_id)

    def _value(self, shape: Shape, value: Any) -> Any:
        if value is None:
            return None
        if shape.type == "structure":
            return {
                _SPELLINGS.get(member.shape.name, name): self._value(member.shape, value.get(name))
                for name, member in shape.members.items()
            }
        if shape.element is not None:
            return [self._value(shape.element.shape, item) for item in value]
        if shape.value is not None:
            return self._map(shape, value)
        return self._scalars.of(shape)(value)

    def _map(self, shape: Shape, value: Mapping[str, Any]) -> Any:
        assert shape.value is not None
        written = {key: self._value(shape.value.shape, item) for key, item in value.items()}
        if shape.name not in self._names.keys:
            return written
        key_name, value_name = self._names.of_entry(shape)
        return [{key_name: key, value_name: item} for key, item in written.items()]


def _json(status: int, document: Any, request_id: str) -> HttpResponse:
    body = json.dumps(document, separators=(",", ":")).encode("utf-8", "replace")
    return HttpResponse(
        status, body, {"Content-Type": "application/json", "x-amzn-RequestId": request_id}
    )
