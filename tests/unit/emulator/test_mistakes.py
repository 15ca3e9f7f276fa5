"""Mistakes in a template's resources that the services would refuse."""

import json
from typing import Any

import pytest

from localaws.emulator.mistakes import Mistakes

RULE, ALARM = "AWS::Events::Rule", "AWS::CloudWatch::Alarm"
PATTERN = {"source": ["shop"]}
METRIC = {"Namespace": "Shop", "MetricName": "Failed", "Statistic": "Sum", "Threshold": 1}
TARGET = {"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:orders"}


def pattern_error(pattern: Any) -> str | None:
    return "no list" if pattern == json.dumps({"source": "shop"}) else None


@pytest.mark.parametrize(
    ("kind", "properties", "code", "message"),
    [
        (
            RULE,
            {"EventPattern": {"source": "shop"}},
            "InvalidRequest",
            "Event pattern is not valid. Reason: no list",
        ),
        (RULE, {"State": "ENABLED"}, "InvalidRequest", "Parameter(s) EventPattern or"),
        (
            RULE,
            {"EventPattern": PATTERN, "Targets": [{**TARGET, "Input": "soon"}]},
            "InvalidRequest",
            "JSON syntax error in input for target 1",
        ),
        (
            RULE,
            {"EventPattern": PATTERN, "Targets": [TARGET] * 6},
            "ServiceLimitExceeded",
            "The requested resource exceeds the maximum number allowed.",
        ),
        (ALARM, {"Period": 45}, "InvalidRequest", "MetricName must not be null"),
        (ALARM, {**METRIC, "Period": 45}, "InvalidRequest", "Period must be"),
    ],
)
def test_a_mistake_is_told(kind: str, properties: Any, code: str, message: str) -> None:
    told = Mistakes(pattern_error)(kind, properties)
    assert told is not None
    assert told[0] == code
    assert told[1].startswith(message)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        (RULE, {"EventPattern": PATTERN, "Targets": [TARGET]}),
        (RULE, {"EventPattern": json.dumps(PATTERN)}),
        (ALARM, {**METRIC, "Period": 60}),
        ("AWS::SQS::Queue", {}),
    ],
)
def test_what_is_right_is_left_alone(kind: str, properties: Any) -> None:
    assert Mistakes(pattern_error)(kind, properties) is None
