"""When an alarm changes state, and what it tells."""

import json
from typing import Any

import pytest

from localaws.alarms.evaluation import evaluate
from localaws.alarms.metrics import look_interval_s, metrics_of, mistake_in_list, queries_of
from localaws.alarms.notice import actions_of, change_of, message_of, subject_of
from localaws.alarms.schedule import AlarmSchedule
from localaws.metrics.points import Point, ReadPoints
from localaws.sqs.metrics import Gauges, QueueMetrics
from tests.unit.alarms.test_schedule import minute_over
from tests.unit.metric_sink import MetricSink
from tests.unit.virtual_time import VirtualTime

NOW_S = 6000.0
TWO_VALUES = [(NOW_S - 9, 0.0), (NOW_S - 1, 4.0)]
VISIBLE = "ApproximateNumberOfMessagesVisible"


def alarm(**changes: Any) -> dict[str, Any]:
    """An alarm on any visible message, as a queue's DLQ has one."""
    return {
        "Namespace": "AWS/SQS",
        "MetricName": VISIBLE,
        "Statistic": "Maximum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    } | changes


def reading(points: list[tuple[float, float]]) -> ReadPoints:
    """What finds these points (epoch seconds, value), whatever metric is asked for."""
    return lambda *_metric: [Point.of(at_s, value) for at_s, value in points]


@pytest.mark.parametrize(
    ("changes", "points", "expected"),
    [
        ({}, [(NOW_S - 1, 1.0)], "ALARM"),
        ({}, [(NOW_S - 1, 0.0)], "OK"),
        ({}, [], "OK"),
        ({"TreatMissingData": "breaching"}, [], "ALARM"),
        ({"TreatMissingData": "missing"}, [], "INSUFFICIENT_DATA"),
        # What happened as the minute began belongs to it; the minute that has begun is not over.
        ({}, [(NOW_S - 60, 1.0)], "ALARM"),
        ({}, [(NOW_S, 1.0)], "OK"),
        # A breach counts while newer periods have no data, and no longer than the range reaches.
        ({}, [(NOW_S - 180, 5.0)], "ALARM"),
        ({}, [(NOW_S - 181, 5.0)], "OK"),
        ({}, [(NOW_S - 61, 5.0), (NOW_S - 1, 0.0)], "OK"),
        ({"EvaluationPeriods": 2}, [(NOW_S - 1, 1.0)], "OK"),
        ({"EvaluationPeriods": 2}, [(NOW_S - 61, 1.0), (NOW_S - 1, 1.0)], "ALARM"),
        ({"EvaluationPeriods": 3, "DatapointsToAlarm": 1}, [(NOW_S - 61, 1.0)], "ALARM"),
        ({"Statistic": "Sum", "Threshold": 3.0}, [(NOW_S - 9, 1.0), (NOW_S - 1, 2.0)], "ALARM"),
        ({"Statistic": "Average", "Threshold": 2.0}, [(NOW_S - 9, 1.0), (NOW_S - 1, 2.0)], "OK"),
        ({"ComparisonOperator": "LessThanThreshold"}, [(NOW_S - 1, 0.5)], "ALARM"),
        # A percentile lies between its neighbours: p75 of 0 and 4 is 3.
        ({"ExtendedStatistic": "p75", "Threshold": 3.0}, TWO_VALUES, "ALARM"),
        ({"ExtendedStatistic": "p50", "Threshold": 3.0}, TWO_VALUES, "OK"),
        (
            {"ExtendedStatistic": "p100", "Threshold": 4.0},
            [(NOW_S - 9, 0), (NOW_S - 1, 4)],
            "ALARM",
        ),
        # Periods of five minutes slide by the minute, those of ten seconds by ten.
        ({"Period": 300}, [(NOW_S - 300, 1.0)], "ALARM"),
        ({"Period": 10}, [(NOW_S - 10, 1.0)], "ALARM"),
    ],
)
def test_the_state_follows_the_last_periods(
    changes: dict[str, Any], points: list[tuple[float, float]], expected: str
) -> None:
    state = evaluate(alarm(**changes), reading(points), NOW_S)
    assert state is not None
    assert state.value == expected


def test_ignored_missing_data_leaves_the_state() -> None:
    assert evaluate(alarm(TreatMissingData="ignore"), reading([]), NOW_S) is None


@pytest.mark.parametrize(
    ("changes", "interval_s"),
    [
        ({}, 60),
        ({"Period": 300}, 60),
        ({"Period": 20}, 20),
        ({"Period": 3_600, "EvaluationPeriods": 24}, 60),
        ({"Period": 3_600, "EvaluationPeriods": 25}, 3_600),
    ],
)
def test_how_often_an_alarm_is_looked_at(changes: dict[str, Any], interval_s: int) -> None:
    assert look_interval_s(alarm(**changes)) == interval_s


@pytest.mark.parametrize(
    ("changes", "points", "reason"),
    [
        (
            {},
            [(NOW_S - 1, 1.0)],
            "Threshold Crossed: 1 datapoint [1.0 (01/01/70 01:39:00)] was greater than or equal to "
            "the threshold (1.0).",
        ),
        (
            {"EvaluationPeriods": 2},
            [(NOW_S - 61, 1.0), (NOW_S - 1, 2.0)],
            "Threshold Crossed: 2 datapoints [2.0 (01/01/70 01:39:00), 1.0 (01/01/70 01:38:00)] "
            "were greater than or equal to the threshold (1.0).",
        ),
        (
            {"DatapointsToAlarm": 1},
            [(NOW_S - 1, 1.0)],
            "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (01/01/70 01:39:00)] was "
            "greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM "
            "transition).",
        ),
        (
            {"DatapointsToAlarm": 1, "ComparisonOperator": "GreaterThanThreshold"},
            [(NOW_S - 1, 0.0)],
            "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (01/01/70 01:39:00)] was not "
            "greater than the threshold (1.0) (minimum 1 datapoint for ALARM -> OK transition).",
        ),
        (
            {"EvaluationPeriods": 2},
            [(NOW_S - 61, 2.0)],
            "Threshold Crossed: 1 missing datapoint was treated as [NonBreaching].",
        ),
        (
            {"EvaluationPeriods": 2, "TreatMissingData": "breaching"},
            [(NOW_S - 61, 0.0)],
            "Threshold Crossed: 1 datapoint [0.0 (01/01/70 01:38:00)] was not greater than or "
            "equal to the threshold (1.0) and 1 missing datapoint was treated as [Breaching].",
        ),
        (
            {"EvaluationPeriods": 20, "DatapointsToAlarm": 1},
            [(NOW_S - 61, 613.0)],
            "Threshold Crossed: 1 out of the last 20 datapoints [613.0 (01/01/70 01:38:00)] was "
            "greater than or equal to the threshold (1.0) and 19 missing datapoints were treated "
            "as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).",
        ),
        (
            {"EvaluationPeriods": 2},
            [(NOW_S - 61, 2.0), (NOW_S - 1, 0.0)],
            "Threshold Crossed: 1 datapoint [0.0 (01/01/70 01:39:00)] was not greater than or "
            "equal to the threshold (1.0).",
        ),
        (
            {},
            [],
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint "
            "was treated as [NonBreaching].",
        ),
        (
            {"TreatMissingData": "missing", "EvaluationPeriods": 3},
            [],
            "Insufficient Data: 3 datapoints were unknown.",
        ),
    ],
)
def test_the_reason_is_told_in_cloudwatch_s_words(
    changes: dict[str, Any], points: list[tuple[float, float]], reason: str
) -> None:
    state = evaluate(alarm(**changes), reading(points), NOW_S)
    assert state is not None
    assert state.reason == reason


ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:dlq"
TOPIC = "arn:aws:sns:us-east-1:123456789012:news"


def test_a_notice_says_what_cloudwatch_s_say() -> None:
    # Given an alarm that tells a topic, as DescribeAlarms shows it
    queue = [{"Name": "QueueName", "Value": "q"}]
    told = alarm(
        AlarmName="dlq",
        AlarmArn=ARN,
        AlarmDescription="",
        AlarmConfigurationUpdatedTimestamp=NOW_S,
        AlarmActions=[TOPIC, "arn:aws:automate:us-east-1:ec2:stop"],
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=queue,
        Unit=None,
    )
    # When it goes off
    notice = json.loads(message_of(told, "OK", "ALARM", "reason", NOW_S + 0.25))
    # Then its actions alone are told, in these words
    assert (actions_of(told, "ALARM"), actions_of(told, "OK")) == (
        told["AlarmActions"],
        [],
    )
    assert actions_of({**told, "ActionsEnabled": False}, "ALARM") == []
    assert subject_of(told, "ALARM") == 'ALARM: "dlq" in US East (N. Virginia)'
    trigger = notice.pop("Trigger")
    assert notice == {
        "AlarmName": "dlq",
        "AlarmDescription": None,
        "AWSAccountId": "123456789012",
        "AlarmConfigurationUpdatedTimestamp": "1970-01-01T01:40:00.000+0000",
        "NewStateValue": "ALARM",
        "NewStateReason": "reason",
        "StateChangeTime": "1970-01-01T01:40:00.250+0000",
        "Region": "US East (N. Virginia)",
        "AlarmArn": ARN,
        "OldStateValue": "OK",
        "OKActions": [],
        "AlarmActions": told["AlarmActions"],
        "InsufficientDataActions": [],
    }
    assert trigger == {
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "Namespace": "AWS/SQS",
        "StatisticType": "Statistic",
        "Statistic": "MAXIMUM",
        "Unit": None,
        "Dimensions": [{"value": "q", "name": "QueueName"}],
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 1.0,
        "TreatMissingData": "notBreaching",
        "EvaluateLowSampleCountPercentile": "",
    }


@pytest.mark.parametrize("step_s", [600.0, 60.0, 0.25], ids=["skipped", "minutes", "real steps"])
@pytest.mark.parametrize("lag_s", [0.0, 0.002], ids=["on time", "a moment late"])
def test_an_alarm_on_what_is_reported_each_minute_keeps_its_state(
    step_s: float, lag_s: float
) -> None:
    # Given a DLQ with a message in it, which publishes at every full minute, and an alarm on it
    time, sink = VirtualTime(NOW_S + 30), MetricSink()
    states: list[str] = []

    def look() -> float | None:
        points = [(point.at_s or 0.0, point.value) for point in sink.of(VISIBLE, QueueName="q")]
        state = evaluate(alarm(), reading(points), time.clock.now_s())
        assert state is not None
        states.append(state.value)
        return 60.0

    schedule = AlarmSchedule(time.time, sink, minute_over, look)
    gauges = Gauges(visible=1, not_visible=0, delayed=0, oldest_age_s=1.0)
    queue = QueueMetrics("q", time.time, schedule, lambda: gauges)
    queue.changed()
    # When ten minutes pass, and in each somebody looks into the DLQ
    for minute in range(10):
        time.scheduler.call_at(NOW_S + 90 + 60 * minute, queue.changed)
    until_s = time.clock.now_s() + 600
    while (now_s := time.clock.now_s()) < until_s:
        if step_s == 600.0:
            # A machine runs what is due a moment later than it is due.
            due_s = min(time.scheduler.next_any_at_s() or until_s, until_s)
            time.clock.skip_to(due_s + lag_s)
        else:
            time.clock.skip_to(now_s + step_s)
        time.settle()
    # Then it was looked at each minute, and rang all the time
    assert len(states) >= 9
    assert set(states) == {"ALARM"}


def test_a_percentile_is_named_as_such() -> None:
    told = alarm(AlarmName="slow", AlarmArn=ARN, ExtendedStatistic="p99")

    trigger = json.loads(message_of(told, "OK", "ALARM", "reason", NOW_S))["Trigger"]

    named = {name: value for name, value in trigger.items() if "Statistic" in name}
    assert named == {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": "p99"}


def test_a_change_says_what_was_what_is_and_what_is_watched() -> None:
    # Given an alarm on a percentile, and the state that it was in
    told = alarm(
        AlarmName="slow",
        AlarmArn=ARN,
        AlarmDescription="too slow",
        Namespace="AWS/Lambda",
        MetricName="Duration",
        Dimensions=[{"Name": "FunctionName", "Value": "pay"}],
        ExtendedStatistic="p99",
    )
    previous = {"value": "OK", "reason": "fine", "timestamp": "before"}
    # When it changes
    change = change_of(told, previous, "ALARM", "slow", NOW_S)
    # And with data behind it
    with_data = change_of({**told, "StateReasonData": "{}"}, previous, "ALARM", "slow", NOW_S)
    assert list(with_data["alarmData"]["state"]) == ["value", "reason", "reasonData", "timestamp"]
    assert with_data["alarmData"]["state"]["reasonData"] == "{}"
    # Then the function has all of it
    [metric] = change["alarmData"]["configuration"].pop("metrics")
    assert change == {
        "source": "aws.cloudwatch",
        "alarmArn": ARN,
        "accountId": "123456789012",
        "time": "1970-01-01T01:40:00.000+0000",
        "region": "us-east-1",
        "alarmData": {
            "alarmName": "slow",
            "state": {
                "value": "ALARM",
                "reason": "slow",
                "timestamp": "1970-01-01T01:40:00.000+0000",
            },
            "previousState": previous,
            "configuration": {"description": "too slow"},
        },
    }
    assert metric["metricStat"] == {
        "metric": {
            "namespace": "AWS/Lambda",
            "name": "Duration",
            "dimensions": {"FunctionName": "pay"},
        },
        "period": 60,
        "stat": "p99",
    }


LISTED = {
    "AlarmName": "dlq",
    "AlarmArn": ARN,
    "EvaluationPeriods": 1,
    "Metrics": [
        {
            "Id": "m1",
            "Label": "Visible",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/SQS",
                    "MetricName": VISIBLE,
                    "Dimensions": [{"Name": "QueueName", "Value": "q"}],
                },
                "Period": 60,
                "Stat": "p99",
            },
            "ReturnData": True,
        }
    ],
}


def test_an_alarm_on_one_metric_asks_for_it_as_a_list_does() -> None:
    named = {
        "Namespace": "AWS/SQS",
        "MetricName": VISIBLE,
        "Dimensions": [{"Name": "QueueName", "Value": "q"}],
        "Period": 60,
        "ExtendedStatistic": "p99",
    }
    [listed], [asked] = queries_of(LISTED), queries_of(named)
    assert asked["MetricStat"] == listed["MetricStat"] | {"Unit": None}
    assert metrics_of(LISTED) == metrics_of(named) == [("AWS/SQS", {"QueueName": "q"})]


def counting(name: str, identity: str) -> dict[str, Any]:
    """A query that only expressions see."""
    stat = {"Metric": {"Namespace": "Shop", "MetricName": name}, "Period": 60, "Stat": "Sum"}
    return {"Id": identity, "MetricStat": stat, "ReturnData": False}


COUNTED = [counting("Errors", "errors"), counting("Invocations", "invocations")]


def failing(expression: str, **changes: Any) -> dict[str, Any]:
    """An alarm on an expression of errors and invocations."""
    of_one = ("Namespace", "MetricName", "Period", "Statistic")
    others = {name: value for name, value in alarm(**changes).items() if name not in of_one}
    return others | {"Metrics": [*COUNTED, {"Id": "e1", "Expression": expression}]}


@pytest.mark.parametrize(
    ("watching", "expected"),
    [
        # One of two invocations failed in the last minute, none in the one before it.
        (failing("100 * errors / invocations", Threshold=50.0), "ALARM"),
        (failing("100 * errors / invocations", Threshold=51.0), "OK"),
        (failing("100 * errors / invocations", Threshold=50.0, EvaluationPeriods=2), "OK"),
        (failing("DIFF(errors)"), "ALARM"),
        (failing("errors / 0"), "OK"),
        (failing("errors / 0", TreatMissingData="missing"), "INSUFFICIENT_DATA"),
        (failing("invocations - errors", Threshold=3.0, EvaluationPeriods=2), "OK"),
    ],
)
def test_an_alarm_judges_an_expression_by_period(watching: dict[str, Any], expected: str) -> None:
    points = {
        "Errors": [Point.of(NOW_S - 70, 0), Point.of(NOW_S - 10, 1)],
        "Invocations": [Point.of(NOW_S - 70, 3), Point.of(NOW_S - 1, 1), Point.of(NOW_S - 60, 1)],
    }
    state = evaluate(watching, lambda _namespace, name, _dimensions: points[name], NOW_S)
    assert state is not None
    assert state.value == expected


def test_points_of_another_unit_are_none_for_an_alarm_that_names_one() -> None:
    watching = alarm(Unit="Seconds", TreatMissingData="missing")
    state = evaluate(watching, lambda *_: [Point.of(NOW_S - 1, 5, unit="Count")], NOW_S)
    assert state is not None
    assert state.value == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("queries", "message"),
    [
        ([*COUNTED, {"Id": "e1", "Expression": "errors / invocations"}], None),
        (COUNTED, "Exactly one element of the metrics list should return data."),
        (
            [{**COUNTED[0], "ReturnData": True}, {"Id": "e1", "Expression": "errors * 2"}],
            "Exactly one element of the metrics list should return data.",
        ),
        (
            [*COUNTED, {"Id": "e1", "Expression": "m7 * 2"}],
            "Error in expression 'e1': ID 'm7' not found",
        ),
        (
            [*COUNTED, {"Id": "e1", "Expression": "METRICS() * 2"}],
            "Error in expression 'e1': An alarm looks at one time series, not several",
        ),
        (
            [*COUNTED, {"Id": "e1", "Expression": "SEARCH('x', 'Sum')"}],
            "Error in expression 'e1': Function 'SEARCH' is not part of the embedded AWS",
        ),
    ],
)
def test_a_list_that_no_alarm_can_judge(queries: list[Any], message: str | None) -> None:
    assert mistake_in_list(queries) == message


def test_notices_tell_the_whole_list() -> None:
    listed = failing("errors / invocations") | {"AlarmName": "a", "AlarmArn": ARN}
    trigger = json.loads(message_of(listed, "OK", "ALARM", "reason", NOW_S))["Trigger"]
    assert [query["Id"] for query in trigger["Metrics"]] == ["errors", "invocations", "e1"]
    assert trigger["Metrics"][2] == {"Id": "e1", "Expression": "errors / invocations"}
    told = change_of(listed, {}, "ALARM", "reason", NOW_S)["alarmData"]["configuration"]["metrics"]
    assert told[2] == {"id": "e1", "expression": "errors / invocations", "returnData": True}
    assert (told[0]["returnData"], told[0]["metricStat"]["metric"]["name"]) == (False, "Errors")


def test_a_function_is_told_the_query_s_own_id_and_label() -> None:
    told = change_of(LISTED, {}, "ALARM", "reason", NOW_S)
    [metric] = told["alarmData"]["configuration"]["metrics"]
    assert (metric["id"], metric["label"], metric["metricStat"]["stat"]) == ("m1", "Visible", "p99")
