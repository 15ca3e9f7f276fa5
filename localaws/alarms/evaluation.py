"""When a CloudWatch metric alarm changes state. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from localaws.alarms.reasons import crossed, insufficient

# A look comes at, or shortly after, the full minute that it looks back from.
_SLACK_S = 1.0

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}

_STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "Average": lambda values: sum(values) / len(values),
    "Sum": sum,
    "Minimum": min,
    "Maximum": max,
    "SampleCount": lambda values: float(len(values)),
}


@dataclass(frozen=True)
class AlarmState:
    """OK, ALARM or INSUFFICIENT_DATA, and why."""

    value: str
    reason: str


def evaluate(
    alarm: Mapping[str, Any], points: Iterable[tuple[float, float]], now_s: float
) -> AlarmState | None:
    """The state that the alarm's last evaluation periods give, or None where it stays as it is.

    Args:
        alarm: as DescribeAlarms gives it: Period, EvaluationPeriods, DatapointsToAlarm, Statistic,
            ExtendedStatistic, Threshold, ComparisonOperator, TreatMissingData.
        points: (epoch seconds, value) of the alarm's metric with exactly its dimensions.
    """
    statistic = _statistic(alarm)
    breaches = _COMPARISONS.get(alarm.get("ComparisonOperator", ""))
    if statistic is None or breaches is None:
        return None
    period_s = float(alarm.get("Period", 60))
    periods = int(alarm.get("EvaluationPeriods", 1))
    needed = int(alarm.get("DatapointsToAlarm") or periods)
    values = _per_period(points, period_s, periods, now_s)
    data = [None if not value else statistic(value) for value in values]
    verdicts = [
        _missing(alarm) if value is None else breaches(value, float(alarm["Threshold"]))
        for value in data
    ]
    if all(value is None for value in data) and _missing(alarm) is None:
        if alarm.get("TreatMissingData") == "ignore":
            return None
        return AlarmState("INSUFFICIENT_DATA", insufficient(periods))
    state = "ALARM" if sum(verdict is True for verdict in verdicts) >= needed else "OK"
    starts_s = [now_s - period_s * (periods - n) for n in range(periods)]
    decisive = [
        (value, start_s)
        for value, verdict, start_s in zip(data, verdicts, starts_s, strict=True)
        if value is not None and verdict is (state == "ALARM")
    ]
    return AlarmState(state, crossed(alarm, state, decisive))


def _statistic(alarm: Mapping[str, Any]) -> Callable[[list[float]], float] | None:
    if extended := alarm.get("ExtendedStatistic"):
        percent = float(extended[1:])
        return lambda values: _percentile(values, percent)
    return _STATISTICS.get(alarm.get("Statistic", "Average"))


def _percentile(values: list[float], percent: float) -> float:
    """Between the two values that stand around it in order, in proportion."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _missing(alarm: Mapping[str, Any]) -> bool | None:
    """How a period without data counts: breaching, not breaching, or not at all."""
    return {"breaching": True, "notBreaching": False}.get(alarm.get("TreatMissingData", "missing"))


def _per_period(
    points: Iterable[tuple[float, float]], period_s: float, periods: int, now_s: float
) -> list[list[float]]:
    """The values of each of the last periods, oldest first; the last one ends at `now_s`."""
    values: list[list[float]] = [[] for _ in range(periods)]
    for at_s, value in points:
        age = max(0, int((now_s - at_s - _SLACK_S) // period_s))
        if age < periods:
            values[periods - 1 - age].append(value)
    return values
