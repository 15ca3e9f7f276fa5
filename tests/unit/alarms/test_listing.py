"""Which alarms are asked for."""

from typing import Any

import pytest

from localaws.alarms.listing import described, watching
from localaws.words.errors import AwsError


def alarm(name: str, **members: Any) -> dict[str, Any]:
    return {"AlarmName": name, "AlarmArn": f"arn:{name}", "StateValue": "OK"} | members


ALARMS = {
    one["AlarmName"]: one
    for one in (
        alarm("a", AlarmActions=["arn:aws:sns:us-east-1:111111111111:t"]),
        alarm("b", StateValue="ALARM"),
        alarm("c", OKActions=["arn:aws:lambda:us-east-1:111111111111:function:f"]),
    )
}
COMPOSITES = {"both": alarm("both", AlarmRule="a b"), "bulk": alarm("bulk", AlarmRule="both")}


def names(**request: Any) -> list[str]:
    found = described(request, ALARMS, COMPOSITES, lambda one: one["AlarmRule"].split())
    return [one["AlarmName"] for one in found["MetricAlarms"] + found["CompositeAlarms"]]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({"AlarmTypes": ["CompositeAlarm"]}, ["both", "bulk"]),
        ({"AlarmNames": ["b", "nope"]}, ["b"]),
        ({"AlarmNames": ["nope"]}, []),
        ({"AlarmNamePrefix": "bo", "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}, ["both"]),
        ({"StateValue": "ALARM"}, ["b"]),
        ({"ActionPrefix": "arn:aws:sns"}, ["a"]),
        ({"ActionPrefix": "arn:aws:lambda"}, ["c"]),
        ({"ChildrenOfAlarmName": "both"}, ["a", "b"]),
        ({"ChildrenOfAlarmName": "nope"}, []),
        ({"ParentsOfAlarmName": "both"}, ["bulk"]),
        ({"ParentsOfAlarmName": "c"}, []),
        ({"MaxRecords": 2}, ["a", "b"]),
        ({"MaxRecords": 2, "NextToken": "c"}, ["c"]),
    ],
)
def test_alarms_are_found_by(request_: dict[str, Any], expected: list[str]) -> None:
    assert names(**request_) == expected


def test_a_page_tells_where_the_next_one_begins() -> None:
    assert described({"MaxRecords": 2}, ALARMS, {}, lambda _: ())["NextToken"] == "c"
    assert "NextToken" not in described({"MaxRecords": 3}, ALARMS, {}, lambda _: ())


def test_relatives_are_asked_for_alone() -> None:
    with pytest.raises(AwsError, match="ChildrenOfAlarmName can be given with MaxRecords"):
        names(ChildrenOfAlarmName="both", StateValue="OK")


METRIC = {"Namespace": "Shop", "MetricName": "Errors"}
AT_SHOP = {"Dimensions": [{"Name": "Shop", "Value": "1"}]}
OF_METRIC = [
    alarm("whole", **METRIC, Statistic="Sum", Period=60),
    alarm("one", **METRIC, **AT_SHOP, Statistic="Maximum", Period=300, Unit="Count"),
]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (METRIC, ["whole"]),
        (METRIC | AT_SHOP, ["one"]),
        (METRIC | AT_SHOP | {"Statistic": "Maximum", "Period": 300, "Unit": "Count"}, ["one"]),
        (METRIC | AT_SHOP | {"Statistic": "Sum"}, []),
        (METRIC | AT_SHOP | {"Period": 60}, []),
        (METRIC | {"MetricName": "Throttles"}, []),
    ],
)
def test_alarms_that_look_at_a_metric(request_: dict[str, Any], expected: list[str]) -> None:
    found = watching(request_, OF_METRIC)["MetricAlarms"]
    assert [one["AlarmName"] for one in found] == expected
