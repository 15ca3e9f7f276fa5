"""Filter patterns of an event source mapping: which messages reach the function. Pure.

A pattern is a JSON object whose leaves are lists of alternatives; see
https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html. Its rules are those of
EventBridge, and so is what is no rule: https://github.com/aws/event-ruler, `RuleCompiler.java`.
"""

import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from localaws.words.address_ranges import AddressRange

_NUMERIC: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TEXT_RULES = ("prefix", "suffix", "equals-ignore-case", "wildcard")
_RULES = (*_TEXT_RULES, "anything-but", "numeric", "exists", "cidr")
# Any text, a star or backslash as such, or another character.
_WILDCARD = re.compile(r"(?:\*(?!\*)|\\[*\\]|[^*\\])*", re.DOTALL)

# Stands for the value of a key that the event does not have.
_ABSENT = object()


class InvalidFilterPattern(ValueError):
    """Not a pattern; the text is AWS's."""

    def __init__(self) -> None:
        super().__init__("Invalid filter pattern definition.")


def parse_pattern(text: str) -> dict[str, Any]:
    """The pattern in JSON text.

    Raises:
        InvalidFilterPattern: it is not one.
    """
    try:
        pattern = json.loads(text, parse_float=Decimal)
    except (TypeError, ValueError):
        raise InvalidFilterPattern from None
    _check(pattern)
    assert isinstance(pattern, dict)
    return pattern


def matches_any(patterns: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> bool:
    """Whether the record passes one of the patterns; without patterns every record does."""
    return not patterns or any(_matches(pattern, record, is_record=True) for pattern in patterns)


def _matches(
    pattern: Mapping[str, Any], event: Mapping[str, Any], *, is_record: bool = False
) -> bool:
    return all(_key_matches(key, rule, event, is_record) for key, rule in pattern.items())


def _key_matches(key: str, rule: Any, event: Mapping[str, Any], is_record: bool) -> bool:
    if key == "$or" and _is_alternative_list(rule):
        return any(_matches(alternative, event, is_record=is_record) for alternative in rule)
    value = event.get(key, _ABSENT)
    if key == "body" and is_record:
        return _body_matches(rule, value)
    return _value_matches(rule, value)


def _body_matches(rule: Any, body: Any) -> bool:
    """A body in the other form than the pattern's, text or JSON, never matches."""
    document = _document(body)
    if isinstance(rule, Mapping):
        return document is not None and _value_matches(rule, document)
    return document is None and _value_matches(rule, body)


def _document(text: Any) -> Any:
    """The object or list in JSON text, or None."""
    try:
        parsed = json.loads(text, parse_float=Decimal)
    except (TypeError, ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict | list) else None


def _value_matches(rule: Any, value: Any) -> bool:
    if not isinstance(rule, Mapping):
        return _leaf_matches(rule, value)
    # Of several objects in a list one must match; whatever is no object has none of the keys.
    values = value if isinstance(value, list) else [value]
    objects = [one for one in values if isinstance(one, Mapping)]
    return any(_matches(rule, one) for one in objects or [{}])


def _leaf_matches(rules: Sequence[Any], value: Any) -> bool:
    # A rule asks for leaves: an object or an empty list in their place is as good as absent.
    values = value if isinstance(value, list) else [value]
    leaves = [one for one in values if not isinstance(one, Mapping)] or [_ABSENT]
    return any(_rule_matches(rule, one) for rule in rules for one in leaves)


def _rule_matches(rule: Any, value: Any) -> bool:
    if not isinstance(rule, Mapping):
        return _equal(rule, value)
    ((name, argument),) = rule.items()
    if name == "exists":
        return (value is not _ABSENT) is bool(argument)
    if value is _ABSENT:
        return False
    if name == "anything-but":
        return not _excluded(argument, value)
    if name == "numeric":
        return _numeric_matches(argument, value)
    if name == "cidr":
        return AddressRange.of_cidr(argument).holds(value)
    return _text_matches(name, argument, value)


def _equal(wanted: Any, value: Any) -> bool:
    """Equality as written: `300` is neither `300.0` nor `3.0e2`, and `true` is not `1`."""
    if _is_number(wanted) and _is_number(value):
        return str(wanted) == str(value)
    return type(wanted) is type(value) and bool(wanted == value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _excluded(argument: Any, value: Any) -> bool:
    if isinstance(argument, Mapping):
        ((name, texts),) = argument.items()
        return any(_text_matches(name, text, value) for text in _as_list(texts))
    return any(_equal(one, value) for one in _as_list(argument))


def _text_matches(name: str, argument: Any, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    ignore_case = isinstance(argument, Mapping)
    wanted: str = argument["equals-ignore-case"] if ignore_case else argument
    if ignore_case or name == "equals-ignore-case":
        wanted, value = wanted.lower(), value.lower()
    match name:
        case "prefix":
            return bool(value.startswith(wanted))
        case "suffix":
            return bool(value.endswith(wanted))
        case "wildcard":
            return _wildcard(wanted).fullmatch(value) is not None
    return bool(value == wanted)


def _wildcard(text: str) -> re.Pattern[str]:
    """Only the star is special in a pattern; a backslash makes it, or itself, a character."""
    parts = re.findall(r"\\.|[^\\]", text, re.DOTALL)
    return re.compile("".join(".*" if p == "*" else re.escape(p[-1]) for p in parts), re.DOTALL)


def _numeric_matches(argument: Sequence[Any], value: Any) -> bool:
    if not _is_number(value):
        return False
    pairs = zip(argument[::2], argument[1::2], strict=True)
    return all(_NUMERIC[sign](value, bound) for sign, bound in pairs)


def _as_list(argument: Any) -> list[Any]:
    return argument if isinstance(argument, list) else [argument]


def _is_alternative_list(rule: Any) -> bool:
    return (
        isinstance(rule, list)
        and len(rule) > 1
        and all(isinstance(r, Mapping) for r in rule)
        and not any(set(r) & set(_RULES) for r in rule)
    )


def _check(pattern: Any) -> None:
    """Refuse what is not a pattern."""
    if not isinstance(pattern, dict) or not pattern:
        raise InvalidFilterPattern
    for key, rule in pattern.items():
        if key == "$or" and _is_alternative_list(rule):
            for alternative in rule:
                _check(alternative)
        elif isinstance(rule, dict):
            _check(rule)
        elif not isinstance(rule, list) or not rule or not all(map(_valid_rule, rule)):
            raise InvalidFilterPattern


def _valid_rule(rule: Any) -> bool:
    if not isinstance(rule, dict):
        return not isinstance(rule, list)
    if len(rule) != 1:
        return False
    ((name, argument),) = rule.items()
    match name:
        case "exists":
            return isinstance(argument, bool)
        case "numeric":
            return _valid_numeric(argument)
        case "anything-but":
            return _valid_exclusion(argument)
        case "cidr":
            return _valid_range(argument)
    return name in _TEXT_RULES and _valid_text(name, argument)


def _valid_text(name: str, argument: Any) -> bool:
    if isinstance(argument, dict) and name in ("prefix", "suffix"):
        return list(argument) == ["equals-ignore-case"] and isinstance(
            argument["equals-ignore-case"], str
        )
    if name == "wildcard":
        return isinstance(argument, str) and _WILDCARD.fullmatch(argument) is not None
    return isinstance(argument, str)


def _valid_numeric(argument: Any) -> bool:
    """One comparison, or a range: from a bottom to a greater top."""
    if not isinstance(argument, list) or len(argument) not in (2, 4):
        return False
    signs, bounds = argument[::2], argument[1::2]
    if not all(isinstance(sign, str) and sign in _NUMERIC for sign in signs):
        return False
    if not all(map(_is_number, bounds)):
        return False
    is_range = signs[0] in (">", ">=") and signs[1:] in (["<"], ["<="]) and bounds[0] < bounds[-1]
    return len(signs) == 1 or is_range


def _valid_range(argument: Any) -> bool:
    try:
        return isinstance(argument, str) and bool(AddressRange.of_cidr(argument))
    except ValueError:
        return False


def _valid_exclusion(argument: Any) -> bool:
    if isinstance(argument, dict):
        if len(argument) != 1:
            return False
        ((name, texts),) = argument.items()
        return (
            name in _TEXT_RULES
            and bool(texts)
            and all(isinstance(text, str) and text for text in _as_list(texts))
            and (name != "wildcard" or all(map(_WILDCARD.fullmatch, _as_list(texts))))
        )
    values = _as_list(argument)
    return bool(values) and (
        all(isinstance(value, str) for value in values) or all(map(_is_number, values))
    )
