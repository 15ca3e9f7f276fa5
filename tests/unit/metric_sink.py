"""CloudWatch, as far as the unit tests see it: a list of data points."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Point:
    """One data point. When it is said to have happened is asked for by itself: equal without."""

    namespace: str
    name: str
    value: float
    unit: str
    dimensions: Mapping[str, str]
    at_s: float | None = field(default=None, compare=False)


class MetricSink:
    """Remembers data points, oldest first."""

    def __init__(self) -> None:
        self.points: list[Point] = []

    def put(
        self,
        namespace: str,
        name: str,
        value: float,
        unit: str,
        dimensions: Mapping[str, str],
        *,
        at_s: float | None = None,
    ) -> None:
        self.points.append(Point(namespace, name, value, unit, dict(dimensions), at_s))

    def of(self, name: str, **dimensions: str) -> list[Point]:
        """The points of one metric with just these dimensions."""
        wanted = (name, dimensions)
        return [point for point in self.points if (point.name, point.dimensions) == wanted]

    def values(self, name: str, **dimensions: str) -> list[float]:
        return [point.value for point in self.of(name, **dimensions)]
