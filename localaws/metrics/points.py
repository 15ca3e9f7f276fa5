"""Data points as they were published."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """Values that were published together.

    Attributes:
        at_s: epoch seconds.
        unit: `Count`, `Milliseconds` and so on; `None` where there was none.
        count: how many values.
        total: their sum.
        minimum: the least of them.
        maximum: the greatest of them.
    """

    at_s: float
    unit: str
    count: float
    total: float
    minimum: float
    maximum: float

    @classmethod
    def of(cls, at_s: float, value: float, count: float = 1.0, unit: str = "None") -> "Point":
        """One value, seen so many times."""
        return cls(at_s, unit, count, value * count, value, value)

    @property
    def is_one_value(self) -> bool:
        """Whether all its values are the same, so that each of them is known."""
        return self.minimum == self.maximum and self.total == self.minimum * self.count


# (namespace, name, dimensions) -> the metric's points, oldest first or not.
ReadPoints = Callable[[str, str, Mapping[str, str]], Sequence[Point]]
