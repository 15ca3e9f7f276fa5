"""Mistakes in a template's resources that the services would refuse."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from localaws.emulator.iam_rules import IamRules
from localaws.emulator.mistakes import Mistakes

RULE, ALARM, ROLE = "AWS::Events::Rule", "AWS::CloudWatch::Alarm", "AWS::IAM::Role"
PATTERN = {"source": ["shop"]}
METRIC = {"Namespace": "Shop", "MetricName": "Failed", "Statistic": "Sum", "Threshold": 1}
TARGET = {"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:orders"}


TRUST = {
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
}
GRANT = {"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
NOPE = "arn:aws:iam::aws:policy/Nope"
IAM: Any = SimpleNamespace(_policy_exists=lambda arn: arn != NOPE)


def mistakes() -> Mistakes:
    return Mistakes(pattern_error, IamRules(IAM, lambda arn: True))


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
        (ROLE, {"AssumeRolePolicyDocument": {}}, "InvalidRequest", "Could not parse the policy"),
        (
            ROLE,
            {"AssumeRolePolicyDocument": TRUST, "RoleName": "a b"},
            "InvalidRequest",
            "The specified value for roleName is invalid.",
        ),
        (
            ROLE,
            {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": [NOPE]},
            "NotFound",
            f"Policy {NOPE} does not exist or is not attachable.",
        ),
        (
            ROLE,
            {
                "AssumeRolePolicyDocument": TRUST,
                "Policies": [{"PolicyName": "p", "PolicyDocument": {}}],
            },
            "InvalidRequest",
            "Syntax errors in policy.",
        ),
        (
            "AWS::IAM::Policy",
            {"PolicyName": "p", "PolicyDocument": {}},
            "InvalidRequest",
            "Syntax errors in policy.",
        ),
        (
            "AWS::IAM::ManagedPolicy",
            {"PolicyDocument": GRANT},
            "InvalidRequest",
            "Policy document must be version 2012-10-17 or greater.",
        ),
        (
            "AWS::IAM::User",
            {"PermissionsBoundary": NOPE},
            "NotFound",
            f"Scope ARN: {NOPE} does not exist",
        ),
        ("AWS::IAM::Group", {"Path": "x"}, "InvalidRequest", "The specified value for path"),
    ],
)
def test_a_mistake_is_told(kind: str, properties: Any, code: str, message: str) -> None:
    told = mistakes()(kind, properties)
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
        (
            ROLE,
            {
                "AssumeRolePolicyDocument": TRUST,
                "Path": "/service/",
                "Policies": [{"PolicyName": "p", "PolicyDocument": GRANT}],
            },
        ),
        ("AWS::IAM::ManagedPolicy", {"PolicyDocument": GRANT | {"Version": "2012-10-17"}}),
    ],
)
def test_what_is_right_is_left_alone(kind: str, properties: Any) -> None:
    assert mistakes()(kind, properties) is None
