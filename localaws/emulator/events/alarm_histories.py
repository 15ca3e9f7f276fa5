"""What is kept of an alarm: what it looks at, and a history that begins with its creation."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from localaws.alarms.history import creation_item
from localaws.alarms.metrics import OF_ONE_METRIC
from localaws.cloudformation.resources import is_true
from localaws.emulator.seams import replace
from localaws.time.clock import Clock

# ministack makes no alarm of a template without a metric of its own; one with a list loses it.
_NO_METRIC = {"Namespace": "none", "MetricName": "none"}


def begin_histories(cloudwatch: ModuleType, provisioners: ModuleType, clock: Clock) -> None:
    """Let CloudWatch keep of a new alarm what AWS keeps, and tell of it what AWS tells.

    ministack gives an alarm on a percentile an average as well, leaves out its list of metrics, and
    gives a new alarm a change of its state to the one that it has. Of a changed one it forgets the
    data behind its state.

    Args:
        cloudwatch: ministack's module.
        provisioners: its module that makes alarms of templates.
        clock: the endpoint's time.
    """
    theirs, evaluate = cloudwatch._record_history, cloudwatch._evaluate_alarm
    put, made = cloudwatch._put_metric_alarm, provisioners._cw_metric_alarm_record
    # Alarm's name -> the list that its last request had.
    lists: dict[str, Any] = {}

    def keep(alarm: dict[str, Any]) -> None:
        if queries := lists.get(alarm["AlarmName"]):
            for name in OF_ONE_METRIC:
                alarm.pop(name, None)
            alarm["Metrics"] = queries
        elif alarm.get("ExtendedStatistic"):
            alarm.pop("Statistic", None)

    def put_alarm(params: Any, body: Mapping[str, Any], *protocol: bool) -> Any:
        name = body.get("AlarmName", "")
        lists[name] = body.get("Metrics")
        before = cloudwatch._alarms.get(name) or {}
        answer = put(params, body, *protocol)
        now = cloudwatch._alarms.get(name) or {}
        # A changed alarm stays in its state until data speak for another, and so does its reason.
        if "StateReasonData" in before and now.get("StateReason") == before["StateReason"]:
            now.setdefault("StateReasonData", before["StateReasonData"])
        return answer

    def made_of(name: str, properties: Mapping[str, Any]) -> Any:
        lists[name] = [_typed(query) for query in properties.get("Metrics") or ()]
        own = {member: value for member, value in properties.items() if member != "Metrics"}
        return made(name, own | _NO_METRIC if lists[name] else own)

    def evaluated(alarm: dict[str, Any]) -> Any:
        keep(alarm)
        return evaluate(alarm)

    def record(name: str, old_state: str, new_state: str, *rest: Any, **named: Any) -> None:
        if old_state != new_state:
            theirs(name, old_state, new_state, *rest, **named)
            return
        alarm, now_s = cloudwatch._alarms[name], clock.now_s()
        keep(alarm)
        item = creation_item(alarm, now_s)
        cloudwatch._history_entries().append(item | {"Timestamp": cloudwatch._ts_iso(now_s)})

    replace(cloudwatch, "_evaluate_alarm", evaluated)
    replace(cloudwatch, "_record_history", record)
    replace(cloudwatch, "_put_metric_alarm", put_alarm)
    replace(provisioners, "_cw_metric_alarm_record", made_of)


def _typed(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query of a template, whose numbers and truths may be texts, as a request has it."""
    typed: dict[str, Any] = {**query, "ReturnData": is_true(query.get("ReturnData", True))}
    if stat := query.get("MetricStat"):
        return typed | {"MetricStat": {**stat, "Period": int(stat["Period"])}}
    return typed | ({"Period": int(query["Period"])} if query.get("Period") else {})
