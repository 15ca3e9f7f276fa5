"""What a client is answered that asks for a service which is not here, in that service's protocol.

A client reads an answer in another protocol as a defect of the network, and may try it again.
"""

import json
from typing import Any
from xml.sax.saxutils import escape

from localaws.words.http import Caller, HttpRequest, HttpResponse

_CODE = "NotImplemented"
_STATUS = 501

# Their requests have no form and no JSON that would tell.
_REST_XML = frozenset({"cloudfront", "route53", "s3-object-lambda", "s3-outposts", "s3express"})
_EC2 = "<Response><Errors><Error>{}</Error></Errors>{}</Response>"
_QUERY = "<ErrorResponse><Error><Type>Sender</Type>{}</Error>{}</ErrorResponse>"

# Two services whose signatures name a third.
_STREAMS = "dynamodbstreams"


def asked_of(service: str, request: HttpRequest) -> str:
    """The service that a request is for, where its signature names another one that is here."""
    target = request.headers.get("x-amz-target", "")
    return _STREAMS if target.startswith("DynamoDBStreams_") else service


def not_here(service: str, request: HttpRequest, caller: Caller) -> HttpResponse:
    """The refusal of a request to a service that the embedded AWS does not have.

    Args:
        service: as signatures name it.
    """
    message = f"{service} is not part of the embedded AWS. Use a real account for it."
    headers = {"x-amzn-requestid": caller.request_id}
    is_form = "x-www-form-urlencoded" in request.headers.get("content-type", "")
    if is_form or service in _REST_XML:
        told = f"<Code>{_CODE}</Code><Message>{escape(message)}</Message>"
        number = f"<RequestId>{caller.request_id}</RequestId>"
        document = (_EC2 if service == "ec2" else _QUERY).format(told, number)
        headers["content-type"] = "text/xml"
        return HttpResponse(_STATUS, f'<?xml version="1.0"?>\n{document}'.encode(), headers)
    body: dict[str, Any] = {"__type": _CODE, "message": message}
    headers |= {"content-type": "application/json", "x-amzn-errortype": _CODE}
    return HttpResponse(_STATUS, json.dumps(body).encode(), headers)
