"""The digests by which SDKs check what they sent and received."""

import hashlib
from collections.abc import Mapping
from typing import Any

_STRING, _BINARY = b"\x01", b"\x02"


def md5_of_body(body: str) -> str:
    """MD5 of the body's UTF-8 bytes, in hex."""
    return hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()


def md5_of_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> str | None:
    """MD5 of message attributes in boto3's shape, or None when there are none.

    Per attribute, sorted by name: length and bytes of name and type, a byte for the kind of value,
    length and bytes of the value.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
    """
    if not attributes:
        return None
    digest = hashlib.md5(usedforsecurity=False)
    for name in sorted(attributes):
        value = attributes[name]
        digest.update(_sized(name.encode()) + _sized(str(value["DataType"]).encode()))
        if str(value["DataType"]).startswith("Binary"):
            digest.update(_BINARY + _sized(bytes(value["BinaryValue"])))
        else:
            digest.update(_STRING + _sized(str(value["StringValue"]).encode()))
    return digest.hexdigest()


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
