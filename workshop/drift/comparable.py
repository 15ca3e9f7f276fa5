"""What is known of one type of resource: what its stack says, what is there, how it is set.

Settings have AWS's names. Their values are compared as they are, so both sides bring them into the
same form: numbers as numbers, policies as `policy` has them, None for what is not configured.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workshop.drift.template import Declared, Stack
from workshop.target.session import Session

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Comparable:
    """A type of resource whose settings are compared.

    Attributes:
        words: what it is called.
        said: its settings as the stack says, AWS's defaults where it says nothing.
        found: its settings as they are.
        restore: sets those that are named; is given all that the stack says, too.
        is_late: whether AWS can show a change of it late.
        apart: settings that can be refused for a reason of their own: each of them is set by
            itself, in this order, then all others together.
    """

    words: str
    said: Callable[[Declared, Stack], Settings]
    found: Callable[[Session, Declared], Settings]
    restore: Callable[[Session, Declared, frozenset[str], Settings], None]
    is_late: bool = False
    apart: tuple[str, ...] = ()


def parsed(text: str | Mapping[str, Any] | None) -> Any:
    """A setting that AWS keeps as JSON; None when it is empty."""
    found = json.loads(text or "null") if isinstance(text, str) else text
    return {key: found[key] for key in sorted(found)} if found else None


def redrive(text: str | Mapping[str, Any] | None) -> Any:
    """A redrive policy; AWS takes its number as text as well."""
    found = parsed(text)
    if found and "maxReceiveCount" in found:
        found["maxReceiveCount"] = int(found["maxReceiveCount"])
    return found


def policy(text: str | Mapping[str, Any] | None) -> Any:
    """The statements of a policy in an order and form of their own; None when there are none."""
    found = parsed(text)
    statements = found.get("Statement", []) if found else []
    listed = statements if isinstance(statements, list) else [statements]
    return sorted((_plain(one) for one in listed), key=_text) or None


def _plain(value: Any, is_action: bool = False) -> Any:
    if isinstance(value, Mapping):
        # An id says nothing about who may do what.
        return {
            key: _plain(one, key in ("Action", "NotAction"))
            for key, one in sorted(value.items())
            if key != "Sid"
        }
    if isinstance(value, list):
        plain = sorted((_plain(one, is_action) for one in value), key=_text)
        return plain[0] if len(plain) == 1 else plain
    return value.lower() if is_action and isinstance(value, str) else value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
