"""Who may call: the endpoint runs uploaded code, so only holders of this run's credentials may.

Signature Version 4 as in
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
The date of a signature is not compared with the clock: callers sign with real time, handlers with
virtual time, and both are right.
"""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from localaws.door.credentials import Credentials, Principal, equal
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class _Signature:
    """What a request says about its own signing."""

    access_key_id: str
    scope: str
    signed_headers: list[str]
    signature: str
    date: str
    session_token: str | None

    @property
    def service(self) -> str:
        return self.scope.split("/")[2]


class AccessDenied(AwsError):
    """The request may not be served; `code` says why in AWS's words."""

    status = 403


@dataclass(frozen=True)
class Signed:
    """A request whose signature holds: who signed it, and for which service."""

    principal: Principal
    service: str


def is_of_version_2(request: HttpRequest) -> bool:
    """Whether an address of S3 was signed as boto3 does by default, without its `s3v4`."""
    return "AWSAccessKeyId=" in request.query and "Signature=" in request.query


class SignatureVerifier:
    """Accepts a request only if somebody with this run's credentials signed exactly it."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._keys: dict[tuple[str, str], bytes] = {}

    def verify(self, request: HttpRequest) -> Signed:
        """The signer of the request.

        Raises:
            AccessDenied: its `query_code` is MissingAuthenticationToken, IncompleteSignature,
                InvalidClientTokenId, ExpiredToken or SignatureDoesNotMatch; JSON services
                and S3 have other names.
        """
        signature, principal = self._claim(request)
        expected = hmac.new(
            self._signing_key(principal, signature.scope),
            _string_to_sign(request, signature).encode(),
            hashlib.sha256,
        ).hexdigest()
        if not equal(expected, signature.signature) or not _body_is_the_signed_one(request):
            raise AccessDenied(
                "The request signature we calculated does not match the signature you provided. "
                "Check your AWS Secret Access Key and signing method. Consult the service "
                "documentation for details.",
                code="InvalidSignatureException",
                query_code="SignatureDoesNotMatch",
            )
        return Signed(principal, signature.service)

    def check_claim(self, request: HttpRequest) -> None:
        """Refuse whoever does not even name a key of this run; the body is not looked at.

        Raises:
            AccessDenied: as `verify`.
        """
        self._claim(request)

    def _claim(self, request: HttpRequest) -> tuple[_Signature, Principal]:
        signature = _from_header(request) or _from_query(request)
        if signature is None and is_of_version_2(request):
            # S3's words in Regions that never took it.
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingAWSSDK.html
            raise AccessDenied(
                "The authorization mechanism you have provided is not supported. Please use "
                "AWS4-HMAC-SHA256.",
                code="InvalidRequest",
                status=400,
            )
        if signature is None:
            raise AccessDenied(
                "Missing Authentication Token",
                code="MissingAuthenticationTokenException",
                query_code="MissingAuthenticationToken",
            )
        if self._credentials.has_ended(signature.access_key_id, signature.session_token or ""):
            # https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html for JSON and
            # https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html for queries
            raise AccessDenied(
                "The security token included in the request is expired",
                code="ExpiredTokenException",
                query_code="ExpiredToken",
            )
        principal = self._credentials.find(signature.access_key_id)
        if principal is None or not equal(
            principal.session_token or "", signature.session_token or ""
        ):
            raise AccessDenied(
                "The security token included in the request is invalid.",
                code="UnrecognizedClientException",
                query_code="InvalidClientTokenId",
            )
        return signature, principal

    def _signing_key(self, principal: Principal, scope: str) -> bytes:
        cached = self._keys.get((principal.access_key_id, scope))
        if cached is None:
            cached = ("AWS4" + principal.secret_access_key).encode()
            for part in scope.split("/"):
                cached = hmac.new(cached, part.encode(), hashlib.sha256).digest()
            if len(self._keys) > 1000:
                self._keys.clear()
            self._keys[principal.access_key_id, scope] = cached
        return cached


def _incomplete(text: str) -> AccessDenied:
    return AccessDenied(
        f"Authorization header is not in the form of Signature Version 4: {text!r}",
        code="IncompleteSignatureException",
        query_code="IncompleteSignature",
        status=400,
    )


def _from_header(request: HttpRequest) -> _Signature | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    algorithm, _, rest = header.partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    key, _, scope = fields.get("Credential", "").partition("/")
    if (
        algorithm != _ALGORITHM
        or scope.count("/") != 3
        or not {"SignedHeaders", "Signature"} <= fields.keys()
    ):
        raise _incomplete(header[:80])
    return _Signature(
        access_key_id=key,
        scope=scope,
        signed_headers=fields["SignedHeaders"].split(";"),
        signature=fields["Signature"],
        date=request.headers.get("x-amz-date", ""),
        session_token=request.headers.get("x-amz-security-token"),
    )


def _from_query(request: HttpRequest) -> _Signature | None:
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    if "X-Amz-Signature" not in query:
        return None
    key, _, scope = query.get("X-Amz-Credential", "").partition("/")
    if query.get("X-Amz-Algorithm") != _ALGORITHM or scope.count("/") != 3:
        raise _incomplete(request.query[:80])
    return _Signature(
        access_key_id=key,
        scope=scope,
        signed_headers=query.get("X-Amz-SignedHeaders", "").split(";"),
        signature=query["X-Amz-Signature"],
        date=query.get("X-Amz-Date", ""),
        session_token=query.get("X-Amz-Security-Token"),
    )


def _string_to_sign(request: HttpRequest, signature: _Signature) -> str:
    canonical = "\n".join(
        (
            request.method,
            _canonical_path(request.path, signature.service),
            _canonical_query(request.query),
            *(
                f"{name}:{' '.join(request.headers.get(name, '').split())}"
                for name in signature.signed_headers
            ),
            "",
            ";".join(signature.signed_headers),
            _payload_hash(request, signature.service),
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return "\n".join((_ALGORITHM, signature.date, signature.scope, digest))


def _canonical_path(path: str, service: str) -> str:
    """Every service but S3 takes out what is redundant, and encodes the path a second time."""
    return path or "/" if service == "s3" else quote(_normal(path), safe="/-_.~")


def _normal(path: str) -> str:
    """A path without empty and relative components (RFC 3986)."""
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in ("", "."):
            kept.append(part)
    trailing = "/" if kept and path.endswith("/") else ""
    return f"/{'/'.join(kept)}{trailing}"


def _canonical_query(query: str) -> str:
    pairs = (part.partition("=")[::2] for part in query.split("&") if part)
    return "&".join(f"{name}={value}" for name, value in sorted(pairs) if name != "X-Amz-Signature")


def _payload_hash(request: HttpRequest, service: str) -> str:
    if "x-amz-content-sha256" in request.headers:
        return request.headers["x-amz-content-sha256"]
    if "X-Amz-Signature=" in request.query and service == "s3":
        return "UNSIGNED-PAYLOAD"
    return hashlib.sha256(request.body).hexdigest()


def _body_is_the_signed_one(request: HttpRequest) -> bool:
    declared = request.headers.get("x-amz-content-sha256", "")
    if (
        len(declared) != 64
    ):  # UNSIGNED-PAYLOAD, STREAMING-...: the body is not part of the signature
        return True
    return equal(declared, hashlib.sha256(request.body).hexdigest())
