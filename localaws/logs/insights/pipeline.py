"""A query that was read: what its commands do to events, and what its results show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from localaws.logs.insights.commands import MakeCommand, Sink, Turns
from localaws.logs.insights.rows import Row
from localaws.logs.insights.values import text_of

POINTER = "@ptr"
DEFAULT_COLUMNS = ("@timestamp", "@message")


@dataclass(frozen=True)
class Pipeline:
    """One query.

    Attributes:
        commands: makes each command, in the query's order.
        filtering: how many of the first commands only choose among events.
        columns: the fields that results show.
        shows_events: each result is one event, so that it has a pointer to it.
        limit: of the last `limit` command, or None.
    """

    commands: Sequence[MakeCommand]
    filtering: int
    columns: Sequence[str]
    shows_events: bool
    limit: int | None

    def run(self, limit: int) -> "Run":
        """A new run that keeps at most so many results."""
        return Run(self, limit)


class Run:
    """Rows go in, results come out once it is finished.

    Attributes:
        matched: how many events passed the filters.
        results: rows of (field, text) as GetQueryResults shows them.
    """

    def __init__(self, pipeline: Pipeline, limit: int) -> None:
        self.matched = 0
        self.results: list[list[tuple[str, str]]] = []
        self._pipeline = pipeline
        self._limit = limit
        onto: Sink = _Collector(self._collect, limit)
        for place in range(len(pipeline.commands), -1, -1):
            if place == pipeline.filtering:
                onto = _Counter(onto, self)
            if place > 0:
                onto = pipeline.commands[place - 1](onto)
        self._first = onto

    def push(self, row: Row) -> None:
        self._first.push(row)

    def finish(self) -> Turns:
        """Do what is left to do, in short turns: the results are there after the last one."""
        yield from self._first.finish()

    def _collect(self, row: Row) -> None:
        if len(self.results) == self._limit:
            return
        columns = list(self._pipeline.columns)
        if self._pipeline.shows_events and POINTER not in columns:
            columns.append(POINTER)
        values = ((name, row.get(name)) for name in columns)
        self.results.append([(name, text_of(v)) for name, v in values if v is not None])


class _Collector:
    def __init__(self, collect: Callable[[Row], None], most: int) -> None:
        self.push = collect
        self.most: int | None = most

    def finish(self) -> Turns:
        yield from ()


class _Counter:
    """Counts the events that the filters let through."""

    def __init__(self, onto: Sink, run: Run) -> None:
        self._onto = onto
        self._run = run

    @property
    def most(self) -> int | None:
        return None

    def push(self, row: Row) -> None:
        self._run.matched += 1
        self._onto.push(row)

    def finish(self) -> Turns:
        yield from self._onto.finish()
