"""When an alarm changes its state: `localaws.alarms` decides, and ministack does not."""

import math
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.alarms.evaluation import judged
from localaws.alarms.evaluation_range import range_of, sample_counts
from localaws.alarms.history import state_data
from localaws.alarms.metrics import look_interval_s, metrics_of
from localaws.alarms.reasons import reason_data_of
from localaws.emulator.events.metric_queries import StoredMetrics
from localaws.emulator.seams import replace
from localaws.time.clock import Clock
from localaws.words.json_text import compact

LateBy = Callable[[str, Mapping[str, str]], float]
# (namespace, epoch seconds): there is a data point of that moment.
Recorded = Callable[[str, float], None]

# Late points come together, at multiples of this: a look before would see a part of them.
_LATE_GRID_S = 10.0


def _punctual(namespace: str, dimensions: Mapping[str, str]) -> float:
    return 0.0


def _unscheduled(namespace: str, at_s: float) -> None:
    return None


class Alarms:
    """ministack's alarms, evaluated here.

    Args:
        cloudwatch: ministack's module.
        clock: the endpoint's time.

    Attributes:
        late_by_s: by how many seconds the metrics of a namespace and dimensions are late; alarms
            look as far back.
        recorded: told of data that PutMetricData stored, or that a new alarm found.
    """

    def __init__(self, cloudwatch: ModuleType, clock: Clock) -> None:
        self._cloudwatch, self._clock = cloudwatch, clock
        self._stored = StoredMetrics(cloudwatch)
        self.late_by_s: LateBy = _punctual
        self.recorded: Recorded = _unscheduled
        store = cloudwatch._store_datum

        def stored(
            namespace: str, name: str, dimensions: Any, at_s: float, *values: Any, **named: Any
        ) -> None:
            store(namespace, name, dimensions, at_s, *values, **named)
            self.recorded(namespace, at_s)

        set_state = cloudwatch._set_alarm_state

        def state_set(params: Any, body: Mapping[str, Any], *protocol: bool) -> Any:
            # No data are behind a state that somebody sets, unless they give some.
            if alarm := cloudwatch._alarms.get(body.get("AlarmName", "")):
                alarm.pop("StateReasonData", None)
            return set_state(params, body, *protocol)

        replace(cloudwatch, "_set_alarm_state", state_set)
        replace(cloudwatch, "_store_datum", stored)
        replace(cloudwatch, "_evaluate_alarm", self._begin)
        replace(cloudwatch, "_evaluate_all_alarms", self.evaluate)

    def evaluate(self) -> float | None:
        """Look at every alarm with the metrics as they are now.

        Returns:
            After how many seconds to look again; None while time alone can change none of them.
        """
        intervals_s = [
            look_interval_s(alarm)
            for alarm in list(self._cloudwatch._alarms.values())
            if self._evaluate(alarm) is not None
        ]
        return min(intervals_s, default=None)

    def looks_after(self, namespace: str, at_s: float) -> set[float]:
        """When the alarms that look at a namespace can judge what happened at a moment."""
        return {
            self._judged_at_s(alarm, at_s)
            for alarm in self._cloudwatch._alarms.values()
            if any(watched == namespace for watched, _ in metrics_of(alarm))
        }

    def _judged_at_s(self, alarm: Mapping[str, Any], at_s: float) -> float:
        """When a look finds the period over that a moment is in."""
        interval_s = look_interval_s(alarm)
        over_s = (math.floor(at_s / interval_s) + 1) * interval_s + self._late_by_s(alarm)
        return math.ceil(over_s / _LATE_GRID_S) * _LATE_GRID_S

    def _late_by_s(self, alarm: Mapping[str, Any]) -> float:
        return max((self.late_by_s(*metric) for metric in metrics_of(alarm)), default=0.0)

    def _begin(self, alarm: dict[str, Any]) -> None:
        """Look at an alarm that is new or changed, and from then on where there are data."""
        newest_s = self._evaluate(alarm)
        if newest_s is not None:
            for namespace, _ in metrics_of(alarm)[:1]:
                self.recorded(namespace, newest_s)

    def _evaluate(self, alarm: dict[str, Any]) -> float | None:
        """Look at one alarm; returns when its newest data point happened that still counts."""
        # ministack's own evaluation adds up all dimensions of a metric.
        now_s, read = self._clock.now_s(), self._stored.points
        seen = range_of(alarm, read, now_s - self._late_by_s(alarm))
        if seen is None:
            return None
        new, old_value = judged(alarm, seen), alarm["StateValue"]
        if new is not None and new.value != old_value:
            counts = sample_counts(alarm, read, seen.real)
            data = reason_data_of(alarm, new.value, new.decisive, seen, counts, now_s)
            old = dict(alarm)
            alarm["StateValue"], alarm["StateReason"] = new.value, new.reason
            alarm["StateReasonData"] = compact(data)
            alarm["StateUpdatedTimestamp"] = int(now_s)
            self._cloudwatch._record_history(alarm["AlarmName"], old_value, new.value, new.reason)
            # ministack tells of the state before no more than its name.
            self._cloudwatch._history_entries()[-1]["HistoryData"] = compact(
                state_data(old, alarm, data)
            )
            self._cloudwatch._dispatch_alarm_actions(alarm, old_value, new.value, new.reason)
            self._cloudwatch._evaluate_parent_alarms(alarm)
        return seen.newest_s
