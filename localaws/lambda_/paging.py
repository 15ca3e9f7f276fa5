"""Lists in pages, with opaque markers."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from localaws.lambda_.errors import InvalidParameterValueException
from localaws.lambda_.limits import LIST_PAGE_SIZE


def page(
    key: str, items: Sequence[Any], params: Mapping[str, Any], max_page_size: int = LIST_PAGE_SIZE
) -> dict[str, Any]:
    """One page of `items` under `key`, and a NextMarker if more follow.

    Args:
        params: the request; its Marker and MaxItems count.
        max_page_size: how many AWS returns at most, whatever MaxItems says.
    """
    start = _position(params.get("Marker"))
    end = start + min(params.get("MaxItems") or max_page_size, max_page_size)
    answer: dict[str, Any] = {key: list(items[start:end])}
    if end < len(items):
        answer["NextMarker"] = base64.urlsafe_b64encode(f"{end}".encode()).decode()
    return answer


def _position(marker: str | None) -> int:
    if not marker:
        return 0
    try:
        return int(base64.urlsafe_b64decode(marker))
    except (binascii.Error, ValueError):
        raise InvalidParameterValueException(
            f"Invalid Marker '{marker}'. Use the NextMarker of the previous page."
        ) from None
