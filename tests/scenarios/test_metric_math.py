"""Metrics are calculated with, in queries and by alarms."""

import json
from typing import Any

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

RATE = "100 * errors / MAX([errors, invocations])"


def counted(function: str, **changes: Any) -> list[dict[str, Any]]:
    """Queries of a function's errors and invocations, which only expressions see."""
    return [
        {
            "Id": name.lower(),
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/Lambda",
                    "MetricName": name,
                    "Dimensions": [{"Name": "FunctionName", "Value": function}],
                },
                "Period": 60,
                "Stat": "Sum",
            }
            | changes,
            "ReturnData": False,
        }
        for name in ("Errors", "Invocations")
    ]


def rate(function: str, **changes: Any) -> list[dict[str, Any]]:
    """The function's error rate."""
    shown = {"Id": "rate", "Expression": RATE, "Label": "Error rate", "ReturnData": True}
    return [*counted(function, **changes), shown]


def test_a_function_s_error_rate_is_asked_for(account: Account) -> None:
    # Given a function of whose three invocations one failed
    function = account.function()
    for order in ({}, {}, {"raise": "bad"}):
        account.invoke(function, order)
    cloudwatch = account.client("cloudwatch")

    total = "TIME_SERIES(100 * SUM(errors) / SUM(invocations))"

    def asked() -> set[float]:
        found = cloudwatch.get_metric_data(
            MetricDataQueries=[
                *counted(function),
                {"Id": "rate", "Expression": total, "Label": "Error rate"},
            ],
            StartTime=account.time.now_s() - 3_600,
            EndTime=account.time.now_s() + 3_600,
        )
        [result] = found["MetricDataResults"]
        assert (result["Id"], result["Label"]) == ("rate", "Error rate")
        return {round(value, 1) for value in result["Values"]}

    # Then its error rate is one third, in whatever minutes it was
    account.until_metrics(lambda: asked() == {33.3})


def test_an_alarm_on_the_error_rate_goes_off(account: Account) -> None:
    # Given an alarm on an error rate of more than half
    function, name = account.function(), account.unique("alarm")
    topic, queue = outlets.topic(account)
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        EvaluationPeriods=1,
        Threshold=50,
        ComparisonOperator="GreaterThanThreshold",
        Metrics=rate(function),
        AlarmActions=[topic],
    )
    account.on_close(lambda: cloudwatch.delete_alarms(AlarmNames=[name]))

    def described() -> dict[str, Any]:
        [found] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return dict(found)

    assert described()["Metrics"] == rate(function)
    # When the function fails
    account.invoke(function, {"raise": "bad"})
    # Then it goes off, says by which value, and its notice has the whole list
    account.until_metrics(lambda: described()["StateValue"] == "ALARM")
    assert "1 datapoint [100.0 (" in described()["StateReason"]
    [received] = queue.receive(WaitTimeSeconds=20)
    trigger = json.loads(json.loads(received["Body"])["Message"])["Trigger"]
    assert [query["Id"] for query in trigger["Metrics"]] == ["errors", "invocations", "rate"]
    # And it is none of those on the metric itself
    metric = counted(function)[0]["MetricStat"]["Metric"]
    assert cloudwatch.describe_alarms_for_metric(**metric)["MetricAlarms"] == []


def test_a_template_has_an_alarm_on_an_expression(account: Account) -> None:
    # Given a stack with such an alarm, as the CDK writes it
    stack, function = TemplatedStack(account), account.function()
    alarm = {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": "1",
            "Threshold": "50",
            "Metrics": rate(function, Period="60"),
        },
    }
    assert stack.send("create", {"It": alarm}) == "CREATE_COMPLETE"
    name = stack.physical_id("It")
    cloudwatch = account.client("cloudwatch")
    [found] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert found["Metrics"] == rate(function)
    # When the function fails, the alarm goes off
    account.invoke(function, {"raise": "bad"})
    account.until_metrics(
        lambda: (
            cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]
            == "ALARM"
        )
    )
