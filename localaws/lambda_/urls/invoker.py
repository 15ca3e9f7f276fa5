"""Function URLs at work: HTTP in, an invocation, HTTP out."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from localaws.lambda_.invocation import lineage
from localaws.lambda_.invocation.api import InvokeApi
from localaws.lambda_.ports import Functions, FunctionUrl
from localaws.lambda_.urls.events import UrlRequest, bad_gateway, event_of, refused, response_of
from localaws.lambda_.urls.operations import URLS_PATH
from localaws.time.clock import Clock
from localaws.words.errors import AwsError
from localaws.words.http import Caller, HttpRequest, HttpResponse
from localaws.words.identity import Identity

_FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)

# What a caller needs, and what conditions find true of each request without a signature:
# https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html.
_ACTIONS = ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")
_OF_EVERY_REQUEST = {
    "lambda:FunctionUrlAuthType": "NONE",
    "lambda:InvokedViaFunctionUrl": "true",
}

# Finds out who signed a request and whether they may invoke the function with this ARN; raises
# AwsError where they may not.
Authenticate = Callable[[HttpRequest, str], Caller]


class UrlInvoker:
    """Serves every function URL of the account."""

    def __init__(
        self, clock: Clock, identity: Identity, functions: Functions, invoke_api: InvokeApi
    ) -> None:
        self._clock = clock
        self._identity = identity
        self._functions = functions
        self._invoke_api = invoke_api

    def admits(self, path: str) -> bool:
        """Whether a path is below a function URL."""
        return self._find(path) is not None

    def unknown(self) -> HttpResponse:
        """The answer at an address that is none: AWS does not say which ones there are."""
        return _forbidden(None)

    async def serve(self, request: HttpRequest, authenticate: Authenticate) -> HttpResponse:
        """Answer one HTTP request."""
        url = self._find(request.path)
        if url is None:
            return self.unknown()
        caller = Caller(arn="", request_id=str(uuid.uuid4()))
        try:
            if url.auth_type == "AWS_IAM":
                caller = authenticate(request, url.arn)
            elif not self._is_public(url.arn):
                return _forbidden(_FORBIDDEN)
        except AwsError:
            return _forbidden(_FORBIDDEN)
        response = await self._invoke(url, request, caller)
        response.headers["x-amzn-requestid"] = caller.request_id
        return response

    async def _invoke(self, url: FunctionUrl, request: HttpRequest, caller: Caller) -> HttpResponse:
        path = request.path.removeprefix(URLS_PATH + url.url_id) or "/"
        now_s = self._clock.now_s()
        trace = lineage.trace_of(request.headers.get("x-amzn-trace-id"), now_s)
        signer = (self._identity.account_id, caller.arn, caller.access_key_id) if caller.arn else ()
        event = UrlRequest(request, url.url_id, path, caller.request_id, now_s, trace, *signer)
        caller = replace(caller, trace_header=trace)
        response = await self._answer(url.arn, event_of(event), caller)
        response.headers["x-amzn-trace-id"] = trace
        return response

    async def _answer(self, function_arn: str, event: bytes, caller: Caller) -> HttpResponse:
        try:
            result = await self._invoke_api.invoke(function_arn, event, caller)
        except AwsError as error:
            return refused(error.status, error.code, error.message)
        if result.function_error is not None:
            return bad_gateway()
        return response_of(result.payload)

    def _find(self, path: str) -> FunctionUrl | None:
        return self._functions.function_url(path.removeprefix(URLS_PATH).partition("/")[0])

    def _is_public(self, arn: str) -> bool:
        """Whether the resource policy lets everybody use the URL without a signature.

        AWS asks for both permissions of new URLs since October 2025, and of all since November
        2026: https://github.com/serverless/serverless/issues/13147.
        """
        name, _, qualifier = arn.partition(":function:")[2].partition(":")
        policy = self._functions.resource_policy(name, qualifier or None) or {}
        return all(
            any(_lets_everybody_in(statement, action) for statement in policy.get("Statement", []))
            for action in _ACTIONS
        )


def _forbidden(message: str | None) -> HttpResponse:
    return refused(403, "AccessDeniedException", message)


def _lets_everybody_in(statement: dict[str, Any], action: str) -> bool:
    conditions = [
        condition
        for asked in statement.get("Condition", {}).values()
        for condition in asked.items()
    ]
    return (
        statement["Principal"] == "*"
        and statement["Action"] in (action, "lambda:*", "*")
        # Whoever did not sign has no account, organization or ARN that could be asked for.
        and all(_OF_EVERY_REQUEST.get(key) == value for key, value in conditions)
    )
