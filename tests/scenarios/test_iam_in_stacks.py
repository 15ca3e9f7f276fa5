"""Roles of stacks: refused in IAM's words, and made with all that the template gives them."""

import json
from typing import Any

from tests.scenarios.account import TRUST, Account, trust


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
