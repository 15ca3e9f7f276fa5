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
    text = json.dumps(data)
    if len(text) > _MAX_DATA:
        text = json.dumps(data | {"publishedMessage": None})
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
