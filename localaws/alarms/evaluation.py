"""When a CloudWatch metric alarm changes state. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from localaws.alarms.metrics import judged_query, period_of, queries_of
from localaws.alarms.reasons import crossed, insufficient
from localaws.metrics.points import Point, ReadPoints
from localaws.metrics.queries import QueryList
from localaws.metrics.series import Window

# A look comes at, or shortly after, the full minute that it looks back from; what happened as the
# minute began belongs to it, what happened a second before does not.
_SLACK_S = 0.999

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


@dataclass(frozen=True)
class AlarmState:
    """OK, ALARM or INSUFFICIENT_DATA, and why."""

    value: str
    reason: str


def evaluate(alarm: Mapping[str, Any], read: ReadPoints, now_s: float) -> AlarmState | None:
    """The state that the alarm's last evaluation periods give, or None where it stays as it is.

    Args:
        alarm: as DescribeAlarms gives it: a metric or a list of them (Metrics), EvaluationPeriods,
            DatapointsToAlarm, Threshold, ComparisonOperator, TreatMissingData.
        read: finds a metric's points.
    """
    breaches = _COMPARISONS.get(alarm.get("ComparisonOperator", ""))
    queries = queries_of(alarm)
    judged = judged_query(queries)
    if judged is None or breaches is None:
        return None
    period_s = period_of(queries, judged)
    periods = int(alarm.get("EvaluationPeriods", 1))
    needed = int(alarm.get("DatapointsToAlarm") or periods)
    data = _data(queries, judged["Id"], read, period_s, periods, now_s)
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


def _missing(alarm: Mapping[str, Any]) -> bool | None:
    """How a period without data counts: breaching, not breaching, or not at all."""
    return {"breaching": True, "notBreaching": False}.get(alarm.get("TreatMissingData", "missing"))


def _data(
    queries: Sequence[Mapping[str, Any]],
    judged: str,
    read: ReadPoints,
    period_s: int,
    periods: int,
    now_s: float,
) -> list[float | None]:
    """The value of each of the last periods, oldest first; the last one ends at `now_s`.

    One period more is read, so that functions of a value and the one before it (DIFF, RATE) have
    one for each of them.
    """
    end_s = now_s - _SLACK_S
    window = Window(end_s - period_s * (periods + 1), end_s, origin_s=end_s)

    def until_now(namespace: str, name: str, dimensions: Mapping[str, str]) -> list[Point]:
        last_s = end_s - _SLACK_S
        return [
            replace(point, at_s=min(point.at_s, last_s)) if point.at_s <= now_s else point
            for point in read(namespace, name, dimensions)
        ]

    [series] = QueryList(queries, "Metrics").results(window, until_now)[judged].series
    return [series.values.get(at_s) for at_s in window.periods(period_s)][-periods:]
