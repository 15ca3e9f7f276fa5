"""How data points are kept: a busy function makes thousands of them, for two weeks."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any, cast

from localaws.emulator.adapters import Metrics
from localaws.time.clock import Clock


class Kept:
    """A clock that stands still, the sink, and the series as the emulator keeps them."""

    def __init__(self) -> None:
        self.clock = Clock(real_s=lambda: 0.0, start_s=1_000.0)
        self.series: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        emulator = SimpleNamespace(
            _metric_bucket=self.series.__getitem__,
            _dims_key=lambda dimensions: "|".join(f"{k}={v}" for k, v in dimensions.items()),
        )
        self._metrics = Metrics(cast(Any, emulator), self.clock)

    def put(self, value: float, name: str = "Invocations", **options: Any) -> None:
        dimensions = {"FunctionName": options.pop("function", "f")}
        self._metrics.put("AWS/Lambda", name, value, "Count", dimensions, **options)

    def points(self) -> list[tuple[float, float, float]]:
        """(time, value, how often) of every point of every series."""
        return [
            (point["Timestamp"], point["Value"], point.get("Count", 1.0))
            for points in self.series.values()
            for point in points
        ]


def test_a_value_that_is_seen_again_within_a_second_takes_no_more_memory() -> None:
    # Given a sink
    kept = Kept()
    # When a thousand invocations are counted within one second
    for _ in range(1000):
        kept.put(1)
    # Then they are one point that counts a thousand times
    assert kept.points() == [(1000.0, 1.0, 1000.0)]


def test_other_values_moments_and_series_are_points_of_their_own() -> None:
    kept = Kept()
    kept.put(1)
    kept.put(0)
    kept.put(1, function="g")
    kept.put(1, name="Errors")
    kept.clock.skip_to(1_001.0)
    kept.put(0)
    assert sorted(kept.points()) == [
        (1000.0, 0.0, 1.0),
        (1000.0, 1.0, 1.0),
        (1000.0, 1.0, 1.0),
        (1000.0, 1.0, 1.0),
        (1001.0, 0.0, 1.0),
    ]


def test_a_point_may_tell_of_an_earlier_moment() -> None:
    kept = Kept()
    kept.put(1, at_s=990.0)
    assert kept.points() == [(990.0, 1.0, 1.0)]
