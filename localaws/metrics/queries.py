"""A list of metrics and expressions that name each other: what is wrong with it, what it gives.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
The words of a query's id, statistic and members, of ids that are not unique and of functions
that are none are recorded (https://github.com/radkawar/stackd,
`testdata/aws/cloudwatch/metrics.json`); others are formed alike.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localaws.metrics.evaluation import AskedAbout, checked, evaluated
from localaws.metrics.labels import labels_of
from localaws.metrics.parsing import parse
from localaws.metrics.periods import mistake_in_period
from localaws.metrics.points import Point, ReadPoints
from localaws.metrics.series import Array, ExpressionError, TimeSeries, Value, Window
from localaws.metrics.statistics import Statistic, is_other, statistic_named
from localaws.metrics.syntax import Node
from localaws.words.errors import AwsError

_ID = re.compile("[a-z][a-zA-Z0-9_]*")
_MOST = 500
_USUAL_PERIOD_S = 60
_INSIGHTS = re.compile(r"\s*SELECT\b", re.IGNORECASE)
_FORBIDDEN = (
    "Access denied when getting data - please check that this account and the requested metric "
    "account are linked"
)

Query = Mapping[str, Any]


class QueryRefused(AwsError):
    """What CloudWatch answers to a list that it refuses: a ValidationError."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="ValidationError")


@dataclass(frozen=True)
class Result:
    """What a query gave.

    Attributes:
        series: one time series, or those of an array.
        is_array: whether it is an array.
        messages: what is to be said of it: code -> text.
    """

    series: Array
    is_array: bool
    messages: Mapping[str, str]


class QueryList:
    """A list of queries, checked.

    Args:
        queries: as a request has them.
        member: how the request calls the list.

    Attributes:
        queries: as given.
        labels: what each query's result is called, by its id.

    Raises:
        QueryRefused: CloudWatch refuses it.
    """

    def __init__(self, queries: Sequence[Query], member: str = "MetricDataQueries") -> None:
        self.queries = queries
        if len(queries) > _MOST:
            raise QueryRefused(
                f"The collection {member} must not have a size greater than {_MOST}."
            )
        for number, query in enumerate(queries, start=1):
            if mistake := _mistake(query, f"{member}.member.{number}"):
                raise QueryRefused(mistake)
        self._by_id = {str(query["Id"]): query for query in queries}
        if len(self._by_id) < len(queries):
            raise QueryRefused(f"The values for parameter id in {member} are not unique.")
        self.labels = labels_of(queries)
        self._trees = {name: _tree(query) for name, query in self._by_id.items() if _is_math(query)}
        self._order = list(self._in_order())

    @property
    def finest_period_s(self) -> int:
        """The shortest period of a metric; that of an expression that names none."""
        stats = [query["MetricStat"] for query in self.queries if not _is_math(query)]
        return min((int(stat["Period"]) for stat in stats), default=_USUAL_PERIOD_S)

    def is_shown(self, name: str) -> bool:
        """Whether a query's result is to be told, by its id."""
        return bool(self._by_id[name].get("ReturnData", True))

    def results(
        self, window: Window, read: ReadPoints, account_id: str | None = None
    ) -> dict[str, Result]:
        """What each query gives, by its id, in the order of the list.

        Args:
            read: finds a metric's points.
            account_id: whose metrics may be seen; None where nobody asks for those of others.

        Raises:
            QueryRefused: an expression cannot be evaluated.
        """
        values: dict[str, Value] = {}
        messages: dict[str, Mapping[str, str]] = {}
        for name in self._order:
            query = self._by_id[name]
            messages[name] = {}
            if _is_math(query):
                values[name] = self._calculated(name, window, values)
            elif query.get("AccountId") not in (None, "", account_id):
                messages[name] = {"Forbidden": _FORBIDDEN}
                values[name] = TimeSeries(int(query["MetricStat"]["Period"]), {}, self.labels[name])
            else:
                points = _read(query["MetricStat"], window, read)
                messages[name] = _of_units(points)
                values[name] = self._measured(name, points, window)
        return {name: _result(name, values[name], messages[name]) for name in self._by_id}

    def _calculated(self, name: str, window: Window, values: Mapping[str, Value]) -> Value:
        period_s = int(self._by_id[name].get("Period") or self.finest_period_s)
        metrics = {name: value for name, value in values.items() if name not in self._trees}
        around = AskedAbout(
            window,
            period_s,
            values.__getitem__,
            lambda part: tuple(
                series
                for name in self._by_id
                if part in name and isinstance(series := metrics.get(name), TimeSeries)
            ),
        )
        try:
            return evaluated(self._trees[name], around)
        except ExpressionError as error:
            raise _refused(name, error) from None

    def _measured(self, name: str, points: Sequence[Point], window: Window) -> TimeSeries:
        stat = self._by_id[name]["MetricStat"]
        statistic = statistic_named(stat["Stat"])
        assert statistic is not None
        return measured(points, int(stat["Period"]), window, statistic, self.labels[name])

    def _in_order(self) -> Iterator[str]:
        """The ids, metrics first and each expression after those that it names."""
        done = {name for name in self._by_id if name not in self._trees}
        yield from (name for name in self._by_id if name in done)
        for first in self._trees:
            waiting = [first]
            while waiting:
                name = waiting[-1]
                needed = next((n for n in self._needs(name) if n not in done), None)
                if needed is None:
                    waiting.pop()
                    if name not in done:
                        done.add(name)
                        yield name
                elif needed in waiting:
                    circle = ExpressionError(f"Circular dependency involving '{needed}'")
                    raise _refused(name, circle)
                else:
                    waiting.append(needed)

    def _needs(self, name: str) -> list[str]:
        try:
            needed = list(checked(self._trees[name]))
            if unknown := next((n for n in needed if n not in self._by_id), None):
                raise ExpressionError(f"ID '{unknown}' not found")
        except ExpressionError as error:
            raise _refused(name, error) from None
        return needed


def _is_math(query: Query) -> bool:
    return not query.get("MetricStat")


def _mistake(query: Query, place: str) -> str | None:
    """What is wrong with one query, whatever the others are."""
    if not _ID.fullmatch(str(query.get("Id", ""))):
        return (
            f"The value for parameter {place}.Id is not matching the expected pattern "
            f"^{_ID.pattern}$."
        )
    stat = query.get("MetricStat")
    if stat and query.get("Expression"):
        return (
            f"The parameters {place}.Expression and {place}.MetricStat are mutually exclusive "
            "and you have specified both."
        )
    if not stat:
        if not query.get("Expression"):
            return f"The parameter {place}.MetricStat is required.\n"
        period_s, at = query.get("Period"), f"{place}.Period"
        return mistake_in_period(int(period_s), at) if period_s is not None else None
    for name in ("Namespace", "MetricName"):
        if not stat.get("Metric", {}).get(name):
            return f"The parameter {place}.MetricStat.Metric.{name} is required.\n"
    name = str(stat.get("Stat", ""))
    if is_other(name):
        return (
            f"The statistic {name} of {place}.MetricStat.Stat is not part of the embedded AWS: it "
            "has percentiles such as p99, Average, Sum, Minimum, Maximum and SampleCount."
        )
    if statistic_named(name) is None:
        return f"The value for parameter {place}.MetricStat.Stat is not a valid statistic."
    return mistake_in_period(int(stat["Period"]), f"{place}.MetricStat.Period")


def _tree(query: Query) -> Node:
    expression = query["Expression"]
    try:
        if _INSIGHTS.match(expression):
            raise ExpressionError("A query (SELECT) is not part of the embedded AWS")
        return parse(expression)
    except ExpressionError as error:
        raise _refused(query["Id"], error) from None


def _refused(name: str, error: ExpressionError) -> QueryRefused:
    return QueryRefused(f"Error in expression '{name}': {error}")


def _read(stat: Mapping[str, Any], window: Window, read: ReadPoints) -> list[Point]:
    metric, unit = stat["Metric"], stat.get("Unit")
    dimensions = {one["Name"]: one.get("Value", "") for one in metric.get("Dimensions") or ()}
    return [
        point
        for point in read(metric["Namespace"], metric["MetricName"], dimensions)
        if window.start_s <= point.at_s < window.end_s and unit in (None, point.unit)
    ]


def _of_units(points: Sequence[Point]) -> dict[str, str]:
    units = sorted({point.unit for point in points})
    if len(units) < 2:
        return {}
    return {"MultipleUnits": f"Multiple units returned: '[{', '.join(units)}]'"}


def measured(
    points: Sequence[Point], period_s: int, window: Window, statistic: Statistic, label: str = ""
) -> TimeSeries:
    """A metric's time series. Of several units in a period the first one by name counts."""
    periods: dict[float, dict[str, list[Point]]] = {}
    for point in points:
        units = periods.setdefault(window.period_of(point.at_s, period_s), {})
        units.setdefault(point.unit, []).append(point)
    values = {at_s: statistic(units[min(units)]) for at_s, units in sorted(periods.items())}
    kept = {at_s: value for at_s, value in values.items() if value is not None}
    return TimeSeries(period_s, kept, label, is_metric=True)


def _result(name: str, value: Value, messages: Mapping[str, str]) -> Result:
    if isinstance(value, TimeSeries):
        return Result((value,), False, messages)
    if isinstance(value, tuple):
        return Result(value, True, messages)
    raise _refused(
        name, ExpressionError("The result is a number, and has to be a time series or an array")
    )
