"""REST with JSON: parameters in path, query string, headers and body. Lambda speaks it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from localaws.wire import event_stream
from localaws.wire.json_protocol import dump_json, parse_json
from localaws.wire.json_values import Convert, JsonReaders, JsonWriters
from localaws.wire.models import Member, OperationModel, ServiceModel, Shape
from localaws.wire.protocol import Call, error_shape, message_member, status_of
from localaws.wire.refusals import SerializationException, UnknownOperationException
from localaws.wire.routes import Routes
from localaws.wire.values import token_of
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest, HttpResponse
from localaws.words.json_errors import complaint_about


@dataclass(frozen=True)
class _Bindings:
    """Where the members of one structure travel."""

    located: Mapping[str, tuple[Member, ...]]
    payload: Member | None
    body: Mapping[str, Member]

    @classmethod
    def of(cls, shape: Shape) -> "_Bindings":
        members = shape.members
        located: dict[str, tuple[Member, ...]] = {}
        for member in members.values():
            if member.location is not None:
                located[member.location] = (*located.get(member.location, ()), member)
        body = {name: m for name, m in members.items() if m.location is None}
        payload = members[shape.payload] if shape.payload else None
        return cls(located, payload, body)


class RestJsonProtocol:
    """Reads and writes REST-JSON for one service."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._routes = Routes(model)
        self._readers = JsonReaders()
        self._writers = JsonWriters()
        self._requests: dict[str, tuple[_Bindings, Convert]] = {}
        self._responses: dict[str, tuple[_Bindings, Convert]] = {}

    def parse(self, request: HttpRequest) -> Call:
        query = parse_qsl(request.query, keep_blank_values=True)
        found = self._routes.find(request.method, request.path, query)
        if found is None:
            raise UnknownOperationException("", status=404)
        operation, labels = found
        if operation.input is None:
            return Call(operation, {})
        bindings, read_body = self._plan(self._requests, operation.input, self._readers.structure)
        params = self._read_body(bindings, read_body, request.body)
        for member in bindings.located.get("uri", ()):
            params[member.name] = _from_text(member, [labels[member.wire_name]])
        for member in bindings.located.get("header", ()):
            if (text := request.headers.get(member.wire_name.lower())) is not None:
                params[member.name] = _from_text(member, [text])
        if "querystring" in bindings.located and request.query:
            values = parse_qs(request.query, keep_blank_values=True)
            for member in bindings.located["querystring"]:
                if member.wire_name in values:
                    params[member.name] = _from_text(member, values[member.wire_name])
        return Call(operation, params)

    def answer(
        self, operation: OperationModel, result: Mapping[str, Any], request_id: str
    ) -> HttpResponse:
        headers = {"Content-Type": "application/json", "x-amzn-RequestId": request_id}
        if operation.output is None:
            return HttpResponse(operation.status, b"", headers)
        bindings, write_body = self._plan(
            self._responses, operation.output, self._writers.structure
        )
        rest = dict(result)
        status = operation.status
        for member in bindings.located.get("statusCode", ()):
            status = rest.pop(member.name, None) or status
        for member in bindings.located.get("header", ()):
            if (value := rest.pop(member.name, None)) is not None:
                headers[member.wire_name] = _to_text(value)
        if bindings.payload and bindings.payload.shape.traits.get("eventstream") and status != 204:
            headers["Content-Type"] = event_stream.CONTENT_TYPE
            events = rest.get(bindings.payload.name, ())
            body = event_stream.encode(bindings.payload.shape, events, self._writers)
        elif bindings.payload is None:
            body = b"" if status == 204 else dump_json(write_body(rest))
        else:
            body = self._payload(bindings.payload, rest.get(bindings.payload.name))
        return HttpResponse(status, body, headers)

    def refuse(self, error: AwsError, request_id: str) -> HttpResponse:
        shape = error_shape(self._model, error.code)
        status = status_of(error, shape)
        headers = {
            "Content-Type": "application/json",
            "x-amzn-RequestId": request_id,
            "x-amzn-errortype": error.code,
        }
        fields = {"Type": "Service" if status >= 500 else "User", **error.fields}
        for member in shape.members.values() if shape else ():
            if member.location == "header" and member.name in fields:
                headers[member.wire_name] = _to_text(fields.pop(member.name))
        document = {name: value for name, value in fields.items() if value is not None}
        # AWS answers null where it does not want to say why.
        document[message_member(shape, "message")] = error.message or None
        return HttpResponse(status, dump_json(document), headers)

    def _plan(
        self,
        plans: dict[str, tuple[_Bindings, Convert]],
        shape: Shape,
        build: Callable[[Mapping[str, Member]], Convert],
    ) -> tuple[_Bindings, Convert]:
        plan = plans.get(shape.name)
        if plan is None:
            bindings = _Bindings.of(shape)
            plan = plans[shape.name] = bindings, build(bindings.body)
        return plan

    def _read_body(self, bindings: _Bindings, read: Convert, body: bytes) -> dict[str, Any]:
        payload = bindings.payload
        if payload is None:
            if not body or not bindings.body:
                return {}
            params: dict[str, Any] = read(_parse(body))
            return params
        if payload.shape.type == "blob":
            return {payload.name: body}
        return {payload.name: self._readers.of(payload.shape)(_parse(body))} if body else {}

    def _payload(self, payload: Member, value: Any) -> bytes:
        if value is None:
            return b""
        if payload.shape.type == "blob":
            return value.encode() if isinstance(value, str) else bytes(value)
        return dump_json(self._writers.of(payload.shape)(value))


def _parse(body: bytes) -> Any:
    try:
        return parse_json(body)
    except SerializationException:
        # Lambda's own code for it, and Lambda is the only service here that speaks REST.
        raise AwsError(
            f"Could not parse request body into json: {complaint_about(body)}",
            code="InvalidRequestContentException",
        ) from None


def _from_text(member: Member, texts: list[str]) -> Any:
    """A member that travels as text; only lists look beyond the last value."""
    shape, text = member.shape, texts[-1]
    if shape.element is not None:
        return texts
    if shape.type == "boolean":
        return text.lower() == "true"
    try:
        if shape.type in ("integer", "long"):
            return int(text)
        if shape.type in ("float", "double"):
            return float(text)
    except ValueError as error:
        raise SerializationException(
            f"{token_of(text)} can not be converted to an {shape.type.capitalize()}"
        ) from error
    return text


def _to_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
