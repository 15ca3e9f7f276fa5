"""A fault of a signature in the words of the service that was asked."""

import json
import re

import cbor2
import pytest

from localaws.door.refusals import aws_refusal
from localaws.door.signatures import AccessDenied
from localaws.words.http import HttpRequest, HttpResponse

WRONG_SECRET = AccessDenied(
    "It does not match. Consult the service documentation for details.",
    code="InvalidSignatureException",
    query_code="SignatureDoesNotMatch",
)
UNKNOWN_KEY = AccessDenied(
    "The security token included in the request is invalid.",
    code="UnrecognizedClientException",
    query_code="InvalidClientTokenId",
)
EXPIRED = AccessDenied("expired", code="ExpiredTokenException", query_code="ExpiredToken")
JSON, FORM = "application/x-amz-json-1.1", "application/x-www-form-urlencoded"


def refused(
    service: str, content_type: str, error: AccessDenied, **more_headers: str
) -> HttpResponse:
    credential = f"AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/{service}/aws4_request"
    headers = {"authorization": credential, "content-type": content_type} | more_headers
    return aws_refusal(HttpRequest("POST", "/", "", headers, b""), error, "id")


def code_of(answer: HttpResponse) -> str:
    found = re.search(rb"<Code>(.*)</Code>", answer.body)
    return found[1].decode() if found else str(json.loads(answer.body)["__type"])


@pytest.mark.parametrize(
    ("service", "content_type", "status", "of_secret", "of_key"),
    [
        ("dynamodb", JSON, 400, "InvalidSignatureException", "UnrecognizedClientException"),
        ("logs", JSON, 400, "InvalidSignatureException", "UnrecognizedClientException"),
        ("events", JSON, 400, "InvalidSignatureException", "UnrecognizedClientException"),
        ("lambda", "", 403, "InvalidSignatureException", "UnrecognizedClientException"),
        ("sns", FORM, 403, "SignatureDoesNotMatch", "InvalidClientTokenId"),
        ("iam", FORM, 403, "SignatureDoesNotMatch", "InvalidClientTokenId"),
        ("s3", "", 403, "SignatureDoesNotMatch", "InvalidAccessKeyId"),
    ],
)
def test_codes_and_status(
    service: str, content_type: str, status: int, of_secret: str, of_key: str
) -> None:
    by_secret = refused(service, content_type, WRONG_SECRET)
    by_key = refused(service, content_type, UNKNOWN_KEY)
    assert (by_secret.status, code_of(by_secret)) == (status, of_secret)
    assert (by_key.status, code_of(by_key)) == (status, of_key)


@pytest.mark.parametrize("service", ["sqs", "monitoring"])
def test_who_once_spoke_the_query_protocol_tells_its_code_too(service: str) -> None:
    answer = refused(service, JSON, WRONG_SECRET)
    assert (answer.status, code_of(answer)) == (403, "InvalidSignatureException")
    assert answer.headers["x-amzn-query-error"] == "SignatureDoesNotMatch;Sender"


def test_who_speaks_cbor_is_answered_in_it() -> None:
    answer = refused(
        "monitoring", "application/cbor", WRONG_SECRET, **{"smithy-protocol": "rpc-v2-cbor"}
    )
    told = {"__type": "InvalidSignatureException", "message": str(WRONG_SECRET)}
    assert (answer.status, cbor2.loads(answer.body)) == (403, told)
    assert answer.headers["content-type"] == "application/cbor"
    assert answer.headers["smithy-protocol"] == "rpc-v2-cbor"
    assert answer.headers["x-amzn-query-error"] == "SignatureDoesNotMatch;Sender"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (WRONG_SECRET, b"Check your key and signing method."),
        (UNKNOWN_KEY, b"The AWS Access Key Id you provided does not exist in our records."),
        (EXPIRED, b"The provided token has expired."),
    ],
)
def test_s3_has_words_of_its_own(error: AccessDenied, text: bytes) -> None:
    assert text in refused("s3", "", error).body


def test_a_presigned_address_tells_its_service() -> None:
    query = "X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"
    answer = aws_refusal(HttpRequest("GET", "/b/k", query, {}, b""), UNKNOWN_KEY, "id")
    assert code_of(answer) == "InvalidAccessKeyId"
