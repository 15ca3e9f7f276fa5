"""Answers that come in several pages: a token says where the next one begins, and of what."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def token_of(place: int, asked: Mapping[str, Any]) -> str:
    """The token of the page that begins at a place of the answer.

    Args:
        asked: the request without what says which page, and how long it is.
    """
    return base64.urlsafe_b64encode(f"{place}:{_digest(asked)}".encode()).decode()


def place_of(token: str | None, asked: Mapping[str, Any]) -> int | None:
    """Where the page begins that a token asks for; None if it is no token of this request's."""
    if not token:
        return 0
    try:
        place, _, digest = base64.urlsafe_b64decode(token).decode().partition(":")
        return int(place) if digest == _digest(asked) else None
    except ValueError:
        return None


def _digest(asked: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
