"""HTTP requests to function URLs as events, and responses of functions as HTTP: pure.

Payload format 2.0. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from localaws.words.http import HttpRequest, HttpResponse

_JSON = {"content-type": "application/json"}

# Bodies of other types reach the function as base64.
_TEXT_TYPES = re.compile(r"text/.*|application/(json|javascript|xml|.*\+(json|xml))")

# Cookies have a place of their own in the event; the other one is between neighbours only.
_KEPT_BACK = ("cookie", "connection")

_SOURCE_IP = "127.0.0.1"

_NOT_IN_A_HEADER = re.compile(r"[^\x20-\x7e\x80-\xff]")


@dataclass(frozen=True)
class UrlRequest:
    """One HTTP request to a function URL.

    Attributes:
        url_id: the URL's own part of its address.
        path: what follows the URL, beginning with a slash.
        trace: of the invocation, a trace header.
        account_id: of the signer, or "anonymous".
        user_arn: of the signer, None where nobody signed.
        access_key_id: by which the signer did so.
    """

    request: HttpRequest
    url_id: str
    path: str
    request_id: str
    now_s: float
    trace: str
    account_id: str = "anonymous"
    user_arn: str | None = None
    access_key_id: str = ""


def event_of(url: UrlRequest) -> bytes:
    """The event that the function gets."""
    request = url.request
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": url.path,
        "rawQueryString": request.query,
        "headers": _headers(url),
        "requestContext": _context(url),
        "isBase64Encoded": False,
    }
    if "cookie" in request.headers:
        event["cookies"] = [c.strip() for c in request.headers["cookie"].split(";")]
    if request.query:
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(request.query, keep_blank_values=True):
            values.setdefault(name, []).append(value)
        event["queryStringParameters"] = {name: ",".join(v) for name, v in values.items()}
    if request.body:
        event |= _body(request)
    return json.dumps(event).encode()


def response_of(payload: bytes) -> HttpResponse:
    """What the HTTP client is answered when a function returned `payload`.

    An object with a statusCode describes the response; a text is its body, and so is any other
    JSON.
    """
    try:
        answer = json.loads(payload)
        if isinstance(answer, str):
            return HttpResponse(200, answer.encode(), dict(_JSON))
        if not isinstance(answer, dict) or "statusCode" not in answer:
            return HttpResponse(200, payload, dict(_JSON))
        body = _text(answer.get("body") or "").encode()
        if answer.get("isBase64Encoded"):
            body = base64.b64decode(body, validate=True)
        headers = {k.lower(): _text(v) for k, v in (answer.get("headers") or {}).items()}
        cookies = tuple(_in_header(_text(cookie)) for cookie in answer.get("cookies") or ())
        status = int(answer["statusCode"])
    except (ValueError, TypeError, AttributeError, binascii.Error):
        return bad_gateway()
    if not 200 <= status <= 599:
        return bad_gateway()
    headers.pop("content-length", None)
    shown = {_in_header(k): _in_header(v) for k, v in {**_JSON, **headers}.items()}
    return HttpResponse(status, body, shown, cookies)


def bad_gateway() -> HttpResponse:
    """The function failed, or its response is none."""
    return HttpResponse(502, b"Internal Server Error", dict(_JSON))


def refused(status: int, code: str, message: str | None) -> HttpResponse:
    """The function was not invoked."""
    body = json.dumps({"Message": message}, separators=(",", ":")).encode()
    return HttpResponse(status, body, _JSON | {"x-amzn-ErrorType": code})


def _headers(url: UrlRequest) -> dict[str, str]:
    """The headers as the function sees them, with what AWS's front door adds to plain HTTP."""
    given = url.request.headers
    forwarded_for = given.get("x-forwarded-for")
    return {
        **{name: value for name, value in given.items() if name not in _KEPT_BACK},
        "x-forwarded-for": f"{forwarded_for}, {_SOURCE_IP}" if forwarded_for else _SOURCE_IP,
        "x-forwarded-port": given.get("host", "").rpartition(":")[2],
        "x-forwarded-proto": "http",
        "x-amzn-trace-id": given.get("x-amzn-trace-id") or url.trace.partition(";")[0],
    }


def _context(url: UrlRequest) -> dict[str, Any]:
    request = url.request
    moment = datetime.fromtimestamp(url.now_s, UTC)
    context: dict[str, Any] = {
        "accountId": url.account_id,
        "apiId": url.url_id,
        "domainName": request.headers.get("host", ""),
        "domainPrefix": url.url_id,
        "http": {
            "method": request.method,
            "path": url.path,
            "protocol": "HTTP/1.1",
            "sourceIp": _SOURCE_IP,
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": url.request_id,
        "routeKey": "$default",
        "stage": "$default",
        "time": f"{moment:%d/%b/%Y:%H:%M:%S} +0000",
        "timeEpoch": int(url.now_s * 1000),
    }
    if url.user_arn:
        context["authorizer"] = {
            "iam": {
                "accessKey": url.access_key_id,
                "accountId": url.account_id,
                "userArn": url.user_arn,
            }
        }
    return context


def _body(request: HttpRequest) -> Mapping[str, Any]:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if _TEXT_TYPES.fullmatch(content_type):
            return {"body": request.body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        pass
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _in_header(text: str) -> str:
    return _NOT_IN_A_HEADER.sub("", text)
