"""Policies of users, groups and roles; the first table is what AWS was recorded to say of them."""

import json
from typing import Any

import pytest

from localaws.emulator.iam.identity_policies import mistake_in_identity_policy

BUCKET = "arn:aws:s3:::example_bucket"
SYNTAX, LEGACY = "Syntax errors in policy.", "The policy failed legacy parsing"
VERSION = "Policy document must be version 2012-10-17 or greater."
NO_ACTIONS = "Policy statement must contain actions."
NO_RESOURCES = "Policy statement must contain resources."
NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
TWO_COLONS = "Actions/Condition can contain only one colon."
NOT_UNIQUE = "Statement IDs (SID) in a single policy must be unique."


def statement(**changes: Any) -> dict[str, Any]:
    """A right one with changes; None takes a member out."""
    whole = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": BUCKET} | changes
    return {name: value for name, value in whole.items() if value is not None}


def policy(*statements: Any, **changes: Any) -> str:
    only = statements[0] if len(statements) == 1 else list(statements)
    whole = {"Version": "2012-10-17", "Statement": only} | changes
    return json.dumps({name: value for name, value in whole.items() if value is not None})


def not_arn(resource: str) -> str:
    return f'Resource {resource} must be in ARN format or "*".'


def other_partition(partition: str, rest: str) -> str:
    return f'Partition "{partition}" is not valid for resource "arn:{partition}:{rest}".'


RECORDED = [
    ("This is not a json document", SYNTAX),
    (policy(statement(), Version=None), VERSION),
    (policy(statement(), Version="2008-10-17"), VERSION),
    (policy(statement(), Version="2013-10-17"), SYNTAX),
    (policy(Statement=None), SYNTAX),
    (policy("afd", "b"), SYNTAX),
    (policy(statement(), Extra="value"), SYNTAX),
    (policy(statement(Extra="value")), SYNTAX),
    (policy(statement(), Id=["cd3a"]), SYNTAX),
    (policy(statement(), Id={}), SYNTAX),
    (policy(statement(Effect="invalid")), SYNTAX),
    (policy(statement(Action="invalid")), NO_VENDOR),
    (policy(statement(Action=None, NotAction="")), NO_VENDOR),
    (policy(statement(Action="a a:ListBucket")), "Vendor a a is not valid"),
    (policy(statement(Action="s3:List:Bucket")), TWO_COLONS),
    (policy(statement(), statement(Action="s:3s:ListBucket")), TWO_COLONS),
    (policy(statement(Resource="invalid resource")), not_arn("invalid resource")),
    (policy(statement(Resource=""), statement(Resource="")), not_arn("")),
    (policy(statement(Action="s:3:ListBucket", Resource="sdfsadf")), not_arn("sdfsadf")),
    (policy(statement(Resource=["adf"])), not_arn("adf")),
    (policy(statement(Resource="a:bsdfdsafsad")), other_partition("bsdfdsafsad", "*:*:*:*")),
    (policy(statement(Resource="a:b:cadfsdf")), other_partition("b", "cadfsdf:*:*:*")),
    (policy(statement(Resource="a:b:c:d:e:f:g:h")), other_partition("b", "c:d:e:f:g:h")),
    (
        policy(statement(Resource="aws:s3:::example_bucket")),
        other_partition("s3", "::example_bucket:*"),
    ),
    (
        policy(statement(Resource=["arn:error:s3:::b", "arn:error:s3::b"])),
        other_partition("error", "s3:::b"),
    ),
    (policy(Statement=[]), SYNTAX),
    (policy(statement(Resource=None)), NO_RESOURCES),
    (policy(statement(Resource=[])), NO_RESOURCES),
    (policy(statement(Action="invalid", Resource=None)), NO_RESOURCES),
    (policy(statement(Action=None)), NO_ACTIONS),
    (policy(statement(Effect=None)), SYNTAX),
    (policy(statement(Action=None, Resource=None)), NO_ACTIONS),
    (policy(statement(Action=[])), NO_ACTIONS),
]

# By the same grammar, but the recordings that were read end above.
OTHERS = [
    (policy({"Effect": "Deny"}, statement()), NO_ACTIONS),
    (policy(statement(Resource="arn:aws:s3::example_bucket")), LEGACY),
    (policy(statement(Action=None, Resource="arn:aws:s3::example_bucket")), LEGACY),
    (
        policy(statement(Resource="arn:aws")),
        "Resource vendor must be fully qualified and cannot contain regexes.",
    ),
    (policy(statement(Resource={"a": BUCKET})), SYNTAX),
    (policy(statement(Resource=["adfdf", {}])), SYNTAX),
    (policy(statement(NotResource=[])), SYNTAX),
    (policy(statement(Action=[[]])), SYNTAX),
    (policy(statement(NotAction="s3:Get")), SYNTAX),
    (policy(statement(Condition=[])), SYNTAX),
    (policy(statement(Condition={"a": "b"})), SYNTAX),
    (policy(statement(Condition={"DateGreaterThan": {"a": {}}})), SYNTAX),
    (policy(statement(Condition={"x": {"a": "1"}})), SYNTAX),
    (policy(statement(Condition={"ForAnyValue::StringEquals": {"a": "b"}})), SYNTAX),
    (
        policy(statement(Resource="arn:aws:iam:us-east-1::user/a")),
        "IAM resource arn:aws:iam:us-east-1::user/a cannot contain region information.",
    ),
    (
        policy(statement(Resource="arn:aws:s3:us-east-1::b")),
        "Resource arn:aws:s3:us-east-1::b can not contain region information.",
    ),
    (policy(statement(Sid=[])), SYNTAX),
    (policy(statement(Sid="one"), statement(Sid="one")), NOT_UNIQUE),
    (policy(statement(Effect="denY")), LEGACY),
    (policy(statement(Condition={"DateGreaterThan": {"a": "sdfdsf"}})), LEGACY),
    (policy(statement(Condition={"DateLessThan": {"a": "9223372036854775808"}})), LEGACY),
    (policy(statement(Principal="*")), "Policy document should not specify a principal."),
    (policy(statement(NotPrincipal="*")), "Policy document should not specify a principal."),
    # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/iam
    (
        policy(statement(Sid="allow-s3-read")),
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
        "expression [0-9A-Za-z]*",
    ),
    *(
        (
            policy(statement(Action=action)),
            "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.",
        )
        for action in ("*:GetObject", "s3*:GetObject", "s3?:Get")
    ),
    *(
        (
            policy(statement(Resource=resource)),
            "Resource vendor must be fully qualified and cannot contain regexes.",
        )
        for resource in ("arn:aws:*:::b", "arn:aws:s3*:::b")
    ),
    (
        policy(statement(Resource="arn:aws-cn:s3:::b")),
        'Partition "aws-cn" is not valid for resource "arn:aws-cn:s3:::b".',
    ),
    (
        policy(statement(Resource="arn:aws:route53:us-east-1::hostedzone/z")),
        "Resource arn:aws:route53:us-east-1::hostedzone/z can not contain region information.",
    ),
    (
        policy(statement(Resource="arn:aws:s3::111122223333:b")),
        "Resource arn:aws:s3::111122223333:b cannot contain an account id.",
    ),
    *(
        (policy(statement(Condition={"ArnLike": {"aws:SourceArn": arn}})), LEGACY)
        for arn in ("nope", "arn:aws:s3:b", "${aws:PrincipalArn}")
    ),
]

RIGHT = [
    *(
        policy(statement(Condition={"ArnLike": {"aws:SourceArn": arn}}))
        for arn in ("arn:*:s3:::b", "arn:aws:*:*:*:*", "*")
    ),
    policy(statement(Resource="arn:*:s3:::b")),
    policy(statement(Resource=[BUCKET, "*"])),
    policy(statement(Action="*")),
    policy(statement(Action=["s3:*", "iam: asdf "])),
    policy(statement(Action=None, NotAction="s3:*")),
    policy(statement(Resource=None, NotResource=BUCKET)),
    policy([statement()], Statement=[statement()]),
    policy(statement(Resource="arn:aws:fdsasf")),
    policy(statement(Resource="arn:aws:iam:::user/example_bucket")),
    policy(statement(Resource="arn:aws:s3:us-east-1:123456789012:accesspoint/a")),
    policy(statement(Condition={})),
    policy(statement(Condition={"x": {}})),
    policy(statement(Condition={"ForAllValues:StringEqualsIfExists": {"aws:TagKeys": ["a", "b"]}})),
    policy(statement(Condition={"Bool": {"aws:SecureTransport": False}})),
    policy(statement(Condition={"DateGreaterThan": {"aws:CurrentTime": "2017-07-01T00:00:00Z"}})),
    policy(statement(Condition={"DateGreaterThan": {"aws:EpochTime": "1493500000"}})),
]


@pytest.mark.parametrize(("document", "told"), [*RECORDED, *OTHERS])
def test_what_is_wrong(document: str, told: str) -> None:
    assert mistake_in_identity_policy(document, managed=True) == told


@pytest.mark.parametrize("document", RIGHT)
def test_what_is_right(document: str) -> None:
    assert mistake_in_identity_policy(document, managed=True) is None


@pytest.mark.parametrize("version", [None, "2008-10-17"])
def test_an_inline_policy_may_be_of_the_old_version(version: str | None) -> None:
    assert mistake_in_identity_policy(policy(statement(), Version=version), managed=False) is None
