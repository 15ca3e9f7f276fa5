"""Resource-based policies as documents: what the services do with them alike. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

# What a policy without `Version` means, and what AddPermission of SQS and SNS writes.
DEFAULT_POLICY_VERSION = "2008-10-17"


def statements_of(policy: Mapping[str, Any]) -> list[Any]:
    """A policy's statements; a single one need not be in a list."""
    statements = policy.get("Statement", [])
    return statements if isinstance(statements, list) else [statements]


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
        "Principal": {"AWS": _one_or_many([f"arn:aws:iam::{id_}:root" for id_ in account_ids])},
        "Action": _one_or_many(list(actions)),
        "Resource": resource_arn,
    }


def compact(document: Mapping[str, Any]) -> str:
    """JSON without spaces, as policies are kept and shown."""
    return json.dumps(document, separators=(",", ":"))


def _one_or_many(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
