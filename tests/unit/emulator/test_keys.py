"""What KMS says of a key to a service that would use it."""

from types import ModuleType
from typing import Any

import pytest

from localaws.emulator.keys import KmsKeys
from localaws.words.identity import Identity

ARN = "arn:aws:kms:us-east-1:123456789012"


def kms(**key: Any) -> KmsKeys:
    """One with the key `it`."""
    known = {
        "Arn": f"{ARN}:key/it",
        "KeyState": "Enabled",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        **key,
    }
    module = ModuleType("kms")
    vars(module)["_resolve_key"] = lambda key_id: known if key_id == "it" else None
    return KmsKeys(module, Identity("123456789012", "us-east-1"))


@pytest.mark.parametrize("key_id", ["it", "alias/aws/sqs", "alias/aws/sns", f"{ARN}:alias/aws/sqs"])
def test_what_can_be_used(key_id: str) -> None:
    assert kms()(key_id) is None


@pytest.mark.parametrize(
    ("key_id", "key", "code", "message"),
    [
        ("gone", {}, "NotFoundException", f"Key '{ARN}:key/gone' does not exist"),
        (f"{ARN}:key/gone", {}, "NotFoundException", f"Key '{ARN}:key/gone' does not exist"),
        ("alias/gone", {}, "NotFoundException", f"Alias {ARN}:alias/gone is not found."),
        ("it", {"KeyState": "Disabled"}, "DisabledException", f"{ARN}:key/it is disabled."),
        (
            "it",
            {"KeyState": "PendingDeletion"},
            "KMSInvalidStateException",
            f"{ARN}:key/it is pending deletion.",
        ),
        (
            "it",
            {"KeyState": "PendingImport"},
            "KMSInvalidStateException",
            f"{ARN}:key/it is pending import.",
        ),
        (
            "it",
            {"KeyState": "Updating"},
            "KMSInvalidStateException",
            f"{ARN}:key/it is not enabled.",
        ),
        (
            "it",
            {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"},
            "InvalidKeyUsageException",
            f"{ARN}:key/it key usage is SIGN_VERIFY which is not valid for GenerateDataKey.",
        ),
    ],
)
def test_what_cannot(key_id: str, key: dict[str, Any], code: str, message: str) -> None:
    fault = kms(**key)(key_id)
    assert fault is not None
    assert (fault.code, fault.message) == (code, message)
