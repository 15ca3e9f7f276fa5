"""What a permissions boundary or a session's policies keep back is told of them."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account


def policy(*actions: str, effect: str = "Allow") -> dict[str, Any]:
    statements = [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]
    if effect == "Deny":
        statements = [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": list(actions), "Resource": "*"},
        ]
    return {"Version": "2012-10-17", "Statement": statements}


def session_of(
    account: Account,
    boundary: dict[str, Any] | None,
    passed: dict[str, Any] | None = None,
    allowed: tuple[str, ...] = ("sqs:*", "sns:*", "s3:*", "ssm:*", "dynamodb:*"),
) -> boto3.Session:
    """A session of a role with this boundary, assumed with this policy."""
    iam, role = account.client("iam"), account.role(allowed)
    name = role.rpartition("/")[2]
    trusts = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{role.split(':')[4]}:root"},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": trusts})
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=document)
    if boundary:
        made = iam.create_policy(PolicyName=f"{name}-less", PolicyDocument=json.dumps(boundary))
        arn = made["Policy"]["Arn"]
        iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=arn)
        account.on_close(lambda: iam.delete_policy(PolicyArn=arn))
        account.on_close(lambda: iam.delete_role_permissions_boundary(RoleName=name))
    account.time.propagate()
    given = {"Policy": json.dumps(passed)} if passed else {}
    found = account.client("sts").assume_role(RoleArn=role, RoleSessionName="session", **given)
    keys = found["Credentials"]
    return boto3.Session(
        keys["AccessKeyId"],
        keys["SecretAccessKey"],
        keys["SessionToken"],
        account.session.region_name,
    )


def refusal(account: Account, session: boto3.Session, service: str, operation: str) -> str:
    client = session.client(service, endpoint_url=account.endpoint_url)  # type: ignore[call-overload]
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)()
    return str(refused.value.response["Error"]["Message"])


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("sns", "list_topics", "SNS:ListTopics"),
        ("s3", "list_buckets", "s3:ListAllMyBuckets"),
        ("ssm", "describe_parameters", "ssm:DescribeParameters"),
        ("dynamodb", "list_tables", "dynamodb:ListTables"),
    ],
)
def test_a_boundary_is_blamed_for_what_it_does_not_allow(
    account: Account, service: str, operation: str, action: str
) -> None:
    session = session_of(account, policy("sqs:*"))
    told = refusal(account, session, service, operation)
    assert told.endswith(f"because no permissions boundary allows the {action} action")
    assert session.client("sqs", endpoint_url=account.endpoint_url).list_queues()


@pytest.mark.parametrize(
    ("boundary", "passed", "told"),
    [
        (None, policy("sqs:*"), "because no session policy allows the SNS:ListTopics action"),
        (policy("*"), policy("sqs:*"), "because no session policy allows the SNS:ListTopics"),
        (policy("sns:*", effect="Deny"), None, "with an explicit deny in a permissions boundary"),
        (None, policy("sns:*", effect="Deny"), "with an explicit deny in a session policy"),
        (
            policy("sqs:*"),
            policy("sqs:*"),
            "because no permissions boundary allows the SNS:ListTopics action",
        ),
    ],
)
def test_a_session_s_policies_are_told_apart_from_a_boundary(
    account: Account, boundary: Any, passed: Any, told: str
) -> None:
    session = session_of(account, boundary, passed)
    assert told in refusal(account, session, "sns", "list_topics")


def test_what_the_role_s_own_policies_lack_is_their_lack(account: Account) -> None:
    session = session_of(account, policy("sqs:*"), allowed=("sqs:*",))
    told = refusal(account, session, "sns", "list_topics")
    assert told.endswith("because no identity-based policy allows the SNS:ListTopics action")
