"""A plain IAM user of the embedded AWS, who may do what a policy says and no more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

# botocore's words for the same refusal, which each service spells its own way.
REFUSED = "is not authorized to perform"


@dataclass(frozen=True)
class User:
    """A user with a key.

    Attributes:
        info: how the embedded AWS is reached, and its administrator's key.
        name: the user's.
        key: the user's access key id.
        secret: its secret.
    """

    info: Mapping[str, str]
    name: str
    key: str
    secret: str

    def client(self, service: str) -> Any:
        """A client that calls as the user."""
        return _client(self.info, service, self.key, self.secret)

    def may(self, **documents: Mapping[str, Any]) -> None:
        """Give the user these policies, each in the place of an earlier one of its name."""
        for name, document in documents.items():
            attach(_iam(self.info), self.name, name, document)


def attach(iam: Any, user: str, name: str, document: Mapping[str, Any]) -> None:
    """Make a managed policy and attach it, as `docs/policies/README.md` says.

    Inline ones may have 2,048 characters together.
    """
    called = f"{user}-{name}"
    for old in iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]:
        if old["PolicyName"] == called:
            iam.detach_user_policy(UserName=user, PolicyArn=old["PolicyArn"])
            iam.delete_policy(PolicyArn=old["PolicyArn"])
    made = iam.create_policy(PolicyName=called, PolicyDocument=json.dumps(document))
    iam.attach_user_policy(UserName=user, PolicyArn=made["Policy"]["Arn"])


def create(info: Mapping[str, str], name: str) -> User:
    """A new user, who may do nothing yet."""
    iam = _iam(info)
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return User(info, name, key["AccessKeyId"], key["SecretAccessKey"])


def _iam(info: Mapping[str, str]) -> Any:
    return _client(info, "iam", info["aws_access_key_id"], info["aws_secret_access_key"])


def _client(info: Mapping[str, str], service: str, key: str, secret: str) -> Any:
    session: Any = boto3.Session(key, secret, region_name=info["region"])
    return session.client(service, endpoint_url=info["endpoint_url"])
