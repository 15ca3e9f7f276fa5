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
        """Give the user these policies, by their names.

        They are managed policies, as an inline one of a user ends at 2,048 characters.
        """
        iam = _iam(self.info)
        attached = iam.list_attached_user_policies(UserName=self.name)["AttachedPolicies"]
        known = {one["PolicyName"]: one["PolicyArn"] for one in attached}
        for name, document in documents.items():
            called, text = f"{self.name}-{name}", json.dumps(document)
            if arn := known.get(called):
                iam.detach_user_policy(UserName=self.name, PolicyArn=arn)
                iam.delete_policy(PolicyArn=arn)
            made = iam.create_policy(PolicyName=called, PolicyDocument=text)["Policy"]
            iam.attach_user_policy(UserName=self.name, PolicyArn=made["Arn"])


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
