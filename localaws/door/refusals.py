"""What the door itself answers, in the form that the caller's SDK can read."""

import json
import re
import uuid
from dataclasses import replace
from xml.sax.saxutils import escape

from localaws.door.signatures import is_of_version_2
from localaws.lambda_.errors import RequestEntityTooLargeException
from localaws.lambda_.invocation.payload import too_large as too_large_event
from localaws.lambda_.limits import MAX_REQUEST_BYTES
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest, HttpResponse

_SCOPE = re.compile(r"/([a-z0-9-]+)/aws4_request")


def refusal(reason: str) -> HttpResponse:
    """To who asks for no service of AWS."""
    body = json.dumps({"message": f"Refused: {reason}."}).encode()
    return HttpResponse(403, body, {"content-type": "application/json"})


def aws_refusal(request: HttpRequest, error: AwsError, request_id: str) -> HttpResponse:
    """An error in the protocol of the service that a request was signed for."""
    headers = {"x-amzn-requestid": request_id, "x-amzn-errortype": error.code}
    by_form = request.headers.get("content-type", "").startswith("application/x-www-form")
    by_query = by_form or "Action=" in request.query or is_of_version_2(request)
    if not by_query and _asked(request) != "s3":
        document = {"__type": error.code, "message": error.message}
        headers["content-type"] = "application/x-amz-json-1.1"
        return HttpResponse(error.status, json.dumps(document).encode(), headers)
    code, message = escape(error.query_code or error.code), escape(error.message)
    number = f"<RequestId>{request_id}</RequestId>"
    told = f"<Code>{code}</Code><Message>{message}</Message>"
    if by_form or "Action=" in request.query:
        told = f"<ErrorResponse><Error><Type>Sender</Type>{told}</Error>{number}</ErrorResponse>"
    else:
        told = f"<Error>{told}{number}</Error>"
    return HttpResponse(error.status, told.encode(), headers | {"content-type": "text/xml"})


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
