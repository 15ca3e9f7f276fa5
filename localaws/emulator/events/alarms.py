"""When an alarm changes its state: `localaws.alarms` decides, and ministack does not."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.alarms.evaluation import evaluate
from localaws.alarms.metrics import metrics_of
from localaws.emulator.events.metric_queries import StoredMetrics
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
        self._stored = StoredMetrics(cloudwatch)
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
            watched == namespace
            for alarm in self._cloudwatch._alarms.values()
            for watched, _ in metrics_of(alarm)
        )

    def _evaluate(self, alarm: dict[str, Any]) -> None:
        # ministack's own evaluation adds up all dimensions of a metric.
        late_by_s = max((self.late_by_s(*metric) for metric in metrics_of(alarm)), default=0.0)
        new = evaluate(alarm, self._stored.points, self._clock.now_s() - late_by_s)
        old_value = alarm["StateValue"]
        if new is None or new.value == old_value:
            return
        alarm["StateValue"], alarm["StateReason"] = new.value, new.reason
        alarm["StateUpdatedTimestamp"] = int(self._clock.now_s())
        self._cloudwatch._record_history(alarm["AlarmName"], old_value, new.value, new.reason)
        self._cloudwatch._dispatch_alarm_actions(alarm, old_value, new.value, new.reason)
        self._cloudwatch._evaluate_parent_alarms(alarm)
