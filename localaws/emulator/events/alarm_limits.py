"""What CloudWatch refuses of an alarm, and ministack takes. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
Its words: https://github.com/aws-cloudformation/cfn-lint/pull/771 (no metric),
https://github.com/aws-cloudformation/cfn-lint/issues/766 (a metric and `Metrics`), moto's tests
(EvaluateLowSampleCountPercentile),
https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/cloudwatch (thresholds, ranges, more
than a week). For what else is missing or contradicts itself they are formed alike.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from localaws.alarms.metrics import (
    OF_ONE_METRIC,
    judged_query,
    mistake_in_list,
    period_of,
)
from localaws.metrics.statistics import is_other

_MISSING = ("breaching", "notBreaching", "ignore", "missing")
_NEEDED = ("MetricName", "Namespace", "Period")
# What an alarm may look at in the place of one metric.
_MATH = ("Metrics", "ThresholdMetricId", "EvaluationCriteria")
_RANGES = (
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
)
_NO_THRESHOLD = "PutMetricAlarm request should have valid Threshold parameter"
_LOW_SAMPLES = ("evaluate", "ignore")
_ACTIONS = ("OKActions", "AlarmActions", "InsufficientDataActions")
_ARN = re.compile(r"arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S.*")
_HOUR_S, _DAY_S, _WEEK_S = 3_600, 86_400, 604_800


def mistake_in_alarm(alarm: Mapping[str, Any]) -> str | None:
    """The message with which PutMetricAlarm refuses it, or None."""
    if mistake := mistake_in_actions(alarm):
        return mistake
    for given_s in _periods_s(alarm):
        if given_s < 1 or (given_s not in (10, 20, 30) and given_s % 60):
            return "Period must be 10, 20, 30 or a multiple of 60"
    if mistake := _of_metric(alarm) or _of_low_samples(alarm):
        return mistake
    period_s, periods = _judged_period_s(alarm), _whole(alarm, "EvaluationPeriods")
    if (of_them := _whole(alarm, "DatapointsToAlarm")) and periods and of_them > periods:
        return "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
    treatment = alarm.get("TreatMissingData")
    if isinstance(treatment, str) and treatment and treatment not in _MISSING:
        return (
            f"The value {treatment} for parameter TreatMissingData is not supported. "
            f"It must be one of: {', '.join(_MISSING)}."
        )
    if period_s and periods:
        name, limit_s, end = (
            ("a day", _DAY_S, ".")
            if period_s < _HOUR_S
            else ("a week", _WEEK_S, f" for alarms using period >= {_HOUR_S}")
        )
        if period_s * periods > limit_s:
            return (
                f"Metrics cannot be checked across more than {name} "
                f"(EvaluationPeriods * Period must be <= {limit_s}){end}"
            )
    return None


def mistake_in_actions(alarm: Mapping[str, Any]) -> str | None:
    """The message with which an alarm's actions are refused, or None."""
    for name in _ACTIONS:
        for action in alarm.get(name) or ():
            if isinstance(action, str) and not _ARN.fullmatch(action):
                return f"Invalid arn syntax: {action}"
    return None


def _periods_s(alarm: Mapping[str, Any]) -> list[int]:
    """Each period that is named, of a list of metrics that of every element."""
    queries = alarm.get("Metrics") or ()
    named = [alarm, *queries, *(query.get("MetricStat") or {} for query in queries)]
    return [period_s for one in named if (period_s := _whole(one, "Period")) is not None]


def _judged_period_s(alarm: Mapping[str, Any]) -> int | None:
    if not (queries := alarm.get("Metrics")):
        return _whole(alarm, "Period")
    judged = judged_query(queries)
    return period_of(queries, judged) if judged and not _is_unserved(queries) else None


def _of_metric(alarm: Mapping[str, Any]) -> str | None:
    """What is missing of that which it looks at, or is there twice."""
    if _has(alarm, "Metrics"):
        twice = next((name for name in OF_ONE_METRIC if _has(alarm, name)), None)
        if twice:
            return f"{twice} should not be set if list of Metrics is set."
        if _has(alarm, "ThresholdMetricId") or _is_unserved(alarm["Metrics"]):
            return None
        if mistake := mistake_in_list(alarm["Metrics"]):
            return mistake
        return None if _has(alarm, "Threshold") else _NO_THRESHOLD
    if any(_has(alarm, name) for name in _MATH):
        return None
    if missing := next((name for name in _NEEDED if not _has(alarm, name)), None):
        return f"{missing} must not be null"
    if alarm.get("ComparisonOperator") in _RANGES:
        return "ComparisonOperators for ranges require ThresholdMetricId to be set"
    if not _has(alarm, "Threshold"):
        return _NO_THRESHOLD
    if not (_has(alarm, "Statistic") or _has(alarm, "ExtendedStatistic")):
        return "Statistic must not be null"
    if _has(alarm, "Statistic") and _has(alarm, "ExtendedStatistic"):
        return "Statistic should not be set if ExtendedStatistic is set."
    return None


def _is_unserved(queries: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a list has a statistic that AWS knows, and that is refused here in our words."""
    return any(is_other(str((query.get("MetricStat") or {}).get("Stat"))) for query in queries)


def _of_low_samples(alarm: Mapping[str, Any]) -> str | None:
    option = alarm.get("EvaluateLowSampleCountPercentile")
    if not isinstance(option, str) or not option:
        return None
    if option not in _LOW_SAMPLES:
        return (
            f"Option {option} is not supported. Supported options for parameter "
            f"EvaluateLowSampleCountPercentile are {' and '.join(_LOW_SAMPLES)}."
        )
    if _has(alarm, "Statistic"):
        return (
            "Option evaluateLowSampleCountPercentile can not be applied with statistic "
            f"{alarm['Statistic']}. This option is enabled only for percentile statistics."
        )
    return None


def _has(alarm: Mapping[str, Any], name: str) -> bool:
    """Whether a value is given; 0 is one."""
    return alarm.get(name) not in (None, "", [])


def _whole(alarm: Mapping[str, Any], name: str) -> int | None:
    """A number; None of what is absent, or anything else, which others refuse."""
    value = alarm.get(name)
    return value if isinstance(value, int) else None
