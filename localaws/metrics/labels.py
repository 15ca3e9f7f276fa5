"""What time series are called whose queries give them no label.

Recorded: https://github.com/localstack/localstack, in the tests of label generation among those of
CloudWatch. A label is what tells a metric from the others that are asked for, and its name.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Query = Mapping[str, Any]


def labels_of(queries: Sequence[Query]) -> dict[str, str]:
    """The label of each query by its id, as given or made."""
    made = [query for query in queries if query.get("MetricStat") and _is_unnamed(query)]
    shown = [query for query in made if query.get("ReturnData", True)] or made
    automatic = {query["Id"]: _made(query, shown) for query in made}
    return {
        query["Id"]: automatic.get(query["Id"]) or query.get("Label") or query["Id"]
        for query in queries
    }


def _is_unnamed(query: Query) -> bool:
    return not query.get("Label")


def _made(query: Query, others: Sequence[Query]) -> str:
    stats = [other["MetricStat"] for other in others]
    stat = query["MetricStat"]
    metric = stat["Metric"]
    parts = [metric["Namespace"]] if _differ(s["Metric"]["Namespace"] for s in stats) else []
    given = [_dimensions(s) for s in stats]
    parts += [
        value
        for name, value in _dimensions(stat).items()
        if _differ(dimensions.get(name) for dimensions in given)
    ]
    if not parts or _differ(s["Metric"]["MetricName"] for s in stats):
        parts.append(metric["MetricName"])
    same = [s for s in stats if _identity(s) == _identity(stat)]
    parts += [str(stat[name]) for name in ("Stat", "Period") if _differ(s[name] for s in same)]
    return " ".join(parts)


def _differ(values: Any) -> bool:
    return len(Counter(values)) > 1


def _dimensions(stat: Mapping[str, Any]) -> dict[str, str]:
    given = stat["Metric"].get("Dimensions") or ()
    return {one["Name"]: one.get("Value", "") for one in sorted(given, key=lambda one: one["Name"])}


def _identity(stat: Mapping[str, Any]) -> tuple[Any, ...]:
    metric = stat["Metric"]
    return metric["Namespace"], metric["MetricName"], tuple(_dimensions(stat).items())
