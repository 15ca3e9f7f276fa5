"""Properties of JSON messages: `{ $.level = "ERROR" && $.latency > 100 }`."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from localaws.logs.patterns.conditions import ConditionParser
from localaws.logs.patterns.pattern import invalid_pattern

_STEP = re.compile(r"""\.([\w*@-]+)|\.?\[(?:(\d+|\*)|'([^']*)'|"([^"]*)")\]""")


class JsonPattern:
    """Messages that are no JSON object never match."""

    names_values: ClassVar[bool] = True

    def __init__(self, text: str) -> None:
        if not text.endswith("}"):
            raise invalid_pattern()
        parser = ConditionParser(text[1:-1])
        self._condition = parser.parse()
        self._paths = {selector: _path(selector) for selector in parser.selectors}
        self._tests = parser.tests

    def matches(self, message: str) -> bool:
        document = _document(message)
        return document is not None and self._condition(
            lambda selector: select(document, self._paths[selector])
        )

    def value(self, message: str, selector: str) -> str | None:
        document = _document(message)
        found = [] if document is None else select(document, _path(selector))
        return as_text(found[0]) if found else None

    def extracted(self, message: str) -> Mapping[str, str]:
        document = _document(message) or {}
        found = {selector: select(document, path) for selector, path in self._paths.items()}
        return {
            selector: as_text(self._matching(selector, values))
            for selector, values in found.items()
            if values
        }

    def delivered(self, message: str) -> None:
        return None

    def _matching(self, selector: str, values: Sequence[Any]) -> Any:
        """Of several values that a wildcard finds the first that was asked for."""
        tests = self._tests.get(selector, ())
        return next((value for value in values if any(t(value) for t in tests)), values[0])


def as_text(value: Any) -> str:
    """A JSON value as a metric filter shows it."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def select(document: Any, path: Sequence[str | int]) -> list[Any]:
    """The values at a path; `*` stands for every element."""
    values = [document]
    for step in path:
        values = [inner for value in values for inner in _inside(value, step)]
    return values


def _inside(value: Any, step: str | int) -> list[Any]:
    if step == "*":
        return list(value.values() if isinstance(value, dict) else value) if value and isinstance(
            value, (dict, list)
        ) else []  # fmt: skip
    if isinstance(step, int):
        return [value[step]] if isinstance(value, list) and step < len(value) else []
    return [value[step]] if isinstance(value, dict) and step in value else []


def _path(selector: str) -> list[str | int]:
    path: list[str | int] = []
    at = 1
    while at < len(selector):
        match = _STEP.match(selector, at)
        if match is None:
            raise invalid_pattern()
        name, index, single, double = match.groups()
        path.append(
            int(index) if index and index != "*" else name or index or single or double or ""
        )
        at = match.end()
    if not selector.startswith("$") or not path:
        raise invalid_pattern()
    return path


def _document(message: str) -> dict[str, Any] | None:
    if not message.lstrip().startswith("{"):
        return None
    try:
        document = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
