"""The door's own words, in the protocol of the service that was asked."""

from dataclasses import replace

import boto3
import pytest
from botocore.config import Config
from botocore.model import OperationModel
from botocore.parsers import create_parser

from localaws.door import endpoint
from localaws.door.refusals import too_large
from localaws.words.http import HttpRequest, HttpResponse
from tests.unit.door.test_endpoint import HOST, World
from tests.unit.door.test_signatures import administrator, signed

LIMIT = 1000
FORM = "application/x-www-form-urlencoded"


def head_for(service: str, path: str, content_type: str, **headers: str) -> HttpRequest:
    claim = f"AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/{service}/aws4_request, "
    sent = {"authorization": claim, "content-type": content_type, **headers}
    return HttpRequest("POST", path, "", sent, b"")


def operation_of(service: str, operation: str) -> OperationModel:
    client = boto3.client(
        service,  # type: ignore[call-overload]
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="a",
        config=Config(),
    )
    return client.meta.service_model.operation_model(operation)  # type: ignore[no-any-return]


def read_by_sdk(service: str, operation: str, answer: HttpResponse) -> tuple[str, str]:
    """The code and message that boto3 reads."""
    model = operation_of(service, operation)
    parser = create_parser(model.service_model.resolved_protocol)
    raw = {"status_code": answer.status, "headers": answer.headers, "body": answer.body}
    error = parser.parse(raw, model.output_shape)["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("service", "operation", "path", "content_type", "expected"),
    [
        ("sqs", "SendMessage", "/", "application/x-amz-json-1.0", "RequestEntityTooLarge"),
        ("sns", "Publish", "/", FORM, "RequestEntityTooLarge"),
        ("cloudformation", "CreateStack", "/", FORM, "RequestEntityTooLarge"),
        ("logs", "PutLogEvents", "/", "application/x-amz-json-1.1", "RequestEntityTooLarge"),
        ("s3", "PutObject", "/bucket/key", "", "EntityTooLarge"),
        (
            "lambda",
            "Invoke",
            "/2015-03-31/functions/f/invocations",
            "",
            "RequestEntityTooLargeException",
        ),
    ],
)
def test_a_body_that_is_too_large_is_told_so_that_the_sdk_reads_it(
    service: str, operation: str, path: str, content_type: str, expected: str
) -> None:
    answer = too_large(head_for(service, path, content_type), 2 * LIMIT, LIMIT)
    code, message = read_by_sdk(service, operation, answer)
    assert code == expected
    assert message


@pytest.mark.parametrize(
    ("path", "kind", "told"),
    [
        ("/2015-03-31/functions", "", "70167211 bytes for the CreateFunction operation"),
        ("/2015-03-31/functions/f/code", "", "bytes for the UpdateFunctionCode operation"),
        ("/2018-10-31/layers/l/versions", "", "bytes for the PublishLayerVersion operation"),
        ("/2015-03-31/functions/f/invocations", "", "6291456 bytes for the InvokeFunction op"),
        ("/2015-03-31/functions/f/invocations", "Event", "2000 byte payload is too large"),
    ],
)
def test_lambda_names_its_own_limits(path: str, kind: str, told: str) -> None:
    head = head_for("lambda", path, "", **{"x-amz-invocation-type": kind})
    answer = too_large(head, 2 * LIMIT, LIMIT)
    assert answer.status == 413
    assert told.encode() in answer.body


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(endpoint, "MAX_BODY_BYTES", LIMIT)
    return World()


async def test_a_length_that_is_too_large_is_refused_unread(world: World) -> None:
    request = signed(administrator(world.credentials), body=b"x" * (LIMIT + 1))
    length = {"content-length": str(LIMIT + 1)}
    status, headers, _ = await world.send(replace(request, headers={**request.headers, **length}))
    assert (status, headers["x-amzn-errortype"]) == (413, "RequestEntityTooLarge")
    assert world.bodies_read == 0


async def test_a_body_without_a_length_is_counted(world: World) -> None:
    request = signed(administrator(world.credentials), body=b"x" * (LIMIT + 1))
    headers = {k: v for k, v in request.headers.items() if k.lower() != "content-length"}
    status, answered, _ = await world.send(replace(request, headers=headers))
    assert (status, answered["x-amzn-errortype"]) == (413, "RequestEntityTooLarge")


@pytest.mark.parametrize("length", ["many", "-1", "", "9" * 30])
async def test_a_length_that_is_none_is_no_defect(world: World, length: str) -> None:
    request = HttpRequest("POST", "/", "", {"host": HOST, "content-length": length}, b"")
    status, _, _ = await world.send(request)
    assert status == 403


@pytest.mark.parametrize("expects", [True, False])
async def test_a_client_that_asks_before_it_sends_does_so_on_a_new_connection(
    world: World, expects: bool
) -> None:
    headers = {"host": HOST, **({"expect": "100-continue"} if expects else {})}
    status, answered, _ = await world.send(HttpRequest("PUT", "/bucket/key", "", headers, b""))
    assert (status, answered.get("connection")) == (403, "close" if expects else None)
