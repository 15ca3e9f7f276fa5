"""The commands of a query, each handing rows on to the next."""

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from localaws.logs.insights.aggregates import Aggregate
from localaws.logs.insights.expressions import Evaluate, Expression, slot
from localaws.logs.insights.rows import Row, TableRow
from localaws.logs.insights.values import Value, is_true, order, text_of

Turns = Iterator[None]


class Sink(Protocol):
    """Takes rows until there are no more.

    Attributes:
        most: how many rows it has a use for at the most, None where it wants all.
        finish: does what is left to do in short turns, one for each that it yields.
    """

    @property
    def most(self) -> int | None: ...

    def push(self, row: Row) -> None: ...

    def finish(self) -> Turns: ...


# A sort of fewer is not worth the trouble.
_SORTED_ROWS = 1_000
_ROWS_IN_A_TURN = 1_000

# Makes a command that hands on to the sink.
MakeCommand = Callable[[Sink], Sink]


class Command:
    """Hands everything on; wants all rows unless it says otherwise."""

    def __init__(self, onto: Sink) -> None:
        self._onto = onto

    @property
    def most(self) -> int | None:
        return None

    def push(self, row: Row) -> None:
        self._onto.push(row)

    def finish(self) -> Turns:
        yield from self._onto.finish()

    def _hand_on(self, rows: Iterable[Row]) -> Turns:
        """The last rows, some in each turn; then the others finish."""
        for number, row in enumerate(rows, 1):
            self._onto.push(row)
            if number % _ROWS_IN_A_TURN == 0:
                yield
        yield from self._onto.finish()


class Compute(Command):
    """`fields` and `display`: rows get the fields that expressions make."""

    def __init__(self, onto: Sink, made: Sequence[Expression]) -> None:
        super().__init__(onto)
        self._made = made

    @property
    def most(self) -> int | None:
        return self._onto.most

    def push(self, row: Row) -> None:
        for expression in self._made:
            row.set(expression.name, expression.evaluate(row))
        self._onto.push(row)


class Filter(Command):
    """`filter`."""

    def __init__(self, onto: Sink, condition: Evaluate) -> None:
        super().__init__(onto)
        self._condition = condition

    def push(self, row: Row) -> None:
        if is_true(self._condition(row)):
            self._onto.push(row)


class Parse(Command):
    """`parse`: what a glob's stars or a regular expression's groups match becomes fields."""

    def __init__(
        self, onto: Sink, source: Evaluate, pattern: re.Pattern[str], names: Sequence[str]
    ) -> None:
        super().__init__(onto)
        self._source = source
        self._search = pattern.search
        self._names = names

    @property
    def most(self) -> int | None:
        return self._onto.most

    def push(self, row: Row) -> None:
        value = self._source(row)
        match = None if value is None else self._search(text_of(value))
        if match is not None:
            for name, text in zip(self._names, match.groups(), strict=True):
                row.set(name, text)
        self._onto.push(row)


class Limit(Command):
    """`limit`."""

    def __init__(self, onto: Sink, count: int) -> None:
        super().__init__(onto)
        self._left = count

    @property
    def most(self) -> int | None:
        return self._left

    def push(self, row: Row) -> None:
        if self._left > 0:
            self._left -= 1
            self._onto.push(row)


class Dedup(Command):
    """`dedup`: the first row of each combination; rows without one of the fields stay."""

    def __init__(self, onto: Sink, keys: Sequence[Expression]) -> None:
        super().__init__(onto)
        self._keys = keys
        self._seen: set[tuple[str, ...]] = set()

    def push(self, row: Row) -> None:
        values = [key.evaluate(row) for key in self._keys]
        if None not in values:
            found = tuple(map(text_of, values))
            if found in self._seen:
                return
            self._seen.add(found)
        self._onto.push(row)


class Sort(Command):
    """`sort`: stable, so that equal rows keep the order in which they came.

    It sorts often and a few, never a million. Where what follows takes so many rows, it keeps about
    as many of them; else it merges in the end what it has sorted.
    """

    def __init__(self, onto: Sink, keys: Sequence[tuple[Evaluate, bool]]) -> None:
        super().__init__(onto)
        self._keys = keys
        self._rows: list[Row] = []
        self._sorted: list[list[Row]] = []
        self._most = onto.most
        self._at_once = _SORTED_ROWS if self._most is None else 2 * max(self._most, _SORTED_ROWS)

    def push(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) >= self._at_once:
            self._sort()
            if self._most is None:
                self._sorted.append(self._rows)
                self._rows = []
            else:
                del self._rows[self._most :]

    def _sort(self) -> None:
        for evaluate, descending in reversed(self._keys):
            self._rows.sort(key=lambda row: order(evaluate(row)), reverse=descending)

    def _place(self, row: Row) -> tuple[Any, ...]:
        return tuple(
            _Descending(order(evaluate(row))) if descending else order(evaluate(row))
            for evaluate, descending in self._keys
        )

    def finish(self) -> Turns:
        self._sort()
        if not self._sorted:
            return self._hand_on(self._rows)
        return self._hand_on(heapq.merge(*self._sorted, self._rows, key=self._place))


class _Descending:
    """A key by which the highest comes first, and equal ones stay as they are."""

    def __init__(self, key: tuple[int, Any]) -> None:
        self._key = key

    def __lt__(self, other: "_Descending") -> bool:
        return other._key < self._key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and other._key == self._key

    __hash__ = None  # type: ignore[assignment]


class Stats(Command):
    """`stats`: one row for each group, in the order in which the groups were met."""

    def __init__(
        self,
        onto: Sink,
        results: Sequence[Expression],
        keys: Sequence[Expression],
        aggregates: Sequence[Callable[[], Aggregate]],
    ) -> None:
        super().__init__(onto)
        self._results = results
        self._keys = keys
        self._make = aggregates
        self._groups: dict[tuple[str | None, ...], tuple[list[Value], list[Aggregate]]] = {}

    def push(self, row: Row) -> None:
        values = [key.evaluate(row) for key in self._keys]
        found = tuple(None if value is None else text_of(value) for value in values)
        group = self._groups.get(found)
        if group is None:
            group = self._groups[found] = values, [make() for make in self._make]
        for aggregate in group[1]:
            aggregate.add(row)

    def finish(self) -> Turns:
        return self._hand_on(self._result(*group) for group in self._groups.values())

    def _result(self, values: list[Value], aggregates: list[Aggregate]) -> Row:
        row = TableRow(
            dict(zip((key.name for key in self._keys), values, strict=True))
            | {slot(number): each.result() for number, each in enumerate(aggregates)}
        )
        for expression in self._results:
            row.set(expression.name, expression.evaluate(row))
        return row
