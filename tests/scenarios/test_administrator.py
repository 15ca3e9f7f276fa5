"""Whoever deploys and looks is an IAM user: all is allowed but what a resource's policy denies."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account

OWN_USER = "a real account's target has a user or a role of its own"


def denying(action: str, resource_arn: str) -> str:
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource_arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def caller_of(account: Account) -> Any:
    return account.client("sts").get_caller_identity()


@pytest.mark.embedded(OWN_USER)
def test_the_caller_is_a_user_that_iam_knows(account: Account) -> None:
    iam, caller = account.client("iam"), caller_of(account)

    user = iam.get_user()["User"]

    assert caller["Arn"] == f"arn:aws:iam::{caller['Account']}:user/workshop"
    assert (user["UserName"], user["Arn"], user["UserId"]) == (
        "workshop",
        caller["Arn"],
        caller["UserId"],
    )
    assert user["UserId"].startswith("AIDA")
    assert iam.get_user(UserName="workshop")["User"] == user
    assert user["UserId"] in [listed["UserId"] for listed in iam.list_users()["Users"]]


@pytest.mark.embedded(OWN_USER)
def test_the_user_is_an_administrator_with_one_key(account: Account) -> None:
    iam = account.client("iam")

    attached = iam.list_attached_user_policies(UserName="workshop")["AttachedPolicies"]
    keys = iam.list_access_keys()["AccessKeyMetadata"]

    assert attached == [
        {
            "PolicyName": "AdministratorAccess",
            "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
        }
    ]
    credentials = account.session.get_credentials()
    assert credentials is not None
    assert [(key["UserName"], key["AccessKeyId"]) for key in keys] == [
        ("workshop", credentials.access_key)
    ]


def test_messages_carry_the_user_s_unique_id(account: Account) -> None:
    queue = account.queue()
    queue.sqs.send_message(QueueUrl=queue.url, MessageBody="m")

    received = queue.sqs.receive_message(QueueUrl=queue.url, AttributeNames=["SenderId"])

    [message] = received["Messages"]
    assert message["Attributes"]["SenderId"] == caller_of(account)["UserId"]


def test_a_subscription_s_principal_is_who_made_it(account: Account) -> None:
    sns, queue = account.client("sns"), account.queue()
    topic_arn = account.topic()

    arn = sns.subscribe(
        TopicArn=topic_arn, Protocol="sqs", Endpoint=queue.arn, ReturnSubscriptionArn=True
    )["SubscriptionArn"]

    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["SubscriptionPrincipal"] == caller_of(account)["Arn"]


def test_a_queue_policy_that_denies_wins_over_the_administrator(account: Account) -> None:
    queue = account.queue()
    policy = denying("sqs:SendMessage", queue.arn)
    queue.set_attributes(Policy=policy)

    with pytest.raises(ClientError) as refused:
        queue.sqs.send_message(QueueUrl=queue.url, MessageBody="m")

    assert refused.value.response["Error"]["Message"] == (
        f"User: {caller_of(account)['Arn']} is not authorized to perform: sqs:sendmessage on "
        f"resource: {queue.arn} with an explicit deny in a resource-based policy"
    )
    assert queue.counts() == (0, 0, 0)


def test_a_bucket_policy_that_denies_wins_over_the_administrator(account: Account) -> None:
    s3, bucket = account.client("s3"), outlets.bucket(account)
    s3.put_bucket_policy(Bucket=bucket, Policy=denying("s3:PutObject", f"arn:aws:s3:::{bucket}/*"))

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=bucket, Key="asset", Body=b"zip")


def test_a_role_that_trusts_a_service_alone_is_not_for_the_administrator(account: Account) -> None:
    role_arn = account.role()

    with pytest.raises(ClientError) as refused:
        account.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="curious")

    assert refused.value.response["Error"]["Code"] == "AccessDenied"
    assert "is not authorized to perform: sts:AssumeRole on resource" in str(refused.value)


def test_keys_are_made_listed_and_missed(account: Account) -> None:
    kms = account.client("kms")
    key = kms.create_key(Description=account.unique("key"))["KeyMetadata"]["KeyId"]
    account.on_close(lambda: kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7))

    pages = kms.get_paginator("list_keys").paginate()
    assert key in {one["KeyId"] for page in pages for one in page["Keys"]}
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
    with pytest.raises(ClientError) as refused:
        kms.describe_key(KeyId="11111111-2222-3333-4444-555555555555")
    assert refused.value.response["Error"]["Code"] == "NotFoundException"
