"""How CloudWatch's metrics are asked for, where ministack understands it otherwise than AWS."""

import re
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace

_ID = re.compile("[a-z][a-zA-Z0-9_]*")


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
        for number, query in enumerate(request.get("MetricDataQueries", []), start=1):
            if not _ID.fullmatch(name := str(query.get("Id", ""))):
                return cloudwatch._error(
                    "ValidationError",
                    f"The value {name} for parameter MetricDataQueries.member.{number}.Id is not "
                    f"matching the expected pattern ^{_ID.pattern}$.",
                    400,
                    use_json=True,
                )
            if metric := query.get("MetricStat", {}).get("Metric"):
                query.setdefault("Label", metric.get("MetricName"))
        return get_metric_data(params, request, *protocol)

    replace(cloudwatch, "_dims_from_list", dimensions_of)
    replace(cloudwatch, "_get_metric_data", labelled)
