"""A service behind AWS's wire format: bytes in, an operation of plain dicts, bytes out."""

import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from inspect import isawaitable
from typing import Any, TypeAlias

from localaws.wire.cbor_protocol import PROTOCOL as CBOR
from localaws.wire.cbor_protocol import CborProtocol
from localaws.wire.constraints import Check, Checks
from localaws.wire.json_protocol import JsonProtocol
from localaws.wire.models import OperationModel, ServiceModel, load
from localaws.wire.profiles import profile_of
from localaws.wire.protocol import Call, WireProtocol
from localaws.wire.query_json_protocol import QueryJsonProtocol
from localaws.wire.query_protocol import QueryProtocol
from localaws.wire.refusals import InternalFailure, NotImplementedHere
from localaws.wire.rest_json_protocol import RestJsonProtocol
from localaws.words.errors import AwsError
from localaws.words.http import Caller, HttpRequest, HttpResponse

Result: TypeAlias = "dict[str, Any] | None"
Operation: TypeAlias = Callable[[dict[str, Any], Caller], "Result | Awaitable[Result]"]
Authorize: TypeAlias = Callable[[str, str, Mapping[str, Any], Caller], None]


def allow_everybody(
    service: str, operation: str, params: Mapping[str, Any], caller: Caller
) -> None:
    """No question asked: for services that stand alone."""


class ServiceSkin:
    """Answers HTTP requests to one service with its operations.

    Args:
        service: botocore's name of the service: `sqs`, `sns`, `lambda`.
        operations: by AWS's operation name. They take and return what boto3 takes and returns;
            a result may carry `{"ResponseMetadata": {"RequestId": ..., "HTTPHeaders": {...}}}` to
            be answered under another request id than the caller's, and with more headers.
        authorize: called with service, operation, parameters and caller before an operation runs;
            raises AwsError when the caller may not.

    Attributes:
        model: the service as its clients see it.
    """

    def __init__(
        self,
        service: str,
        operations: Mapping[str, Operation],
        authorize: Authorize = allow_everybody,
    ) -> None:
        self._operations = operations
        self._authorize = authorize
        self.model = load(service)
        self._profile = profile_of(service)
        self._checks = Checks(
            self._profile.constrains,
            self._profile.lenient,
            self._profile.listed,
            self._profile.within,
            self._profile.spelled,
        )
        self._check_of: dict[str, Check | None] = {}
        self._protocol, self._query = _protocols(self.model, self._profile.namespace)
        self._cbor = CborProtocol(self.model, self._profile.namespace)
        self._query_json: QueryJsonProtocol | None = None
        if isinstance(self._query or self._protocol, QueryProtocol):
            self._query_json = QueryJsonProtocol(self.model)
        unknown = sorted(set(operations) - set(self.model.operations))
        if unknown:
            raise LookupError(f"{service} has no operations {unknown}; check their spelling")

    async def handle(self, request: HttpRequest, caller: Caller) -> HttpResponse:
        """Answer one request. Never raises: what AWS refuses and what breaks here is an answer."""
        protocol = self.protocol_of(request)
        if (trace_header := request.headers.get("x-amzn-trace-id")) is not None:
            caller = replace(caller, trace_header=trace_header)
        try:
            call = protocol.parse(request)
            # What is not here is told first: no request to it could be put right.
            operate = self._operation_of(call)
            self.check(call.operation.name, call.params)
            self._authorize(self.model.service, call.operation.name, call.params, caller)
            result = operate(call.params, caller)
            if isawaitable(result):
                result = await result
            return _answer(protocol, call.operation, result, caller.request_id)
        except AwsError as error:
            return protocol.refuse(error, caller.request_id)
        except Exception:  # a defect of ours must not take the endpoint down
            traceback.print_exc(file=sys.stderr)
            return protocol.refuse(InternalFailure(), caller.request_id)

    def mistake(self, request: HttpRequest, caller: Caller) -> HttpResponse | None:
        """AWS's answer to a request that breaks the service's model; None if this one does not."""
        protocol = self.protocol_of(request)
        try:
            call = protocol.parse(request)
            self.check(call.operation.name, call.params)
        except AwsError as error:
            return protocol.refuse(error, caller.request_id)
        return None

    def check(self, operation: str, params: Mapping[str, Any]) -> None:
        """Hold an operation's parameters against the service's model.

        Raises:
            AwsError: the answer to a request that breaks it.
        """
        if operation not in self._check_of:
            shape = self.model.operations[operation].input
            self._check_of[operation] = self._checks.of(shape) if shape else None
        check = self._check_of[operation]
        if check is not None and (problems := list(check(params, "", ""))):
            raise self._profile.invalid(problems)

    def failure(self, request: HttpRequest, caller: Caller) -> HttpResponse:
        """AWS's answer to a request that something broke over."""
        return self.protocol_of(request).refuse(InternalFailure(), caller.request_id)

    def protocol_of(self, request: HttpRequest) -> WireProtocol:
        """The protocol that a request is in: some services have several."""
        if request.headers.get("smithy-protocol") == CBOR:
            return self._cbor
        protocol = self._protocol
        if self._query is not None and "x-amz-target" not in request.headers:
            is_json = "json" in request.headers.get("content-type", "")
            protocol = protocol if is_json else self._query
        if self._query_json is not None and isinstance(protocol, QueryProtocol):
            return self._query_json if "json" in request.headers.get("accept", "") else protocol
        return protocol

    def _operation_of(self, call: Call) -> Operation:
        operation = self._operations.get(call.operation.name)
        if operation is None:
            raise NotImplementedHere(self.model.service, call.operation.name)
        return operation


def _protocols(model: ServiceModel, namespace: str) -> tuple[WireProtocol, QueryProtocol | None]:
    """The model's protocol, and the query protocol where the service came from it."""
    protocol = model.metadata["protocol"]
    if "json" in (protocol, *model.metadata.get("protocols", ())):
        compatible = "awsQueryCompatible" in model.metadata
        return JsonProtocol(model, namespace), QueryProtocol(model) if compatible else None
    if protocol == "query":
        return QueryProtocol(model), None
    if protocol == "rest-json":
        return RestJsonProtocol(model), None
    raise LookupError(f"{model.service} speaks {protocol!r}; here are json, query and rest-json")


def _answer(
    protocol: WireProtocol, operation: OperationModel, result: Result, request_id: str
) -> HttpResponse:
    fields = dict(result or {})
    metadata = fields.pop("ResponseMetadata", {})
    response = protocol.answer(operation, fields, metadata.get("RequestId", request_id))
    response.headers.update(metadata.get("HTTPHeaders", {}))
    return response
