"""Time series: a value for each period that has one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil, isfinite

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
MOST_VALUES = 100_800


class ExpressionError(ValueError):
    """Why an expression cannot be evaluated, in CloudWatch's words as far as they are known."""


@dataclass(frozen=True)
class Window:
    """The time that is asked about.

    Attributes:
        start_s: its first moment, epoch seconds.
        end_s: the first moment after it.
        origin_s: a moment at which a period begins; 0 for those that begin at full hours.
    """

    start_s: float
    end_s: float
    origin_s: float = 0.0

    def period_of(self, at_s: float, period_s: int) -> float:
        """When the period began that a moment is in."""
        return self.origin_s + (at_s - self.origin_s) // period_s * period_s

    def periods(self, period_s: int) -> Iterator[float]:
        """When each period of the window begins, oldest first.

        Raises:
            ExpressionError: there are more of them than one answer can tell.
        """
        if self.count(period_s) > MOST_VALUES:
            raise ExpressionError(f"The time range has more than {MOST_VALUES} periods")
        at_s = self.period_of(self.start_s, period_s)
        while at_s < self.end_s:
            yield at_s
            at_s += period_s

    def count(self, period_s: int) -> int:
        """How many periods the window has."""
        return max(0, ceil((self.end_s - self.period_of(self.start_s, period_s)) / period_s))


@dataclass(frozen=True)
class TimeSeries:
    """A time series.

    Attributes:
        period_s: how long each of its periods is.
        values: beginning of the period, epoch seconds -> value, oldest first. A period without
            data is not there.
        label: what it is called.
        is_metric: whether it is a metric as it was asked for, and no expression's result.
    """

    period_s: int
    values: Mapping[float, float]
    label: str = ""
    is_metric: bool = field(default=False, compare=False)

    def each(self, change: Callable[[float], float]) -> "TimeSeries":
        """The same series with each value changed."""
        return self.having((at_s, change(value)) for at_s, value in self.values.items())

    def having(self, values: Iterable[tuple[float, float]]) -> "TimeSeries":
        """The same series with these values; what is no number (a division by 0) is no value."""
        kept = {at_s: float(value) for at_s, value in values if isfinite(value)}
        return TimeSeries(self.period_s, dict(sorted(kept.items())), self.label)


Array = tuple[TimeSeries, ...]
# What an expression and each part of it gives; text is an argument of functions only.
Value = float | str | TimeSeries | Array


def arithmetic_safe(change: Callable[..., float]) -> Callable[..., float]:
    """The same function, giving no number (NaN) where there is none."""

    def safe(*numbers: float) -> float:
        try:
            result = change(*numbers)
        except (ArithmeticError, ValueError):  # of 1/0, log(-1), 10^400
            return float("nan")
        # A root of a negative number is complex.
        return float(result) if isinstance(result, int | float) else float("nan")

    return safe
