"""Functions that choose among the time series of an array."""

from collections.abc import Callable, Sequence

from localaws.metrics.functions import Function
from localaws.metrics.series import Array, ExpressionError, TimeSeries, Value, Window

_MEASURES: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": sum,
    "MIN": min,
    "MAX": max,
    "AVG": lambda values: sum(values) / len(values),
}


def _array(value: Value) -> Array:
    if not isinstance(value, tuple):
        raise ExpressionError("it takes an array of time series")
    return value


def _whole(value: Value, least: int) -> int:
    if not isinstance(value, float) or value < least or value != int(value):
        raise ExpressionError(f"it takes whole numbers from {least} on")
    return int(value)


def _end(last: bool) -> Function:
    def apply(_window: Window, period_s: int, arguments: Sequence[Value]) -> Value:
        [value] = arguments
        array = _array(value) or (TimeSeries(period_s, {}),)
        return array[-1 if last else 0]

    return apply


def _slice(_window: Window, _period_s: int, arguments: Sequence[Value]) -> Value:
    value, start, *end = arguments
    return _array(value)[_whole(start, 0) : _whole(end[0], 0) if end else None]


def _sort(_window: Window, _period_s: int, arguments: Sequence[Value]) -> Value:
    value, measure_name, order, *limit = arguments
    measure = _MEASURES.get(measure_name) if isinstance(measure_name, str) else None
    if measure is None or order not in ("ASC", "DESC"):
        raise ExpressionError("it sorts by SUM, MIN, MAX or AVG, and ASC or DESC")
    # What has no values comes last, however it is sorted.
    full = [series for series in _array(value) if series.values]
    empty = [series for series in _array(value) if not series.values]
    full.sort(key=lambda series: measure(list(series.values.values())), reverse=order == "DESC")
    return tuple([*full, *empty][: _whole(limit[0], 1) if limit else None])


def _remove_empty(_window: Window, _period_s: int, arguments: Sequence[Value]) -> Value:
    return tuple(series for series in _array(arguments[0]) if series.values)


def _metric_count(_window: Window, _period_s: int, arguments: Sequence[Value]) -> Value:
    return float(len(_array(arguments[0])))


ARRAYS: dict[str, Function] = {
    "FIRST": _end(last=False),
    "LAST": _end(last=True),
    "METRIC_COUNT": _metric_count,
    "REMOVE_EMPTY": _remove_empty,
    "SLICE": _slice,
    "SORT": _sort,
}
