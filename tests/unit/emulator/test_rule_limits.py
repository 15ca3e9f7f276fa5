"""What EventBridge says of rules, buses and targets, in words measured on AWS.

https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/events
"""

from typing import Any

import pytest

from localaws.emulator.events.rule_limits import mistake_in_bus, mistake_in_rule
from localaws.emulator.events.target_limits import mistake_in_targets

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
WHOLE = "<aws.events.event.json>"


def of_target(**settings: Any) -> str | None:
    return mistake_in_targets([{"Id": "t1", "Arn": QUEUE, **settings}])


def transformed(template: str, path: str = "$.detail") -> dict[str, Any]:
    return {"InputTransformer": {"InputPathsMap": {"k": path}, "InputTemplate": template}}


@pytest.mark.parametrize("path", ["detail.state", "$.detail['key']", '$.detail["key"]'])
def test_a_path_begins_at_the_root_and_quotes_nothing(path: str) -> None:
    invalid = "InputPath for target t1 is invalid."
    assert of_target(InputPath=path) == invalid
    assert of_target(**transformed('"<k>"', path)) == invalid


@pytest.mark.parametrize("path", ["$", "$.detail.state", "$.detail.a[0]"])
def test_other_paths_are_taken(path: str) -> None:
    assert of_target(InputPath=path) is None
    assert of_target(**transformed('"<k>"', path)) is None


@pytest.mark.parametrize("template", [f'"event was {WHOLE} today"', f"[{WHOLE}]"])
def test_the_event_as_json_is_for_objects(template: str) -> None:
    assert of_target(**transformed(template)) == (
        "InputTemplate for target t1 contains placeholder aws.events.event.json valid only for "
        "JSON template."
    )


@pytest.mark.parametrize("template", [f'{{"e": {WHOLE}}}', '"event was <k> today"'])
def test_other_templates_are_taken(template: str) -> None:
    assert of_target(**transformed(template)) is None


@pytest.mark.parametrize(
    "name", ["EcsParameters", "KinesisParameters", "HttpParameters", "SageMakerPipelineParameters"]
)
def test_parameters_fit_their_target(name: str) -> None:
    assert of_target(**{name: {}}) == f"Parameter(s) {name} not supported for target: t1"
    assert of_target(SqsParameters={"MessageGroupId": "g"}) is None


def test_an_event_bus_is_reached_with_a_role() -> None:
    assert of_target(Arn=BUS) == f"RoleArn is required for target {BUS}."
    assert of_target(Arn=BUS, RoleArn="arn:aws:iam::123456789012:role/r") is None


@pytest.mark.parametrize(
    ("bus", "message"),
    [
        ({"Name": "team/bus"}, "Event bus name must not contain '/'."),
        (
            {"Name": "aws.partner/a/1", "EventSourceName": "aws.partner/a/2"},
            "Event bus name must match event source name",
        ),
        ({"Name": "aws.partner/a/1", "EventSourceName": "aws.partner/a/1"}, None),
        (
            {"Name": "bus", "DeadLetterConfig": {"Arn": TOPIC}},
            "sns is not supported as a dead letter resource.",
        ),
        ({"Name": "bus", "DeadLetterConfig": {"Arn": QUEUE}}, None),
    ],
)
def test_what_a_bus_may_be(bus: dict[str, Any], message: str | None) -> None:
    assert mistake_in_bus(bus) == message


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (" { } ", "Parameter(s) EventPattern or ScheduleExpression must be specified."),
        ("x" * 2048, None),
        ("x" * 2049, "Parameter EventPattern for rule r exceeds limit of 2048."),
    ],
)
def test_a_pattern_has_a_size(pattern: str, message: str | None) -> None:
    assert mistake_in_rule({"Name": "r"}, pattern) == message
