"""Functions of many rows: what `stats` computes.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
"""

import math
from collections.abc import Callable, Mapping
from typing import Protocol

from localaws.logs.insights.rows import Row
from localaws.logs.insights.values import Value, number_of, order, text_of

Evaluate = Callable[[Row], Value]


class Aggregate(Protocol):
    """Sees every row of a group, then tells."""

    def add(self, row: Row) -> None: ...

    def result(self) -> Value: ...


class Count:
    """count(*) counts rows, count(field) those that have the field."""

    def __init__(self, evaluate: Evaluate | None) -> None:
        self._evaluate = evaluate
        self._count = 0

    def add(self, row: Row) -> None:
        self._count += self._evaluate is None or self._evaluate(row) is not None

    def result(self) -> Value:
        return self._count


class CountDistinct:
    """count_distinct(field)."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate
        self._seen: set[str] = set()

    def add(self, row: Row) -> None:
        value = self._evaluate(row)
        if value is not None:
            self._seen.add(text_of(value))

    def result(self) -> Value:
        return len(self._seen)


class Numbers:
    """What is computed from a field's numbers; other values do not count."""

    def __init__(self, evaluate: Evaluate, compute: Callable[[list[float]], Value]) -> None:
        self._evaluate = evaluate
        self._compute = compute
        self._numbers: list[float] = []

    def add(self, row: Row) -> None:
        number = number_of(self._evaluate(row))
        if number is not None:
            # A plain number: sums of moments and of measures are neither.
            self._numbers.append(int(number) if isinstance(number, int) else float(number))

    def result(self) -> Value:
        return self._compute(self._numbers) if self._numbers else None


class Chosen:
    """The value of one row: that with the lowest or highest key."""

    def __init__(self, evaluate: Evaluate, key: Evaluate, *, highest: bool) -> None:
        self._evaluate = evaluate
        self._key = key
        self._highest = highest
        self._best: tuple[int, object] | None = None
        self._value: Value = None

    def add(self, row: Row) -> None:
        value = self._evaluate(row)
        if value is None:
            return
        key = order(self._key(row))
        if self._best is None or (key > self._best if self._highest else key < self._best):
            self._best, self._value = key, value

    def result(self) -> Value:
        return self._value


def percentile(percent: float) -> Callable[[list[float]], Value]:
    """The value below which that share of the values lies, between the two nearest ones."""

    def compute(numbers: list[float]) -> Value:
        ordered = sorted(numbers)
        place = (len(ordered) - 1) * percent / 100
        low = math.floor(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return compute


def _mean(numbers: list[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def _deviation(numbers: list[float]) -> float:
    mean = _mean(numbers)
    return math.sqrt(math.fsum((number - mean) ** 2 for number in numbers) / len(numbers))


def _sum(numbers: list[float]) -> float:
    return sum(numbers) if all(isinstance(n, int) for n in numbers) else math.fsum(numbers)


NUMERIC: Mapping[str, Callable[[list[float]], Value]] = {
    "sum": _sum,
    "avg": _mean,
    "min": min,
    "max": max,
    "stddev": _deviation,
    "median": percentile(50),
}


def aggregate(name: str, evaluate: Evaluate | None, percent: float) -> Callable[[], Aggregate]:
    """What makes the aggregate of a new group; raises KeyError for no such function."""
    if name == "count":
        return lambda: Count(evaluate)
    if evaluate is None:
        raise KeyError(name)
    argument = evaluate
    if name == "count_distinct":
        return lambda: CountDistinct(argument)
    if name in ("earliest", "latest"):
        return lambda: Chosen(argument, lambda row: row.get("@timestamp"), highest=name == "latest")
    if name in ("sortsfirst", "sortslast"):
        return lambda: Chosen(argument, argument, highest=name == "sortslast")
    if name in ("pct", "percentile"):
        return lambda: Numbers(argument, percentile(percent))
    compute = NUMERIC[name]
    return lambda: Numbers(argument, compute)


AGGREGATES = frozenset(
    ("count", "count_distinct", "earliest", "latest", "sortsfirst", "sortslast", "pct",
     "percentile", *NUMERIC)
)  # fmt: skip
