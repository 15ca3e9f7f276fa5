"""The SenderId attribute: IAM's unique id of whoever sent a message."""

import base64
import hashlib


def sender_id(caller_arn: str, account_id: str) -> str:
    """The account id for root, `AIDA...` for a user, `AROA...:session` for an assumed role.

    IAM's ids are random; these follow from the ARN, so that one principal always has one id.
    """
    resource = caller_arn.rpartition(":")[2]
    kind, _, name = resource.partition("/")
    if kind == "assumed-role":
        role, _, session = name.partition("/")
        return f"{_unique_id('AROA', f'{account_id}/role/{role}')}:{session}"
    if kind == "user":
        return _unique_id("AIDA", f"{account_id}/user/{name}")
    return account_id


def _unique_id(prefix: str, principal: str) -> str:
    digest = hashlib.sha256(principal.encode()).digest()
    return prefix + base64.b32encode(digest).decode("ascii")[:17]
