"""Lists in pages of a hundred."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from localaws.sns.errors import InvalidParameterException
from localaws.sns.limits import PAGE_SIZE

T = TypeVar("T")


def page(items: Sequence[T], token: str | None) -> tuple[Sequence[T], str | None]:
    """One page and the token of the next, if there is one."""
    start = _position(token) if token else 0
    end = start + PAGE_SIZE
    next_token = base64.b64encode(f"from:{end}".encode()).decode() if end < len(items) else None
    return items[start:end], next_token


def _position(token: str) -> int:
    try:
        return int(base64.b64decode(token, validate=True).decode().removeprefix("from:"))
    except (binascii.Error, ValueError):
        raise InvalidParameterException("NextToken") from None
