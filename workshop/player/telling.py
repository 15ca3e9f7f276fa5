"""The log lines of each invocation, once, whatever the number of its messages. Pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workshop.evidence.attempts import lines_by_invocation

# What is longer is no line that anybody reads whole.
_LONGEST_LINE = 1_500
# All lines together; so a crowd's facts stay a page's part, and the rest is counted.
_MOST_LETTERS = 120_000


class Invocations:
    """Collects the invocations of a run's attempts.

    Attributes:
        told: one per invocation: `request_id`, `lines` as [t, text].
        left_out: how many lines had no more room.
    """

    def __init__(self, logs: pd.DataFrame | None, begin: pd.Timestamp) -> None:
        self._begin_ms = int(begin.timestamp() * 1000)
        self._lines = {} if logs is None else lines_by_invocation(logs)
        self._numbers: dict[tuple[str, int], int] = {}
        self._letters = 0
        self.told: list[dict[str, Any]] = []
        self.left_out = 0

    def number_of(self, row: Mapping[Any, Any]) -> int:
        """The invocation's number; from now on it is told."""
        started_ms = int(pd.Timestamp(row["started_at"]).timestamp() * 1000)
        key = str(row["log_stream"]), started_ms
        if key not in self._numbers:
            self._numbers[key] = len(self.told)
            lines = self._lines.get(key, [])
            self.told.append(
                {
                    "request_id": str(row["request_id"]),
                    "lines": [one for line in lines if (one := self._line(*line)) is not None],
                }
            )
        return self._numbers[key]

    def _line(self, at_ms: int, text: str) -> list[Any] | None:
        text = text.rstrip()
        if len(text) > _LONGEST_LINE:
            text = f"{text[: _LONGEST_LINE - 1]}…"
        if self._letters + len(text) > _MOST_LETTERS:
            self.left_out += 1
            return None
        self._letters += len(text)
        return [round((at_ms - self._begin_ms) / 1000, 3), text]
