"""What an alarm tells topics, functions and the event bus, as CloudWatch writes it. Pure."""

import uuid
from collections.abc import Mapping
from typing import Any

from localaws.alarms.metrics import is_shown, queries_of
from localaws.words.arns import account_of, region_of
from localaws.words.json_text import compact
from localaws.words.timestamps import iso_ms

# Notices name the Region as people do.
_REGION_NAMES = {"us-east-1": "US East (N. Virginia)"}

_ACTIONS = {
    "OK": "OKActions",
    "ALARM": "AlarmActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}


def actions_of(alarm: Mapping[str, Any], state: str) -> list[str]:
    """The topics and functions that are told when the alarm enters a state."""
    return list(alarm.get(_ACTIONS[state]) or []) if alarm.get("ActionsEnabled", True) else []


def subject_of(alarm: Mapping[str, Any], state: str) -> str:
    """The notice's subject; SNS takes no more than 100 characters."""
    return f'{state}: "{alarm["AlarmName"]}" in {_region(alarm)}'[:100]


def message_of(
    alarm: Mapping[str, Any], old_state: str, new_state: str, reason: str, now_s: float
) -> str:
    """The notice as JSON text, keys in CloudWatch's order.

    Args:
        alarm: as DescribeAlarms gives it.
    """
    configured_s = float(alarm.get("AlarmConfigurationUpdatedTimestamp", now_s))
    notice = {
        "AlarmName": alarm["AlarmName"],
        "AlarmDescription": alarm.get("AlarmDescription") or None,
        "AWSAccountId": account_of(alarm["AlarmArn"]),
        "AlarmConfigurationUpdatedTimestamp": iso_ms(configured_s, "+0000"),
        "NewStateValue": new_state,
        "NewStateReason": reason,
        "StateChangeTime": iso_ms(now_s, "+0000"),
        "Region": _region(alarm),
        "AlarmArn": alarm["AlarmArn"],
        "OldStateValue": old_state,
        **{name: list(alarm.get(name) or []) for name in _ACTIONS.values()},
    }
    if "AlarmRule" in alarm:
        return compact(notice | {"AlarmRule": alarm["AlarmRule"]})
    return compact(notice | {"Trigger": _trigger(alarm)})


def change_of(
    alarm: Mapping[str, Any], previous: Mapping[str, Any], value: str, reason: str, now_s: float
) -> dict[str, Any]:
    """What a function is invoked with; its `alarmData` is the detail of the bus's event.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    A state that somebody set has no `reasonData`, unless they gave some.

    Args:
        alarm: as DescribeAlarms gives it.
        previous: the state that it was in.
    """
    at, data = iso_ms(now_s, "+0000"), alarm.get("StateReasonData")
    reason_data = {"reasonData": data} if data else {}
    return {
        "source": "aws.cloudwatch",
        "alarmArn": alarm["AlarmArn"],
        "accountId": account_of(alarm["AlarmArn"]),
        "time": at,
        "region": region_of(alarm["AlarmArn"]),
        "alarmData": {
            "alarmName": alarm["AlarmName"],
            "state": {"value": value, "reason": reason, **reason_data, "timestamp": at},
            "previousState": dict(previous),
            "configuration": _configuration(alarm),
        },
    }


def _configuration(alarm: Mapping[str, Any]) -> dict[str, Any]:
    description = alarm.get("AlarmDescription")
    told = {"description": description} if description else {}
    if "AlarmRule" in alarm:
        return told | {"alarmRule": alarm["AlarmRule"]}
    own = str(uuid.uuid5(uuid.NAMESPACE_URL, alarm["AlarmArn"]))
    queries = alarm.get("Metrics") or [{**queries_of(alarm)[0], "Id": own}]
    return told | {"metrics": [_asked(query) for query in queries]}


def _asked(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query as functions and the event bus are told it."""
    asked = {
        "id": query["Id"],
        "expression": query.get("Expression"),
        "label": query.get("Label"),
        "metricStat": _measured(query["MetricStat"]) if query.get("MetricStat") else None,
        "returnData": is_shown(query),
        "period": query.get("Period"),
    }
    return {name: value for name, value in asked.items() if value not in (None, "")}


def _measured(stat: Mapping[str, Any]) -> dict[str, Any]:
    metric = stat["Metric"]
    return {
        "metric": {
            "namespace": metric.get("Namespace"),
            "name": metric.get("MetricName"),
            "dimensions": {one["Name"]: one["Value"] for one in metric.get("Dimensions") or ()},
        },
        "period": stat.get("Period"),
        "stat": stat.get("Stat"),
    }


def _trigger(alarm: Mapping[str, Any]) -> dict[str, Any]:
    needed = alarm.get("DatapointsToAlarm")
    queries = alarm.get("Metrics")
    return {
        **({"Metrics": [_query(query) for query in queries]} if queries else _metric(alarm)),
        "EvaluationPeriods": alarm.get("EvaluationPeriods"),
        **({"DatapointsToAlarm": needed} if needed else {}),
        "ComparisonOperator": alarm.get("ComparisonOperator"),
        "Threshold": alarm.get("Threshold"),
        "TreatMissingData": alarm.get("TreatMissingData", "missing"),
        "EvaluateLowSampleCountPercentile": "",
    }


def _metric(alarm: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "MetricName": alarm.get("MetricName"),
        "Namespace": alarm.get("Namespace"),
        **_named_statistic(alarm),
        "Unit": alarm.get("Unit"),
        "Dimensions": _dimensions(alarm),
        "Period": alarm.get("Period"),
    }


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query of the alarm's list, its dimensions spelled as notices do."""
    stat = query.get("MetricStat")
    if not stat:
        return dict(query)
    metric = stat["Metric"] | {"Dimensions": _dimensions(stat["Metric"])}
    return {**query, "MetricStat": stat | {"Metric": metric}}


def _dimensions(metric: Mapping[str, Any]) -> list[dict[str, str]]:
    given = metric.get("Dimensions") or []
    return [{"value": one["Value"], "name": one["Name"]} for one in given]


def _named_statistic(alarm: Mapping[str, Any]) -> dict[str, Any]:
    if extended := alarm.get("ExtendedStatistic"):
        return {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": extended}
    return {"StatisticType": "Statistic", "Statistic": str(alarm.get("Statistic", "")).upper()}


def _region(alarm: Mapping[str, Any]) -> str:
    region = region_of(alarm["AlarmArn"])
    return _REGION_NAMES.get(region, region)
