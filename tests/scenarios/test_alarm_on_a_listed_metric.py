"""An alarm may name its one metric in a list, as the CDK does for a metric with a label."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack


def listed(function: str, period: Any = 60, **changes: Any) -> list[dict[str, Any]]:
    """A list of one metric: the function's errors."""
    metric = {
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": function}],
    }
    stat = {"Metric": metric, "Period": period, "Stat": "Sum"} | changes
    return [{"Id": "m1", "Label": "Failures", "MetricStat": stat, "ReturnData": True}]


def put(account: Account, name: str, metrics: list[dict[str, Any]], **options: Any) -> None:
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        Metrics=metrics,
        **{"Threshold": 1} | options,
    )
    account.on_close(lambda: cloudwatch.delete_alarms(AlarmNames=[name]))


def described(account: Account, name: str) -> dict[str, Any]:
    [found] = account.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return dict(found)


def test_it_is_shown_as_given_and_goes_off(account: Account) -> None:
    # Given an alarm on a list of one metric
    function, name = account.function(), account.unique("alarm")
    topic, queue = outlets.topic(account)
    put(account, name, listed(function), AlarmActions=[topic])
    # Then it is shown so, and its history begins so
    found = described(account, name)
    assert found["Metrics"] == listed(function)
    assert not {"MetricName", "Namespace", "Statistic", "Period", "Dimensions"} & found.keys()
    history = account.client("cloudwatch").describe_alarm_history(AlarmName=name)
    created = json.loads(history["AlarmHistoryItems"][-1]["HistoryData"])["createdAlarm"]
    assert "metricName" not in created
    # When the function fails
    account.invoke(function, {"raise": "bad"})
    # Then the alarm goes off, and its notice has the list
    account.until_metrics(lambda: described(account, name)["StateValue"] == "ALARM")
    [received] = queue.receive(WaitTimeSeconds=20)
    trigger = json.loads(json.loads(received["Body"])["Message"])["Trigger"]
    assert "MetricName" not in trigger
    [query] = trigger["Metrics"]
    assert (query["Id"], query["Label"], query["MetricStat"]["Stat"]) == ("m1", "Failures", "Sum")
    dimensions = query["MetricStat"]["Metric"]["Dimensions"]
    assert dimensions == [{"value": function, "name": "FunctionName"}]


def test_a_later_request_without_a_list_takes_it_away(account: Account) -> None:
    name = account.unique("alarm")
    put(account, name, listed("f"))
    account.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    found = described(account, name)
    assert not found.get("Metrics")
    assert found["MetricName"] == "Errors"


def test_a_template_has_one(account: Account) -> None:
    # Given a stack with such an alarm, its numbers as texts
    stack, function = TemplatedStack(account), account.function()
    alarm = {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "EvaluationPeriods": "1",
            "Threshold": "1",
            "Metrics": listed(function, "60"),
        },
    }
    assert stack.send("create", {"It": alarm}) == "CREATE_COMPLETE"
    name = stack.physical_id("It")
    assert described(account, name)["Metrics"] == listed(function)
    # When the function fails, the alarm goes off
    account.invoke(function, {"raise": "bad"})
    account.until_metrics(lambda: described(account, name)["StateValue"] == "ALARM")
    # And an update may change what it looks at
    alarm["Properties"]["Metrics"] = listed(function, 300)  # type: ignore[index]
    assert stack.send("update", {"It": alarm}) == "UPDATE_COMPLETE"
    assert described(account, name)["Metrics"] == listed(function, 300)


@pytest.mark.embedded("an account has them")
@pytest.mark.parametrize(
    ("metrics", "place"),
    [
        (listed("f", Stat="tm90"), "Metrics/0/MetricStat/Stat"),
        ([listed("f")[0] | {"AccountId": "123456789012"}], "Metrics/0/AccountId"),
    ],
)
def test_what_is_no_metric_alone_is_refused(account: Account, metrics: Any, place: str) -> None:
    with pytest.raises(ClientError) as refused:
        put(account, "a", metrics)
    told = refused.value.response["Error"]["Message"]
    assert told.startswith(f"{place}: not part of the embedded AWS")
