"""What PutMetricData refuses, and in which words."""

from typing import Any

import pytest

from localaws.emulator.events.metric_limits import mistake_in_data

NOW_S = 1_788_192_000.0
STATISTICS = {"SampleCount": 2, "Sum": 3, "Minimum": 1, "Maximum": 2}


def refused(*data: dict[str, Any], namespace: str = "Shop") -> tuple[str, str] | None:
    request = {"Namespace": namespace, "MetricData": [{"MetricName": "m"} | one for one in data]}
    error = mistake_in_data(request, NOW_S, lambda given: given)
    return (error.code, error.message) if error else None


@pytest.mark.parametrize(
    ("datum", "code", "message"),
    [
        ({}, "InvalidParameterCombination", "At least one of the parameters must be specified."),
        (
            {"Value": 1, "Values": [2]},
            "InvalidParameterCombination",
            "The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually "
            "exclusive and you have specified both.",
        ),
        (
            {"Value": 1, "StatisticValues": STATISTICS},
            "InvalidParameterCombination",
            "The parameters MetricData.member.1.Value and MetricData.member.1.StatisticValues are "
            "mutually exclusive and you have specified both.",
        ),
        (
            {"Counts": [1]},
            "InvalidParameterCombination",
            "The parameter values must appears when the counts parameter is specified.",
        ),
        (
            {"Values": [1, 2], "Counts": [1]},
            "InvalidParameterValue",
            "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of "
            "the same size.",
        ),
        (
            {"Values": [1], "Counts": [-1]},
            "InvalidParameterValue",
            "The parameter MetricData.member.1.Counts must contain only values greater than 0.",
        ),
        (
            {"StatisticValues": STATISTICS | {"SampleCount": 0}},
            "InvalidParameterValue",
            "The parameter MetricData.member.1.StatisticValues.SampleCount must be greater than 0.",
        ),
        (
            {"StatisticValues": STATISTICS | {"Minimum": 7}},
            "InvalidParameterValue",
            "The parameter MetricData.member.1.StatisticValues.Maximum must be greater than "
            "MetricData.member.1.StatisticValues.Minimum.",
        ),
        (
            {"Value": 1, "StorageResolution": 2},
            "InvalidParameterValue",
            "The parameter MetricData.member.1.StorageResolution must be a value in the set "
            "[ 1, 60 ].",
        ),
        (
            {"Value": 2.0**361},
            "InvalidParameterValue",
            "The value 4.6970851655476665E108 for parameter MetricData.member.1.Value is invalid.",
        ),
        (
            {"Value": float("nan")},
            "InvalidParameterValue",
            "The value NaN for parameter MetricData.member.1.Value is invalid.",
        ),
        (
            {"Values": [1, float("-inf")]},
            "InvalidParameterValue",
            "The value -Infinity for parameter MetricData.member.1.Values.member.2 is invalid.",
        ),
        (
            {"Value": 1, "Dimensions": [{"Name": "A", "Value": "1"}, {"Name": "A", "Value": "2"}]},
            "InvalidParameterValue",
            "No metric may specify the same dimension name twice.",
        ),
        (
            {"Value": 1, "Dimensions": [{"Name": "A", "Value": " "}]},
            "MissingParameter",
            "The parameter MetricData.member.1.Dimensions.member.1.Value is required.",
        ),
        (
            {"Value": 1, "Timestamp": NOW_S - 14 * 86_400 - 1},
            "InvalidParameterValue",
            "The parameter MetricData.member.1.Timestamp must specify a time within the past two "
            "weeks.",
        ),
        (
            {"Value": 1, "Timestamp": NOW_S + 7_201},
            "InvalidParameterValue",
            "The parameter MetricData.member.1.Timestamp must specify a time no more than two "
            "hours in the future.",
        ),
    ],
)
def test_a_datum_that_is_refused(datum: dict[str, Any], code: str, message: str) -> None:
    assert refused(datum) == (code, message)


@pytest.mark.parametrize(
    "datum",
    [
        {"Value": 0},
        {"Value": -(2.0**360), "StorageResolution": 1},
        {"Value": 1, "Timestamp": NOW_S - 14 * 86_400},
        {"Value": 1, "Timestamp": NOW_S + 7_200},
        {"Values": [1, 2], "Counts": [0, 1]},
        # AWS takes these, whatever it makes of them.
        {"Values": [1], "StatisticValues": STATISTICS},
        {"StatisticValues": STATISTICS | {"Sum": 100}},
    ],
)
def test_a_datum_that_is_taken(datum: dict[str, Any]) -> None:
    assert refused(datum) is None


def test_each_mistake_of_a_kind_has_its_line() -> None:
    old = {"Value": 1, "Timestamp": 0}
    told = refused(old, {"Value": 1}, old)
    assert told is not None
    assert [line.split()[2] for line in told[1].splitlines()] == [
        "MetricData.member.1.Timestamp",
        "MetricData.member.3.Timestamp",
    ]


def test_there_is_a_datum_at_least() -> None:
    told = "At least one MetricDatum object must be present in the request."
    assert refused() == ("MissingParameter", told)


def test_aws_s_own_namespaces_are_closed() -> None:
    told = "The value AWS/ for parameter Namespace is invalid."
    assert refused({"Value": 1}, namespace="AWS/Lambda") == ("InvalidParameterValue", told)
    assert refused({"Value": 1}, namespace="Shop/AWS/") is None
