"""The metric that an alarm looks at, named by the alarm itself or by its list of metrics. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
"""

from collections.abc import Mapping
from typing import Any

STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")


def only_query(alarm: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What an alarm looks at if its list (`Metrics`) has one metric and nothing else, or None."""
    queries = alarm.get("Metrics")
    if not isinstance(queries, list) or len(queries) != 1 or not isinstance(queries[0], Mapping):
        return None
    query: Mapping[str, Any] = queries[0]
    stat = query.get("MetricStat")
    is_metric = isinstance(stat, Mapping) and isinstance(stat.get("Metric"), Mapping)
    return query if is_metric and not query.get("Expression") else None


def naming_its_metric(alarm: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same alarm with the MetricName, Statistic, Period and so on of its only query.

    Args:
        alarm: as DescribeAlarms gives it, or as it is asked for.
    """
    query = only_query(alarm)
    if query is None:
        return alarm
    stat = query["MetricStat"]
    metric, statistic = stat["Metric"], stat.get("Stat")
    member = "Statistic" if statistic in STATISTICS else "ExtendedStatistic"
    named = {
        "Namespace": metric.get("Namespace"),
        "MetricName": metric.get("MetricName"),
        "Dimensions": metric.get("Dimensions") or [],
        "Period": stat.get("Period"),
        "Unit": stat.get("Unit"),
        member: statistic,
    }
    others = {name: value for name, value in alarm.items() if name not in OF_ONE_METRIC}
    return others | named


OF_ONE_METRIC = (
    "MetricName",
    "Namespace",
    "Dimensions",
    "Period",
    "Unit",
    "Statistic",
    "ExtendedStatistic",
)
