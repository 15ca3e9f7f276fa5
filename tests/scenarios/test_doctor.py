"""What `doctor` finds in an account, asked of an endpoint that is used as one."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localaws import EndpointInfo, launch
from tests.policies.table import document
from workshop.cli import doctor_account
from workshop.cli.doctor_account import examine_account
from workshop.cli.doctor_permissions import permissions
from workshop.stacks import deployment
from workshop.target import account
from workshop.target.session import Session
from workshop.target.target import Target

ACCOUNT = "111111111111"


@pytest.fixture(scope="module")
def info() -> Iterator[EndpointInfo]:
    """An account that nobody has used yet."""
    with launch(account_id=ACCOUNT) as running:
        yield running.info


@pytest.fixture
def target(info: EndpointInfo, monkeypatch: pytest.MonkeyPatch) -> Target:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", info.aws_access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", info.aws_secret_access_key)
    return Target(
        "aws",
        profile="environment",
        region=info.region,
        account=ACCOUNT,
        endpoint_url=info.endpoint_url,
    )


def report(target: Target) -> dict[str, tuple[str, str]]:
    """What is found about each thing; further lines about the same have no name of their own."""
    return {one.about: (one.state, one.found) for one in examine_account(target) if one.about}


def asked(target: Target) -> list[tuple[str, str]]:
    """What is said of permissions, line by line."""
    session = account.open_session(target)
    return [(one.state, one.found) for one in permissions(session)]


def become(target: Target, monkeypatch: pytest.MonkeyPatch, name: str, **policies: Any) -> Any:
    """Call as a user who has these policies from now on; the administrator's IAM client."""
    iam = account.open_session(target).client("iam")
    iam.create_user(UserName=name)
    for called, text in policies.items():
        iam.put_user_policy(UserName=name, PolicyName=called, PolicyDocument=json.dumps(text))
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
    assert ("note", "cloudformation: DeleteStack, DescribeStackEvents") in told
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
    target: Target, monkeypatch: pytest.MonkeyPatch
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
    sts = account.open_session(target).client("sts")
    keys = sts.assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="ida")["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])
    assert asked(target) == ALL_THERE
    all_but = {"Effect": "Allow", "NotAction": "sqs:PurgeQueue", "Resource": "*"}
    boundary = iam.create_policy(PolicyName="less", PolicyDocument=json.dumps(policy(all_but)))
    iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary["Policy"]["Arn"])
    assert ("note", "sqs: PurgeQueue") in asked(target)


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


def test_a_new_account_is_told_what_it_lacks(target: Target) -> None:
    found = report(target)
    assert found["account"][0] == found["session"][0] == found["quotas"][0] == "ok"
    assert found["bootstrap"] == (
        "blocks",
        "us-east-1 is not prepared for the CDK: run `start.py bootstrap` once",
    )
    assert "FailureWorkshop-SqsDlq" in found["stacks"][1]
    assert ACCOUNT not in str(found)


def test_keys_of_another_account_block_everything(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIANOBODYS")
    assert report(target).keys() == {"account"}
    assert report(target)["account"][0] == "blocks"


def test_what_may_not_be_asked_is_a_note_that_names_the_permission(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a user who may do nothing at all
    administrator = account.open_session(target)
    iam = administrator.client("iam")
    iam.create_user(UserName="ada")
    keys = iam.create_access_key(UserName="ada")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    found = report(target)
    assert found["quotas"][0] == "note"
    assert "lambda:GetAccountSettings" in found["quotas"][1]


@pytest.mark.parametrize(("minutes", "state"), [(20, "note"), (90, "ok")])
def test_the_time_that_a_session_has_left(
    target: Target, monkeypatch: pytest.MonkeyPatch, minutes: int, state: str
) -> None:
    end = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes, seconds=30)
    real = account.open_session

    def open_session(target: Target) -> Session:
        session = real(target)
        session.expires_at = lambda: end
        return session

    monkeypatch.setattr(doctor_account, "open_session", open_session)
    assert report(target)["session"] == (state, _told(minutes))


def _told(minutes: int) -> str:
    return f"ends in {minutes} minutes; afterwards a cell says so, and goes on after a new log-in"


def test_an_account_whose_functions_can_reserve_nothing(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a limit of 10, as new accounts have it
    real = account.open_session

    class Small:
        def get_account_settings(self) -> dict[str, Any]:
            limit = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
            return {"AccountLimit": limit}

    def open_session(target: Target) -> Session:
        session = real(target)
        session._clients["lambda"] = Small()
        return session

    monkeypatch.setattr(doctor_account, "open_session", open_session)
    state, told = report(target)["quotas"]
    assert state == "note"
    assert "concurrency 10" in told


def test_an_account_that_is_ready(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given what `bootstrap` and `deploy` make
    session = account.open_session(target)
    parameter = {"Name": doctor_account._BOOTSTRAP, "Value": "30", "Type": "String"}
    session.client("ssm").put_parameter(**parameter)
    monkeypatch.setattr(doctor_account, "PATTERNS", ())
    found = report(target)
    assert {state for state, _ in found.values()} == {"ok"}
    assert deployment.destroy(session, on_progress=lambda _: None) == []
