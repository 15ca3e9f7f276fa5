"""Mistakes in a template's resources that the services would refuse."""

import functools
import json
from types import SimpleNamespace
from typing import Any

import pytest

from localaws.emulator.iam.rules import IamRules
from localaws.emulator.seams import SERVICES
from localaws.emulator.stacks.mistakes import Mistakes
from localaws.wire.skin import ServiceSkin

RULE, ALARM, ROLE = "AWS::Events::Rule", "AWS::CloudWatch::Alarm", "AWS::IAM::Role"
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
    return Mistakes(
        pattern_error,
        lambda service, *request: model(service).check(*request),
        is_bucket_name=str.islower,
        iam=IamRules(IAM, lambda arn: True),
        account_id="123456789012",
    )


def pattern_error(pattern: Any) -> str | None:
    return "no list" if pattern == '{"source":"shop"}' else None


@functools.cache
def model(service: str) -> ServiceSkin:
    return ServiceSkin(SERVICES[service] or service, {})


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
            {"EventPattern": PATTERN, "Targets": [{**TARGET, "Id": one} for one in "123456"]},
            "ServiceLimitExceeded",
            "The requested resource exceeds the maximum number allowed.",
        ),
        # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/events
        (
            RULE,
            {"EventPattern": PATTERN, "Targets": [TARGET] * 2},
            "InvalidRequest",
            "Parameter targets is not valid. Reason: More than one target with Id '1' is provided.",
        ),
        (
            RULE,
            {"EventPattern": {"source": ["s" * 2040]}, "Name": "large"},
            "InvalidRequest",
            "Parameter EventPattern for rule large exceeds limit of 2048.",
        ),
        (
            RULE,
            {"EventPattern": {"source": ["s" * 2040]}},
            "InvalidRequest",
            "Parameter EventPattern for rule … exceeds limit of 2048.",
        ),
        (
            "AWS::Events::EventBus",
            {"Name": "team/bus"},
            "InvalidRequest",
            "Event bus name must not contain '/'.",
        ),
        (
            ALARM,
            {name: value for name, value in METRIC.items() if name != "MetricName"},
            "InvalidRequest",
            "MetricName must not be null",
        ),
        ("AWS::S3::Bucket", {"BucketName": "Bad_Name"}, "InvalidBucketName", "The specified"),
        # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/s3
        (
            "AWS::S3::Bucket",
            {"BucketName": "a..b"},
            "InvalidRequest",
            "Bucket name should not contain two adjacent periods",
        ),
        (
            "AWS::S3::Bucket",
            {"BucketName": "192.168.0.1"},
            "InvalidRequest",
            "Bucket name must not be formatted as an IP Address",
        ),
        (
            "AWS::S3::Bucket",
            {"BucketName": "orders--x-s3"},
            "InvalidRequest",
            "Unrecognized S3Express bucket name format.",
        ),
        (
            "AWS::S3::BucketPolicy",
            {"Bucket": "orders", "PolicyDocument": GRANT},
            "InvalidRequest",
            "Missing required field Principal",
        ),
        (
            "AWS::DynamoDB::Table",
            {
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
            "InvalidRequest",
            "Property ProvisionedThroughput cannot be empty",
        ),
        (
            "AWS::SSM::Parameter",
            {"Type": "String", "Value": "many", "AllowedPattern": r"^\d+$"},
            "InvalidRequest",
            "Error occurred during operation 'PutParameter'.",
        ),
        # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/kms
        (
            "AWS::KMS::Key",
            {"KeyPolicy": GRANT},
            "InvalidRequest",
            "Policy contains a statement with no principal.",
        ),
        (
            "AWS::KMS::Alias",
            {"AliasName": "alias/aws/orders", "TargetKeyId": "1"},
            "InvalidRequest",
            "Error occurred during operation 'CreateAlias'.",
        ),
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
        ("AWS::S3::Bucket", {"BucketName": "good"}),
        ("AWS::S3::Bucket", {}),
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
