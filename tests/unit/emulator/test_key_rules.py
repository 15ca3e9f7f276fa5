"""What KMS says of keys, in words measured on AWS.

https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/kms
"""

import json
from typing import Any

import pytest

from localaws.emulator.key_rules import is_reserved, mistake_in_key, mistake_in_key_policy

ACCOUNT = "123456789012"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
LOCKED_OUT = "The new key policy will not allow you to update the key policy in the future."
NO_ROTATION = (
    "Invalid request provided: You cannot set the EnableKeyRotation property to true on "
    "asymmetric or external keys."
)


def policy(*, without: str = "", **members: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": ROOT, "Action": "kms:*", "Resource": "*"} | members
    return {"Statement": [{key: one for key, one in statement.items() if key != without}]}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (policy(without="Principal"), "Policy contains a statement with no principal."),
        (policy(Action="kms:Encrypt"), LOCKED_OUT),
        (policy(Effect="Deny"), LOCKED_OUT),
        (policy(Principal={"AWS": "arn:aws:iam::210987654321:root"}), LOCKED_OUT),
        (policy(Principal={"Service": "sns.amazonaws.com"}), LOCKED_OUT),
        (policy(without="Action", NotAction="kms:Put*"), LOCKED_OUT),
        (policy(), None),
        (policy(Action=["kms:Encrypt", "kms:put*"]), None),
        (policy(Principal="*"), None),
        (policy(Principal={"AWS": [ACCOUNT]}), None),
        (policy(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/keeper"}), None),
        (policy(without="Action", NotAction="kms:Encrypt"), None),
    ],
)
def test_a_key_s_policy_can_be_changed(document: Any, message: str | None) -> None:
    assert mistake_in_key_policy(document, ACCOUNT) == message
    assert mistake_in_key_policy(json.dumps(document), ACCOUNT) == message
    assert mistake_in_key({"KeyPolicy": document}, ACCOUNT) == message


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ({"KeySpec": "HMAC_256"}, "KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec HMAC_"),
        (
            {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY", "EnableKeyRotation": True},
            NO_ROTATION,
        ),
        ({"Origin": "EXTERNAL", "EnableKeyRotation": "true"}, NO_ROTATION),
    ],
)
def test_a_key_s_settings_fit_each_other(key: dict[str, Any], message: str) -> None:
    assert (mistake_in_key(key, ACCOUNT) or "").startswith(message)


def test_other_keys_are_made() -> None:
    assert mistake_in_key({"EnableKeyRotation": True}, ACCOUNT) is None
    bypass = {"KeyPolicy": policy(Effect="Deny"), "BypassPolicyLockoutSafetyCheck": True}
    assert mistake_in_key(bypass, ACCOUNT) is None


def test_aliases_of_aws_are_reserved() -> None:
    assert is_reserved("alias/aws/sqs")
    assert not is_reserved("alias/awsome")
