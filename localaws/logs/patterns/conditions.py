"""Conditions on values: `$.a = "x" && ($.b > 5 || $.c NOT EXISTS)`, the same for named fields."""

import fnmatch
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from localaws.logs.patterns.pattern import invalid_pattern
from localaws.logs.patterns.term_pattern import regex_test

# The values that a selector finds; none, one, or several where it has a wildcard.
Look: TypeAlias = Callable[[str], Sequence[Any]]
Condition: TypeAlias = Callable[[Look], bool]
Test: TypeAlias = Callable[[Any], bool]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<sign>\|\||&&|!=|<=|>=|[=<>()])
      | "(?P<quoted>(?:[^"\\]|\\.)*)"
      | %(?P<regex>[^%]+)%
      | (?P<selector>\$(?:\.[\w*@-]+|\.?\[(?:\d+|\*|'[^']*'|"[^"]*")\])+)
      | (?P<bare>(?:(?!\|\||&&)[^\s=<>()"%!])+)
    )""",
    re.VERBOSE,
)
_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class ConditionParser:
    """Reads one condition.

    Attributes:
        selectors: every selector met so far, in order.
        tests: what is asked of the values of each selector.
    """

    def __init__(self, text: str) -> None:
        self.selectors: list[str] = []
        self.tests: dict[str, list[Test]] = {}
        self._tokens = list(_tokens(text))
        self._at = 0

    def parse(self) -> Condition:
        """The whole text; raises InvalidParameterException when something is left over."""
        condition = self._either()
        if self._at != len(self._tokens):
            raise invalid_pattern()
        return condition

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._takes("||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda look: any(part(look) for part in parts)

    def _both(self) -> Condition:
        parts = [self._single()]
        while self._takes("&&"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else lambda look: all(part(look) for part in parts)

    def _single(self) -> Condition:
        if self._takes("("):
            inner = self._either()
            if not self._takes(")"):
                raise invalid_pattern()
            return inner
        selector = self._next("selector", "bare")[1]
        self.selectors.append(selector)
        kind, text = self._next("sign", "bare")
        if kind == "bare":
            return self._in_words(selector, text.upper())
        return self._any_value(selector, _comparison(text, *self._next("quoted", "regex", "bare")))

    def _in_words(self, selector: str, word: str) -> Condition:
        rest = self._next("bare")[1].upper()
        if (word, rest) == ("NOT", "EXISTS"):
            return lambda look: not look(selector)
        constants = {"NULL": None, "TRUE": True, "FALSE": False}
        if word != "IS" or rest not in constants:
            raise invalid_pattern()
        wanted = constants[rest]
        return self._any_value(selector, lambda value: value is wanted)

    def _any_value(self, selector: str, test: Test) -> Condition:
        self.tests.setdefault(selector, []).append(test)
        return lambda look: any(test(value) for value in look(selector))

    def _next(self, *kinds: str) -> tuple[str, str]:
        if self._at == len(self._tokens) or self._tokens[self._at][0] not in kinds:
            raise invalid_pattern()
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, sign: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == ("sign", sign)
        self._at += found
        return found


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise invalid_pattern()
        tokens.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


def _comparison(sign: str, kind: str, operand: str) -> Test:
    if sign in _ORDERS:
        bound, holds = number_of(operand), _ORDERS[sign]
        if bound is None or kind != "bare":
            raise invalid_pattern()
        return lambda value: (n := number_of(value)) is not None and holds(n, bound)
    if sign not in ("=", "!="):
        raise invalid_pattern()
    equals = _equality(kind, operand)
    return equals if sign == "=" else lambda value: not equals(value)


def _equality(kind: str, operand: str) -> Test:
    if kind == "regex":
        found = regex_test(operand)
        return lambda value: isinstance(value, str) and found(value)
    number = number_of(operand) if kind == "bare" else None
    if number is not None:
        return lambda value: number_of(value) == number
    text = re.sub(r"\\(.)", r"\1", operand)
    if text and not text.strip("*"):
        return lambda value: True  # anything that is there, not texts alone
    if "*" not in text:
        return lambda value: value == text
    # Only the star is special: fnmatch's other signs are taken as they are.
    matches = re.compile(fnmatch.translate(re.sub(r"([\[?])", r"[\1]", text))).match
    return lambda value: isinstance(value, str) and matches(value) is not None


def number_of(value: Any) -> float | None:
    """A value as a number, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
