"""The operations that run a function: Invoke, its streaming sibling, and InvokeAsync of old."""

import asyncio
import base64
import binascii
import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from localaws.lambda_.absent import refuse_absent, refuse_tenant
from localaws.lambda_.asynchronous.event_queue import EventQueue
from localaws.lambda_.errors import AccessDeniedException
from localaws.lambda_.invocation import lineage
from localaws.lambda_.invocation.invoker import require_active
from localaws.lambda_.invocation.payload import checked_payload
from localaws.lambda_.invocation.ports import InvocationPorts
from localaws.lambda_.model import InvocationRequest, InvocationResult
from localaws.lambda_.names import FunctionNames
from localaws.lambda_.ports import Resolved
from localaws.wire.skin import Operation
from localaws.words.errors import AwsError
from localaws.words.http import Caller


class InvalidClientContext(AwsError):
    """ClientContext is not what the API documents."""

    def __init__(self) -> None:
        super().__init__(
            "Client context must be a valid Base64-encoded JSON object.",
            code="InvalidRequestContentException",
            fields={"Type": "User"},
        )


class InvokeApi:
    """Synchronous and asynchronous invocation, for callers and for other services."""

    def __init__(
        self, ports: InvocationPorts, names: FunctionNames, event_queue: EventQueue
    ) -> None:
        self._time = ports.time
        self._functions = ports.functions
        self._permissions = ports.permissions
        self._invoker = ports.invoker
        self._names = names
        self._event_queue = event_queue

    def operations(self) -> Mapping[str, Operation]:
        return {
            "Invoke": self._invoke,
            "InvokeWithResponseStream": self._invoke_with_response_stream,
            "InvokeAsync": self._invoke_async,
        }

    async def _invoke(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        invocation_type = params.get("InvocationType") or "RequestResponse"
        resolved = self._resolved(params)
        payload = checked_payload(params.get("Payload"), invocation_type)
        answer, caller = self._traced(caller)
        answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-Remapped-Content-Length"] = "0"
        if invocation_type == "DryRun":
            return answer | {"StatusCode": 204, "Payload": b""}
        require_active(resolved)
        if invocation_type == "Event":
            self._accept_from(caller, resolved, payload)
            return answer | {"StatusCode": 202, "Payload": b""}
        result = await self._result(resolved, payload, params, caller)
        return answer | _response(result, tail=params.get("LogType") == "Tail")

    async def _invoke_with_response_stream(
        self, params: dict[str, Any], caller: Caller
    ) -> dict[str, Any]:
        resolved = self._resolved(params)
        payload = checked_payload(params.get("Payload"), "RequestResponse")
        answer, caller = self._traced(caller)
        if params.get("InvocationType") == "DryRun":
            return answer | {"StatusCode": 204}
        require_active(resolved)
        result = await self._result(resolved, payload, params, caller)
        return answer | _streamed(result, tail=params.get("LogType") == "Tail")

    def _traced(self, caller: Caller) -> tuple[dict[str, Any], Caller]:
        """The answer's begin, which names the request's trace, and the caller with that trace."""
        trace = lineage.trace_of(caller.trace_header, self._time.now_s())
        headers = {"X-Amzn-Trace-Id": trace}
        metadata = {"RequestId": caller.request_id, "HTTPHeaders": headers}
        return {"ResponseMetadata": metadata}, replace(caller, trace_header=trace)

    async def invoke(self, function_arn: str, payload: bytes, caller: Caller) -> InvocationResult:
        """Invoke synchronously on behalf of Lambda itself."""
        resolved = self._resolved({"FunctionName": function_arn})
        event = checked_payload(payload, "RequestResponse")
        require_active(resolved)
        return await self._result(resolved, event, {}, caller)

    def _resolved(self, params: dict[str, Any]) -> Resolved:
        refuse_absent(params)
        reference = self._names.request(params)
        resolved = self._functions.resolve(reference.name, reference.qualifier)
        refuse_tenant(params)
        return resolved

    async def _result(
        self, resolved: Resolved, payload: bytes, params: dict[str, Any], caller: Caller
    ) -> InvocationResult:
        request = InvocationRequest(
            request_id=caller.request_id,
            invoked_arn=resolved.invoked_arn,
            payload=payload,
            trace_header=lineage.next_header(
                caller.trace_header, resolved.version.arn, self._time.now_s()
            ),
            client_context=_client_context(params.get("ClientContext")),
        )
        return await self._run_to_its_end(caller, resolved, request)

    def _invoke_async(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        resolved = self._resolved(params)
        payload = checked_payload(params.get("InvokeArgs"), "Event")
        self._accept_from(caller, resolved, payload)
        return {"Status": 202, "ResponseMetadata": {"RequestId": caller.request_id}}

    def _accept_from(self, caller: Caller, resolved: Resolved, payload: bytes) -> None:
        self._event_queue.accept(
            resolved, payload, request_id=caller.request_id, trace_header=caller.trace_header
        )

    async def _run_to_its_end(
        self, caller: Caller, resolved: Resolved, request: InvocationRequest
    ) -> InvocationResult:
        """The attempt's result. It runs on when the caller goes away: Lambda does not notice."""
        done: asyncio.Future[InvocationResult] = asyncio.get_running_loop().create_future()

        async def attempt() -> None:
            try:
                result = await self._invoker.attempt_for(caller.access_key_id, resolved, request)
            except Exception as error:
                if done.done():
                    raise
                done.set_exception(error)
            else:
                if not done.done():
                    done.set_result(result)

        self._time.activity.spawn(attempt(), awaited=True)
        with self._time.activity.waiting():
            return await done

    def invoke_for_service(
        self,
        function_arn: str,
        payload: bytes,
        *,
        principal_service: str,
        source_arn: str,
        trace_header: str | None = None,
    ) -> str:
        """Accept an event from another service (`AsyncInvoke`)."""
        reference = self._names.read(function_arn)
        resolved = self._functions.resolve(reference.name, reference.qualifier)
        policy = self._functions.resource_policy(reference.name, reference.qualifier)
        if not self._permissions.resource_policy_allows(
            policy,
            principal_service=principal_service,
            action="lambda:InvokeFunction",
            resource_arn=resolved.invoked_arn,
            source_arn=source_arn,
        ):
            raise AccessDeniedException(
                f"User: {principal_service} is not authorized to perform: lambda:InvokeFunction"
                f" on resource: {resolved.invoked_arn} because no resource-based policy allows"
                " the lambda:InvokeFunction action"
            )
        return self.accept(function_arn, payload, trace_header=trace_header)

    def accept(self, function_arn: str, payload: bytes, *, trace_header: str | None = None) -> str:
        """Accept an event from Lambda itself; returns its request id."""
        reference = self._names.read(function_arn)
        resolved = self._functions.resolve(reference.name, reference.qualifier)
        event = checked_payload(payload, "Event")
        request_id = str(uuid.uuid4())
        self._event_queue.accept(resolved, event, request_id=request_id, trace_header=trace_header)
        return request_id


def _response(result: InvocationResult, *, tail: bool) -> dict[str, Any]:
    response: dict[str, Any] = {
        "StatusCode": 200,
        "ExecutedVersion": result.executed_version,
        "Payload": result.payload,
    }
    if result.function_error is not None:
        response["FunctionError"] = result.function_error
    if tail:
        response["LogResult"] = base64.b64encode(result.log_tail).decode()
    return response


def _streamed(result: InvocationResult, *, tail: bool) -> dict[str, Any]:
    """Python's managed runtimes do not stream: the response is one chunk."""
    complete: dict[str, Any] = {}
    if result.function_error is not None:
        details = result.payload.decode("utf-8", "replace")
        complete |= {"ErrorCode": result.function_error, "ErrorDetails": details}
    if tail:
        complete["LogResult"] = base64.b64encode(result.log_tail).decode()
    return {
        "StatusCode": 200,
        "ExecutedVersion": result.executed_version,
        "EventStream": [
            {"PayloadChunk": {"Payload": result.payload}},
            {"InvokeComplete": complete},
        ],
    }


def _client_context(encoded: str | None) -> str | None:
    if not encoded:
        return None
    try:
        text = base64.b64decode(encoded, validate=True).decode()
        parsed = json.loads(text)
    except (binascii.Error, ValueError):
        raise InvalidClientContext from None
    if not isinstance(parsed, dict):
        raise InvalidClientContext
    return text
