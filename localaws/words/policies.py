"""Resource-based policies as documents: what the services do with them alike. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

# What a policy without `Version` means, and what AddPermission of SQS and SNS writes.
DEFAULT_POLICY_VERSION = "2008-10-17"

_KINDS = frozenset({"AWS", "CanonicalUser", "Federated", "Service"})
# Everybody, an account, a user or role by ARN, or one that is gone by its unique id.
_AWS_PRINCIPAL = re.compile(
    r"\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):[^*?]+|A[A-Z]{3}[A-Z0-9]{12,}",
    re.ASCII,
)
_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)


def statements_of(policy: Mapping[str, Any]) -> list[Any]:
    """A policy's statements; a single one need not be in a list."""
    statements = policy.get("Statement", [])
    return statements if isinstance(statements, list) else [statements]


def is_statement(statement: Any) -> bool:
    """Whether a statement says who may, or may not, do what.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    """
    return (
        isinstance(statement, dict)
        and statement.get("Effect") in ("Allow", "Deny")
        and any(statement.get(member) for member in ("Principal", "NotPrincipal"))
        and any(statement.get(member) for member in ("Action", "NotAction"))
    )


def names_principals(statement: Mapping[str, Any]) -> bool:
    """Whether all principals of a statement have a form that principals have.

    Whether they are there is not asked.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    named = statement.get("Principal") or statement.get("NotPrincipal")
    if not isinstance(named, dict):
        return named == "*"
    given = named.get("AWS", [])
    principals = given if isinstance(given, list) else [given]
    return named.keys() <= _KINDS and all(
        isinstance(one, str) and _AWS_PRINCIPAL.fullmatch(one) for one in principals
    )


def account_statement(
    label: str, account_ids: Iterable[str], actions: Iterable[str], resource_arn: str
) -> dict[str, Any]:
    """What AddPermission of SQS and SNS adds: other accounts may do these actions.

    Args:
        actions: with their service, `SQS:SendMessage`.
    """
    return {
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": _one_or_many([_root_arn(id_) for id_ in account_ids])},
        "Action": _one_or_many(list(actions)),
        "Resource": resource_arn,
    }


def completed(text: str) -> str:
    """A given policy as SQS and SNS keep and show it.

    A missing version is filled in, and an account's id as principal becomes the ARN of its root;
    a policy that has neither gap stays as it was written. AWS documents the former for policies
    without version in general, and both come to light where tools compare what they gave with
    what they get: https://github.com/hashicorp/terraform-provider-aws/issues/24046,
    https://github.com/hashicorp/terraform/issues/13972.
    """
    given = json.loads(text)
    kept = {"Version": DEFAULT_POLICY_VERSION, **given}
    if "Statement" in given:
        statements = given["Statement"]
        kept["Statement"] = (
            [_with_root_arns(statement) for statement in statements]
            if isinstance(statements, list)
            else _with_root_arns(statements)
        )
    return text if kept == given else compact(kept)


def compact(document: Mapping[str, Any]) -> str:
    """JSON without spaces, as policies are kept and shown."""
    return json.dumps(document, separators=(",", ":"))


def _with_root_arns(statement: Any) -> Any:
    if not isinstance(statement, dict):
        return statement
    changed = dict(statement)
    for member in ("Principal", "NotPrincipal"):
        principal = statement.get(member)
        if isinstance(principal, dict) and "AWS" in principal:
            accounts = principal["AWS"]
            changed[member] = principal | {
                "AWS": [_root_arn(one) for one in accounts]
                if isinstance(accounts, list)
                else _root_arn(accounts)
            }
    return changed


def _root_arn(principal: Any) -> Any:
    if isinstance(principal, str) and _ACCOUNT_ID.fullmatch(principal):
        return f"arn:aws:iam::{principal}:root"
    return principal


def _one_or_many(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
