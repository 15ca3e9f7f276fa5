"""What a refusal says of the resource where a call named none."""

import pytest

from localaws.emulator.iam.unnamed_resources import asked_about, is_told
from localaws.words.identity import Identity

IDENTITY = Identity("123456789012", "us-east-1")
HERE = "us-east-1:123456789012"


@pytest.mark.parametrize(
    ("action", "resource", "told"),
    [
        ("cloudformation:ListStacks", f"arn:aws:cloudformation:{HERE}:stack/*/*", True),
        ("events:ListRules", f"arn:aws:events:{HERE}:rule/*", True),
        ("dynamodb:ListTables", f"arn:aws:dynamodb:{HERE}:table/*", True),
        ("ssm:DescribeParameters", f"arn:aws:ssm:{HERE}:*", True),
        ("iam:ListUsers", "arn:aws:iam::123456789012:user/", True),
        ("iam:ListPolicies", "policy path /", True),
        ("kms:ListKeys", "*", True),
        ("ecr:GetAuthorizationToken", "*", True),
        ("cloudformation:ValidateTemplate", "*", False),
        ("cloudwatch:PutMetricData", "*", False),
        ("s3:ListAllMyBuckets", "*", False),
        ("tag:GetResources", "*", False),
        ("sts:GetAccessKeyInfo", "*", False),
    ],
)
def test_a_call_without_a_resource(action: str, resource: str, told: bool) -> None:
    assert asked_about(action, IDENTITY) == resource
    assert is_told(action, resource) is told


def test_a_resource_that_was_named_is_told() -> None:
    assert is_told("s3:GetObject", "arn:aws:s3:::bucket/key")
