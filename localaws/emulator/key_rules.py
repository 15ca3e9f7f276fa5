"""What KMS refuses of a key's policy, a key and an alias.

https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html; the words were measured for
https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/kms.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.words.arns import account_of

_NO_PRINCIPAL = "Policy contains a statement with no principal."
_LOCKED_OUT = "The new key policy will not allow you to update the key policy in the future."
_RESERVED = "The alias name for a customer managed CMK cannot begin with alias/aws/."
_NO_ROTATION = (
    "Invalid request provided: You cannot set the EnableKeyRotation property to true on "
    "asymmetric or external keys."
)
_SYMMETRIC = "SYMMETRIC_DEFAULT"

Request = Mapping[str, Any]


def mistake_in_key_policy(policy: Any, account_id: str) -> str | None:
    """The message of the MalformedPolicyDocumentException with which it is refused, or None.

    Args:
        policy: as JSON, or read.
        account_id: the key's account, some of which has to be able to change the policy.
    """
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
        statements = _listed(document.get("Statement", []))
    except (ValueError, AttributeError):
        return None  # what KMS says of such a text is not known
    if any("Principal" not in one and "NotPrincipal" not in one for one in statements):
        return _NO_PRINCIPAL
    if not any(_lets_change(statement, account_id) for statement in statements):
        return _LOCKED_OUT
    return None


def mistake_in_key(key: Mapping[str, Any], account_id: str) -> str | None:
    """What is wrong with the properties of a template's AWS::KMS::Key, or None."""
    spec, usage = key.get("KeySpec", _SYMMETRIC), key.get("KeyUsage", "ENCRYPT_DECRYPT")
    if spec.startswith("HMAC_") and usage != "GENERATE_VERIFY_MAC":
        return f"KeyUsage {usage} is not compatible with KeySpec {spec}"
    if key.get("EnableKeyRotation") in (True, "true") and (
        spec != _SYMMETRIC or key.get("Origin") == "EXTERNAL"
    ):
        return _NO_ROTATION
    if "KeyPolicy" not in key or key.get("BypassPolicyLockoutSafetyCheck") in (True, "true"):
        return None
    return mistake_in_key_policy(key["KeyPolicy"], account_id)


def is_reserved(alias: str) -> bool:
    """Whether an alias is one of AWS's own."""
    return alias.startswith("alias/aws/")


def refuse_mistaken_keys(kms: ModuleType, account_id: str) -> None:
    """Let KMS refuse policies and aliases as AWS's does."""

    def refusals(request: Request) -> Iterator[tuple[str, str]]:
        policy = request.get("Policy")
        is_held = policy and not request.get("BypassPolicyLockoutSafetyCheck")
        if is_held and (mistake := mistake_in_key_policy(policy, account_id)):
            yield "MalformedPolicyDocumentException", mistake
        if is_reserved(request.get("AliasName", "")):
            yield "InvalidAliasNameException", _RESERVED

    def checked(theirs: Callable[[Request], Any]) -> Callable[[Request], Any]:
        def handle(request: Request) -> Any:
            for code, message in refusals(request):
                return kms.error_response_json(code, message, 400)
            return theirs(request)

        return handle

    for name in ("_create_key", "_put_key_policy", "_create_alias"):
        replace(kms, name, checked(getattr(kms, name)))


def _lets_change(statement: Mapping[str, Any], account_id: str) -> bool:
    """Whether somebody of an account may change the policy, if its conditions hold."""
    if statement.get("Effect") != "Allow":
        return False
    actions = _listed(statement.get("Action", statement.get("NotAction", [])))
    named = any(fnmatchcase("kms:putkeypolicy", str(action).lower()) for action in actions)
    return named == ("Action" in statement) and (
        "Principal" not in statement or _includes(statement["Principal"], account_id)
    )


def _includes(principal: Any, account_id: str) -> bool:
    given = principal.get("AWS", []) if isinstance(principal, Mapping) else principal
    return any(
        str(one) in ("*", account_id) or account_of(str(one)) == account_id
        for one in _listed(given)
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
