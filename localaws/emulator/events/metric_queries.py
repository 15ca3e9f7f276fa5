"""How CloudWatch's metrics and alarms are asked for: we answer, on ministack's data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from localaws.alarms.listing import described, watching
from localaws.emulator.seams import replace
from localaws.metrics.data import metric_data
from localaws.metrics.listing import Listed, metric_list
from localaws.metrics.points import Point
from localaws.metrics.summaries import metric_statistics
from localaws.time.clock import Clock
from localaws.words.errors import AwsError
from localaws.words.identity import Identity

_TIMES = ("StartTime", "EndTime")


class StoredMetrics:
    """ministack's data points.

    Args:
        cloudwatch: its module.
    """

    def __init__(self, cloudwatch: ModuleType) -> None:
        self._cloudwatch = cloudwatch

    def points(self, namespace: str, name: str, dimensions: Mapping[str, str]) -> Sequence[Point]:
        """The points of one metric: that with exactly these dimensions (`ReadPoints`)."""
        key = (namespace, name, self._cloudwatch._dims_key(dict(dimensions)))
        return [_point(stored) for stored in self._cloudwatch._metrics.get(key, ())]

    def listed(self) -> Iterator[Listed]:
        """Every metric that has points."""
        for (namespace, name, _), points in self._cloudwatch._metrics.items():
            if points:
                last_s = max(point["Timestamp"] for point in points)
                yield Listed(namespace, name, points[0].get("Dimensions") or {}, last_s)


def _point(stored: Mapping[str, Any]) -> Point:
    at_s, unit = stored["Timestamp"], stored.get("Unit") or "None"
    if published := stored.get("_stat"):
        members = ("SampleCount", "Sum", "Minimum", "Maximum")
        return Point(at_s, unit, *(float(published.get(name, 0)) for name in members))
    return Point.of(at_s, stored["Value"], float(stored.get("Count", 1.0)), unit)


def answer_as_aws(cloudwatch: ModuleType, identity: Identity, clock: Clock) -> None:
    """Let CloudWatch's questions be answered here.

    ministack takes a query without dimensions for one about every metric of that name, knows no
    expression and no unit, takes any other statistic for an average, and tells all at once.
    """
    stored = StoredMetrics(cloudwatch)
    answers: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
        "_get_metric_data": lambda request: metric_data(
            request, stored.points, identity.account_id
        ),
        "_get_metric_statistics": lambda request: metric_statistics(request, stored.points),
        "_list_metrics": lambda request: metric_list(
            request, stored.listed(), clock.now_s(), identity.account_id
        ),
        "_describe_alarms": lambda request: described(
            request,
            cloudwatch._alarms,
            cloudwatch._composite_alarms,
            cloudwatch._composite_children,
        ),
        "_describe_alarms_for_metric": lambda request: watching(
            request, cloudwatch._alarms.values()
        ),
    }
    for name, answer in answers.items():
        replace(cloudwatch, name, _answering(answer, cloudwatch))


def _answering(
    answer: Callable[[Mapping[str, Any]], dict[str, Any]], cloudwatch: ModuleType
) -> Callable[..., Any]:
    """As one of ministack's handlers; requests come in JSON (`translation`)."""

    def handle(_params: Any, body: Mapping[str, Any], *_protocol: bool) -> Any:
        times = {name: cloudwatch._parse_ts(body[name]) for name in _TIMES if name in body}
        try:
            return cloudwatch._json_ok(answer({**body, **times}))
        except AwsError as error:
            return cloudwatch._error(error.code, error.message, error.status, use_json=True)

    return handle
