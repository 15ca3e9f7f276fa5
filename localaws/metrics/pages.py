"""Answers that come in several pages: a token says where the next one begins, and of what."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

_APART = ("NextToken", "MaxDatapoints")


def token_of(place: int, request: Mapping[str, Any]) -> str:
    """The token of the page that begins at a place of the answer to a request."""
    return base64.urlsafe_b64encode(f"{place}:{_digest(request)}".encode()).decode()


def place_of(token: str | None, request: Mapping[str, Any]) -> int | None:
    """Where the page begins that a token asks for; None if it is no token of this request's."""
    if token is None:
        return 0
    try:
        place, _, digest = base64.urlsafe_b64decode(token).decode().partition(":")
        return int(place) if digest == _digest(request) else None
    except ValueError:
        return None


def _digest(request: Mapping[str, Any]) -> str:
    asked = {name: value for name, value in request.items() if name not in _APART}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
