"""Statistics of data points.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

import re
from collections.abc import Callable, Sequence

from localaws.metrics.points import Point

Statistic = Callable[[Sequence[Point]], float | None]

_USUAL: dict[str, Statistic] = {
    "Average": lambda points: _total(points) / _count(points),
    "Sum": lambda points: _total(points),
    "Minimum": lambda points: min(point.minimum for point in points),
    "Maximum": lambda points: max(point.maximum for point in points),
    "SampleCount": lambda points: _count(points),
}
USUAL = tuple(_USUAL)

_PERCENTILE = re.compile(r"p(\d{1,2}(\.\d{1,10})?|100)", re.IGNORECASE)
# Trimmed and winsorized means, trimmed counts and sums, ranks, and the interquartile mean.
_OTHERS = re.compile(r"((tm|wm|tc|ts)(\d+(\.\d+)?|\(.*\))|pr\(.*\)|iqm)", re.IGNORECASE)


def statistic_named(name: str) -> Statistic | None:
    """The statistic with a name (`Sum`, `p99.9`), of at least one point; None of any other.

    It gives None where it cannot be told, as a percentile of negative values.
    """
    if usual := _USUAL.get(name):
        return lambda points: usual(points) if _count(points) > 0 else None
    if _PERCENTILE.fullmatch(name):
        percent = float(name[1:])
        return lambda points: _percentile(points, percent)
    return None


def is_other(name: str) -> bool:
    """Whether CloudWatch has such a statistic and this one has not."""
    return _OTHERS.fullmatch(name) is not None


def _total(points: Sequence[Point]) -> float:
    return sum(point.total for point in points)


def _count(points: Sequence[Point]) -> float:
    return sum(point.count for point in points)


def _percentile(points: Sequence[Point], percent: float) -> float | None:
    """Between the two values that stand around it in order, in proportion."""
    counted = sorted((point.minimum, point.count) for point in points if point.count > 0)
    if not counted or counted[0][0] < 0 or not all(point.is_one_value for point in points):
        return None
    place = max(0.0, sum(count for _, count in counted) - 1) * percent / 100
    low, high = _at(counted, int(place)), _at(counted, int(place) + 1)
    return low + (high - low) * (place - int(place))


def _at(counted: Sequence[tuple[float, float]], place: int) -> float:
    seen = 0.0
    for value, count in counted:
        seen += count
        if place < seen:
            return value
    return counted[-1][0]
