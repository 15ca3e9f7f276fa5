"""What an alarm's history has of an action that was run. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html has the
form and the limits. A summary says "Successfully executed action <arn>", or "Failed to execute
action <arn>" with what was answered; where CloudWatch may not do it, in words of its own, as people
published them from their alarms' histories.
"""

import json
from collections.abc import Mapping
from typing import Any

from localaws.words.arns import service_of
from localaws.words.errors import AwsError
from localaws.words.json_text import compact

_MAX_SUMMARY, _MAX_DATA = 255, 4_095


def action_item(
    alarm: Mapping[str, Any], action_arn: str, message: str, error: AwsError | None, now_s: float
) -> dict[str, Any]:
    """An item of the type Action, but for its timestamp.

    Args:
        alarm: as DescribeAlarms gives it.
        message: what the action's target was told.
        error: what the target answered; None where it took it.
    """
    received = _received(error, action_arn) if error else ""
    data = {
        "actionState": "Failed" if error else "Succeeded",
        "stateUpdateTimestamp": int(now_s * 1000),
        "notificationResource": action_arn,
        "publishedMessage": message,
        **({"error": received} if error else {}),
    }
    text = compact(data)
    if len(text) > _MAX_DATA:
        text = compact(data | {"publishedMessage": None})
    summary = (
        f'Failed to execute action {action_arn}. Received error: "{received}"'
        if error
        else f"Successfully executed action {action_arn}"
    )
    return {
        "AlarmName": alarm["AlarmName"],
        "AlarmType": "CompositeAlarm" if "AlarmRule" in alarm else "MetricAlarm",
        "HistoryItemType": "Action",
        "HistorySummary": summary[:_MAX_SUMMARY],
        "HistoryData": text,
    }


def state_data(
    old: Mapping[str, Any], alarm: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, Any]:
    """What an item of the type StateUpdate has as its data.

    Args:
        old: the alarm as it was; its StateReasonData is JSON text.
        alarm: as it is.
        data: what its StateReasonData has.
    """
    before = json.loads(old.get("StateReasonData") or "null")
    return {
        "version": "1.0",
        "oldState": {
            "stateValue": old["StateValue"],
            "stateReason": old.get("StateReason"),
            **({"stateReasonData": before} if before else {}),
        },
        "newState": {
            "stateValue": alarm["StateValue"],
            "stateReason": alarm["StateReason"],
            "stateReasonData": data,
        },
    }


def creation_item(alarm: Mapping[str, Any], now_s: float) -> dict[str, Any]:
    """The item that a history begins with, but for its timestamp.

    Args:
        alarm: as DescribeAlarms gives it.
    """
    created = {
        _spelled(name): _respelled(value)
        for name, value in alarm.items()
        if name not in _TIMES and value not in (None, "")
    } | dict.fromkeys((_spelled(name) for name in _TIMES), int(now_s * 1000))
    return {
        "AlarmName": alarm["AlarmName"],
        "AlarmType": "CompositeAlarm" if "AlarmRule" in alarm else "MetricAlarm",
        "HistoryItemType": "ConfigurationUpdate",
        "HistorySummary": f'Alarm "{alarm["AlarmName"]}" created',
        "HistoryData": compact({"version": "1.0", "type": "Create", "createdAlarm": created}),
    }


_TIMES = ("AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp")


def _respelled(value: Any) -> Any:
    """A value whose members, at whatever depth, begin small."""
    if isinstance(value, Mapping):
        return {_spelled(name): _respelled(inner) for name, inner in value.items()}
    return [_respelled(one) for one in value] if isinstance(value, list) else value


def _spelled(name: str) -> str:
    return "okactions" if name == "OKActions" else name[:1].lower() + name[1:]


def _received(error: AwsError, action_arn: str) -> str:
    if error.code.startswith("KMS"):
        return (
            "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."
        )
    if error.status != 403 and "AccessDenied" not in error.code:
        return error.message
    to_topic = service_of(action_arn) == "sns"
    action, resource = (
        ("SNS:Publish", f"resource: {action_arn}")
        if to_topic
        else ("lambda:InvokeFunction", "the resource")
    )
    return (
        f"CloudWatch Alarms is not authorized to perform: {action} on {resource} because no "
        f"resource-based policy allows the {action} action"
    )
