"""Alarms that CloudWatch does not take."""

from typing import Any

import pytest

from localaws.emulator.events.alarm_limits import mistake_in_actions, mistake_in_alarm

WHOLE: dict[str, Any] = {
    "AlarmName": "orders",
    "Namespace": "Shop",
    "MetricName": "Failed",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 0,
}
QUERY = {"AlarmName": "orders", "EvaluationPeriods": 1, "Metrics": [{"Id": "m1"}]}
STAT = {"Metric": {"Namespace": "Shop", "MetricName": "Failed"}, "Period": 60, "Stat": "Sum"}
LISTED = QUERY | {"Threshold": 0, "Metrics": [{"Id": "m1", "MetricStat": STAT}]}
NO_DATA = {"Metrics": [{"Id": "m1", "MetricStat": STAT, "ReturnData": False}]}


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in WHOLE.items() if name not in names}


@pytest.mark.parametrize(
    ("alarm", "message"),
    [
        ({}, "MetricName must not be null"),
        *((without(name), f"{name} must not be null") for name in ("MetricName", "Namespace")),
        (without("Period"), "Period must not be null"),
        # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/cloudwatch
        (
            without("Threshold"),
            "PutMetricAlarm request should have valid Threshold parameter",
        ),
        (
            WHOLE | {"ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold"},
            "ComparisonOperators for ranges require ThresholdMetricId to be set",
        ),
        (
            WHOLE | {"Period": 3600, "EvaluationPeriods": 169},
            "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must "
            "be <= 604800) for alarms using period >= 3600",
        ),
        (without("Statistic"), "Statistic must not be null"),
        (WHOLE | {"MetricName": ""}, "MetricName must not be null"),
        (
            WHOLE | {"ExtendedStatistic": "p99"},
            "Statistic should not be set if ExtendedStatistic is set.",
        ),
        *(
            (QUERY | {name: value}, f"{name} should not be set if list of Metrics is set.")
            for name, value in {
                "MetricName": "Failed",
                "Namespace": "Shop",
                "Dimensions": [{"Name": "Shop", "Value": "1"}],
                "Period": 60,
                "Unit": "Count",
                "Statistic": "Sum",
                "ExtendedStatistic": "p99",
            }.items()
        ),
        (
            without("Statistic")
            | {"ExtendedStatistic": "p99", "EvaluateLowSampleCountPercentile": "soon"},
            "Option soon is not supported. Supported options for parameter "
            "EvaluateLowSampleCountPercentile are evaluate and ignore.",
        ),
        (
            {name: value for name, value in LISTED.items() if name != "Threshold"},
            "PutMetricAlarm request should have valid Threshold parameter",
        ),
        (LISTED | NO_DATA, "Exactly one element of the metrics list should return data."),
        (
            LISTED | {"Metrics": [{"Id": "m1", "MetricStat": STAT | {"Period": 45}}]},
            "Period must be 10, 20, 30 or a multiple of 60",
        ),
        (
            WHOLE | {"EvaluateLowSampleCountPercentile": "evaluate"},
            "Option evaluateLowSampleCountPercentile can not be applied with statistic Sum. "
            "This option is enabled only for percentile statistics.",
        ),
    ],
)
def test_what_is_missing_or_contradicts_itself(alarm: dict[str, Any], message: str) -> None:
    assert mistake_in_alarm(alarm) == message


@pytest.mark.parametrize(
    ("alarm", "begins"),
    [
        ({"Period": 0}, "Period must be"),
        ({"Period": 7}, "Period must be 10, 20, 30 or a multiple of 60"),
        ({"Period": 90}, "Period must be"),
        ({"EvaluationPeriods": 2, "DatapointsToAlarm": 3}, "DatapointsToAlarm must be"),
        ({"TreatMissingData": "soon"}, "The value soon for parameter TreatMissingData"),
        (
            {"Period": 60, "EvaluationPeriods": 1_441},
            "Metrics cannot be checked across more than a day "
            "(EvaluationPeriods * Period must be <= 86400).",
        ),
        ({"Period": 3_600, "EvaluationPeriods": 169}, "Metrics cannot be checked across more than"),
    ],
)
def test_what_is_refused(alarm: dict[str, Any], begins: str) -> None:
    assert str(mistake_in_alarm(WHOLE | alarm)).startswith(begins)


@pytest.mark.parametrize(
    "alarm",
    [
        {},
        *({"Period": period_s} for period_s in (10, 20, 30, 60, 300, 86_400)),
        {"EvaluationPeriods": 3, "DatapointsToAlarm": 3},
        {"TreatMissingData": "notBreaching"},
        {"Period": 60, "EvaluationPeriods": 1_440},
        {"Period": 3_600, "EvaluationPeriods": 168},
    ],
)
def test_what_is_taken(alarm: dict[str, Any]) -> None:
    assert mistake_in_alarm(WHOLE | alarm) is None


@pytest.mark.parametrize(
    "alarm",
    [
        LISTED,
        LISTED | {"Metrics": [*NO_DATA["Metrics"], {"Id": "e1", "Expression": "m1 * 2"}]},
        without("Statistic") | {"ExtendedStatistic": "p99"},
        without("Statistic")
        | {"ExtendedStatistic": "p99", "EvaluateLowSampleCountPercentile": "ignore"},
    ],
)
def test_what_looks_at_something_else(alarm: dict[str, Any]) -> None:
    assert mistake_in_alarm(alarm) is None


@pytest.mark.parametrize("name", ["OKActions", "AlarmActions", "InsufficientDataActions"])
def test_an_action_is_an_arn(name: str) -> None:
    topic = "arn:aws:sns:us-east-1:123456789012:news"
    assert mistake_in_alarm(WHOLE | {name: [topic, "foo"]}) == "Invalid arn syntax: foo"
    assert mistake_in_actions({name: ["arn:aws:sns"]}) == "Invalid arn syntax: arn:aws:sns"
    assert mistake_in_actions({name: [topic, "arn:aws:automate:us-east-1:ec2:stop"]}) is None
