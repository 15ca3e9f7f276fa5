"""The data points that an alarm is judged by, period by period. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localaws.alarms.metrics import judged_query, look_interval_s, period_of, queries_of
from localaws.metrics.points import Point, ReadPoints
from localaws.metrics.queries import QueryList
from localaws.metrics.series import Window

# CloudWatch looks at more periods than an alarm evaluates, in case some have no data: two more in
# AWS's examples, and no document tells how many otherwise.
_MORE_PERIODS = 2


@dataclass(frozen=True)
class Datum:
    """What one period has.

    Attributes:
        start_s: when it began, epoch seconds.
        value: None where there is no data.
    """

    start_s: float
    value: float | None


@dataclass(frozen=True)
class EvaluationRange:
    """The last whole periods, as far back as CloudWatch looks.

    Attributes:
        data: one for each period, newest first.
        periods: how many of them are evaluated (EvaluationPeriods).
        needed: how many have to breach (DatapointsToAlarm).
        newest_s: when the newest point happened that was read, also one too late for the range;
            None where there is none in it or after it.
    """

    data: Sequence[Datum]
    periods: int
    needed: int
    newest_s: float | None = None

    @property
    def real(self) -> list[Datum]:
        """The newest data there are, as many as are evaluated at most."""
        return [one for one in self.data if one.value is not None][: self.periods]

    @property
    def filled(self) -> int:
        """How many data are lacking, so that missing ones count in their place."""
        return self.periods - len(self.real)


def range_of(alarm: Mapping[str, Any], read: ReadPoints, now_s: float) -> EvaluationRange | None:
    """What an alarm is to be judged by at a moment; None where it names no single time series.

    The last period ends where CloudWatch last looked at the latest: at a full minute, with periods
    of less at a multiple of them, and at a full hour where more than a day is evaluated.
    """
    queries = queries_of(alarm)
    judged = judged_query(queries)
    if judged is None:
        return None
    period_s, periods = period_of(queries, judged), int(alarm.get("EvaluationPeriods", 1))
    interval_s = look_interval_s(alarm)
    end_s = now_s // interval_s * interval_s
    count = periods + _MORE_PERIODS
    # One period more, so that DIFF and RATE have a value before the first one.
    window = Window(end_s - period_s * (count + 1), end_s, origin_s=end_s)
    newest_s: list[float] = []

    def noting(namespace: str, name: str, dimensions: Mapping[str, str]) -> Sequence[Point]:
        points = read(namespace, name, dimensions)
        newest_s.extend(point.at_s for point in points if point.at_s >= window.start_s)
        return points

    values = _values(queries, judged["Id"], window, noting)
    starts_s = list(window.periods(period_s))[-count:]
    return EvaluationRange(
        [Datum(start_s, values.get(start_s)) for start_s in reversed(starts_s)],
        periods,
        int(alarm.get("DatapointsToAlarm") or periods),
        max(newest_s, default=None),
    )


def sample_counts(
    alarm: Mapping[str, Any], read: ReadPoints, data: Sequence[Datum]
) -> dict[float, float]:
    """How many values each of these data is made of, by its period's start.

    It is told of an alarm on a metric, and of none on an expression.
    """
    queries = queries_of(alarm)
    judged = judged_query(queries)
    if judged is None or not judged.get("MetricStat") or not data:
        return {}
    starts_s = [one.start_s for one in data]
    end_s = max(starts_s) + period_of(queries, judged)
    counted = {**judged, "MetricStat": {**judged["MetricStat"], "Stat": "SampleCount"}}
    window = Window(min(starts_s), end_s, origin_s=end_s)
    return dict(_values([counted], judged["Id"], window, read))


def _values(
    queries: Sequence[Mapping[str, Any]], name: str, window: Window, read: ReadPoints
) -> Mapping[float, float]:
    [series] = QueryList(queries, "Metrics").results(window, read)[name].series
    return series.values
