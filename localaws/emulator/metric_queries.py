"""How CloudWatch's metrics are asked for, where ministack understands it otherwise than AWS."""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace


class _Dimensions(dict[str, str]):
    """The dimensions of a query, which count even where there are none.

    ministack takes a query without dimensions for one about every metric of that name. AWS takes
    it for one about the metric that has none: a function's invocations are not added up with those
    of the account.
    """

    def __bool__(self) -> bool:
        return True


def answer_as_aws(cloudwatch: ModuleType) -> None:
    """Let GetMetricStatistics and GetMetricData find the metric that is asked for."""
    get_metric_data = cloudwatch._get_metric_data

    def dimensions_of(given: Sequence[Mapping[str, str]]) -> _Dimensions:
        return _Dimensions({one["Name"]: one.get("Value", "") for one in given})

    def labelled(params: Any, request: dict[str, Any], *protocol: Any) -> Any:
        for query in request.get("MetricDataQueries", []):
            if metric := query.get("MetricStat", {}).get("Metric"):
                query.setdefault("Label", metric.get("MetricName"))
        return get_metric_data(params, request, *protocol)

    replace(cloudwatch, "_dims_from_list", dimensions_of)
    replace(cloudwatch, "_get_metric_data", labelled)
