"""Roles of stacks: refused in IAM's words, and made with all that the template gives them."""

import json
from typing import Any

import pytest

from tests.scenarios.account import TRUST, Account, trust
from tests.scenarios.templated_stack import TemplatedStack


def test_a_stack_s_role_is_refused_in_iam_s_words(account: Account) -> None:
    stacks, name = account.client("cloudformation"), account.unique("stack")
    typo = {"AssumeRolePolicyDocument": trust("lamda.amazonaws.com")}
    template = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": typo}}}
    stacks.create_stack(
        StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )
    account.on_close(lambda: stacks.delete_stack(StackName=name))

    def events() -> list[Any]:
        found: list[Any] = stacks.describe_stack_events(StackName=name)["StackEvents"]
        return found

    account.time.until(lambda: events()[0]["ResourceStatus"] == "ROLLBACK_COMPLETE")
    (failed,) = [one for one in events() if one["ResourceStatus"] == "CREATE_FAILED"]
    before, _, after = failed["ResourceStatusReason"].partition(" (RequestToken: ")
    assert before == (
        'Resource handler returned message: "Invalid principal in policy: "SERVICE":'
        '"lamda.amazonaws.com""'
    )
    assert after.endswith(", HandlerErrorCode: InvalidRequest)")


def test_a_stack_s_role_keeps_its_boundary(account: Account) -> None:
    stacks, name = account.client("cloudformation"), account.unique("stack")
    boundary, iam = "arn:aws:iam::aws:policy/AmazonSQSFullAccess", account.client("iam")

    def template(**more: str) -> str:
        role = {"AssumeRolePolicyDocument": TRUST, **more}
        return json.dumps({"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}})

    def role_after(status: str) -> Any:
        account.time.until(
            lambda: stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == status
        )
        made = stacks.describe_stack_resource(StackName=name, LogicalResourceId="Role")
        found = made["StackResourceDetail"]["PhysicalResourceId"]
        return iam.get_role(RoleName=found)["Role"]

    common = {"StackName": name, "Capabilities": ["CAPABILITY_IAM"]}
    stacks.create_stack(TemplateBody=template(PermissionsBoundary=boundary), **common)
    account.on_close(lambda: stacks.delete_stack(StackName=name))
    assert role_after("CREATE_COMPLETE")["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": boundary,
    }
    stacks.update_stack(TemplateBody=template(), **common)
    assert "PermissionsBoundary" not in role_after("UPDATE_COMPLETE")


@pytest.mark.embedded("AWS's own wording was recorded for buckets and functions alone")
def test_a_stack_s_role_takes_no_name_in_another_case(account: Account) -> None:
    name = account.role().rpartition("/")[2].upper()
    role = {"RoleName": name, "AssumeRolePolicyDocument": TRUST}
    stack = TemplatedStack(account)
    template = {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}
    ended = stack.send("create", template, Capabilities=["CAPABILITY_NAMED_IAM"])
    assert ended == "ROLLBACK_COMPLETE"
    [told] = stack.validation_errors()
    assert told["ValidationStatusReason"].endswith(f"identifier '{name}' already exists.")


def test_a_stack_s_policy_goes_with_the_versions_that_it_had(account: Account) -> None:
    stack = TemplatedStack(account)
    for verb, action in (("create", "sqs:*"), ("update", "sns:*")):
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
        ended = stack.send(verb, {"Policy": policy}, Capabilities=["CAPABILITY_IAM"])
        assert ended == f"{verb.upper()}_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("service", "kind", "text"),
    [
        ("SQS", "Queue", "Invalid value for the parameter Policy."),
        ("SNS", "Topic", "Invalid parameter: Policy Error: PrincipalNotFound"),
    ],
)
def test_a_policy_of_a_stack_names_who_can_be(
    account: Account, service: str, kind: str, text: str
) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "nope"},
        "Action": "SQS:SendMessage" if kind == "Queue" else "SNS:Publish",
        "Resource": "*",
    }
    properties = {
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        f"{kind}s": [{"Ref": "It"}],
    }
    policy = {"Type": f"AWS::{service}::{kind}Policy", "Properties": properties}
    stack = TemplatedStack(account)
    ended = stack.send("create", {"It": {"Type": f"AWS::{service}::{kind}"}, "Policy": policy})
    assert ended == "ROLLBACK_COMPLETE"
    assert text in stack.reasons()
