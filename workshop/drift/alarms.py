"""Alarms: what their stacks say, what is there, how it is set."""

from collections.abc import Mapping
from typing import Any

from workshop.drift.comparable import Comparable, Settings
from workshop.drift.template import Declared, Stack
from workshop.target.session import Session

# What is compared. An alarm is put as a whole, so whatever else its stack says is put back too.
_SETTINGS: dict[str, Any] = {
    "Threshold": None,
    "ComparisonOperator": None,
    "Period": None,
    "Statistic": None,
    "EvaluationPeriods": None,
    "TreatMissingData": "missing",
    "ActionsEnabled": True,
    "AlarmActions": [],
}


def _of(given: Mapping[str, Any]) -> dict[str, Any]:
    settings = {name: given.get(name, default) for name, default in _SETTINGS.items()}
    settings["AlarmActions"] = sorted(settings["AlarmActions"])
    threshold = settings["Threshold"]
    return settings | {"Threshold": None if threshold is None else float(threshold)}


def _said(alarm: Declared, _stack: Stack) -> Settings:
    return {} if alarm.unknown else _of(alarm.properties)


def _found(session: Session, alarm: Declared) -> Settings:
    answer = session.client("cloudwatch").describe_alarms(AlarmNames=[alarm.physical_id])
    [found] = answer["MetricAlarms"] or [None]
    return {} if found is None else _of(found)


def _restore(session: Session, alarm: Declared, _names: frozenset[str], _all: Settings) -> None:
    # Tags of an alarm that exists are not taken with it.
    whole = {name: value for name, value in alarm.properties.items() if name != "Tags"}
    session.client("cloudwatch").put_metric_alarm(**{"AlarmName": alarm.physical_id} | whole)


ALARM = Comparable("alarm", _said, _found, _restore)
