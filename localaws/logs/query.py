"""One Logs Insights query from its start to its end."""

import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

from localaws.logs.errors import InvalidParameterException
from localaws.logs.insights import Pipeline
from localaws.logs.insights.rows import EventRow
from localaws.logs.reading import Found, Span, read
from localaws.logs.stream import LogStream, Position, bytes_of
from localaws.time.scheduler import Timer
from localaws.time.time import Time

# A query takes a moment, and longer the more it reads; in between others get their turn.
_START_AFTER_S = 0.01
_STEP_S = 0.000_05
_EVENTS_PER_STEP = 1_000

_ENDED = ("Complete", "Cancelled", "Failed", "Timeout")


class Query:
    """Reads the newest events first, so that results need no sorting unless they ask for it.

    Attributes:
        status: Scheduled, Running, then Complete, Cancelled or Failed.
        group_names: what it reads from.
    """

    def __init__(
        self,
        query_id: str,
        text: str,
        pipeline: Pipeline,
        group_names: Sequence[str],
        created_ms: int,
        limit: int,
    ) -> None:
        self.query_id = query_id
        self.text = text
        self.group_names = group_names
        self.created_ms = created_ms
        self.status = "Scheduled"
        self._run = pipeline.run(limit)
        self._scanned = 0
        self._bytes = 0
        self._timer: Timer | None = None

    def start(
        self,
        time: Time,
        account_id: str,
        streams: Sequence[LogStream],
        span: Span,
    ) -> None:
        """Read the events in steps from now on."""

        def step(after: Position | None) -> None:
            self.status = "Running"
            found = read(streams, replace(span, after=after), newest_first=True)
            part = list(islice(found, _EVENTS_PER_STEP))
            self._read(part, account_id)
            if len(part) < _EVENTS_PER_STEP:
                finish(self._run.finish())
            else:
                after_s(_STEP_S, partial(step, Position(*part[-1][:2])))

        def finish(turns: Iterator[None]) -> None:
            for _ in turns:
                after_s(_STEP_S, partial(finish, turns))
                return
            self.status = "Complete"

        def after_s(delay_s: float, go_on: Callable[[], None]) -> None:
            self._timer = time.call_at(time.now_s() + delay_s, partial(self._guarded, go_on))

        after_s(_START_AFTER_S, partial(step, None))

    def _guarded(self, go_on: Callable[[], None]) -> None:
        try:
            go_on()
        except Exception:  # a defect of ours fails the query, not the endpoint
            traceback.print_exc(file=sys.stderr)
            self.status = "Failed"

    def stop(self) -> None:
        """Cancel it; raises InvalidParameterException when it has ended."""
        if self.status in _ENDED:
            raise InvalidParameterException(f"Query is already ended with {self.status} status")
        if self._timer is not None:
            self._timer.cancel()
        self.status = "Cancelled"

    @property
    def results(self) -> list[list[tuple[str, str]]]:
        """Rows of (field, value)."""
        return self._run.results

    def statistics(self) -> dict[str, float]:
        return {
            "recordsMatched": float(self._run.matched),
            "recordsScanned": float(self._scanned),
            "bytesScanned": float(self._bytes),
        }

    def described(self) -> dict[str, Any]:
        """As DescribeQueries shows it."""
        return {
            "queryLanguage": "CWLI",
            "queryId": self.query_id,
            "queryString": self.text,
            "status": self.status,
            "createTime": self.created_ms,
            "logGroupName": self.group_names[0],
        }

    def _read(self, found: Sequence[Found], account_id: str) -> None:
        for event in found:
            _, _, stream, index = event
            self._bytes += bytes_of(stream.messages[index])
            self._run.push(EventRow(account_id, event))
        self._scanned += len(found)
