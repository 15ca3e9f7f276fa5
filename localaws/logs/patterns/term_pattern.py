"""Terms: all of them, none of those with `-`, one of those with `?`."""

import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from localaws.logs.errors import InvalidParameterException
from localaws.logs.patterns.pattern import invalid_pattern

_TERM = re.compile(
    r"""\s*(?P<sign>[?-]?)(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|%(?P<regex>[^%]+)%|(?P<bare>[^\s"%]+))"""
)
_BARE = re.compile(r"\w+")

Test = Callable[[str], bool]


class TermPattern:
    """Terms are case-sensitive and match anywhere in the message."""

    names_values: ClassVar[bool] = False

    def __init__(self, text: str) -> None:
        self._all: list[Test] = []
        self._none: list[Test] = []
        self._any: list[Test] = []
        at = 0
        while at < len(text):
            match = _TERM.match(text, at)
            if match is None:
                raise invalid_pattern()
            kind = {"?": self._any, "-": self._none}.get(match["sign"], self._all)
            kind.append(_test(match))
            at = match.end()
        if self._all or self._none:
            self._any = []  # AWS ignores `?` terms beside others

    def matches(self, message: str) -> bool:
        # Plain loops: this runs for every event of a search.
        for test in self._all:
            if not test(message):
                return False
        for test in self._none:
            if test(message):
                return False
        return not self._any or any(test(message) for test in self._any)

    def value(self, message: str, selector: str) -> str | None:
        return None

    def extracted(self, message: str) -> Mapping[str, str]:
        return {}

    def delivered(self, message: str) -> None:
        return None


def _test(match: re.Match[str]) -> Test:
    if match["regex"] is not None:
        return regex_test(match["regex"])
    if match["quoted"] is not None:
        term = re.sub(r"\\(.)", r"\1", match["quoted"])
    else:
        term = match["bare"]
        if not _BARE.fullmatch(term):
            raise InvalidParameterException(f"Invalid character(s) in term '{term}'")
    return lambda message: term in message


def regex_test(pattern: str) -> Test:
    """A `%regular expression%`: found anywhere."""
    try:
        search = re.compile(pattern).search
    except re.error:
        raise invalid_pattern() from None
    return lambda text: search(text) is not None
