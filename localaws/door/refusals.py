"""What the door itself answers, in the form and the words of the service that was asked.

JSON services, query services and S3 refuse a signature with codes and words of their own:
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and
https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html.
"""

import json
import re
import uuid
from dataclasses import replace
from xml.sax.saxutils import escape

from localaws.door.signatures import is_of_version_2
from localaws.lambda_.errors import RequestEntityTooLargeException
from localaws.lambda_.invocation.payload import too_large as too_large_event
from localaws.lambda_.limits import MAX_REQUEST_BYTES
from localaws.wire.cbor_protocol import PROTOCOL as CBOR
from localaws.wire.cbor_protocol import cbor_response
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest, HttpResponse

_FORBIDDEN = 403
_SCOPE = re.compile(r"/([a-z0-9-]+)/aws4_request")

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


def refusal(reason: str) -> HttpResponse:
    """To who asks for no service of AWS."""
    body = json.dumps({"message": f"Refused: {reason}."}).encode()
    return HttpResponse(_FORBIDDEN, body, {"content-type": "application/json"})


def aws_refusal(request: HttpRequest, error: AwsError, request_id: str) -> HttpResponse:
    """An error in the protocol of the service that a request was signed for."""
    headers = {"x-amzn-requestid": request_id}
    service = _asked(request)
    if service == "s3" or is_of_version_2(request):
        return _of_s3(error, request_id, headers)
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/x-www-form") or "Action=" in request.query:
        return _of_query(error, request_id, headers)
    if service in _ONCE_QUERY:
        headers["x-amzn-query-error"] = f"{error.query_code or error.code};Sender"
    told = {"__type": error.code, "message": error.message}
    if request.headers.get("smithy-protocol") == CBOR:
        answer = cbor_response(error.status, told, request_id)
        return replace(answer, headers=headers | answer.headers)
    headers |= {"content-type": "application/x-amz-json-1.1", "x-amzn-errortype": error.code}
    status = error.status
    is_json = service and content_type.startswith("application/x-amz-json")
    if is_json and service not in _ONCE_QUERY and status == _FORBIDDEN:
        status = 400
    return HttpResponse(status, json.dumps(told).encode(), headers)


def too_large(head: HttpRequest, size: int, limit: int) -> HttpResponse:
    """To who sends a body that is larger than the door lets in.

    Args:
        head: the request without it.
        size: as far as it is known, in bytes.
        limit: of the door, in bytes. Lambda's own are lower, and told by it.
    """
    return aws_refusal(head, _too_large(head, size, limit), str(uuid.uuid4()))


def _too_large(head: HttpRequest, size: int, limit: int) -> AwsError:
    service = _asked(head)
    if service == "s3":
        # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
        text = "Your proposed upload exceeds the maximum allowed size"
        return AwsError(text, code="EntityTooLarge")
    if service == "lambda" and head.path.endswith("/invocations"):
        return too_large_event(size, head.headers.get("x-amz-invocation-type", ""))
    if service == "lambda":
        operation = "UpdateFunctionCode" if head.path.endswith("/code") else "CreateFunction"
        operation = "PublishLayerVersion" if "/layers/" in head.path else operation
        return RequestEntityTooLargeException(
            f"Request must be smaller than {MAX_REQUEST_BYTES} bytes for the {operation} operation"
        )
    # What SQS says, as plain text that no SDK can read: https://github.com/aws/aws-sdk-js/issues/479
    text = f"HTTP content length exceeded {limit} bytes."
    return AwsError(text, code="RequestEntityTooLarge", status=413)


def unread(response: HttpResponse, head: HttpRequest) -> HttpResponse:
    """An answer before the body came, of which a client that asked first sends nothing then.

    On the same connection its next request would be taken for that body.
    """
    if "expect" not in head.headers:
        return response
    return replace(response, headers={**response.headers, "connection": "close"})


def _asked(request: HttpRequest) -> str:
    """The service that the signature is for, as it claims; "" for a request without one."""
    claim = request.headers.get("authorization", "") + request.query.replace("%2F", "/")
    found = _SCOPE.search(claim)
    return found[1] if found else ""


def _of_s3(error: AwsError, request_id: str, headers: dict[str, str]) -> HttpResponse:
    code = error.query_code or error.code
    code, message, status = _OF_S3.get(code, (code, error.message, error.status))
    body = f"<Error>{_told(code, message)}<RequestId>{request_id}</RequestId></Error>"
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
    return HttpResponse(status, document.encode(), headers | {"content-type": "application/xml"})


def _of_query(error: AwsError, request_id: str, headers: dict[str, str]) -> HttpResponse:
    told = _told(error.query_code or error.code, error.message)
    body = (
        f"<ErrorResponse><Error><Type>Sender</Type>{told}</Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return HttpResponse(error.status, body.encode(), headers | {"content-type": "text/xml"})


def _told(code: str, message: str) -> str:
    return f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
