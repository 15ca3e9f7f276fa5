"""Alarms on metrics of one's own follow them, and go on when nothing more is published."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account

PLAIN: dict[str, Any] = {
    "MetricName": "m",
    "Period": 60,
    "Statistic": "Sum",
    "EvaluationPeriods": 1,
    "Threshold": 0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}


def put_alarm(account: Account, namespace: str, **changes: Any) -> str:
    """An alarm on a sum of more than nothing in a minute."""
    cloudwatch, name = account.client("cloudwatch"), account.unique("alarm")
    cloudwatch.put_metric_alarm(AlarmName=name, Namespace=namespace, **PLAIN | changes)
    account.on_close(lambda: cloudwatch.delete_alarms(AlarmNames=[name]))
    return name


def described(account: Account, name: str) -> dict[str, Any]:
    [found] = account.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return dict(found)


def put_data(account: Account, namespace: str, value: float, ago_s: float | None = None) -> None:
    at_s = None if ago_s is None else account.time.now_s() - ago_s
    at = {} if at_s is None else {"Timestamp": datetime.fromtimestamp(at_s, UTC)}
    account.client("cloudwatch").put_metric_data(
        Namespace=namespace, MetricData=[{"MetricName": "m", "Value": value, **at}]
    )


def test_an_alarm_goes_off_and_is_over_as_time_passes(account: Account) -> None:
    # Given an alarm
    namespace = account.unique("ns")
    name = put_alarm(account, namespace)
    account.until_metrics(lambda: described(account, name)["StateValue"] == "OK")
    # When its metric breaches once, it goes off
    put_data(account, namespace, 1)
    account.until_metrics(lambda: described(account, name)["StateValue"] == "ALARM")
    ringing = described(account, name)
    began = f"{ringing['StateReason'].split('(')[1].split(')')[0]}"
    assert began.endswith(":00")
    assert ringing["StateReason"] == (
        f"Threshold Crossed: 1 datapoint [1.0 ({began})] was greater than the threshold (0.0)."
    )
    # And its data say so, in its history and where it is described
    data = json.loads(ringing["StateReasonData"])
    assert (data["period"], data["recentDatapoints"], data["threshold"]) == (60, [1.0], 0.0)
    [point] = data["evaluatedDatapoints"]
    assert (point["sampleCount"], point["value"]) == (1.0, 1.0)
    history = account.client("cloudwatch").describe_alarm_history(
        AlarmName=name, HistoryItemType="StateUpdate"
    )["AlarmHistoryItems"]
    told = json.loads(history[0]["HistoryData"])
    assert told["newState"]["stateReasonData"] == data
    assert told["oldState"]["stateValue"] == "OK"
    assert told["oldState"]["stateReason"].startswith("Threshold Crossed: no datapoints were")
    # When nothing more is published, it is over after some minutes
    account.time.pass_(1_200)
    over = described(account, name)
    assert (over["StateValue"], over["StateReason"]) == (
        "OK",
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was "
        "treated as [NonBreaching].",
    )


def test_a_new_alarm_sees_the_minutes_before_it(account: Account) -> None:
    # Given a data point in each of the last two full minutes
    namespace, now_s = account.unique("ns"), account.time.now_s()
    put_data(account, namespace, 1, now_s % 60 + 30)
    put_data(account, namespace, 1, now_s % 60 + 90)
    # When an alarm on both is made, it goes off
    name = put_alarm(account, namespace, EvaluationPeriods=2)
    account.until_metrics(lambda: described(account, name)["StateValue"] == "ALARM")
    assert "2 datapoints [1.0 (" in described(account, name)["StateReason"]


@pytest.mark.parametrize(
    ("datum", "told"),
    [
        ({"Value": float("nan")}, "The value NaN for parameter MetricData.member.1.Value"),
        ({"Value": float("inf")}, "The value Infinity for parameter MetricData.member.1.Value"),
        ({"Value": 1, "Values": [1]}, "are mutually exclusive and you have specified both."),
        ({"Value": 1, "Timestamp": 0}, "must specify a time within the past two weeks."),
        ({}, "At least one of the parameters must be specified."),
    ],
)
def test_data_that_cannot_be_are_refused(
    account: Account, datum: dict[str, Any], told: str
) -> None:
    with pytest.raises(ClientError) as refused:
        account.client("cloudwatch").put_metric_data(
            Namespace=account.unique("ns"), MetricData=[{"MetricName": "m", **datum}]
        )
    assert told in refused.value.response["Error"]["Message"]


def test_an_action_that_is_no_arn_is_refused(account: Account) -> None:
    with pytest.raises(ClientError, match="Invalid arn syntax: foo") as refused:
        put_alarm(account, account.unique("ns"), AlarmActions=["foo"])
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_changed_alarm_keeps_its_state_and_the_data_behind_it(account: Account) -> None:
    # Given an alarm that rings
    namespace = account.unique("ns")
    name = put_alarm(account, namespace)
    put_data(account, namespace, 1)
    account.until_metrics(lambda: described(account, name)["StateValue"] == "ALARM")
    before = described(account, name)
    # When its description changes
    cloudwatch = account.client("cloudwatch")
    names = (*PLAIN, "AlarmName", "Namespace")
    cloudwatch.put_metric_alarm(
        **{given: before[given] for given in names}, AlarmDescription="changed"
    )
    # Then it has its reason and the data still
    after = described(account, name)
    assert after["AlarmDescription"] == "changed"
    assert after["StateReasonData"] == before["StateReasonData"]
