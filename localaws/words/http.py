"""An HTTP exchange as the services see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class HttpRequest:
    """One request with its whole body; header names lower case, `path` still percent-encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class HttpResponse:
    """One answer.

    Attributes:
        cookies: the one header that may come several times, `set-cookie`.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Caller:
    """Who signed a request, and the id that the answer carries.

    Attributes:
        arn: the IAM principal, e.g. an IAM user or an assumed role's session.
        request_id: a fresh uuid for this request.
        trace_header: the request's X-Ray trace header, if it has one; what is sent on carries it.
        access_key_id: the key that signed; IAM finds the principal's policies by it.
        called_via: the service that calls on the principal's behalf, or "" for the principal's own
            call; IAM has the key `aws:CalledVia` for it.
    """

    arn: str
    request_id: str
    trace_header: str | None = None
    access_key_id: str = ""
    called_via: str = ""
