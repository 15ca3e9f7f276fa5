"""GetMetricData.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from localaws.metrics.periods import rounded_start_s
from localaws.metrics.points import ReadPoints
from localaws.metrics.queries import QueryList, QueryRefused, Result
from localaws.metrics.series import MOST_VALUES, TimeSeries, Window
from localaws.words.errors import AwsError
from localaws.words.pages import place_of, token_of

_Row = dict[str, Any]
_OF_PAGE = ("NextToken", "MaxDatapoints")


def metric_data(request: Mapping[str, Any], read: ReadPoints, account_id: str) -> dict[str, Any]:
    """The answer to a request, whose times are epoch seconds.

    Args:
        read: finds a metric's points.
        account_id: whose metrics there are.

    Raises:
        AwsError: CloudWatch refuses it.
    """
    queries = QueryList(request.get("MetricDataQueries") or [])
    start_s = rounded_start_s(request["StartTime"], queries.finest_period_s)
    if start_s >= request["EndTime"]:
        raise QueryRefused("The parameter StartTime must be less than the parameter EndTime.")
    asked = {name: value for name, value in request.items() if name not in _OF_PAGE}
    place = place_of(request.get("NextToken"), asked)
    if place is None:
        raise AwsError("", code="InvalidNextToken")
    results = queries.results(Window(start_s, request["EndTime"]), read, account_id)
    descending = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    rows = [
        _row(name, queries.labels[name], series, result, descending)
        for name, result in results.items()
        if queries.is_shown(name)
        for series in result.series
    ]
    most = min(int(request.get("MaxDatapoints") or MOST_VALUES), MOST_VALUES)
    # Each row has as many values of a page as the others.
    share = max(1, most // max(1, len(rows)))
    longest = max((len(row["Values"]) for row in rows), default=0)
    answer: dict[str, Any] = {
        "MetricDataResults": [_cut(row, place, share) for row in rows],
        "Messages": [],
    }
    if longest > place + share:
        answer["NextToken"] = token_of(place + share, asked)
    return answer


def _row(name: str, label: str, series: TimeSeries, result: Result, descending: bool) -> _Row:
    if result.is_array and series.label:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
        label = series.label if label == name else f"{label} {series.label}"
    told = [{"Code": code, "Value": text} for code, text in result.messages.items()]
    return {
        "Id": name,
        "Label": label,
        "Timestamps": _ordered(list(series.values), descending),
        "Values": _ordered(list(series.values.values()), descending),
        "StatusCode": "Forbidden" if "Forbidden" in result.messages else "Complete",
        **({"Messages": told} if told else {}),
    }


def _ordered(values: Sequence[float], descending: bool) -> list[float]:
    return list(reversed(values)) if descending else list(values)


def _cut(row: _Row, start: int, share: int) -> _Row:
    end = start + share
    status = "PartialData" if len(row["Values"]) > end else row["StatusCode"]
    part = {name: row[name][start:end] for name in ("Timestamps", "Values")}
    return row | part | {"StatusCode": status}
