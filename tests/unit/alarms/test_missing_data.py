"""What an alarm concludes where data are missing: AWS's own examples.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import itertools
from typing import Any

import pytest

from localaws.alarms.evaluation import evaluate
from localaws.alarms.evaluation_range import range_of, sample_counts
from localaws.alarms.reasons import reason_data_of
from localaws.metrics.points import Point, ReadPoints

NOW_S = 1_788_192_000.0
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
OK, ALARM, NONE, KEPT = "OK", "ALARM", "INSUFFICIENT_DATA", None

# How many have to breach, data (newest last; 0 is good, X a breach), the state by treatment.
EXAMPLES = [
    (3, "0-X-X", (OK, OK, OK, OK)),
    (3, "0----", (OK, OK, OK, OK)),
    (3, "-----", (NONE, KEPT, ALARM, OK)),
    (3, "0XX-X", (ALARM, ALARM, ALARM, ALARM)),
    (3, "--X--", (ALARM, KEPT, ALARM, OK)),
    (2, "0-X-X", (ALARM, ALARM, ALARM, ALARM)),
    (2, "00X0X", (ALARM, ALARM, ALARM, ALARM)),
    (2, "0-X--", (OK, OK, ALARM, OK)),
    (2, "----0", (OK, OK, ALARM, OK)),
    (2, "---X-", (ALARM, KEPT, ALARM, OK)),
    # The page's earlier tables have these; the rest of the text holds of them still.
    (3, "----X", (NONE, KEPT, ALARM, OK)),
    (3, "X----", (ALARM, KEPT, ALARM, OK)),
    (2, "----X", (NONE, KEPT, ALARM, OK)),
]


def alarm(**changes: Any) -> dict[str, Any]:
    return {
        "Namespace": "Shop",
        "MetricName": "Signal",
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": 50.0,
        "ComparisonOperator": "GreaterThanThreshold",
    } | changes


def reading(data: str) -> ReadPoints:
    """What finds a point for each 0 and X; the last period ends now."""
    values = {"0": 0.0, "X": 100.0}
    points = [
        Point.of(NOW_S - 60 * age + 5, values[one])
        for age, one in zip(itertools.count(len(data), -1), data, strict=False)
        if one in values
    ]
    return lambda *_metric: points


@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize(("needed", "data", "states"), EXAMPLES)
def test_aws_s_examples_hold(
    needed: int, data: str, states: tuple[str | None, ...], treatment: str
) -> None:
    watching = alarm(DatapointsToAlarm=needed, TreatMissingData=treatment)
    state = evaluate(watching, reading(data), NOW_S)
    assert (state.value if state else None) == states[TREATMENTS.index(treatment)]


@pytest.mark.parametrize("seconds", [0, 1, 30, 59.9])
def test_periods_are_whole_minutes_whenever_it_is_looked(seconds: float) -> None:
    """Points of 06:08 and 06:09 are two data points at any second of 06:10."""
    watching = alarm(EvaluationPeriods=2)
    state = evaluate(watching, reading("XX"), NOW_S + seconds)
    assert state is not None
    assert (state.value, state.reason) == (
        "ALARM",
        "Threshold Crossed: 2 datapoints [100.0 (31/08/26 15:59:00), 100.0 (31/08/26 15:58:00)] "
        "were greater than the threshold (50.0).",
    )


# As recorded: https://github.com/radkawar/stackd, testdata/aws/cloudwatch/alarm_evaluation.json
@pytest.mark.parametrize(
    ("needed", "data", "treatment", "reason"),
    [
        (
            3,
            "--X--",
            "missing",
            "1 out of the last 3 datapoints [100.0 (31/08/26 15:57:00)] was greater than the "
            "threshold (50.0) (minimum 3 datapoints for OK -> ALARM transition).",
        ),
        (
            3,
            "X-X--",
            "breaching",
            "2 out of the last 3 datapoints [100.0 (31/08/26 15:57:00), 100.0 (31/08/26 15:55:00)] "
            "were greater than the threshold (50.0) and 1 missing datapoint was treated as "
            "[Breaching] (minimum 3 datapoints for OK -> ALARM transition).",
        ),
        (
            3,
            "----0",
            "breaching",
            "1 out of the last 3 datapoints [0.0 (31/08/26 15:59:00)] was not greater than the "
            "threshold (50.0) and 2 missing datapoints were treated as [Breaching] (minimum 1 "
            "datapoint for ALARM -> OK transition).",
        ),
        (
            2,
            "----0",
            "missing",
            "1 out of the last 3 datapoints [0.0 (31/08/26 15:59:00)] was not greater than the "
            "threshold (50.0) (minimum 2 datapoints for ALARM -> OK transition).",
        ),
    ],
)
def test_reasons_say_what_was_missing(needed: int, data: str, treatment: str, reason: str) -> None:
    watching = alarm(DatapointsToAlarm=needed, TreatMissingData=treatment)
    state = evaluate(watching, reading(data), NOW_S)
    assert state is not None
    assert state.reason == f"Threshold Crossed: {reason}"


def data_behind(watching: dict[str, Any], data: str) -> dict[str, Any]:
    """What StateReasonData has of these data."""
    read = reading(data)
    seen, state = range_of(watching, read, NOW_S), evaluate(watching, read, NOW_S)
    assert seen is not None
    assert state is not None
    counts = sample_counts(watching, read, seen.real)
    return reason_data_of(watching, state.value, state.decisive, seen, counts, NOW_S + 0.25)


def test_the_data_behind_a_reason_are_told() -> None:
    # As it was recorded, but for the period's length: a breach, a gap and a breach.
    assert data_behind(alarm(DatapointsToAlarm=3), "X-X--") == {
        "version": "1.0",
        "queryDate": "2026-08-31T16:00:00.250+0000",
        "startDate": "2026-08-31T15:55:00.000+0000",
        "statistic": "Average",
        "period": 60,
        "recentDatapoints": [100.0, None, 100.0],
        "threshold": 50.0,
        "evaluatedDatapoints": [
            {"timestamp": "2026-08-31T15:59:00.000+0000"},
            {"timestamp": "2026-08-31T15:57:00.000+0000", "sampleCount": 1.0, "value": 100.0},
            {"timestamp": "2026-08-31T15:55:00.000+0000", "sampleCount": 1.0, "value": 100.0},
        ],
    }


def test_without_data_the_periods_are_told_that_had_none() -> None:
    told = data_behind(alarm(DatapointsToAlarm=2), "")
    assert "startDate" not in told
    assert told["recentDatapoints"] == []
    assert told["evaluatedDatapoints"] == [
        {"timestamp": "2026-08-31T15:59:00.000+0000"},
        {"timestamp": "2026-08-31T15:58:00.000+0000"},
    ]
