"""Sums and greatest values of CloudWatch metrics."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from workshop.target.session import Session

# A call may ask for 500 metrics; with fewer of them no answer comes in several pages.
_METRICS_PER_CALL = 100
_PERIOD_S = 3600
# Values are kept by the minute: those of the first and the last one count.
_MARGIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Metric:
    """A metric of one resource.

    Attributes:
        namespace: e.g. "AWS/Lambda".
        name: e.g. "Throttles".
        dimension: what its resources are told apart by, e.g. "FunctionName".
        resource: the value of that dimension.
    """

    namespace: str
    name: str
    dimension: str
    resource: str


def sums(session: Session, metrics: Iterable[Metric], since: datetime) -> dict[Metric, float]:
    """What each metric has counted since a moment, two weeks ago at most; 0 where nothing was.

    CloudWatch shows metrics some minutes late.
    """
    asked, now = list(dict.fromkeys(metrics)), session.clock.now()
    found = dict.fromkeys(asked, 0.0)
    for first in range(0, len(asked), _METRICS_PER_CALL):
        some = asked[first : first + _METRICS_PER_CALL]
        answer = session.client("cloudwatch").get_metric_data(
            MetricDataQueries=[_query(f"m{n}", metric) for n, metric in enumerate(some)],
            StartTime=since - _MARGIN,
            EndTime=now + _MARGIN,
        )
        for result in answer["MetricDataResults"]:
            found[some[int(result["Id"][1:])]] = float(sum(result["Values"]))
    return found


def maxima(session: Session, metrics: Iterable[Metric], since: datetime) -> dict[Metric, float]:
    """The greatest value that each metric had since a moment; 0 where it had none."""
    asked = list(dict.fromkeys(metrics))
    if not asked:
        return {}
    answer = session.client("cloudwatch").get_metric_data(
        MetricDataQueries=[
            _query(f"m{n}", metric, period_s=60, statistic="Maximum")
            for n, metric in enumerate(asked[:_METRICS_PER_CALL])
        ],
        StartTime=since - _MARGIN,
        EndTime=session.clock.now() + _MARGIN,
    )
    found = dict.fromkeys(asked, 0.0)
    for result in answer["MetricDataResults"]:
        found[asked[int(result["Id"][1:])]] = float(max(result["Values"], default=0.0))
    return found


def _query(
    name: str, metric: Metric, period_s: int = _PERIOD_S, statistic: str = "Sum"
) -> dict[str, object]:
    asked = {
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": [{"Name": metric.dimension, "Value": metric.resource}],
    }
    return {"Id": name, "MetricStat": {"Metric": asked, "Period": period_s, "Stat": statistic}}


def by_minute(
    session: Session, metric: Metric, since: datetime, until: datetime
) -> list[tuple[datetime, float]]:
    """The minutes in which a metric counted something, and how much."""
    answer = session.client("cloudwatch").get_metric_data(
        MetricDataQueries=[_query("m0", metric, period_s=60)],
        StartTime=since - _MARGIN,
        EndTime=until + _MARGIN,
    )
    [found] = answer["MetricDataResults"]
    return sorted(zip(found["Timestamps"], found["Values"], strict=True))
