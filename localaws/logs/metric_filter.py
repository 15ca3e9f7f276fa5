"""Metric filters: what is written becomes data points of a metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from localaws.logs.patterns import FilterPattern
from localaws.logs.patterns.conditions import number_of
from localaws.words.ports import MetricSink

_MINUTE_MS = 60_000


@dataclass
class MetricFilter:
    """One metric filter of a log group.

    Attributes:
        description: as DescribeMetricFilters shows it.
    """

    description: Mapping[str, Any]
    pattern: FilterPattern
    _default_minute: int = field(default=-1, init=False)

    def count(self, events: Sequence[tuple[int, str]], metrics: MetricSink, now_ms: int) -> None:
        """Record what new events amount to."""
        matching = [event for event in events if self.pattern.matches(event[1])]
        for transformation in self.description["metricTransformations"]:
            for at_ms, message in matching:
                self._record(transformation, at_ms, message, metrics)
            if not matching and "defaultValue" in transformation:
                self._record_default(transformation, metrics, now_ms)

    def _record(
        self, transformation: Mapping[str, Any], at_ms: int, message: str, metrics: MetricSink
    ) -> None:
        wanted = transformation["metricValue"]
        text = self.pattern.value(message, wanted) if wanted.startswith("$") else wanted
        value = number_of(text)
        selectors = transformation.get("dimensions", {})
        found = {name: self.pattern.value(message, s) for name, s in selectors.items()}
        dimensions = {name: text for name, text in found.items() if text is not None}
        if value is not None and len(dimensions) == len(selectors):
            _put(transformation, value, dimensions, metrics, at_ms)

    def _record_default(
        self, transformation: Mapping[str, Any], metrics: MetricSink, now_ms: int
    ) -> None:
        """A minute in which events came but none matched has the default value, once."""
        minute = now_ms // _MINUTE_MS
        if minute != self._default_minute:
            self._default_minute = minute
            _put(transformation, transformation["defaultValue"], {}, metrics, now_ms)


def _put(
    transformation: Mapping[str, Any],
    value: float,
    dimensions: Mapping[str, str],
    metrics: MetricSink,
    at_ms: int,
) -> None:
    metrics.put(
        transformation["metricNamespace"],
        transformation["metricName"],
        value,
        transformation.get("unit", "None"),
        dimensions,
        at_s=at_ms / 1000,
    )
