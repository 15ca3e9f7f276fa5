"""Alarms that CloudWatch does not take."""

from typing import Any

import pytest

from localaws.emulator.alarm_limits import mistake_in_alarm, mistake_in_namespace


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
    assert str(mistake_in_alarm(alarm)).startswith(begins)


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
    assert mistake_in_alarm(alarm) is None


@pytest.mark.parametrize(("namespace", "taken"), [("AWS/Lambda", False), ("Shop/AWS/", True)])
def test_aws_s_own_namespaces_are_closed(namespace: str, taken: bool) -> None:
    assert (mistake_in_namespace(namespace) is None) == taken
