"""ListMetrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
Its words: https://github.com/radkawar/stackd, `testdata/aws/cloudwatch/metrics.json`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from localaws.metrics.summaries import invalid_value
from localaws.words.pages import place_of, token_of

_MOST = 500
_RECENT_S = 3 * 3_600


@dataclass(frozen=True)
class Listed:
    """A metric that has points.

    Attributes:
        last_s: when its last one was, epoch seconds.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    last_s: float


def metric_list(
    request: Mapping[str, Any], metrics: Iterable[Listed], now_s: float, account_id: str
) -> dict[str, Any]:
    """The answer to a request: a page of the metrics that it asks for.

    Args:
        account_id: whose metrics they are.

    Raises:
        AwsError: CloudWatch refuses it.
    """
    recently = request.get("RecentlyActive")
    if recently not in (None, "PT3H"):
        raise invalid_value("Request parameter recentlyActive value is invalid")
    asked = {name: value for name, value in request.items() if name != "NextToken"}
    place = place_of(request.get("NextToken"), asked)
    if place is None:
        raise invalid_value("Request parameter NextToken is invalid")
    linked = bool(request.get("IncludeLinkedAccounts"))
    owned = request.get("OwningAccount") in (None, account_id) or not linked
    found = [
        metric
        for metric in sorted(metrics, key=_by_name)
        if owned and _is_asked_for(metric, request) and (not recently or _is_recent(metric, now_s))
    ]
    page = found[place : place + _MOST]
    answer: dict[str, Any] = {"Metrics": [_shown(metric) for metric in page]}
    if linked:
        answer["OwningAccounts"] = [account_id] * len(page)
    if len(found) > place + _MOST:
        answer["NextToken"] = token_of(place + _MOST, asked)
    return answer


def _by_name(metric: Listed) -> tuple[Any, ...]:
    return metric.namespace, metric.name, sorted(metric.dimensions.items())


def _is_recent(metric: Listed, now_s: float) -> bool:
    return now_s - metric.last_s < _RECENT_S


def _is_asked_for(metric: Listed, request: Mapping[str, Any]) -> bool:
    return (
        request.get("Namespace") in (None, "", metric.namespace)
        and request.get("MetricName") in (None, "", metric.name)
        and all(
            one["Name"] in metric.dimensions
            and one.get("Value") in (None, metric.dimensions[one["Name"]])
            for one in request.get("Dimensions") or ()
        )
    )


def _shown(metric: Listed) -> dict[str, Any]:
    dimensions = [
        {"Name": name, "Value": value} for name, value in sorted(metric.dimensions.items())
    ]
    return {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
