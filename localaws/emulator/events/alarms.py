"""When an alarm changes its state: `localaws.alarms` decides, and ministack does not."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.alarms.evaluation import evaluate
from localaws.alarms.metrics import naming_its_metric
from localaws.emulator.seams import replace
from localaws.time.clock import Clock

LateBy = Callable[[str, Mapping[str, str]], float]


def _punctual(namespace: str, dimensions: Mapping[str, str]) -> float:
    return 0.0


class Alarms:
    """ministack's alarms, evaluated here.

    Args:
        cloudwatch: ministack's module.
        clock: the endpoint's time.

    Attributes:
        late_by_s: by how many seconds the metrics of a namespace and dimensions are late; alarms
            look as far back.
    """

    def __init__(self, cloudwatch: ModuleType, clock: Clock) -> None:
        self._cloudwatch, self._clock = cloudwatch, clock
        self.late_by_s: LateBy = _punctual
        replace(cloudwatch, "_evaluate_alarm", self._evaluate)

    def evaluate(self) -> bool:
        """Look at every alarm with the metrics as they are now; True while one is in ALARM."""
        alarms = list(self._cloudwatch._alarms.values())
        for alarm in alarms:
            self._evaluate(alarm)
        return any(alarm["StateValue"] == "ALARM" for alarm in alarms)

    def watch(self, namespace: str) -> bool:
        """Whether any alarm looks at a metric of this namespace."""
        return any(
            naming_its_metric(alarm).get("Namespace") == namespace
            for alarm in self._cloudwatch._alarms.values()
        )

    def _evaluate(self, alarm: dict[str, Any]) -> None:
        # ministack's own evaluation adds up all dimensions of a metric.
        looks = naming_its_metric(alarm)
        dimensions = {d["Name"]: d["Value"] for d in looks.get("Dimensions", [])}
        key = (
            looks.get("Namespace"),
            looks.get("MetricName"),
            self._cloudwatch._dims_key(dimensions),
        )
        points = (
            (point["Timestamp"], point["Value"])
            for point in self._cloudwatch._metrics.get(key, ())
            for _ in range(round(point.get("Count", 1.0)))
        )
        new = evaluate(
            looks,
            points,
            self._clock.now_s() - self.late_by_s(looks.get("Namespace", ""), dimensions),
        )
        old_value = alarm["StateValue"]
        if new is None or new.value == old_value:
            return
        alarm["StateValue"], alarm["StateReason"] = new.value, new.reason
        alarm["StateUpdatedTimestamp"] = int(self._clock.now_s())
        self._cloudwatch._record_history(alarm["AlarmName"], old_value, new.value, new.reason)
        self._cloudwatch._dispatch_alarm_actions(alarm, old_value, new.value, new.reason)
        self._cloudwatch._evaluate_parent_alarms(alarm)
