"""What `doctor` says of the caller's permissions, which the endpoint's IAM really has or lacks."""

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.policies.table import document
from tests.policies.user import attach
from tests.scenarios.conftest import UNUSED as ACCOUNT
from tests.scenarios.timing import Time
from workshop.cli.doctor_permissions import permissions
from workshop.target import account
from workshop.target.target import Target


def asked(target: Target) -> list[tuple[str, str]]:
    """What is said of permissions, line by line."""
    session = account.open_session(target)
    return [(one.state, one.found) for one in permissions(session)]


def become(target: Target, monkeypatch: pytest.MonkeyPatch, name: str, **policies: Any) -> Any:
    """Call as a user who has these policies from now on; the administrator's IAM client."""
    iam = account.open_session(target).client("iam")
    iam.create_user(UserName=name)
    for called, text in policies.items():
        attach(iam, name, called, text)
    keys = iam.create_access_key(UserName=name)["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    return iam


ALL_THERE = [("ok", "all that the lessons, `deploy` and `destroy` need")]


@pytest.mark.parametrize("participant", [None, "ada"])
def test_whoever_has_the_instructors_policy_may_do_all_that_is_needed(
    target: Target, monkeypatch: pytest.MonkeyPatch, participant: str | None
) -> None:
    become(target, monkeypatch, f"ida-{participant}", all=document("instructor"))
    assert asked(replace(target, participant=participant)) == ALL_THERE


def test_a_participant_is_told_what_deploying_takes_besides(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(target, monkeypatch, "eve", lessons=document("participant"))
    told = asked(target)
    assert {state for state, _ in told} == {"note"}
    assert told[0][1].startswith("all that the lessons need")
    assert ("note", "sts: AssumeRole") in told
    assert ("note", "cloudformation: DeleteStack, DescribeStackEvents, ListChangeSets") in told
    # And what the lessons need of temporary roles, `destroy --sweep` needs of those of stacks
    assert ("note", "iam: DeleteRole, DeleteRolePolicy, DetachRolePolicy, Lis") in [
        (state, text[:56]) for state, text in told
    ]
    assert "have docs/policies/instructor.json attached" in told[0][1]


def test_what_is_missing_is_told_with_a_line_for_each_service(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given policies that lack one action, name other resources, deny and depend on how one calls
    lacking = document("instructor")
    for one in lacking["Statement"]:
        one["Action"] = [action for action in one["Action"] if action != "sqs:SendMessage"]
        if one["Sid"] == "Table":
            one["Resource"] = ["arn:aws:dynamodb:*:*:table/billing"]
        if one["Sid"] == "Topics":
            one["Condition"] = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    deny = {"Effect": "Deny", "Action": "lambda:Invoke*", "Resource": "*"}
    become(target, monkeypatch, "bob", lacking=lacking, denies=policy(deny))
    told = asked(target)
    assert told[0][0] == "note"
    assert "could not be asked, conditions decide it: sns:CreateTopic" in told[0][1]
    assert told[1][0] == "blocks"
    assert "have docs/policies/participant.json attached" in told[1][1]
    assert told[2:] == [
        ("note", "dynamodb: DescribeTable, ListTagsOfResource, Scan"),
        ("note", "lambda: InvokeFunction"),
        ("note", "sqs: SendMessage"),
    ]


def test_whoever_is_in_a_role_is_asked_for_by_the_roles_arn_with_its_path(
    target: Target, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a role as IAM Identity Center makes them, with a boundary that allows less
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    iam = account.open_session(target).client("iam")
    name = "AWSReservedSSO_Workshop_0123456789abcdef"
    made = iam.create_role(
        RoleName=name,
        Path="/aws-reserved/sso.amazonaws.com/eu-west-1/",
        AssumeRolePolicyDocument=json.dumps(policy(trust)),
    )
    text = json.dumps(document("instructor"))
    iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=text)
    time.propagate()
    sts = account.open_session(target).client("sts")
    keys = sts.assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="ida")["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])
    assert asked(target) == ALL_THERE
    all_but = {"Effect": "Allow", "NotAction": "sqs:SendMessage", "Resource": "*"}
    boundary = iam.create_policy(PolicyName="less", PolicyDocument=json.dumps(policy(all_but)))
    iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary["Policy"]["Arn"])
    assert ("note", "sqs: SendMessage") in asked(target)


def test_where_nobody_may_ask_what_is_needed_is_named(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(target, monkeypatch, "mallory")
    [(state, told)] = asked(target)
    assert state == "note"
    assert told.startswith(
        "could not be asked (AccessDenied; it takes iam:SimulatePrincipalPolicy)"
    )
    assert "docs/policies/instructor.json (cloudformation, cloudwatch, dynamodb, iam, la" in told


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        ("arn:aws:iam::111111111111:user/nobody", "NoSuchEntity"),
        ("arn:aws:sts::111111111111:assumed-role/some/session", "InvalidInput"),
    ],
)
def test_a_simulation_is_about_users_and_roles_that_exist(
    target: Target, arn: str, code: str
) -> None:
    iam = account.open_session(target).client("iam")
    with pytest.raises(ClientError) as caught:
        iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["sqs:SendMessage"])
    assert caught.value.response["Error"]["Code"] == code


def test_a_simulation_of_several_resources_tells_of_each(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = {"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:ours"}
    iam = become(target, monkeypatch, "carol", ours=policy(ours))
    arns = [f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}" for name in ("ours", "theirs")]
    [result] = iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/carol",
        ActionNames=["sqs:SendMessage"],
        ResourceArns=arns,
    )["EvaluationResults"]
    assert result["EvalDecision"] == "implicitDeny"
    assert [
        (one["EvalResourceName"], one["EvalResourceDecision"])
        for one in result["ResourceSpecificResults"]
    ] == [(arns[0], "allowed"), (arns[1], "implicitDeny")]


def policy(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}
