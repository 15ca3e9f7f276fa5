"""What IAM finds wrong with the policy that says who may assume a role. Pure.

Recorded are the words for broken JSON, other actions and resources; those for members that are
missing and for principals come from refusals that people published.
https://github.com/localstack/localstack/blob/3cc59f9404198f1f7da42a0fa4f1ccd108fc1dd1/tests/aws/services/iam/test_iam_roles.snapshot.json
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from localaws.emulator.iam.identity_policies import SYNTAX, Statement, has_valid_condition, listed
from localaws.emulator.iam.service_principals import is_service

_NO_JSON = "This policy contains invalid Json"
_EMPTY = "Could not parse the policy: Statement is empty!"
_VERSION = "The policy must contain a valid version string"
_NO_PRINCIPAL = "Missing required field Principal cannot be empty!"
_OTHER_ACTION = "AssumeRole policy may only specify STS AssumeRole actions."
_ALL_BUT = "Allow with NotPrincipal is not allowed."
_NOT_PRINCIPAL = "AssumeRole policy must not contain NotPrincipal field."

# https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/iam has what is taken, and what is
# said of everybody.
_ACTIONS = frozenset(
    {
        "sts:AssumeRole",
        "sts:AssumeRoleWithSAML",
        "sts:AssumeRoleWithWebIdentity",
        "sts:SetContext",
        "sts:SetSourceIdentity",
        "sts:TagSession",
    }
)
_EVERYBODY = 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'

_MEMBERS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"}
    | {"Condition"}
)
_ARN = re.compile(r"arn:aws[a-z-]*:(iam|sts)::\d{12}:[^*?]+")
_ACCOUNT = re.compile(r"\d{12}|\d{4}-\d{4}-\d{4}")
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")

# Whether a user or role of an ARN is there.
HasPrincipal = Callable[[str], bool]


def mistake_in_trust_policy(text: str, has_principal: HasPrincipal) -> str | None:
    """What CreateRole and UpdateAssumeRolePolicy say of a document; None of one that is right."""
    try:
        document = json.loads(text)
    except ValueError:
        return _NO_JSON
    if not isinstance(document, dict):
        return _NO_JSON
    statements = listed(document.get("Statement") or [])
    if not statements:
        return _EMPTY
    if document.get("Version", "2012-10-17") not in ("2008-10-17", "2012-10-17"):
        return _VERSION
    for statement in statements:
        if mistake := next(_mistakes(statement, has_principal), None):
            return mistake
    ids = [one["Sid"] for one in statements if one.get("Sid")]
    return SYNTAX if len(set(ids)) < len(ids) else None


def _mistakes(statement: Any, has_principal: HasPrincipal) -> Iterator[str]:
    if not isinstance(statement, dict) or not statement.keys() <= _MEMBERS:
        yield SYNTAX
        return
    effect = statement.get("Effect")
    if effect is None:
        yield "Missing required field Effect"
    if effect not in ("Allow", "Deny"):
        yield f"Invalid effect: {effect}"
    if "NotPrincipal" in statement:
        yield _ALL_BUT if effect == "Allow" else _NOT_PRINCIPAL
    if not statement.get("Principal"):
        yield _NO_PRINCIPAL
    yield from _in_actions(statement)
    for member in ("Resource", "NotResource"):
        if member in statement:
            yield f"Has prohibited field {member}"
    if not has_valid_condition(statement):
        yield SYNTAX
    yield from _in_principal(statement["Principal"], has_principal)


def _in_actions(statement: Statement) -> Iterator[str]:
    if "Action" in statement and "NotAction" in statement:
        yield SYNTAX
    actions = listed(statement.get("Action", statement.get("NotAction", [])))
    if not actions:
        yield "Missing required field Action"
    if not all(isinstance(one, str) and one in _ACTIONS for one in actions):
        yield _OTHER_ACTION


def _in_principal(principal: Any, has_principal: HasPrincipal) -> Iterator[str]:
    if principal == "*":
        yield _EVERYBODY
        return
    if not isinstance(principal, dict):
        yield f'Invalid principal in policy: "AWS":"{principal}"'
        return
    looks = {"AWS": lambda one: _is_aws(one, has_principal), "Service": is_service}
    for kind, values in principal.items():
        if kind not in ("AWS", "Service", "Federated"):
            yield f'Invalid principal in policy: "{kind}"'
        look = looks.get(kind)
        for one in listed(values):
            if not isinstance(one, str) or (look and not look(one)):
                yield f'Invalid principal in policy: "{kind.upper()}":"{one}"'


def _is_aws(principal: str, has_principal: HasPrincipal) -> bool:
    if principal == "*" or _ACCOUNT.fullmatch(principal) or _UNIQUE_ID.fullmatch(principal):
        return True
    return _ARN.fullmatch(principal) is not None and has_principal(principal)
