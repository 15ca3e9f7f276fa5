"""What S3 says of a bucket's policy.

https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/s3 and recordings
"""

import json
from typing import Any

import pytest

from localaws.emulator.bucket_policies import mistake_in_bucket_policy

BUCKET = "arn:aws:s3:::orders"
OBJECTS = f"{BUCKET}/*"
VAIN = "Action does not apply to any resource(s) in statement"
FOREIGN = "Policy has invalid resource"


def policy(*, without: str = "", **members: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "123456789012"},
        "Action": "s3:GetObject",
        "Resource": OBJECTS,
    } | members
    return {"Statement": [{key: one for key, one in statement.items() if key != without}]}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "Policies must be valid JSON and the first byte must be '{'"),
        ("soon", "Policies must be valid JSON and the first byte must be '{'"),
        ({}, "Missing required field Statement"),
        (policy(without="Principal"), "Missing required field Principal"),
        ({"Version": "2020-10-17"} | policy(), "The policy must contain a valid version string"),
        (policy(Resource=BUCKET), VAIN),
        (policy(Action=["s3:GetObject", "s3:ListBucket"]), VAIN),
        (policy(Action="s3:listbucket"), VAIN),
        (policy(Resource="arn:aws:s3:::other/*"), FOREIGN),
        (policy(Resource=[OBJECTS, "*"]), FOREIGN),
    ],
)
def test_what_is_refused(document: Any, message: str) -> None:
    assert mistake_in_bucket_policy(document, "orders") == message
    text = document if isinstance(document, str) else json.dumps(document)
    assert mistake_in_bucket_policy(text, "orders") == message


@pytest.mark.parametrize(
    "document",
    [
        policy(),
        policy(without="Principal", NotPrincipal="*"),
        policy(Resource="arn:aws:s3:::ord*"),
        policy(Action="s3:*", Resource=BUCKET),
        policy(Action=["s3:GetObject", "s3:ListBucket"], Resource=[BUCKET, OBJECTS]),
        policy(without="Action", NotAction="s3:GetObject", Resource=BUCKET),
        {"Version": "2012-10-17"} | policy(Action="s3:PutObject", Resource=f"{BUCKET}/in/*"),
    ],
)
def test_what_is_right_is_taken(document: Any) -> None:
    assert mistake_in_bucket_policy(document, "orders") is None
