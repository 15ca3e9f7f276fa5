"""Opaque tokens: where the next page goes on."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from localaws.logs.errors import InvalidNextToken
from localaws.logs.limits import MAX_LISTED

Item = TypeVar("Item")
Key = tuple[Any, ...]


def encode(kind: str, *values: Any) -> str:
    """A token of one kind of list that carries these values."""
    return base64.urlsafe_b64encode(json.dumps([kind, *values]).encode()).decode()


def decode(kind: str, token: str, size: int) -> Key:
    """What a token carries.

    Raises:
        InvalidNextToken: another operation's, or nobody's.
    """
    try:
        found = json.loads(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError):
        raise InvalidNextToken from None
    if not isinstance(found, list) or len(found) != size + 1 or found[0] != kind:
        raise InvalidNextToken
    return tuple(found[1:])


def page(
    kind: str,
    items: Iterable[Item],
    key: Callable[[Item], Key],
    *,
    token: str | None,
    limit: int | None,
    descending: bool = False,
    max_limit: int = MAX_LISTED,
) -> tuple[list[Item], str | None]:
    """One page of `items` in order of their keys, and the token of the next page if there is one.

    Goes on after the last key that was shown, so that nobody loses items by deleting those.
    """
    ordered = sorted(items, key=key, reverse=descending)
    if token is not None:
        size = len(key(ordered[0])) if ordered else None
        last = decode(kind, token, size) if size else None
        ordered = [i for i in ordered if last and _comes_after(key(i), last, descending)]
    shown = ordered[: limit or max_limit]
    more = len(ordered) > len(shown)
    return shown, encode(kind, *key(shown[-1])) if more else None


def _comes_after(key: Key, last: Key, descending: bool) -> bool:
    try:
        return key < last if descending else key > last
    except TypeError:
        raise InvalidNextToken from None
