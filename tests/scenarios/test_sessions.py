"""Sessions of roles: how long they last, who gets one, and what STS says of the rest."""

import json
from typing import Any

import boto3
import pytest

from tests.scenarios.account import Account
from tests.scenarios.refusals import refusal

OVER_ROLE = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
OVER_CHAIN = (
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
    "chaining."
)


def assumable(account: Account, **settings: Any) -> str:
    """A role that everybody of the account may assume whose policies say so; its ARN."""
    iam = account.client("iam")
    arn = account.role(("sts:*",))
    name = arn.rpartition("/")[2]
    document = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{arn.split(':')[4]}:root"},
            "Action": "sts:AssumeRole",
        },
    }
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(document))
    if settings:
        iam.update_role(RoleName=name, **settings)
    account.time.propagate()
    return arn


def sts_of(account: Account, credentials: dict[str, Any]) -> Any:
    """STS as a session sees it."""
    session = boto3.Session(
        credentials["AccessKeyId"],
        credentials["SecretAccessKey"],
        credentials["SessionToken"],
        account.session.region_name,
    )
    return session.client("sts", endpoint_url=account.endpoint_url)


def test_a_session_lasts_no_longer_than_its_role_lets_it(account: Account) -> None:
    sts = account.client("sts")
    short, long = assumable(account), assumable(account, MaxSessionDuration=7200)
    asked = {"RoleSessionName": "lesson", "DurationSeconds": 7200}
    assert refusal(sts.assume_role, RoleArn=short, **asked) == (400, "ValidationError", OVER_ROLE)
    assert sts.assume_role(RoleArn=long, **asked)["AssumedRoleUser"]["Arn"].endswith("/lesson")


def test_a_session_of_a_session_lasts_an_hour(account: Account) -> None:
    role = assumable(account, MaxSessionDuration=7200)
    first = account.client("sts").assume_role(RoleArn=role, RoleSessionName="first")
    chained = sts_of(account, first["Credentials"])
    asked = {"RoleArn": role, "RoleSessionName": "second"}
    assert refusal(chained.assume_role, **asked, DurationSeconds=3601) == (
        400,
        "ValidationError",
        OVER_CHAIN,
    )
    assert chained.assume_role(**asked, DurationSeconds=3600)["Credentials"]
    for call in ("get_session_token", "get_federation_token"):
        name = {"Name": "somebody"} if "federation" in call else {}
        status, code, text = refusal(getattr(chained, call), **name)
        assert (status, code) == (403, "AccessDenied")
        assert text.startswith("Cannot call Get")


def test_a_session_s_policy_is_looked_at(account: Account) -> None:
    asked = {"RoleArn": assumable(account), "RoleSessionName": "lesson", "Policy": "{}"}
    assert refusal(account.client("sts").assume_role, **asked) == (
        400,
        "MalformedPolicyDocument",
        "Syntax errors in policy.",
    )


def test_a_role_that_is_not_there_or_does_not_trust_is_told_alike(account: Account) -> None:
    sts = account.client("sts")
    caller = sts.get_caller_identity()["Arn"]
    distrustful = account.role(("sqs:*",))
    elsewhere = f"arn:aws:iam::999999999999:{distrustful.rpartition(':')[2]}"
    for arn in (distrustful, f"{distrustful}-gone", elsewhere):
        assert refusal(sts.assume_role, RoleArn=arn, RoleSessionName="lesson") == (
            403,
            "AccessDenied",
            f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}",
        )


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("decode_authorization_message", {"EncodedMessage": "x"}),
        (
            "assume_root",
            {
                "TargetPrincipal": "111111111111",
                "TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/S3Unlock"},
            },
        ),
    ],
)
def test_what_is_not_here_is_called_that(
    account: Account, call: str, parameters: dict[str, Any]
) -> None:
    status, code, text = refusal(getattr(account.client("sts"), call), **parameters)
    assert (status, code) == (501, "NotImplemented")
    assert text.endswith("is not part of the embedded AWS. Use a real account for it.")
