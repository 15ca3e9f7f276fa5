"""What is kept of an alarm: one statistic, and a history that begins with its creation."""

from types import ModuleType
from typing import Any

from localaws.alarms.history import creation_item
from localaws.emulator.seams import replace
from localaws.time.clock import Clock


def begin_histories(cloudwatch: ModuleType, clock: Clock) -> None:
    """Let CloudWatch tell of a new alarm what AWS tells.

    ministack gives an alarm on a percentile an average as well, and a new alarm a change of its
    state to the one that it has.
    """
    theirs, evaluate = cloudwatch._record_history, cloudwatch._evaluate_alarm

    def evaluated(alarm: dict[str, Any]) -> Any:
        _keep_one_statistic(alarm)
        return evaluate(alarm)

    def record(name: str, old_state: str, new_state: str, *rest: Any, **named: Any) -> None:
        if old_state != new_state:
            theirs(name, old_state, new_state, *rest, **named)
            return
        alarm, now_s = cloudwatch._alarms[name], clock.now_s()
        _keep_one_statistic(alarm)
        item = creation_item(alarm, now_s)
        cloudwatch._history_entries().append(item | {"Timestamp": cloudwatch._ts_iso(now_s)})

    replace(cloudwatch, "_evaluate_alarm", evaluated)
    replace(cloudwatch, "_record_history", record)


def _keep_one_statistic(alarm: dict[str, Any]) -> None:
    if alarm.get("ExtendedStatistic"):
        alarm.pop("Statistic", None)
