"""Function URLs: HTTP in, payload format 2.0, HTTP out."""

import base64
import json
from typing import Any

import pytest

from localaws.door.signatures import AccessDenied
from localaws.words.http import Caller, HttpRequest, HttpResponse
from tests.unit.lambda_.steps import fail, refusal
from tests.unit.lambda_.world import World

USER = "arn:aws:iam::123456789012:user/somebody"


async def url_of(world: World, handler: Any, auth_type: str = "NONE", **permission: str) -> str:
    """Given a function with a URL that everybody may use; the URL's path."""
    await world.function(handler)
    created = await world.call("CreateFunctionUrlConfig", FunctionName="fn", AuthType=auth_type)
    allowed = {"FunctionName": "fn", "Principal": "*", **permission}
    url = {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": auth_type}
    await world.call("AddPermission", StatementId="url", **allowed, **url)
    function = {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
    await world.call("AddPermission", StatementId="function", **allowed, **function)
    path: str = created["FunctionUrl"]
    return path[path.index("/_lambda-url/") :]


def signed_by_a_user(request: HttpRequest, function_arn: str) -> Caller:
    if "authorization" not in request.headers:
        raise AccessDenied("not signed")
    return Caller(USER, "request-id", access_key_id="AKIAUSER")


async def ask(
    world: World, path: str, method: str = "GET", body: bytes = b"", **headers: str
) -> HttpResponse:
    """When somebody asks; `headers` with underscores for hyphens."""
    path, _, query = path.partition("?")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = HttpRequest(method, path, query, {"host": "127.0.0.1:4566", **named}, body)
    assert world.plane.urls.admits(path)
    return await world.plane.urls.serve(request, signed_by_a_user)


async def test_the_event(world: World) -> None:
    path = await url_of(world, lambda event: event)
    response = await ask(
        world,
        f"{path}a%20b/c?x=1&x=2&empty=",
        "POST",
        b'{"order": 7}',
        content_type="application/json",
        cookie="one=1; two=2",
        user_agent="test",
        connection="keep-alive",
    )
    event = json.loads(response.body)
    url_id = path.split("/")[2]
    context = event.pop("requestContext")

    assert (response.status, response.headers["content-type"]) == (200, "application/json")
    assert event == {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/a%20b/c",
        "rawQueryString": "x=1&x=2&empty=",
        "cookies": ["one=1", "two=2"],
        "headers": {
            "host": "127.0.0.1:4566",
            "content-type": "application/json",
            "user-agent": "test",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": "4566",
            "x-forwarded-proto": "http",
            "x-amzn-trace-id": response.headers["x-amzn-trace-id"].partition(";")[0],
        },
        "queryStringParameters": {"x": "1,2", "empty": ""},
        "body": '{"order": 7}',
        "isBase64Encoded": False,
    }
    assert (context["accountId"], context["apiId"]) == ("anonymous", url_id)
    assert context["http"]["method"] == "POST"
    assert context["http"]["path"] == "/a%20b/c"
    assert context["time"] == "14/Nov/2023:22:13:20 +0000"
    assert context["timeEpoch"] == 1_700_000_000_000
    assert context["requestId"] == response.headers["x-amzn-requestid"]


async def test_the_callers_trace_goes_on(world: World) -> None:
    path = await url_of(world, lambda event: event["headers"]["x-amzn-trace-id"])
    given = "Root=1-6553f0a3-0123456789abcdef01234567"

    response = await ask(world, path, x_amzn_trace_id=given)

    assert response.body.decode() == response.headers["x-amzn-trace-id"] == given
    [run] = world.runs
    assert run.request.trace_header.startswith(f"{given};Lineage=")


async def test_every_invocation_has_a_trace_and_no_refusal_has(world: World) -> None:
    """https://github.com/awsdocs/aws-lambda-developer-guide/issues/494"""
    failing = await url_of(world, fail)
    assert "x-amzn-trace-id" in (await ask(world, failing)).headers
    await world.call("RemovePermission", FunctionName="fn", StatementId="url")
    refused = await ask(world, failing)
    assert refused.headers["x-amzn-ErrorType"] == "AccessDeniedException"
    assert "x-amzn-trace-id" not in refused.headers


async def test_a_body_that_is_not_text(world: World) -> None:
    path = await url_of(world, lambda event: [event["body"], event["isBase64Encoded"]])
    form = "application/x-www-form-urlencoded"
    for content_type in (form, "image/png"):
        response = await ask(world, path, "POST", b"a=1", content_type=content_type)
        assert json.loads(response.body) == [base64.b64encode(b"a=1").decode(), True]


async def test_a_response_that_is_described(world: World) -> None:
    answer = {
        "statusCode": 201,
        "headers": {"Content-Type": "text/plain", "X-Count": 3},
        "cookies": ["a=1", "b=2"],
        "body": base64.b64encode(b"\x00hello").decode(),
        "isBase64Encoded": True,
    }
    path = await url_of(world, lambda event: answer)
    response = await ask(world, path)

    assert (response.status, response.body) == (201, b"\x00hello")
    assert response.headers["content-type"] == "text/plain"
    assert response.headers["x-count"] == "3"
    assert response.cookies == ("a=1", "b=2")


@pytest.mark.parametrize(
    ("answer", "body"),
    [("hello", b"hello"), ('{"a": 1}', b'{"a": 1}'), ({"a": 1}, b'{"a": 1}'), (None, b"null")],
)
async def test_any_other_response_is_the_body(world: World, answer: Any, body: bytes) -> None:
    path = await url_of(world, lambda event: answer)
    response = await ask(world, path)
    assert (response.status, response.body) == (200, body)
    assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "handler",
    [fail, lambda event: {"statusCode": "many"}, lambda event: b"no JSON"],
)
async def test_a_failure_is_a_bad_gateway(world: World, handler: Any) -> None:
    path = await url_of(world, handler)
    response = await ask(world, path)
    assert (response.status, response.body) == (502, b"Internal Server Error")


async def test_a_throttled_function(world: World) -> None:
    path = await url_of(world, lambda event: event)
    await world.call("PutFunctionConcurrency", FunctionName="fn", ReservedConcurrentExecutions=0)
    assert (await ask(world, path)).status == 429


@pytest.mark.parametrize("missing", ["url", "function"])
async def test_a_url_needs_both_permissions(world: World, missing: str) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html, without exceptions since
    November 2026 (https://github.com/serverless/serverless/issues/13147)."""
    path = await url_of(world, lambda event: event)
    assert (await ask(world, path)).status == 200

    await world.call("RemovePermission", FunctionName="fn", StatementId=missing)

    assert (await ask(world, path)).status == 403


@pytest.mark.parametrize(
    "permission",
    [
        {"Principal": "123456789012"},
        {"PrincipalOrgID": "o-1234567890"},
        {"SourceAccount": "123456789012"},
    ],
)
async def test_without_permission_nobody_gets_in(world: World, permission: dict[str, str]) -> None:
    path = await url_of(world, lambda event: event, **permission)
    response = await ask(world, path)
    assert response.status == 403
    assert json.loads(response.body)["Message"].startswith("Forbidden.")
    assert world.runs == []


async def test_a_url_for_signed_requests(world: World) -> None:
    path = await url_of(world, lambda event: event["requestContext"], "AWS_IAM")

    assert (await ask(world, path)).status == 403
    context = json.loads((await ask(world, path, authorization="AWS4-HMAC-SHA256 ...")).body)
    assert context["accountId"] == "123456789012"
    assert context["authorizer"] == {
        "iam": {"accessKey": "AKIAUSER", "accountId": "123456789012", "userArn": USER}
    }


async def test_urls_that_do_not_exist(world: World) -> None:
    path = await url_of(world, lambda event: event)
    await world.call("DeleteFunctionUrlConfig", FunctionName="fn")
    assert not world.plane.urls.admits(path)
    assert not world.plane.urls.admits("/_lambda-url/guessed/")
    response = world.plane.urls.unknown()
    assert (response.status, response.body) == (403, b'{"Message":null}')
    assert response.headers["x-amzn-ErrorType"] == "AccessDeniedException"


async def test_who_may_read_answers_in_other_pages(world: World) -> None:
    """Without origins nobody may, which AWS refuses; without any settings there are none.

    https://github.com/anomalyco/ion/pull/229, https://github.com/sivchari/kumo/pull/942
    """
    await url_of(world, lambda event: event)
    kept = {"AllowOrigins": ["https://example.com"], "MaxAge": 5}
    changed = await world.call("UpdateFunctionUrlConfig", FunctionName="fn", Cors=kept)
    assert changed["Cors"] == kept

    error = await refusal(
        world, "UpdateFunctionUrlConfig", FunctionName="fn", Cors={"AllowCredentials": False}
    )
    assert error.message == "You can't leave AllowOrigins as empty when Cors is enabled."
    # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda
    for member in ("AllowMethods", "AllowOrigins"):
        cors = {"AllowOrigins": ["*"], member: ["*", "GET"]}
        error = await refusal(world, "UpdateFunctionUrlConfig", FunctionName="fn", Cors=cors)
        assert error.message == (
            f"You can't specify additional fields for {member} because you already specified the "
            "wildcard character (*)."
        )
    unchanged = await world.call("GetFunctionUrlConfig", FunctionName="fn")
    assert unchanged["Cors"] == kept

    cleared = await world.call("UpdateFunctionUrlConfig", FunctionName="fn", Cors={})
    assert "Cors" not in cleared
    assert "Cors" not in await world.call("GetFunctionUrlConfig", FunctionName="fn")
