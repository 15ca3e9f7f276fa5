"""IF and FILL: what is taken in the place of a value."""

from collections.abc import Callable, Iterator, Sequence

from localaws.metrics.functions import Function
from localaws.metrics.series import ExpressionError, TimeSeries, Value, Window

_Find = Callable[[float], float | None]


def _if(_window: Window, period_s: int, arguments: Sequence[Value]) -> Value:
    """Where the condition has no value, or what is chosen has none, there is none."""
    if any(isinstance(argument, str | tuple) for argument in arguments):
        raise ExpressionError("it takes numbers and time series")
    condition, *branches = arguments
    branches = [*branches, TimeSeries(period_s, {})][:2]
    if not isinstance(condition, TimeSeries):
        return branches[0] if condition else branches[1]
    chosen = [_values_of(branch) for branch in branches]
    return condition.having(
        (at_s, value)
        for at_s, holds in condition.values.items()
        if (value := chosen[0 if holds else 1](at_s)) is not None
    )


def _values_of(value: Value) -> _Find:
    if isinstance(value, TimeSeries):
        return value.values.get
    assert isinstance(value, float)
    return lambda _at_s: value


def _fill(window: Window, _period_s: int, arguments: Sequence[Value]) -> Value:
    value, filler = arguments
    if isinstance(value, TimeSeries):
        return _filled(window, value, filler)
    if isinstance(value, tuple):
        return tuple(_filled(window, series, filler) for series in value)
    raise ExpressionError("it takes a time series, or an array of them, and what to fill in")


def _filled(window: Window, series: TimeSeries, filler: Value) -> TimeSeries:
    find = _filler(series, filler)

    def values() -> Iterator[tuple[float, float]]:
        for at_s in window.periods(series.period_s):
            known = series.values.get(at_s)
            value = find(at_s) if known is None else known
            if value is not None:
                yield at_s, value

    return series.having(values())


def _filler(series: TimeSeries, filler: Value) -> _Find:
    if filler == "REPEAT":
        return lambda at_s: _last_before(series, at_s)
    if filler == "LINEAR":
        return lambda at_s: _between(series, at_s)
    if isinstance(filler, float | TimeSeries):
        return _values_of(filler)
    raise ExpressionError("it fills in a number, a time series, REPEAT or LINEAR")


def _last_before(series: TimeSeries, at_s: float) -> float | None:
    earlier = [value for moment_s, value in series.values.items() if moment_s < at_s]
    return earlier[-1] if earlier else None


def _between(series: TimeSeries, at_s: float) -> float | None:
    earlier = [moment_s for moment_s in series.values if moment_s < at_s]
    later = [moment_s for moment_s in series.values if moment_s > at_s]
    if not earlier or not later:
        return None
    from_s, to_s = earlier[-1], later[0]
    low, high = series.values[from_s], series.values[to_s]
    return low + (high - low) * (at_s - from_s) / (to_s - from_s)


CONDITIONS: dict[str, Function] = {"IF": _if, "FILL": _fill}
