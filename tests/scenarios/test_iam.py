"""IAM refuses what AWS's refuses, in its words, and shows roles as it does."""

import json
from typing import Any

import pytest

from tests.scenarios.account import TRUST, Account, trust
from tests.scenarios.refusals import refusal

ALLOWED = "It must contain only alphanumeric characters and/or the following: +=,.@_-"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}],
}
AWS_POLICY = "arn:aws:iam::aws:policy/"


@pytest.fixture
def iam(account: Account) -> Any:
    return account.client("iam", parameter_validation=False)


@pytest.fixture
def role(account: Account) -> str:
    return account.role(("sqs:*",)).rpartition("/")[2]


@pytest.mark.parametrize(
    ("call", "member", "more"),
    [
        ("create_role", "RoleName", {"AssumeRolePolicyDocument": json.dumps(TRUST)}),
        ("get_role", "RoleName", {}),
        ("create_user", "UserName", {}),
        ("create_group", "GroupName", {}),
        ("create_policy", "PolicyName", {"PolicyDocument": json.dumps(POLICY)}),
        ("create_instance_profile", "InstanceProfileName", {}),
    ],
)
def test_a_name_that_cannot_be(iam: Any, call: str, member: str, more: dict[str, str]) -> None:
    spelled = member[0].lower() + member[1:]
    assert refusal(getattr(iam, call), **{member: "a b"}, **more) == (
        400,
        "ValidationError",
        f"The specified value for {spelled} is invalid. {ALLOWED}",
    )


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"RoleName": "r" * 65},
            "1 validation error detected: Value at 'roleName' failed to satisfy constraint: "
            "Member must have length less than or equal to 64",
        ),
        (
            {"MaxSessionDuration": 10},
            "1 validation error detected: Value at 'maxSessionDuration' failed to satisfy "
            "constraint: Member must have value greater than or equal to 3600",
        ),
        (
            {"Path": "x"},
            "The specified value for path is invalid. It must begin and end with / and contain "
            "only alphanumeric characters and/or / characters.",
        ),
    ],
)
def test_a_role_that_cannot_be(iam: Any, changes: dict[str, Any], text: str) -> None:
    asked = {"RoleName": "r", "AssumeRolePolicyDocument": json.dumps(TRUST)}
    assert refusal(iam.create_role, **asked | changes) == (400, "ValidationError", text)


def test_a_trust_policy_is_looked_at(iam: Any, role: str) -> None:
    code, broken = "MalformedPolicyDocument", "This policy contains invalid Json"
    created = refusal(iam.create_role, RoleName="r", AssumeRolePolicyDocument="{foo")
    assert created == (400, code, broken)
    typo = json.dumps(trust("lamda.amazonaws.com"))
    updated = refusal(iam.update_assume_role_policy, RoleName=role, PolicyDocument=typo)
    told = 'Invalid principal in policy: "SERVICE":"lamda.amazonaws.com"'
    assert updated == (400, code, told)


def test_a_trust_policy_names_who_is_there(account: Account, iam: Any, role: str) -> None:
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    document = json.dumps(TRUST).replace('{"Service": "lambda.amazonaws.com"}', '{"AWS": "%s"}')
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=document % arn)
    gone = f"{arn}-gone"
    assert refusal(
        iam.update_assume_role_policy, RoleName=role, PolicyDocument=document % gone
    ) == (400, "MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{gone}"')


@pytest.mark.parametrize("document", ["{}", "foo", json.dumps(POLICY).replace("Allow", "Foo")])
def test_a_policy_is_looked_at(iam: Any, role: str, document: str) -> None:
    put = refusal(iam.put_role_policy, RoleName=role, PolicyName="more", PolicyDocument=document)
    created = refusal(iam.create_policy, PolicyName="more", PolicyDocument=document)
    assert put == created == (400, "MalformedPolicyDocument", "Syntax errors in policy.")


def test_what_is_attached_has_to_be_there(iam: Any, role: str) -> None:
    attach = iam.attach_role_policy
    nope = f"{AWS_POLICY}AdminstratorAccess"
    assert refusal(attach, RoleName=role, PolicyArn=nope) == (
        404,
        "NoSuchEntity",
        f"Policy {nope} does not exist or is not attachable.",
    )
    assert refusal(attach, RoleName=role, PolicyArn="longpolicynamebutnoarn") == (
        400,
        "ValidationError",
        "ARN longpolicynamebutnoarn is not valid.",
    )
    assert refusal(iam.put_role_permissions_boundary, RoleName=role, PermissionsBoundary=nope) == (
        404,
        "NoSuchEntity",
        f"Scope ARN: {nope} does not exist or is not attachable.",
    )
    # But AWS has more policies than the embedded AWS knows documents
    real = f"{AWS_POLICY}AmazonTextractFullAccess"
    attach(RoleName=role, PolicyArn=real)
    iam.detach_role_policy(RoleName=role, PolicyArn=real)
    assert refusal(iam.detach_role_policy, RoleName=role, PolicyArn=real) == (
        404,
        "NoSuchEntity",
        f"Policy {real} was not found.",
    )


@pytest.mark.parametrize(
    ("call", "parameters", "text"),
    [
        ("get_role", {"RoleName": "nope"}, "The role with name nope cannot be found."),
        ("delete_role", {"RoleName": "nope"}, "The role with name nope cannot be found."),
        ("list_role_policies", {"RoleName": "nope"}, "The role with name nope cannot be found."),
        ("tag_role", {"RoleName": "nope", "Tags": []}, "The role with name nope cannot be found."),
        (
            "put_role_policy",
            {"RoleName": "nope", "PolicyName": "p", "PolicyDocument": "{}"},
            "The role with name nope cannot be found.",
        ),
        ("get_user", {"UserName": "nope"}, "The user with name nope cannot be found."),
        ("get_group", {"GroupName": "nope"}, "The group with name nope cannot be found."),
        (
            "get_instance_profile",
            {"InstanceProfileName": "nope"},
            "Instance Profile nope cannot be found.",
        ),
        (
            "get_policy",
            {"PolicyArn": "arn:aws:iam::111111111111:policy/nope"},
            "Policy arn:aws:iam::111111111111:policy/nope was not found.",
        ),
        (
            "get_policy_version",
            {"PolicyArn": "arn:aws:iam::111111111111:policy/nope", "VersionId": "v1"},
            "Policy arn:aws:iam::111111111111:policy/nope version v1 does not exist or is not "
            "attachable.",
        ),
    ],
)
def test_what_is_not_there(iam: Any, call: str, parameters: dict[str, Any], text: str) -> None:
    assert refusal(getattr(iam, call), **parameters) == (404, "NoSuchEntity", text)


def test_an_inline_policy_that_is_not_there(iam: Any, role: str) -> None:
    for call in (iam.get_role_policy, iam.delete_role_policy):
        assert refusal(call, RoleName=role, PolicyName="p") == (
            404,
            "NoSuchEntity",
            "The role policy with name p cannot be found.",
        )


def test_a_policy_is_created_once_and_has_five_versions(account: Account, iam: Any) -> None:
    name, document = account.unique("policy"), json.dumps(POLICY)
    arn = iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]
    account.on_close(lambda: iam.delete_policy(PolicyArn=arn))
    assert refusal(iam.create_policy, PolicyName=name, PolicyDocument=document) == (
        409,
        "EntityAlreadyExists",
        f"A policy called {name} already exists. Duplicate names are not allowed.",
    )
    for number in range(2, 6):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document)
        account.on_close(
            lambda version=f"v{number}": iam.delete_policy_version(PolicyArn=arn, VersionId=version)
        )
    assert refusal(iam.create_policy_version, PolicyArn=arn, PolicyDocument=document) == (
        409,
        "LimitExceeded",
        "A managed policy can have up to 5 versions. Before you create a new version, you must "
        "delete an existing version.",
    )


def test_names_are_not_told_apart_by_their_case(account: Account, iam: Any) -> None:
    name, trusting = account.unique("name"), json.dumps(TRUST)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusting)
    account.on_close(lambda: iam.delete_role(RoleName=name))
    iam.create_user(UserName=name)
    account.on_close(lambda: iam.delete_user(UserName=name))
    iam.create_group(GroupName=name)
    account.on_close(lambda: iam.delete_group(GroupName=name))
    other = name.upper()
    for kind, call, more in (
        ("Role", iam.create_role, {"AssumeRolePolicyDocument": trusting}),
        ("User", iam.create_user, {}),
        ("Group", iam.create_group, {}),
    ):
        text = f"{kind} with name {other} already exists."
        refused = refusal(call, **{f"{kind}Name": other}, **more)
        assert refused == (409, "EntityAlreadyExists", text)
    # A name of its own may be written otherwise
    iam.update_user(UserName=name, NewUserName=other)
    iam.update_user(UserName=other, NewUserName=name)


def test_a_policy_with_versions_is_not_deleted(account: Account, iam: Any) -> None:
    named, document = {"PolicyName": account.unique("policy")}, json.dumps(POLICY)
    arn = iam.create_policy(PolicyDocument=document, **named)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document)
    assert refusal(iam.delete_policy, PolicyArn=arn) == (
        409,
        "DeleteConflict",
        "This policy has more than one version. Before you delete a policy, you must delete the "
        "policy's versions. The default version is deleted with the policy.",
    )
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    iam.delete_policy(PolicyArn=arn)


def test_who_has_something_is_not_deleted(iam: Any, role: str) -> None:
    inline = (409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
    attached = (409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
    assert refusal(iam.delete_role, RoleName=role) == inline
    arn = f"{AWS_POLICY}AmazonSQSFullAccess"
    iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    assert refusal(iam.delete_role, RoleName=role) == attached
    iam.detach_role_policy(RoleName=role, PolicyArn=arn)


def test_a_user_with_a_policy_or_in_a_group_is_not_deleted(account: Account, iam: Any) -> None:
    user, group = account.unique("user"), account.unique("group")
    iam.create_user(UserName=user)
    iam.create_group(GroupName=group)
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=json.dumps(POLICY))
    iam.add_user_to_group(UserName=user, GroupName=group)
    in_group = "Cannot delete entity, must remove users from group first."
    inline = "Cannot delete entity, must delete policies first."
    assert refusal(iam.delete_user, UserName=user) == (409, "DeleteConflict", inline)
    iam.delete_user_policy(UserName=user, PolicyName="p")
    assert refusal(iam.delete_user, UserName=user) == (409, "DeleteConflict", in_group)
    assert refusal(iam.delete_group, GroupName=group) == (409, "DeleteConflict", in_group)
    iam.remove_user_from_group(UserName=user, GroupName=group)
    iam.delete_user(UserName=user)
    iam.delete_group(GroupName=group)


def test_a_role_as_it_is_shown(account: Account, iam: Any) -> None:
    document = json.dumps(TRUST)
    names = [account.unique("plain"), account.unique("described")]
    for name in names:
        account.on_close(lambda name=name: iam.delete_role(RoleName=name))
    created = iam.create_role(RoleName=names[0], AssumeRolePolicyDocument=document)["Role"]
    iam.create_role(RoleName=names[1], AssumeRolePolicyDocument=document, Description="a < b & c")

    plain, described = (iam.get_role(RoleName=name)["Role"] for name in names)

    assert created.keys() == {
        "Path",
        "RoleName",
        "RoleId",
        "Arn",
        "CreateDate",
        "AssumeRolePolicyDocument",
        "Tags",  # this test's
    }
    assert plain.keys() == created.keys() | {"MaxSessionDuration", "RoleLastUsed"}
    assert plain["RoleLastUsed"] == {}
    assert described["Description"] == "a < b & c"
    listed = {role["RoleName"]: role for role in iam.list_roles()["Roles"]}
    assert "RoleLastUsed" not in listed[names[0]]
