"""When a CloudWatch metric alarm changes state. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from localaws.alarms.evaluation_range import EvaluationRange, range_of
from localaws.alarms.reasons import reason_of
from localaws.metrics.points import ReadPoints

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


@dataclass(frozen=True)
class AlarmState:
    """OK, ALARM or INSUFFICIENT_DATA, and why.

    Attributes:
        decisive: start of the period -> value, of the data that speak for the state, newest first.
    """

    value: str
    reason: str
    decisive: Mapping[float, float]


def evaluate(alarm: Mapping[str, Any], read: ReadPoints, now_s: float) -> AlarmState | None:
    """The state that the alarm's last periods give, or None where it stays as it is.

    Args:
        alarm: as DescribeAlarms gives it: a metric or a list of them (Metrics), EvaluationPeriods,
            DatapointsToAlarm, Threshold, ComparisonOperator, TreatMissingData.
        read: finds a metric's points.
    """
    seen = range_of(alarm, read, now_s)
    return judged(alarm, seen) if seen else None


def judged(alarm: Mapping[str, Any], seen: EvaluationRange) -> AlarmState | None:
    """The state that these data give, or None where it stays as it is."""
    compare = _COMPARISONS.get(alarm.get("ComparisonOperator", ""))
    if compare is None:
        return None
    breaching = {
        one.start_s: compare(one.value, float(alarm["Threshold"]))
        for one in seen.real
        if one.value is not None
    }
    value = _state(breaching, seen, alarm.get("TreatMissingData") or "missing")
    if value is None:
        return None
    decisive = {
        one.start_s: one.value
        for one in seen.real
        if one.value is not None and breaching[one.start_s] is (value == "ALARM")
    }
    return AlarmState(value, reason_of(alarm, value, decisive, seen), decisive)


def _state(breaching: Mapping[float, bool], seen: EvaluationRange, missing: str) -> str | None:
    """What data give with those that are missing; None: the state is kept.

    Args:
        breaching: start of the period -> whether its value breaches; the newest ones.
    """
    count = sum(breaching.values())
    if missing == "breaching":
        count += seen.filled
    if count >= seen.needed:
        return "ALARM"
    if not seen.filled or missing in ("breaching", "notBreaching") or not all(breaching.values()):
        return "OK"
    # Nothing but breaches, and too few of them, or nothing at all.
    if missing == "ignore":
        return None
    return "ALARM" if breaching and _is_old_enough(min(breaching), seen) else "INSUFFICIENT_DATA"


def _is_old_enough(start_s: float, seen: EvaluationRange) -> bool:
    """Whether a breach is waited for no longer: enough periods have passed without a good value.

    AWS calls it "avoiding premature transitions to alarm state".
    """
    return any(one.start_s == start_s for one in seen.data[seen.needed - 1 :])
