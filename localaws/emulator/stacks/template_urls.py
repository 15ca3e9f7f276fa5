"""Templates that lie in a bucket, by each form of address that S3 has.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
ministack takes what follows the host for bucket and key, whatever the host is.
"""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from localaws.emulator.seams import replace

_S3 = re.compile(r"(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com")
_MORE = (
    "For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
)


def read_templates(helpers: ModuleType, s3: ModuleType) -> None:
    """Let CloudFormation find what an address names, and say in AWS's words what it does not."""
    theirs: Callable[..., tuple[Any, Any]] = helpers._resolve_document

    def resolve(params: Mapping[str, Any], body: str, url: str, label: str) -> tuple[Any, Any]:
        address = helpers._p(params, url)
        if helpers._p(params, body) or not address:
            return theirs(params, body, url, label)
        place = place_of(address)
        if place is None:
            return None, helpers._error("ValidationError", f"{url} must be a supported URL.")
        bucket, key = place
        if bucket not in s3._buckets:
            told = f"S3 error: The specified bucket does not exist\n{_MORE}"
            return None, helpers._error("ValidationError", told)
        if s3._get_object_data(bucket, key) is None:
            told = f"S3 error: The specified key does not exist.\n{_MORE}"
            return None, helpers._error("ValidationError", told)
        return theirs({**params, url: [f"https://s3/{bucket}/{key}"]}, body, url, label)

    replace(helpers, "_resolve_document", resolve)


def place_of(address: str) -> tuple[str, str] | None:
    """The bucket and key that an address names; None for one that is not S3's, nor of a server.

    >>> place_of("https://templates.s3.eu-central-1.amazonaws.com/shop/queue.yaml")
    ('templates', 'shop/queue.yaml')
    """
    parts = urlsplit(address)
    host, path = parts.hostname or "", unquote(parts.path).lstrip("/")
    found = _S3.fullmatch(host)
    if parts.scheme not in ("http", "https") or not (found or _is_server(host)):
        return None
    bucket, _, key = (found[1], "/", path) if found and found[1] else path.partition("/")
    return (bucket, key) if bucket and key else None


def _is_server(host: str) -> bool:
    """Whether somebody named the embedded AWS itself."""
    try:
        return bool(ip_address(host))
    except ValueError:
        return host == "localhost"
