"""What an alarm tells the topics that it names, as CloudWatch writes it. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from localaws.words.arns import account_of, region_of, service_of
from localaws.words.timestamps import iso_ms

# Notices name the Region as people do.
_REGION_NAMES = {"us-east-1": "US East (N. Virginia)"}

_ACTIONS = {
    "OK": "OKActions",
    "ALARM": "AlarmActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}


def topics_of(alarm: Mapping[str, Any], state: str) -> list[str]:
    """The topics that are told when the alarm enters a state."""
    if not alarm.get("ActionsEnabled", True):
        return []
    return [arn for arn in alarm.get(_ACTIONS[state]) or [] if service_of(arn) == "sns"]


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
        return json.dumps(notice | {"AlarmRule": alarm["AlarmRule"]})
    return json.dumps(notice | {"Trigger": _trigger(alarm)})


def _trigger(alarm: Mapping[str, Any]) -> dict[str, Any]:
    needed = alarm.get("DatapointsToAlarm")
    return {
        "MetricName": alarm.get("MetricName"),
        "Namespace": alarm.get("Namespace"),
        "StatisticType": "Statistic",
        "Statistic": str(alarm.get("Statistic", "")).upper(),
        "Unit": alarm.get("Unit"),
        "Dimensions": [
            {"value": dimension["Value"], "name": dimension["Name"]}
            for dimension in alarm.get("Dimensions", [])
        ],
        "Period": alarm.get("Period"),
        "EvaluationPeriods": alarm.get("EvaluationPeriods"),
        **({"DatapointsToAlarm": needed} if needed else {}),
        "ComparisonOperator": alarm.get("ComparisonOperator"),
        "Threshold": alarm.get("Threshold"),
        "TreatMissingData": alarm.get("TreatMissingData", "missing"),
        "EvaluateLowSampleCountPercentile": "",
    }


def _region(alarm: Mapping[str, Any]) -> str:
    region = region_of(alarm["AlarmArn"])
    return _REGION_NAMES.get(region, region)
