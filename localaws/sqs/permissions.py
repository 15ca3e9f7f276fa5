"""AddPermission and RemovePermission: statements of the queue's policy, named by their labels."""

import json
import re
from collections.abc import Sequence
from typing import Any

from localaws.sqs.errors import InvalidParameterValue, MissingParameter, OverLimit
from localaws.sqs.limits import MAX_LABEL_LENGTH, MAX_POLICY_ACTIONS
from localaws.words.policies import (
    DEFAULT_POLICY_VERSION,
    account_statement,
    compact,
    statements_of,
)

_LABEL = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_LABEL_LENGTH}}}")
_GRANTABLE = frozenset(
    {
        "*",
        "ChangeMessageVisibility",
        "ChangeMessageVisibilityBatch",
        "DeleteMessage",
        "DeleteMessageBatch",
        "GetQueueAttributes",
        "GetQueueUrl",
        "ListDeadLetterSourceQueues",
        "PurgeQueue",
        "ReceiveMessage",
        "SendMessage",
        "SendMessageBatch",
    }
)
# "Cross-account permissions don't apply to this action" (API reference).
_OWNER_ONLY = frozenset(
    {
        "AddPermission",
        "CancelMessageMoveTask",
        "CreateQueue",
        "DeleteQueue",
        "ListMessageMoveTasks",
        "ListQueueTags",
        "ListQueues",
        "RemovePermission",
        "SetQueueAttributes",
        "StartMessageMoveTask",
        "TagQueue",
        "UntagQueue",
    }
)


def with_permission(
    policy: str | None,
    queue_arn: str,
    label: str,
    account_ids: Sequence[str],
    actions: Sequence[str],
) -> str:
    """The policy with one more statement.

    Raises:
        MissingParameter, InvalidParameterValue, OverLimit
    """
    _check(label, account_ids, actions)
    document = _document(policy, queue_arn)
    if any(statement.get("Sid") == label for statement in document["Statement"]):
        raise InvalidParameterValue.of("Label", label, "Already exists.")
    named = [f"SQS:{action}" for action in actions]
    # Recorded for two accounts: the second comes first. Who is named twice is shown once.
    principals = list(dict.fromkeys(reversed(account_ids)))
    document["Statement"].append(account_statement(label, principals, named, queue_arn))
    return compact(document)


def without_permission(policy: str | None, queue_arn: str, label: str) -> str:
    """The policy without the statement of that label; "" when none is left.

    Raises:
        MissingParameter, InvalidParameterValue
    """
    if not label:
        raise MissingParameter("Label")
    document = _document(policy, queue_arn)
    kept = [statement for statement in document["Statement"] if statement.get("Sid") != label]
    if len(kept) == len(document["Statement"]):
        where = " on existing policy" if policy else ""
        raise InvalidParameterValue.of("Label", label, f"can't find label{where}.")
    document["Statement"] = kept
    return compact(document) if kept else ""


def _check(label: str, account_ids: Sequence[str], actions: Sequence[str]) -> None:
    if not label:
        raise MissingParameter("Label")
    if not _LABEL.fullmatch(label):
        raise InvalidParameterValue.of(
            "Label",
            label,
            "Can only include alphanumeric characters, hyphens, or underscores. "
            f"1 to {MAX_LABEL_LENGTH} in length",
        )
    if not actions:
        raise MissingParameter("Actions")
    if len(actions) > MAX_POLICY_ACTIONS:
        raise OverLimit(
            f"{len(actions)} Actions were found, maximum allowed is {MAX_POLICY_ACTIONS}."
        )
    for action in actions:
        if action in _OWNER_ONLY:
            reason = "Only the queue owner is allowed to invoke this action."
            raise InvalidParameterValue.of("ActionName", f"SQS:{action}", reason)
        if action not in _GRANTABLE:
            reason = "Please refer to the appropriate WSDL for a list of valid actions."
            raise InvalidParameterValue.of("ActionName", f"SQS:{action}", reason)
    unknown = [a for a in account_ids if not (a.isascii() and a.isdigit() and len(a) == 12)]
    if unknown or not account_ids:
        raise InvalidParameterValue.of(
            "PrincipalId", f"[{', '.join(unknown)}]", "Unable to verify."
        )


def _document(policy: str | None, queue_arn: str) -> dict[str, Any]:
    if not policy:
        return {
            "Version": DEFAULT_POLICY_VERSION,
            "Id": f"{queue_arn}/SQSDefaultPolicy",
            "Statement": [],
        }
    document: dict[str, Any] = json.loads(policy)
    document["Statement"] = statements_of(document)
    return document
