"""GetMetricStatistics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
Its words: https://github.com/radkawar/stackd, `testdata/aws/cloudwatch/metrics.json`; of what is
missing: https://github.com/localstack/localstack, its tests of CloudWatch.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from localaws.metrics.periods import mistake_in_period, rounded_start_s
from localaws.metrics.points import Point, ReadPoints
from localaws.metrics.series import Window
from localaws.metrics.statistics import USUAL, Statistic, is_other, statistic_named
from localaws.words.errors import AwsError

_MOST = 1_440


def invalid_value(message: str) -> AwsError:
    """A value that CloudWatch does not take."""
    return AwsError(message, code="InvalidParameterValue")


def _combination(message: str) -> AwsError:
    """Values that it does not take together."""
    return AwsError(message, code="InvalidParameterCombination")


def metric_statistics(request: Mapping[str, Any], read: ReadPoints) -> dict[str, Any]:
    """The answer to a request, whose times are epoch seconds.

    Raises:
        AwsError: CloudWatch refuses it.
    """
    period_s = int(request["Period"])
    statistics = _statistics(request)
    window = _window(request, period_s)
    dimensions = {one["Name"]: one.get("Value", "") for one in request.get("Dimensions") or ()}
    unit, groups = request.get("Unit"), dict[tuple[float, str], list[Point]]()
    for point in read(request["Namespace"], request["MetricName"], dimensions):
        if window.start_s <= point.at_s < window.end_s and unit in (None, point.unit):
            place = (window.period_of(point.at_s, period_s), point.unit)
            groups.setdefault(place, []).append(point)
    rows = [_row(*place, groups[place], statistics) for place in sorted(groups)]
    return {"Datapoints": [row for row in rows if row], "Label": request["MetricName"]}


def _statistics(request: Mapping[str, Any]) -> dict[str, Statistic]:
    names = [*request.get("Statistics", ()), *request.get("ExtendedStatistics", ())]
    if not names:
        raise _combination(
            "At least one of the parameters Statistics and ExtendedStatistics must be specified."
        )
    found = {name: statistic_named(name) for name in names}
    if unknown := next((name for name, statistic in found.items() if statistic is None), None):
        raise invalid_value(
            f"The statistic {unknown} is not part of the embedded AWS: it has percentiles such as "
            f"p99, {', '.join(USUAL)}."
            if is_other(unknown)
            else f"The value {unknown} for parameter ExtendedStatistics is not supported."
        )
    return {name: statistic for name, statistic in found.items() if statistic}


def _window(request: Mapping[str, Any], period_s: int) -> Window:
    if mistake := mistake_in_period(period_s):
        raise invalid_value(mistake)
    start_s, end_s = request["StartTime"], request["EndTime"]
    if start_s >= end_s:
        raise invalid_value("The parameter StartTime must be less than the parameter EndTime.")
    if (most := int((end_s - start_s) // period_s)) > _MOST:
        raise _combination(
            f"You have requested up to {most} datapoints, which exceeds the limit of {_MOST}. You "
            "may reduce the datapoints requested by increasing Period, or decreasing the time "
            "range."
        )
    return Window(rounded_start_s(start_s, period_s), end_s)


def _row(
    at_s: float, unit: str, points: Sequence[Point], statistics: Mapping[str, Statistic]
) -> dict[str, Any] | None:
    values = {name: statistic(points) for name, statistic in statistics.items()}
    known = {name: value for name, value in values.items() if value is not None}
    if not known:
        return None
    extended = {name: value for name, value in known.items() if name not in USUAL}
    return {
        "Timestamp": at_s,
        **{name: value for name, value in known.items() if name in USUAL},
        "Unit": unit,
        **({"ExtendedStatistics": extended} if extended else {}),
    }
