"""GetMetricData, GetMetricStatistics and ListMetrics as CloudWatch answers them."""

from collections.abc import Sequence
from typing import Any

import pytest

from localaws.metrics.data import metric_data
from localaws.metrics.listing import Listed, metric_list
from localaws.metrics.points import Point, ReadPoints
from localaws.metrics.summaries import metric_statistics
from localaws.words.errors import AwsError

ACCOUNT = "111111111111"


def stored(*points: Point) -> ReadPoints:
    return lambda *_metric: points


def query(identity: str = "m1", name: str = "Errors", **changes: Any) -> dict[str, Any]:
    metric = {"Namespace": "Shop", "MetricName": name, "Dimensions": changes.pop("Dimensions", [])}
    stat = {"Metric": metric, "Period": 60, "Stat": "Sum"} | changes
    return {"Id": identity, "MetricStat": stat}


def asking(*queries: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"MetricDataQueries": queries, "StartTime": 0.0, "EndTime": 600.0, **others}


def answered(read: ReadPoints, *queries: dict[str, Any], **others: Any) -> list[dict[str, Any]]:
    found = metric_data(asking(*queries, **others), read, ACCOUNT)["MetricDataResults"]
    assert isinstance(found, list)
    return found


def test_the_newest_values_come_first_unless_the_oldest_are_asked_for() -> None:
    read = stored(Point.of(0, 1), Point.of(60, 2), Point.of(61, 2), Point.of(600, 9))
    [newest] = answered(read, query())
    assert (newest["Timestamps"], newest["Values"]) == ([60, 0], [4, 1])
    [oldest] = answered(read, query(), ScanBy="TimestampAscending")
    assert (oldest["Timestamps"], oldest["Values"]) == ([0, 60], [1, 4])


def test_a_window_begins_with_its_first_minute() -> None:
    [found] = answered(stored(Point.of(0, 1), Point.of(70, 2)), query(), StartTime=59.0)
    assert found["Values"] == [2, 1]


def test_a_unit_chooses() -> None:
    # The answers of a recording.
    read = stored(Point.of(0, 1, unit="Seconds"), Point.of(0, 1000, unit="Milliseconds"))
    every, seconds, wrong = answered(
        read, query("all"), query("seconds", Unit="Seconds"), query("wrong", Unit="Bytes")
    )
    assert (every["Values"], seconds["Values"], wrong["Values"]) == ([1000], [1], [])
    told = "Multiple units returned: '[Milliseconds, Seconds]'"
    assert every["Messages"] == [{"Code": "MultipleUnits", "Value": told}]
    assert "Messages" not in seconds


def test_what_returns_no_data_is_not_told() -> None:
    hidden = query() | {"ReturnData": False}
    [found] = answered(stored(Point.of(0, 1)), hidden, {"Id": "e1", "Expression": "m1 * 2"})
    assert (found["Id"], found["Label"], found["Values"]) == ("e1", "e1", [2])


def test_metrics_of_another_account_are_forbidden() -> None:
    [found] = answered(stored(Point.of(0, 1)), query() | {"AccountId": "222222222222"})
    assert (found["StatusCode"], found["Values"]) == ("Forbidden", [])
    assert found["Messages"][0]["Code"] == "Forbidden"
    [own] = answered(stored(Point.of(0, 1)), query() | {"AccountId": ACCOUNT})
    assert own["StatusCode"] == "Complete"


def of_function(name: str) -> list[dict[str, str]]:
    return [{"Name": "FunctionName", "Value": name}]


@pytest.mark.parametrize(
    ("queries", "labels"),
    [
        ([query()], ["Errors"]),
        ([query(), query("m2", "Throttles")], ["Errors", "Throttles"]),
        ([query(), query("m2", Stat="Maximum")], ["Errors Sum", "Errors Maximum"]),
        ([query(), query("m2", Period=300)], ["Errors 60", "Errors 300"]),
        (
            [query(), query("m2", Period=300, Stat="p90")],
            ["Errors Sum 60", "Errors p90 300"],
        ),
        ([query(), query("m2", Unit="Bytes")], ["Errors", "Errors"]),
        (
            [query(Dimensions=of_function("a")), query("m2", Dimensions=of_function("b"))],
            ["a", "b"],
        ),
        (
            [
                query(Dimensions=of_function("a")),
                query("m2", "Throttles", Dimensions=of_function("b")),
            ],
            ["a Errors", "b Throttles"],
        ),
        ([query() | {"Label": "Failures"}, query("m2", "Throttles")], ["Failures", "Throttles"]),
    ],
)
def test_a_metric_is_called_what_tells_it_apart(
    queries: Sequence[dict[str, Any]], labels: list[str]
) -> None:
    assert [found["Label"] for found in answered(stored(), *queries)] == labels


def test_each_time_series_of_an_array_has_its_label() -> None:
    rate = {"Id": "e1", "Expression": "FILL(METRICS(), 0)", "Label": "Filled"}
    found = answered(stored(), query(), query("m2", "Throttles"), rate)
    assert [one["Label"] for one in found[2:]] == ["Filled Errors", "Filled Throttles"]


def test_values_come_in_pages() -> None:
    read = stored(*(Point.of(60 * n, n) for n in range(5)))
    request, values = asking(query(), MaxDatapoints=2), []
    token: str | None = None
    while True:
        answer = metric_data(request | ({"NextToken": token} if token else {}), read, ACCOUNT)
        [found] = answer["MetricDataResults"]
        values.append(found["Values"])
        token = answer.get("NextToken")
        assert found["StatusCode"] == ("PartialData" if token else "Complete")
        if token is None:
            break
    assert values == [[4, 3], [2, 1], [0]]


def refused(request: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(AwsError) as error:
        metric_data(request, stored(), ACCOUNT)
    return error.value.code, error.value.message


@pytest.mark.parametrize(
    ("queries", "message"),
    [
        ([query(), query()], "The values for parameter id in MetricDataQueries are not unique."),
        (
            [query("Bad")],
            "The value for parameter MetricDataQueries.member.1.Id is not matching the expected "
            "pattern ^[a-z][a-zA-Z0-9_]*$.",
        ),
        (
            [query() | {"Expression": "1+1"}],
            "The parameters MetricDataQueries.member.1.Expression and "
            "MetricDataQueries.member.1.MetricStat are mutually exclusive and you have specified "
            "both.",
        ),
        (
            [query(), {"Id": "m2"}],
            "The parameter MetricDataQueries.member.2.MetricStat is required.\n",
        ),
        (
            [query(Stat="not-a-stat")],
            "The value for parameter MetricDataQueries.member.1.MetricStat.Stat is not a valid "
            "statistic.",
        ),
        (
            [query(Stat="tm90")],
            "The statistic tm90 of MetricDataQueries.member.1.MetricStat.Stat is not part of the "
            "embedded AWS: it has percentiles such as p99, Average, Sum, Minimum, Maximum and "
            "SampleCount.",
        ),
        (
            [query(Period=7)],
            "The parameter MetricDataQueries.member.1.MetricStat.Period must be a value in the set "
            "[1, 5, 10, 20, 30].",
        ),
        (
            [query(f"m{n}") for n in range(501)],
            "The collection MetricDataQueries must not have a size greater than 500.",
        ),
    ],
)
def test_a_list_that_is_refused(queries: Sequence[dict[str, Any]], message: str) -> None:
    assert refused(asking(*queries)) == ("ValidationError", message)


def test_a_window_without_time_and_a_strange_token_are_refused() -> None:
    told = "The parameter StartTime must be less than the parameter EndTime."
    assert refused(asking(query(), StartTime=600.0)) == ("ValidationError", told)
    assert refused(asking(query(), NextToken="nope")) == ("InvalidNextToken", "")


STATISTICS = {
    "Namespace": "Shop",
    "MetricName": "Errors",
    "StartTime": 0.0,
    "EndTime": 600.0,
    "Period": 60,
    "Statistics": ["Sum"],
}


def test_statistics_are_told_unit_by_unit() -> None:
    read = stored(Point.of(5, 1, unit="Seconds"), Point.of(6, 5, unit="Count"), Point.of(70, 2))
    found = metric_statistics(STATISTICS, read)
    assert found["Label"] == "Errors"
    assert [(row["Timestamp"], row["Unit"], row["Sum"]) for row in found["Datapoints"]] == [
        (0, "Count", 5),
        (0, "Seconds", 1),
        (60, "None", 2),
    ]
    [only] = metric_statistics(STATISTICS | {"Unit": "Count"}, read)["Datapoints"]
    assert only["Sum"] == 5


def test_statistics_have_both_kinds() -> None:
    published = Point(0, "None", count=4, total=20, minimum=2, maximum=8)
    asked = STATISTICS | {"Statistics": ["Average", "Maximum"], "ExtendedStatistics": ["p50"]}
    [row] = metric_statistics(asked, stored(published))["Datapoints"]
    # Of values that were published as a sum no percentile is known.
    assert row == {"Timestamp": 0, "Unit": "None", "Average": 5, "Maximum": 8}
    [row] = metric_statistics(asked, stored(Point.of(0, 2), Point.of(0, 4)))["Datapoints"]
    assert row["ExtendedStatistics"] == {"p50": 3}


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        (
            {"StartTime": 600.0},
            "InvalidParameterValue",
            "The parameter StartTime must be less than the parameter EndTime.",
        ),
        (
            {"Period": 7},
            "InvalidParameterValue",
            "The parameter Period must be a value in the set [1, 5, 10, 20, 30].",
        ),
        (
            {"EndTime": 1445 * 60.0},
            "InvalidParameterCombination",
            "You have requested up to 1445 datapoints, which exceeds the limit of 1440. You may "
            "reduce the datapoints requested by increasing Period, or decreasing the time range.",
        ),
        (
            {"Statistics": []},
            "InvalidParameterCombination",
            "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
        ),
    ],
)
def test_statistics_that_are_refused(changes: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(AwsError) as error:
        metric_statistics(STATISTICS | changes, stored())
    assert (error.value.code, error.value.message) == (code, message)


NOW_S = 100_000.0
METRICS = [
    Listed("Shop", "Errors", {}, NOW_S),
    Listed("Shop", "Errors", {"A": "one"}, NOW_S - 3 * 3_600),
    Listed("Shop", "Errors", {"B": "two", "A": "one"}, NOW_S - 60),
    Listed("Other", "Errors", {"A": "two"}, NOW_S),
]


def listed(**request: Any) -> list[tuple[str, list[str]]]:
    found = metric_list(request, METRICS, NOW_S, ACCOUNT)["Metrics"]
    return [
        (metric["Namespace"], [f"{d['Name']}={d['Value']}" for d in metric["Dimensions"]])
        for metric in found
    ]


def test_metrics_are_listed_by_what_is_asked_for() -> None:
    both = [("Shop", ["A=one"]), ("Shop", ["A=one", "B=two"])]
    assert len(listed()) == 4
    assert listed(Namespace="Shop", Dimensions=[{"Name": "A"}]) == both
    assert listed(Dimensions=[{"Name": "A", "Value": "one"}]) == both
    assert listed(Dimensions=[{"Name": "Z"}]) == []
    assert listed(Namespace="Shop", RecentlyActive="PT3H") == [("Shop", []), both[1]]
    assert listed(OwningAccount="222222222222", IncludeLinkedAccounts=True) == []


def test_metrics_are_listed_500_at_a_time() -> None:
    many = [Listed("Shop", f"M{n:04}", {}, NOW_S) for n in range(501)]
    first = metric_list({}, many, NOW_S, ACCOUNT)
    second = metric_list({"NextToken": first["NextToken"]}, many, NOW_S, ACCOUNT)
    assert [metric["MetricName"] for metric in second["Metrics"]] == ["M0500"]
    assert (len(first["Metrics"]), "NextToken" in second) == (500, False)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"RecentlyActive": "PT1H"}, "Request parameter recentlyActive value is invalid"),
        ({"NextToken": "nope"}, "Request parameter NextToken is invalid"),
    ],
)
def test_a_list_of_metrics_that_is_refused(request_: dict[str, Any], message: str) -> None:
    with pytest.raises(AwsError) as error:
        metric_list(request_, METRICS, NOW_S, ACCOUNT)
    assert (error.value.code, error.value.message) == ("InvalidParameterValue", message)
