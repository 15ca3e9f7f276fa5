"""How each kind of service refuses a signature: the same faults, with other codes and words.

JSON services, query services and S3 each have their own: https://docs.aws.amazon.com/AmazonS3/
latest/API/ErrorResponses.html, https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
and https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html.
"""

import json
import re
from xml.sax.saxutils import escape

from localaws.door.signatures import AccessDenied, is_of_version_2
from localaws.words.http import HttpRequest, HttpResponse

_SERVICE = re.compile(r"/([a-z0-9-]+)/aws4_request")

# By the code of a query service: S3's code, text and HTTP status.
_OF_S3 = {
    "SignatureDoesNotMatch": (
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check "
        "your key and signing method.",
        403,
    ),
    "InvalidClientTokenId": (
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        403,
    ),
    "ExpiredToken": ("ExpiredToken", "The provided token has expired.", 400),
    "MissingAuthenticationToken": ("AccessDenied", "Access Denied", 403),
}

# They once spoke the query protocol alone; SDKs still show the codes that it had.
_ONCE_QUERY = frozenset({"monitoring", "sqs"})


def refusal(request: HttpRequest, error: AccessDenied, request_id: str) -> HttpResponse:
    """An authentication error in the form that the caller's SDK can read."""
    headers = {"x-amzn-requestid": request_id}
    service = _service_of(request)
    if service == "s3" or is_of_version_2(request):
        return _of_s3(error, request_id, headers)
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/x-www-form") or "Action=" in request.query:
        return _of_query(error, request_id, headers)
    headers |= {"content-type": "application/x-amz-json-1.1", "x-amzn-errortype": error.code}
    status = error.status
    if service in _ONCE_QUERY:
        headers["x-amzn-query-error"] = f"{error.query_code};Sender"
    elif service and content_type.startswith("application/x-amz-json"):
        status = 400
    text = json.dumps({"__type": error.code, "message": error.message})
    return HttpResponse(status, text.encode(), headers)


def _service_of(request: HttpRequest) -> str:
    """Which service a request says that it was signed for."""
    scope = request.headers.get("authorization", "") + request.query.replace("%2F", "/")
    found = _SERVICE.search(scope)
    return found[1] if found else ""


def _of_s3(error: AccessDenied, request_id: str, headers: dict[str, str]) -> HttpResponse:
    code = error.query_code or error.code
    code, message, status = _OF_S3.get(code, (code, error.message, error.status))
    body = f"<Error>{_told(code, message)}<RequestId>{request_id}</RequestId></Error>"
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
    return HttpResponse(status, document.encode(), headers | {"content-type": "application/xml"})


def _of_query(error: AccessDenied, request_id: str, headers: dict[str, str]) -> HttpResponse:
    told = _told(error.query_code or error.code, error.message)
    body = (
        f"<ErrorResponse><Error><Type>Sender</Type>{told}</Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return HttpResponse(error.status, body.encode(), headers | {"content-type": "text/xml"})


def _told(code: str, message: str) -> str:
    return f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
