"""The metrics that an alarm looks at, named by the alarm itself or by its list of metrics. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from localaws.metrics.queries import QueryList, QueryRefused
from localaws.metrics.series import Window

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400


def queries_of(alarm: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What an alarm looks at as a list of queries, also where it names one metric itself."""
    if queries := alarm.get("Metrics"):
        return list(queries)
    metric = {name: alarm.get(name) for name in ("Namespace", "MetricName", "Dimensions")}
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    stat = {
        "Metric": metric,
        "Period": alarm.get("Period") or 60,
        "Stat": statistic,
        "Unit": alarm.get("Unit") or None,
    }
    return [{"Id": "m1", "MetricStat": stat}]


def metrics_of(alarm: Mapping[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """The namespace and the dimensions of each metric that an alarm looks at."""
    metrics = [query["MetricStat"]["Metric"] for query in queries_of(alarm) if _is_metric(query)]
    return [
        (
            metric.get("Namespace") or "",
            {one["Name"]: one["Value"] for one in metric.get("Dimensions") or ()},
        )
        for metric in metrics
    ]


def judged_query(queries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The one query whose result an alarm judges; None where there is not exactly one."""
    shown = [query for query in queries if is_shown(query)]
    return shown[0] if len(shown) == 1 else None


def is_shown(query: Mapping[str, Any]) -> bool:
    """Whether a query returns data; templates have such truths as texts, too."""
    return str(query.get("ReturnData", True)).lower() != "false"


def mistake_in_list(queries: Sequence[Mapping[str, Any]]) -> str | None:
    """Why CloudWatch refuses a list of metrics and expressions for an alarm, or None.

    That one element returns data is said in its words
    (https://github.com/hashicorp/terraform-provider-aws/issues/29894), that it has to be one time
    series in ours.
    """
    try:
        checked = QueryList(queries, "Metrics")
        judged = judged_query(queries)
        if judged is None:
            return "Exactly one element of the metrics list should return data."
        # Without data it already shows what an expression gives.
        result = checked.results(Window(0, period_of(queries, judged)), lambda *_: ())
    except QueryRefused as error:
        return error.message
    if result[judged["Id"]].is_array:
        name = judged["Id"]
        return f"Error in expression '{name}': An alarm looks at one time series, not several"
    return None


def period_of(queries: Sequence[Mapping[str, Any]], judged: Mapping[str, Any]) -> int:
    """How long the periods of what an alarm judges are, in seconds."""
    if _is_metric(judged):
        return int(judged["MetricStat"]["Period"])
    return int(judged.get("Period") or QueryList(queries, "Metrics").finest_period_s)


def look_interval_s(alarm: Mapping[str, Any]) -> int:
    """Each how many seconds CloudWatch looks at an alarm.

    That is a minute, or a shorter period; an hour where an alarm evaluates more than a day.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
    """
    queries = queries_of(alarm)
    judged = judged_query(queries)
    if judged is None:
        return _MINUTE_S
    period_s = period_of(queries, judged)
    is_of_days = period_s * int(alarm.get("EvaluationPeriods") or 1) > _DAY_S
    return _HOUR_S if is_of_days else min(_MINUTE_S, period_s)


def _is_metric(query: Mapping[str, Any]) -> bool:
    return bool(query.get("MetricStat"))


OF_ONE_METRIC = (
    "MetricName",
    "Namespace",
    "Dimensions",
    "Period",
    "Unit",
    "Statistic",
    "ExtendedStatistic",
)
