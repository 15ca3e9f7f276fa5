"""How much of what an account, an entity and a policy may have. Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html has the numbers of an
account that asked for no more. Its words are in reports that people published:
https://github.com/kubeflow/dashboard/issues/29 (ACLSizePerRole),
https://github.com/ministryofjustice/cloud-platform-environments/pull/14118 (PoliciesPerRole),
https://github.com/ministryofjustice/cloud-platform-environments/pull/14473 (PolicySize),
https://github.com/aws/copilot-cli/issues/5917 (inline policies). The other quotas are named alike.
"""

import json
from collections.abc import Iterable
from typing import Any

MANAGED_SIZE = 6_144
TRUST_SIZE = 2_048
INLINE_SIZES = {"role": 10_240, "user": 2_048, "group": 5_120}
PER_ACCOUNT = {"role": 1_000, "user": 5_000, "group": 300}
ATTACHED = 10
GROUPS_PER_USER = 10
KEYS_PER_USER = 2


def size_of(document: Any) -> int:
    """A policy's characters, of which white space does not count.

    Args:
        document: JSON as text, or as it is in a template.
    """
    text = document if isinstance(document, str) else json.dumps(document, default=str)
    return len("".join(text.split()))


def over_quota(name: str, quota: int) -> str:
    """IAM's words."""
    return f"Cannot exceed quota for {name}: {quota}"


def mistake_in_size(kind: str, document: Any) -> str | None:
    """Why a policy alone is too long: one that is `managed` or says whom to `trust`."""
    if kind == "managed" and size_of(document) > MANAGED_SIZE:
        return over_quota("PolicySize", MANAGED_SIZE)
    if kind == "trust" and size_of(document) > TRUST_SIZE:
        return over_quota("ACLSizePerRole", TRUST_SIZE)
    return None


def mistake_in_inline_sizes(entity: str, name: str, documents: Iterable[Any]) -> str | None:
    """Why the inline policies of a role, user or group are too long together."""
    most = INLINE_SIZES[entity]
    if sum(size_of(document) for document in documents) <= most:
        return None
    return f"Maximum policy size of {most} bytes exceeded for {entity} {name}"


def mistake_in_attached(entity: str, count: int) -> str | None:
    """Why an entity may not have so many managed policies."""
    return over_quota(f"PoliciesPer{entity.title()}", ATTACHED) if count > ATTACHED else None
