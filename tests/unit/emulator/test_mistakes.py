"""Mistakes in a template's resources that the services would refuse."""

import functools
import json
from typing import Any

import pytest

from localaws.emulator.mistakes import Mistakes
from localaws.emulator.seams import SERVICES
from localaws.wire.skin import ServiceSkin

RULE, ALARM = "AWS::Events::Rule", "AWS::CloudWatch::Alarm"
PATTERN = {"source": ["shop"]}
METRIC = {
    "Namespace": "Shop",
    "MetricName": "Failed",
    "Statistic": "Sum",
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 1,
}
TARGET = {"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:orders"}


def pattern_error(pattern: Any) -> str | None:
    return "no list" if pattern == json.dumps({"source": "shop"}) else None


@functools.cache
def model(service: str) -> ServiceSkin:
    return ServiceSkin(SERVICES[service] or service, {})


def mistake(kind: str, properties: Any) -> Any:
    look = Mistakes(
        pattern_error,
        lambda service, *request: model(service).check(*request),
        is_bucket_name=str.islower,
        policy_error=lambda document: None if document else "it is empty",
    )
    return look(kind, properties)


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
            {"EventPattern": PATTERN, "Targets": [{**TARGET, "Arn": f"{TARGET['Arn']}.fifo"}]},
            "InvalidRequest",
            "Parameter(s) SqsParameters must be specified for target: 1.",
        ),
        (
            RULE,
            {"EventPattern": PATTERN, "Targets": [TARGET] * 6},
            "ServiceLimitExceeded",
            "The requested resource exceeds the maximum number allowed.",
        ),
        (
            ALARM,
            {name: value for name, value in METRIC.items() if name != "MetricName"},
            "InvalidRequest",
            "MetricName must not be null",
        ),
        ("AWS::S3::Bucket", {"BucketName": "Bad_Name"}, "InvalidBucketName", "The specified"),
        (
            "AWS::IAM::Role",
            {"AssumeRolePolicyDocument": {"a": 1}, "Policies": [{"PolicyDocument": {}}]},
            "MalformedPolicyDocument",
            "it is empty",
        ),
        (ALARM, {**METRIC, "Period": 45}, "InvalidRequest", "Period must be"),
    ],
)
def test_a_mistake_is_told(kind: str, properties: Any, code: str, message: str) -> None:
    told = mistake(kind, properties)
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
        ("AWS::S3::Bucket", {"BucketName": "good"}),
        ("AWS::S3::Bucket", {}),
        ("AWS::IAM::Role", {"AssumeRolePolicyDocument": "{}", "Policies": []}),
    ],
)
def test_what_is_right_is_left_alone(kind: str, properties: Any) -> None:
    assert mistake(kind, properties) is None
