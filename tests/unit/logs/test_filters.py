"""Metric filters and subscription filters: what happens when something is written."""

from typing import Any

import pytest

from localaws.words.errors import AwsError
from tests.unit.logs.world import GROUP, START_MS, STREAM, LogsWorld
from tests.unit.metric_sink import Point

FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:watcher"


@pytest.fixture
def world() -> LogsWorld:
    world = LogsWorld()
    world.call("CreateLogGroup", logGroupName=GROUP)
    return world


def metric_filter(world: LogsWorld, pattern: str, value: str = "1", **more: Any) -> dict[str, Any]:
    transformation = {"metricName": "n", "metricNamespace": "App", "metricValue": value, **more}
    return world.call(
        "PutMetricFilter",
        logGroupName=GROUP,
        filterName="f",
        filterPattern=pattern,
        metricTransformations=[transformation],
    )


def subscribe(world: LogsWorld, pattern: str = "", name: str = "s") -> dict[str, Any]:
    return world.call(
        "PutSubscriptionFilter",
        logGroupName=GROUP,
        filterName=name,
        filterPattern=pattern,
        destinationArn=FUNCTION,
    )


def test_every_match_is_a_data_point(world: LogsWorld) -> None:
    metric_filter(world, "ERROR", unit="Count")
    world.write("ERROR 1", "fine", "ERROR 2")
    assert world.metrics.points == [Point("App", "n", 1.0, "Count", {})] * 2
    # When the filter is deleted, nothing is counted any more
    world.call("DeleteMetricFilter", logGroupName=GROUP, filterName="f")
    world.write("ERROR 3")
    assert len(world.metrics.points) == 2


def test_a_data_point_has_the_time_of_its_event(world: LogsWorld) -> None:
    metric_filter(world, "ERROR")
    world.write("ERROR", at_ms=START_MS - 7_200_000)
    assert [point.at_s for point in world.metrics.points] == [START_MS / 1000 - 7200]


def test_value_and_dimensions_come_from_the_message(world: LogsWorld) -> None:
    metric_filter(world, "{ $.latency > 10 }", "$.latency", dimensions={"Shop": "$.shop"})
    world.write('{"latency": 12.5, "shop": "a"}', '{"latency": 99}', '{"latency": 1, "shop": "b"}')
    assert world.metrics.points == [Point("App", "n", 12.5, "None", {"Shop": "a"})]


@pytest.mark.parametrize("pattern", ["{ $.latency = * }", '{ $.latency = "*" }'])
def test_a_number_that_is_only_asked_to_be_there_is_published(
    world: LogsWorld, pattern: str
) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html"""
    metric_filter(world, pattern, "$.latency")
    world.write('{"latency": 50, "requestType": "GET"}', '{"requestType": "GET"}')
    assert world.metrics.points == [Point("App", "n", 50.0, "None", {})]


@pytest.mark.parametrize(
    ("pattern", "dimension", "message"),
    [
        ("?ERROR ?WARN", "$.a", "The specified filter pattern does not support dimensions"),
        ("%ERR%", "$.a", "The specified filter pattern does not support dimensions"),
        ("", "$.a", "The specified filter pattern does not support dimensions"),
        (
            "{ $.a = * }",
            "prod",
            "Invalid metric transformation: dimension value must be valid selector",
        ),
    ],
)
def test_dimensions_are_fields_that_the_pattern_names(
    world: LogsWorld, pattern: str, dimension: str, message: str
) -> None:
    answer = metric_filter(world, pattern, dimensions={"D": dimension})
    assert answer["Error"] == {"Code": "InvalidParameterException", "Message": message}
    assert "Error" not in metric_filter(world, "[a, b]", dimensions={"D": "$a"})


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"dimensions": {"D": "$.a"}, "defaultValue": 1.0},
            "Invalid metric transformation: dimensions and default value are mutually exclusive "
            "properties",
        ),
        (
            {"metricNamespace": "AWS/Custom"},
            "Metric namespaces starting with AWS/ are reserved for AWS.",
        ),
        (
            {"pattern": "[unclosed"},
            "If a filter pattern starts with '[' it must end with ']'",
        ),
        ({"pattern": "{ $.status = }"}, "Invalid metric filter pattern"),
    ],
)
def test_metric_filters_that_are_refused(
    world: LogsWorld, params: dict[str, Any], message: str
) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/logs."""
    answer = metric_filter(world, **{"pattern": "{ $.a = * }", **params})
    assert answer["Error"] == {"Code": "InvalidParameterException", "Message": message}


def test_names_and_criteria_of_filters(world: LogsWorld) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/logs."""
    given = {
        "logGroupName": GROUP,
        "filterPattern": "",
        "metricTransformations": [
            {"metricName": "n", "metricNamespace": "App", "metricValue": "1"}
        ],
    }
    code = "InvalidParameterException"
    assert world.error("PutMetricFilter", filterName="a:b", **given) == (
        code,
        "1 validation error detected: Value at 'filterName' failed to satisfy constraint: Member "
        "must satisfy regular expression pattern: [^:*]*",
    )
    given["filterName"] = "f"
    assert world.error("PutMetricFilter", fieldSelectionCriteria="bogus", **given) == (
        code,
        "The provided field selection criteria is invalid",
    )
    criteria = '@aws.region = "us-east-1"'
    world.call("PutMetricFilter", fieldSelectionCriteria=criteria, **given)


def test_only_groups_of_the_standard_class_have_filters(world: LogsWorld) -> None:
    """https://github.com/turbot/steampipe-plugin-aws/issues/2758."""
    rare = {"logGroupName": "rare"}
    world.call("CreateLogGroup", **rare, logGroupClass="INFREQUENT_ACCESS")
    named = {**rare, "filterName": "f", "filterPattern": ""}
    metric = {"metricName": "n", "metricNamespace": "App", "metricValue": "1"}
    for operation, params in (
        ("PutMetricFilter", {**named, "metricTransformations": [metric]}),
        ("PutSubscriptionFilter", {**named, "destinationArn": FUNCTION}),
        ("DescribeSubscriptionFilters", rare),
    ):
        assert world.error(operation, **params) == (
            "ValidationException",
            "This operation is only supported on the Standard log class.",
        )


@pytest.mark.parametrize("given", ["metricName", "metricNamespace"])
def test_a_metric_is_asked_for_by_name_and_namespace(world: LogsWorld, given: str) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeMetricFilters.html

    That both are needed is documented, the words of the refusal are not.
    """
    assert world.error("DescribeMetricFilters", **{given: "n"})[0] == "InvalidParameterException"


@pytest.mark.parametrize(
    "broken",
    [{"value": "many"}, {"value": "$.a["}, {"dimensions": {"Shop": "shop"}}],
)
def test_a_transformation_that_could_never_work_is_refused(
    world: LogsWorld, broken: dict[str, Any]
) -> None:
    answer = metric_filter(world, "{ $.latency > 10 }", **broken)
    assert answer["Error"]["Code"] == "InvalidParameterException"
    world.write('{"latency": 12.5, "shop": "a"}')
    assert world.metrics.points == []


def test_a_minute_without_a_match_has_the_default_value(world: LogsWorld) -> None:
    metric_filter(world, "ERROR", defaultValue=0.0)
    world.write("fine")
    world.write("fine, too")
    assert world.metrics.points == [Point("App", "n", 0.0, "None", {})]
    world.pass_time(60)
    world.write("fine")
    assert len(world.metrics.points) == 2


def test_metric_filters_are_described_and_counted(world: LogsWorld) -> None:
    metric_filter(world, "ERROR")
    [found] = world.call("DescribeMetricFilters", metricName="n", metricNamespace="App")[
        "metricFilters"
    ]
    assert found == {
        "filterName": "f",
        "filterPattern": "ERROR",
        "metricTransformations": [
            {"metricName": "n", "metricNamespace": "App", "metricValue": "1"}
        ],
        "creationTime": START_MS,
        "logGroupName": GROUP,
        "applyOnTransformedLogs": False,
    }
    assert world.call("DescribeLogGroups")["logGroups"][0]["metricFilterCount"] == 1
    other = {"metricName": "other", "metricNamespace": "App"}
    assert world.call("DescribeMetricFilters", **other)["metricFilters"] == []


def test_a_pattern_can_be_tried(world: LogsWorld) -> None:
    answer = world.call(
        "TestMetricFilter",
        filterPattern="[level, code=5*]",
        logEventMessages=["ERROR 404", "ERROR 503"],
    )
    assert answer["matches"] == [
        {
            "eventNumber": 1,
            "eventMessage": "ERROR 503",
            "extractedValues": {"$level": "ERROR", "$code": "503"},
        }
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[]", {"$1": "a", "$2": "b c", "$3": "d"}),
        ("[..., size]", {"$1": "a", "$2": "b c", "$size": "d"}),
        ("[first, , size]", {"$first": "a", "$2": "b c", "$size": "d"}),
    ],
)
def test_fields_without_a_name_go_by_their_number(
    world: LogsWorld, pattern: str, expected: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html"""
    answer = world.call("TestMetricFilter", filterPattern=pattern, logEventMessages=["a [b c] d"])
    assert answer["matches"][0]["extractedValues"] == expected


@pytest.mark.parametrize(
    ("vendor", "role", "message"),
    [
        ("kinesis", False, "destinationArn for vendor kinesis cannot be used without roleArn"),
        (
            "kinesis",
            True,
            "Could not deliver test message to specified Kinesis stream. Check if the given "
            "kinesis stream is in ACTIVE state.",
        ),
        (
            "firehose",
            True,
            "Could not deliver test message to specified Firehose stream. Check if the given "
            "Firehose stream is in ACTIVE state.",
        ),
    ],
)
def test_there_are_no_streams_to_subscribe(
    world: LogsWorld, vendor: str, role: bool, message: str
) -> None:
    answer = world.call(
        "PutSubscriptionFilter",
        logGroupName=GROUP,
        filterName="s",
        filterPattern="",
        destinationArn=f"arn:aws:{vendor}:us-east-1:123456789012:stream/x",
        **({"roleArn": "arn:aws:iam::123456789012:role/r"} if role else {}),
    )
    assert answer["Error"] == {"Code": "InvalidParameterException", "Message": message}


def test_a_subscribed_function_gets_what_matches(world: LogsWorld) -> None:
    subscribe(world, "ERROR")
    world.write("fine", "ERROR", at_ms=START_MS)
    world.pass_time(10)
    [(function, data, given)] = world.invocations
    assert function == FUNCTION
    event_id = world.call("FilterLogEvents", logGroupName=GROUP)["events"][1]["eventId"]
    assert data == {
        "messageType": "DATA_MESSAGE",
        "owner": "111111111111",
        "logGroup": GROUP,
        "logStream": STREAM,
        "subscriptionFilters": ["s"],
        "logEvents": [{"id": event_id, "timestamp": START_MS + 1, "message": "ERROR"}],
    }
    assert given == {
        "principal_service": "logs.amazonaws.com",
        "source_arn": f"arn:aws:logs:us-east-1:111111111111:log-group:{GROUP}:*",
    }


@pytest.mark.parametrize(
    ("pattern", "message", "fields"),
    [
        ("[a, b]", "1 2", {"a": "1", "b": "2"}),
        ("[a, , c]", "1 2 3", {"a": "1", "2": "2", "c": "3"}),
        ("{ $.a = 1 }", '{"a": 1}', None),  # not known of AWS
        ("ERROR", "ERROR", None),
    ],
)
def test_fields_between_spaces_are_sent_beside_the_message(
    world: LogsWorld, pattern: str, message: str, fields: dict[str, str] | None
) -> None:
    subscribe(world, pattern)
    world.write(message)
    world.pass_time(10)
    [(_, data, _)] = world.invocations
    assert data["logEvents"][0].get("extractedFields") == fields


def test_a_throttled_delivery_is_tried_again_for_a_day(world: LogsWorld) -> None:
    subscribe(world)
    world.refusal = AwsError("Rate Exceeded.", code="TooManyRequestsException", status=429)
    world.write("event")
    world.pass_time(25 * 3600)
    gaps = [b - a for a, b in zip(world.attempts_s, world.attempts_s[1:], strict=False)]
    assert gaps[:4] == [2, 4, 8, 16]
    assert max(gaps) == 300
    assert 23 * 3600 < world.attempts_s[-1] - world.attempts_s[0] < 25 * 3600
    assert world.invocations == []


def test_a_delivery_that_is_not_allowed_is_lost(world: LogsWorld) -> None:
    subscribe(world)
    world.refusal = AwsError("no", code="AccessDeniedException", status=403)
    world.write("event")
    world.pass_time(3600)
    assert len(world.attempts_s) == 1


def test_a_function_that_does_not_let_logs_in_cannot_be_subscribed(world: LogsWorld) -> None:
    world.may_invoke = False
    error = subscribe(world)["Error"]
    assert error["Code"] == "InvalidParameterException"
    assert error["Message"].startswith("Could not execute the lambda function.")


def test_a_group_has_two_subscriptions_at_most(world: LogsWorld) -> None:
    subscribe(world, name="one")
    subscribe(world, name="two")
    assert subscribe(world, name="three")["Error"]["Code"] == "LimitExceededException"
    assert "Error" not in subscribe(world, "ERROR", name="two")
    world.call("DeleteSubscriptionFilter", logGroupName=GROUP, filterName="one")
    found = world.call("DescribeSubscriptionFilters", logGroupName=GROUP)["subscriptionFilters"]
    assert [(f["filterName"], f["filterPattern"]) for f in found] == [("two", "ERROR")]
    assert found[0]["applyOnTransformedLogs"] is False
