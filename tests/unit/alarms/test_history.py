"""What an alarm's history has of its actions."""

import json

import pytest

from localaws.alarms.history import action_item, state_data
from localaws.words.errors import AwsError

TOPIC = "arn:aws:sns:us-east-1:123456789012:people"
ALARM = {"AlarmName": "orders"}
DENIED = (
    "User: cloudwatch.amazonaws.com is not authorized to perform: sns:Publish on resource: "
    f"{TOPIC} because no resource-based policy allows the sns:Publish action"
)


def test_a_change_of_state_has_both_states_and_the_data_behind_them() -> None:
    old = {"StateValue": "OK", "StateReason": "fine", "StateReasonData": '{"period":60}'}
    new = {"StateValue": "ALARM", "StateReason": "bad"}
    assert state_data(old, new, {"period": 60}) == {
        "version": "1.0",
        "oldState": {
            "stateValue": "OK",
            "stateReason": "fine",
            "stateReasonData": {"period": 60},
        },
        "newState": {
            "stateValue": "ALARM",
            "stateReason": "bad",
            "stateReasonData": {"period": 60},
        },
    }


def test_an_action_that_succeeded() -> None:
    item = action_item(ALARM, TOPIC, '{"NewStateValue": "ALARM"}', None, 1_700_000_000.5)
    data = json.loads(item.pop("HistoryData"))
    assert item == {
        "AlarmName": "orders",
        "AlarmType": "MetricAlarm",
        "HistoryItemType": "Action",
        "HistorySummary": f"Successfully executed action {TOPIC}",
    }
    assert data == {
        "actionState": "Succeeded",
        "stateUpdateTimestamp": 1_700_000_000_500,
        "notificationResource": TOPIC,
        "publishedMessage": '{"NewStateValue": "ALARM"}',
    }


def test_a_function_that_does_not_let_the_alarm_in() -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:fn"
    error = AwsError("no", code="AccessDeniedException", status=403)
    assert json.loads(action_item(ALARM, arn, "{}", error, 1.0)["HistoryData"])["error"] == (
        "CloudWatch Alarms is not authorized to perform: lambda:InvokeFunction on the resource "
        "because no resource-based policy allows the lambda:InvokeFunction action"
    )


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            AwsError(DENIED, code="AccessDenied", status=403),
            f"CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: {TOPIC} ",
        ),
        (
            AwsError("gone", code="KMSNotFoundException"),
            "CloudWatch Alarms does not have authorization to access the SNS topic encryption key.",
        ),
        (AwsError("Topic does not exist", code="NotFound", status=404), "Topic does not exist"),
    ],
)
def test_an_action_that_failed(error: AwsError, told: str) -> None:
    item = action_item(ALARM, TOPIC, "{}", error, 1.0)
    assert item["HistorySummary"].startswith(
        f'Failed to execute action {TOPIC}. Received error: "{told}'[:255]
    )
    data = json.loads(item["HistoryData"])
    assert data["actionState"] == "Failed"
    assert data["error"].startswith(told)


def test_what_is_too_long_is_cut() -> None:
    item = action_item({**ALARM, "AlarmRule": "x"}, TOPIC, "x" * 5_000, None, 1.0)
    assert item["AlarmType"] == "CompositeAlarm"
    assert json.loads(item["HistoryData"])["publishedMessage"] is None
    denied = AwsError("y" * 400, code="InternalError")
    assert len(action_item(ALARM, TOPIC, "", denied, 1.0)["HistorySummary"]) == 255
