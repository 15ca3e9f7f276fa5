"""Functions of one time series, of each time series of an array, or of what is in them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from localaws.metrics.series import (
    ExpressionError,
    TimeSeries,
    Value,
    Window,
    arithmetic_safe,
)

Function = Callable[[Window, int, Sequence[Value]], Value]


def of_each(change: Callable[[Window, TimeSeries], TimeSeries]) -> Function:
    """A function of a time series that an array can be given to as well."""

    def apply(window: Window, _period_s: int, arguments: Sequence[Value]) -> Value:
        [value] = arguments
        if isinstance(value, TimeSeries):
            return change(window, value)
        if isinstance(value, tuple):
            return tuple(change(window, series) for series in value)
        raise ExpressionError("it takes a time series, or an array of them")

    return apply


def _mathematical(change: Callable[[float], float]) -> Function:
    safe = arithmetic_safe(change)
    return of_each(lambda _window, series: series.each(safe))


def _stepwise(change: Callable[[float, float, float], float]) -> Function:
    """Of a value, the one before it, and the seconds between them."""

    def steps(series: TimeSeries) -> Iterator[tuple[float, float]]:
        points = list(series.values.items())
        for (before_s, before), (at_s, value) in pairwise(points):
            yield at_s, change(value, before, at_s - before_s)

    return of_each(lambda _window, series: series.having(steps(series)))


def _running_sum(_window: Window, series: TimeSeries) -> TimeSeries:
    total, sums = 0.0, []
    for at_s, value in series.values.items():
        total += value
        sums.append((at_s, total))
    return series.having(sums)


def _calendar(part: Callable[[datetime], float]) -> Function:
    """Of each period of the window, whether it has a value or not; in UTC."""

    def change(window: Window, series: TimeSeries) -> TimeSeries:
        starts = window.periods(series.period_s)
        return series.having((at_s, part(datetime.fromtimestamp(at_s, UTC))) for at_s in starts)

    return of_each(change)


def _reducing(reduce: Callable[[Sequence[float], int], float]) -> Function:
    """Of a time series one number, of an array one time series.

    `reduce` gets the values that are there and how many there could be.
    """

    def apply(window: Window, period_s: int, arguments: Sequence[Value]) -> Value:
        [value] = arguments
        if isinstance(value, TimeSeries):
            return reduce(list(value.values.values()), window.count(value.period_s))
        if not isinstance(value, tuple):
            raise ExpressionError("it takes a time series, or an array of them")
        finest_s = min((series.period_s for series in value), default=period_s)
        moments = {at_s for series in value for at_s in series.values}
        return TimeSeries(finest_s, {}).having(
            (at_s, reduce([s.values[at_s] for s in value if at_s in s.values], len(value)))
            for at_s in moments
        )

    return apply


def _average(values: Iterable[float], places: int) -> float:
    return sum(values) / places if places else math.nan


def _deviation(values: Sequence[float], places: int) -> float:
    """A place without a value counts as 0, as in the average."""
    mean = _average(values, places)
    squares = sum((value - mean) ** 2 for value in values) + (places - len(values)) * mean**2
    return math.sqrt(squares / places) if places else math.nan


def _time_series(window: Window, period_s: int, arguments: Sequence[Value]) -> Value:
    [value] = arguments
    if not isinstance(value, float):
        raise ExpressionError("it takes a number")
    return TimeSeries(period_s, {}).having((at_s, value) for at_s in window.periods(period_s))


def _period(_window: Window, _period_s: int, arguments: Sequence[Value]) -> Value:
    [value] = arguments
    if not isinstance(value, TimeSeries) or not value.is_metric:
        raise ExpressionError("it takes the id of a metric")
    return float(value.period_s)


FUNCTIONS: dict[str, Function] = {
    "ABS": _mathematical(abs),
    "CEIL": _mathematical(math.ceil),
    "FLOOR": _mathematical(math.floor),
    "LOG": _mathematical(math.log),
    "LOG10": _mathematical(math.log10),
    "DIFF": _stepwise(lambda value, before, _passed_s: value - before),
    "DIFF_TIME": _stepwise(lambda _value, _before, passed_s: passed_s),
    "RATE": _stepwise(lambda value, before, passed_s: (value - before) / passed_s),
    "RUNNING_SUM": of_each(_running_sum),
    "MINUTE": _calendar(lambda moment: moment.minute),
    "HOUR": _calendar(lambda moment: moment.hour),
    "DAY": _calendar(lambda moment: moment.isoweekday()),
    "DATE": _calendar(lambda moment: moment.day),
    "MONTH": _calendar(lambda moment: moment.month),
    "YEAR": _calendar(lambda moment: moment.year),
    "EPOCH": _calendar(lambda moment: moment.timestamp()),
    "SUM": _reducing(lambda values, _places: sum(values)),
    "AVG": _reducing(_average),
    "MIN": _reducing(lambda values, _places: min(values, default=math.nan)),
    "MAX": _reducing(lambda values, _places: max(values, default=math.nan)),
    "STDDEV": _reducing(_deviation),
    "DATAPOINT_COUNT": _reducing(lambda values, _places: float(len(values))),
    "TIME_SERIES": _time_series,
    "PERIOD": _period,
}
