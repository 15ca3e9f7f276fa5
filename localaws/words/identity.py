"""Whose account this is, who works in it, and how its resources are named."""

import base64
import hashlib
from dataclasses import dataclass

# The IAM user whose credentials the endpoint gives out.
ADMINISTRATOR = "workshop"


@dataclass(frozen=True)
class Identity:
    """The account and Region that the embedded AWS plays."""

    account_id: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and Region, e.g. `arn("sqs", queue_name)`."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    @property
    def administrator_arn(self) -> str:
        """The IAM user that may do everything but what a resource's policy denies it."""
        return f"arn:aws:iam::{self.account_id}:user/{ADMINISTRATOR}"


def unique_id(prefix: str, account_id: str, resource: str) -> str:
    """IAM's unique id of a user (prefix `AIDA`) or role (`AROA`), e.g. of `user/ann`.

    IAM's ids are random; these follow from the name, so that one principal always has one id.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    """
    digest = hashlib.sha256(f"{account_id}/{resource}".encode()).digest()
    return prefix + base64.b32encode(digest).decode("ascii")[:17]
