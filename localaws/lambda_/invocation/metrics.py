"""Lambda's CloudWatch metrics, with the dimensions that each of them has."""

from localaws.words.ports import MetricSink

NAMESPACE = "AWS/Lambda"


class FunctionMetrics:
    """Puts data points of functions and event source mappings.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    """

    def __init__(self, sink: MetricSink) -> None:
        self._sink = sink

    def count(
        self,
        name: str,
        value: float,
        function_name: str,
        qualifier: str | None = None,
        executed_version: str | None = None,
    ) -> None:
        """A Count of one function, per resource (function or alias) and for the account too."""
        self.put(name, value, "Count", function_name, qualifier, executed_version)

    def put(
        self,
        name: str,
        value: float,
        unit: str,
        function_name: str,
        qualifier: str | None = None,
        executed_version: str | None = None,
        *,
        at_s: float | None = None,
    ) -> None:
        """One data point in every dimension set that AWS publishes; `at_s` as for the sink."""
        resource = f"{function_name}:{qualifier}" if qualifier else function_name
        by_function = {"FunctionName": function_name}
        by_resource = by_function | {"Resource": resource}
        dimension_sets: list[dict[str, str]] = [{}, by_function, by_resource]
        is_alias = qualifier is not None and qualifier != executed_version
        if is_alias and executed_version is not None:
            dimension_sets.append(by_resource | {"ExecutedVersion": executed_version})
        for dimensions in dimension_sets:
            self._sink.put(NAMESPACE, name, value, unit, dimensions, at_s=at_s)

    def count_events(self, name: str, value: float, mapping_uuid: str) -> None:
        """A Count of events of one event source mapping."""
        self._sink.put(NAMESPACE, name, value, "Count", {"EventSourceMappingUUID": mapping_uuid})
