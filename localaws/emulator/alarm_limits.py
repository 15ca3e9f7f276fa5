"""What CloudWatch refuses of an alarm and of a metric's data, and ministack takes. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from collections.abc import Mapping
from typing import Any

_MISSING = ("breaching", "notBreaching", "ignore", "missing")
_HOUR_S, _DAY_S, _WEEK_S = 3_600, 86_400, 604_800


def mistake_in_alarm(alarm: Mapping[str, Any]) -> str | None:
    """The message with which PutMetricAlarm refuses it, or None."""
    period_s, periods = _whole(alarm, "Period"), _whole(alarm, "EvaluationPeriods")
    if period_s is not None and (period_s < 1 or (period_s not in (10, 20, 30) and period_s % 60)):
        return "Period must be 10, 20, 30 or a multiple of 60"
    if (of_them := _whole(alarm, "DatapointsToAlarm")) and periods and of_them > periods:
        return "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
    treatment = alarm.get("TreatMissingData")
    if isinstance(treatment, str) and treatment and treatment not in _MISSING:
        return (
            f"The value {treatment} for parameter TreatMissingData is not supported. "
            f"It must be one of: {', '.join(_MISSING)}."
        )
    if period_s and periods:
        name, limit_s = ("a day", _DAY_S) if period_s < _HOUR_S else ("seven days", _WEEK_S)
        if period_s * periods > limit_s:
            return (
                f"Metrics cannot be checked across more than {name} "
                f"(EvaluationPeriods * Period must be <= {limit_s})."
            )
    return None


def mistake_in_namespace(namespace: Any) -> str | None:
    """The message with which PutMetricData refuses it, or None."""
    if isinstance(namespace, str) and namespace.startswith("AWS/"):
        return f"The value {namespace} for parameter Namespace is invalid."
    return None


def _whole(alarm: Mapping[str, Any], name: str) -> int | None:
    """A number; None of what is absent, or anything else, which others refuse."""
    value = alarm.get(name)
    return value if isinstance(value, int) else None
