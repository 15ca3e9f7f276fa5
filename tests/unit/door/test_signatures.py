"""Only who holds this run's credentials is served; requests are signed by the real SDK's signer."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from localaws.door.credentials import Credentials
from localaws.door.signatures import AccessDenied, SignatureVerifier
from localaws.words.http import HttpRequest
from localaws.words.identity import Identity

IDENTITY = Identity(account_id="123456789012", region="us-east-1")


@pytest.fixture
def credentials() -> Credentials:
    return Credentials(IDENTITY)


def signed(
    credentials: BotoCredentials,
    *,
    method: str = "POST",
    url: str = "http://127.0.0.1:4566/",
    body: bytes = b"{}",
    service: str = "sqs",
    signer: Callable[..., SigV4Auth] = SigV4Auth,
) -> HttpRequest:
    request = AWSRequest(
        method=method, url=url, data=body, headers={"Content-Type": "application/x-amz-json-1.0"}
    )
    signer(credentials, service, "us-east-1").add_auth(request)
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    headers = {name.lower(): value for name, value in prepared.headers.items()}
    return HttpRequest(method, parts.path, parts.query, headers | {"host": parts.netloc}, body)


def administrator(credentials: Credentials) -> BotoCredentials:
    return BotoCredentials(
        credentials.administrator.access_key_id, credentials.administrator.secret_access_key
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:4566/",
        "http://127.0.0.1:4566/2015-03-31/functions/arn%3Aaws%3Alambda%3Afn/invocations?Qualifier=a",
        "http://127.0.0.1:4566/?b=2&a=1&empty=",
        "http://127.0.0.1:4566//2015-03-31/./functions/a/../b//invocations/",
    ],
)
def test_the_signature_of_the_sdk_is_accepted(credentials: Credentials, url: str) -> None:
    request = signed(administrator(credentials), url=url, service="lambda")
    assert SignatureVerifier(credentials).verify(request).service == "lambda"


def test_s3_signs_its_path_as_sent(credentials: Credentials) -> None:
    url = "http://127.0.0.1:4566/bucket/a%20key%2Bmore"
    request = signed(administrator(credentials), url=url, service="s3", signer=S3SigV4Auth)
    assert SignatureVerifier(credentials).verify(request).principal == credentials.administrator


def test_a_presigned_address_is_accepted(credentials: Credentials) -> None:
    url = "http://127.0.0.1:4566/bucket/key"
    request = signed(
        administrator(credentials),
        method="GET",
        url=url,
        body=b"",
        service="s3",
        signer=S3SigV4QueryAuth,
    )
    assert SignatureVerifier(credentials).verify(request).service == "s3"


def test_a_presigned_action_is_accepted(credentials: Credentials) -> None:
    # Only S3 leaves the body out of what is signed
    url = "http://127.0.0.1:4566/123456789012/q?Action=ReceiveMessage"
    request = signed(
        administrator(credentials),
        method="GET",
        url=url,
        body=b"",
        service="sqs",
        signer=SigV4QueryAuth,
    )
    assert SignatureVerifier(credentials).verify(request).service == "sqs"


def test_an_assumed_role_is_known_by_its_session(credentials: Credentials) -> None:
    # Given the credentials of an execution role
    role = credentials.assume("arn:aws:iam::123456789012:role/orders", "fn")
    session = BotoCredentials(role.access_key_id, role.secret_access_key, role.session_token)
    # When it signs
    signer = SignatureVerifier(credentials).verify(signed(session))
    # Then it is the session of that role
    assert signer.principal.arn == "arn:aws:sts::123456789012:assumed-role/orders/fn"


def test_an_unsigned_request_is_refused(credentials: Credentials) -> None:
    with pytest.raises(AccessDenied) as refused:
        SignatureVerifier(credentials).verify(HttpRequest("POST", "/", "", {}, b""))
    assert refused.value.code == "MissingAuthenticationTokenException"


@pytest.mark.parametrize("header", ["Bearer x", "AWS4-HMAC-SHA256 Credential=a/b", "", "AWS4 ,,=="])
def test_a_garbled_authorization_is_refused(credentials: Credentials, header: str) -> None:
    request = HttpRequest("POST", "/", "", {"authorization": header}, b"")
    with pytest.raises(AccessDenied):
        SignatureVerifier(credentials).verify(request)


def test_credentials_that_everybody_knows_are_refused(credentials: Credentials) -> None:
    with pytest.raises(AccessDenied) as refused:
        SignatureVerifier(credentials).verify(signed(BotoCredentials("test", "test")))
    assert refused.value.code == "UnrecognizedClientException"


def test_another_runs_secret_is_refused(credentials: Credentials) -> None:
    forged = BotoCredentials(credentials.administrator.access_key_id, "not-the-secret")
    with pytest.raises(AccessDenied) as refused:
        SignatureVerifier(credentials).verify(signed(forged))
    assert refused.value.code == "InvalidSignatureException"
    assert refused.value.query_code == "SignatureDoesNotMatch"
    assert refused.value.message == (
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details."
    )


def test_a_session_without_its_token_is_refused(credentials: Credentials) -> None:
    role = credentials.assume("arn:aws:iam::123456789012:role/orders", "fn")
    without = BotoCredentials(role.access_key_id, role.secret_access_key)
    with pytest.raises(AccessDenied):
        SignatureVerifier(credentials).verify(signed(without))


@pytest.mark.parametrize(
    "changed",
    [{"body": b'{"other": 1}'}, {"path": "/other"}, {"query": "a=1"}, {"method": "GET"}],
)
@pytest.mark.parametrize("signer", [SigV4Auth, S3SigV4Auth])
def test_nothing_signed_may_change_on_the_way(
    credentials: Credentials, changed: dict[str, object], signer: Callable[..., SigV4Auth]
) -> None:
    request = signed(administrator(credentials), signer=signer, service="s3")
    tampered = replace(request, **changed)  # type: ignore[arg-type]
    with pytest.raises(AccessDenied) as refused:
        SignatureVerifier(credentials).verify(tampered)
    assert refused.value.code == "InvalidSignatureException"
