"""IAM's quotas, its pages, and what has another name afterwards."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

STATEMENT = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
ALLOW = {"Version": "2012-10-17", "Statement": [STATEMENT]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
# As many of AWS's policies as an entity may have, and one more.
POLICIES = [
    f"arn:aws:iam::aws:policy/{name}"
    for name in (
        "AmazonSQSReadOnlyAccess",
        "AmazonSQSFullAccess",
        "AmazonSNSReadOnlyAccess",
        "AmazonSNSFullAccess",
        "AmazonS3ReadOnlyAccess",
        "AmazonS3FullAccess",
        "AmazonDynamoDBReadOnlyAccess",
        "AmazonDynamoDBFullAccess",
        "CloudWatchLogsReadOnlyAccess",
        "CloudWatchLogsFullAccess",
        "AWSLambda_ReadOnlyAccess",
    )
]


def of_length(characters: int) -> str:
    """A policy with so many characters that count."""
    short = json.dumps(ALLOW | {"Statement": [STATEMENT | {"Sid": ""}]}, separators=(",", ":"))
    sid = "x" * (characters - len(short))
    return json.dumps(ALLOW | {"Statement": [STATEMENT | {"Sid": sid}]}, indent=2)


@pytest.fixture
def iam(account: Account) -> Any:
    return account.client("iam")


@pytest.fixture
def role(account: Account, iam: Any) -> str:
    name = account.unique("role")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    account.on_close(lambda: iam.delete_role(RoleName=name))
    return name


def refusal(call: Any, **parameters: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    response = refused.value.response
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return status, response["Error"]["Code"], response["Error"]["Message"]


def test_a_role_has_ten_managed_policies(account: Account, iam: Any, role: str) -> None:
    for arn in POLICIES[:10]:
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        account.on_close(lambda arn=arn: iam.detach_role_policy(RoleName=role, PolicyArn=arn))
    # One that it has already is none more.
    iam.attach_role_policy(RoleName=role, PolicyArn=POLICIES[0])
    assert refusal(iam.attach_role_policy, RoleName=role, PolicyArn=POLICIES[10]) == (
        409,
        "LimitExceeded",
        "Cannot exceed quota for PoliciesPerRole: 10",
    )
    # They are listed page by page.
    pages = list(
        iam.get_paginator("list_attached_role_policies").paginate(
            RoleName=role, PaginationConfig={"PageSize": 4}
        )
    )
    assert [len(page["AttachedPolicies"]) for page in pages] == [4, 4, 2]
    assert [page["IsTruncated"] for page in pages] == [True, True, False]


def test_a_policy_is_as_long_as_it_may_be(account: Account, iam: Any, role: str) -> None:
    name = account.unique("policy")
    assert refusal(iam.create_policy, PolicyName=name, PolicyDocument=of_length(6_145)) == (
        409,
        "LimitExceeded",
        "Cannot exceed quota for PolicySize: 6144",
    )
    arn = iam.create_policy(PolicyName=name, PolicyDocument=of_length(6_144))["Policy"]["Arn"]
    account.on_close(lambda: iam.delete_policy(PolicyArn=arn))
    iam.put_role_policy(RoleName=role, PolicyName="long", PolicyDocument=of_length(10_000))
    account.on_close(lambda: iam.delete_role_policy(RoleName=role, PolicyName="long"))
    another = {"PolicyName": "more", "PolicyDocument": of_length(241)}
    assert refusal(iam.put_role_policy, RoleName=role, **another) == (
        409,
        "LimitExceeded",
        f"Maximum policy size of 10240 bytes exceeded for role {role}",
    )
    # The same policy anew is none more.
    iam.put_role_policy(RoleName=role, PolicyName="long", PolicyDocument=of_length(10_240))


def test_a_template_is_held_to_the_quotas(account: Account) -> None:
    stack = TemplatedStack(account)
    properties = {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": POLICIES}
    resources = {"It": {"Type": "AWS::IAM::Role", "Properties": properties}}
    assert stack.send("create", resources, Capabilities=["CAPABILITY_IAM"]) == "ROLLBACK_COMPLETE"
    assert '"Cannot exceed quota for PoliciesPerRole: 10"' in stack.reasons()
    assert "HandlerErrorCode: ServiceLimitExceeded" in stack.reasons()


def test_a_strange_marker_is_refused(iam: Any) -> None:
    assert refusal(iam.list_roles, Marker="nope")[:2] == (400, "ValidationError")


def test_a_user_and_a_group_get_other_names(account: Account, iam: Any) -> None:
    # Given a user with a key and a policy, in a group with a policy
    user, group = account.unique("user"), account.unique("group")
    new_user, new_group = account.unique("renamed"), account.unique("other-group")
    iam.create_user(UserName=user)
    account.on_close(lambda: iam.delete_user(UserName=new_user))
    iam.create_group(GroupName=group)
    account.on_close(lambda: iam.delete_group(GroupName=new_group))
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    account.on_close(lambda: iam.delete_access_key(UserName=new_user, AccessKeyId=key))
    document = json.dumps(ALLOW)
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document)
    account.on_close(lambda: iam.delete_user_policy(UserName=new_user, PolicyName="p"))
    iam.put_group_policy(GroupName=group, PolicyName="p", PolicyDocument=document)
    account.on_close(lambda: iam.delete_group_policy(GroupName=new_group, PolicyName="p"))
    iam.add_user_to_group(UserName=user, GroupName=group)
    account.on_close(lambda: iam.remove_user_from_group(UserName=new_user, GroupName=new_group))
    # When both get other names, the user another path as well
    iam.update_user(UserName=user, NewUserName=new_user, NewPath="/shop/")
    iam.update_group(GroupName=group, NewGroupName=new_group)
    # Then they have what they had
    found = iam.get_user(UserName=new_user)["User"]
    assert found["Path"] == "/shop/"
    assert found["Arn"].endswith(f":user/shop/{new_user}")
    assert iam.list_user_policies(UserName=new_user)["PolicyNames"] == ["p"]
    assert iam.list_group_policies(GroupName=new_group)["PolicyNames"] == ["p"]
    assert [u["UserName"] for u in iam.get_group(GroupName=new_group)["Users"]] == [new_user]
    [metadata] = iam.list_access_keys(UserName=new_user)["AccessKeyMetadata"]
    assert metadata["AccessKeyId"] == key
    assert refusal(iam.get_user, UserName=user)[1] == "NoSuchEntity"


def test_a_name_that_is_taken_is_not_given_again(account: Account, iam: Any) -> None:
    one, other = account.unique("user"), account.unique("other-user")
    for name in (one, other):
        iam.create_user(UserName=name)
        account.on_close(lambda name=name: iam.delete_user(UserName=name))
    assert refusal(iam.update_user, UserName=one, NewUserName=other) == (
        409,
        "EntityAlreadyExists",
        f"User with name {other} already exists.",
    )


def test_another_version_of_a_policy_is_in_effect(account: Account, iam: Any) -> None:
    name, document = account.unique("policy"), json.dumps(ALLOW)
    arn = iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]
    account.on_close(lambda: iam.delete_policy(PolicyArn=arn))
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document)
    account.on_close(lambda: iam.delete_policy_version(PolicyArn=arn, VersionId="v1"))
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v2"
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    default = {one["VersionId"]: one["IsDefaultVersion"] for one in versions}
    assert default == {"v1": False, "v2": True}
    missing = refusal(iam.set_default_policy_version, PolicyArn=arn, VersionId="v7")
    assert missing[:2] == (404, "NoSuchEntity")
