"""Fields between spaces: `[ip, user, ..., status=5*, bytes > 1000]`."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, ClassVar

from localaws.logs.patterns.conditions import Condition, ConditionParser
from localaws.logs.patterns.pattern import invalid_pattern

_SEPARATOR = re.compile(r""",(?=(?:[^"]*"[^"]*")*[^"]*$)""")
# One field of a message: in brackets, in quotes, or up to the next space.
_FIELD = re.compile(r"""\[([^\]]*)\]|"([^"]*)"|(\S+)""")
_ELLIPSIS = "..."


class FieldPattern:
    """Messages match when they have as many fields as are named, and all conditions hold.

    `...` stands for any number of fields, and so does the empty pattern. A field without a name
    goes by its number.
    """

    names_values: ClassVar[bool] = True

    def __init__(self, text: str) -> None:
        if not text.endswith("]"):
            raise invalid_pattern()
        parts = [part.strip() for part in _SEPARATOR.split(text[1:-1])]
        if parts.count(_ELLIPSIS) > 1 or any(_ELLIPSIS == a == b for a, b in pairwise(parts)):
            raise invalid_pattern()
        self._names: list[str] = []
        self._conditions: list[Condition] = []
        for part in [_ELLIPSIS] if parts == [""] else parts:
            self._names.append(self._read(part))

    def _read(self, part: str) -> str:
        if part == _ELLIPSIS or re.fullmatch(r"\w*", part):
            return part
        parser = ConditionParser(part)
        self._conditions.append(parser.parse())
        if len(set(parser.selectors)) != 1:
            raise invalid_pattern()
        return parser.selectors[0]

    def matches(self, message: str) -> bool:
        fields = self._fields(message)
        if fields is None:
            return False

        def look(name: str) -> list[Any]:
            return [fields[name]] if name in fields else []

        return all(condition(look) for condition in self._conditions)

    def value(self, message: str, selector: str) -> str | None:
        return (self._fields(message) or {}).get(selector.removeprefix("$"))

    def extracted(self, message: str) -> Mapping[str, str]:
        return {f"${name}": text for name, text in (self._fields(message) or {}).items()}

    def delivered(self, message: str) -> Mapping[str, str]:
        return self._fields(message) or {}

    def _fields(self, message: str) -> dict[str, str] | None:
        """The message's fields by name, or None when their number is not the pattern's."""
        texts = [next(filter(None, found), "") for found in _FIELD.findall(message)]
        names = self._names
        if _ELLIPSIS in names:
            place = names.index(_ELLIPSIS)
            skipped = len(texts) - (len(names) - 1)
            if skipped < 0:
                return None
            names = names[:place] + [""] * skipped + names[place + 1 :]
        if len(names) != len(texts):
            return None
        return {
            name or str(n): text for n, (name, text) in enumerate(zip(names, texts, strict=True), 1)
        }
