"""Operators between numbers, time series and arrays of time series.

A number meets each value of a time series, a time series each time series of an array. Where one of
two time series has no value for a period and the other has, the missing one counts as 0, as in a
project that was compared with AWS (https://github.com/radkawar/stackd, `query_math.go`); AWS's
guide says nothing. A result that is no number, as of a division by 0, is no value.
"""

import operator
from collections.abc import Callable

from localaws.metrics.series import Array, ExpressionError, TimeSeries, Value, arithmetic_safe

_Combine = Callable[[float, float], float]

_OPERATORS: dict[str, _Combine] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "AND": lambda left, right: bool(left) and bool(right),
    "&&": lambda left, right: bool(left) and bool(right),
    "OR": lambda left, right: bool(left) or bool(right),
    "||": lambda left, right: bool(left) or bool(right),
}
# What each of them gives without falling over: 1 and 0 of comparisons.
_SAFE = {sign: arithmetic_safe(combine) for sign, combine in _OPERATORS.items()}


def combined(sign: str, left: Value, right: Value) -> Value:
    """What an operator makes of two values.

    Raises:
        ExpressionError: it takes no such values.
    """
    if isinstance(left, str) or isinstance(right, str):
        raise ExpressionError(f"The operator '{sign}' takes no text")
    combine = _SAFE[sign]
    if isinstance(left, tuple) and isinstance(right, tuple):
        raise ExpressionError(
            f"The operator '{sign}' takes one array of time series at most, not two"
        )
    if isinstance(left, tuple):
        return _many(left, lambda series: _of_two(combine, series, right))
    if isinstance(right, tuple):
        return _many(right, lambda series: _of_two(combine, left, series))
    if isinstance(left, TimeSeries) or isinstance(right, TimeSeries):
        return _of_two(combine, left, right)
    return combine(left, right)


def negative(value: Value) -> Value:
    """A value with the other sign."""
    return combined("*", -1.0, value)


def _many(array: Array, change: Callable[[TimeSeries], TimeSeries]) -> Array:
    return tuple(change(series) for series in array)


def _of_two(combine: _Combine, left: Value, right: Value) -> TimeSeries:
    """At least one of them is a time series, none is an array."""
    if isinstance(left, TimeSeries) and isinstance(right, TimeSeries):
        period_s = min(left.period_s, right.period_s)
        return TimeSeries(period_s, {}, left.label).having(
            (at_s, combine(left.values.get(at_s, 0.0), right.values.get(at_s, 0.0)))
            for at_s in left.values.keys() | right.values.keys()
        )
    if isinstance(left, TimeSeries):
        assert isinstance(right, float | int)
        return left.each(lambda value: combine(value, right))
    assert isinstance(left, float | int)
    assert isinstance(right, TimeSeries)
    return right.each(lambda value: combine(left, value))
