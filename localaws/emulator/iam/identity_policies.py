"""What IAM finds wrong with a policy of a user, group or role. Pure.

The words and their order are those of recordings of CreatePolicy, in the first test below; the
grammar is https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. What
is said of wildcards in vendors, ids that are not of letters and digits, other partitions, accounts
of buckets and ARNs of conditions was measured for
https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/iam.
https://github.com/localstack/localstack/blob/030eb47feca926b78463a732b5d1de229c9dcbf2/tests/aws/services/iam/test_iam_policies.snapshot.json
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

SYNTAX = "Syntax errors in policy."
_VERSION = "Policy document must be version 2012-10-17 or greater."
_LEGACY = "The policy failed legacy parsing"
_NOT_UNIQUE = "Statement IDs (SID) in a single policy must be unique."
_NOT_ALPHANUMERIC = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
    "expression [0-9A-Za-z]*"
)
_PRINCIPAL = "Policy document should not specify a principal."
_NO_ACTIONS = "Policy statement must contain actions."
_NO_RESOURCES = "Policy statement must contain resources."
_NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
_TWO_COLONS = "Actions/Condition can contain only one colon."
_ANY_VENDOR = "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards."
_VAGUE_VENDOR = "Resource vendor must be fully qualified and cannot contain regexes."

_MEMBERS = frozenset({"Version", "Id", "Statement"})
_OF_STATEMENT = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_VERSIONS = frozenset({"2008-10-17", "2012-10-17"})
_OPERATOR = re.compile(
    r"((ForAnyValue|ForAllValues):)?"
    r"(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric(Not)?Equals"
    r"|(Numeric|Date)(Less|Greater)Than(Equals)?|Date(Not)?Equals|Bool|BinaryEquals"
    r"|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?",
    re.IGNORECASE,
)
# The account's own; the others' ARNs are not valid here.
_PARTITIONS = frozenset({"*", "aws"})
_LATEST_S = 2**63 - 1

Statement = Mapping[str, Any]


def mistake_in_identity_policy(text: str, *, managed: bool) -> str | None:
    """What CreatePolicy (`managed`) or PutRolePolicy says of a document; None of one that is right.

    Only managed policies have to be of the version 2012-10-17.
    """
    document = _read(text)
    if document is None:
        return SYNTAX
    if managed and document.get("Version") != "2012-10-17":
        return _VERSION
    return next(_mistakes(listed(document["Statement"])), None)


def listed(value: Any) -> list[Any]:
    """A list, or a single value as one."""
    return value if isinstance(value, list) else [value]


def has_valid_condition(statement: Statement) -> bool:
    """Whether a statement's condition, if any, is one."""
    condition = statement.get("Condition", {})
    return isinstance(condition, dict) and all(
        isinstance(keys, dict)
        and (_OPERATOR.fullmatch(operator) is not None or not keys)
        and all(_is_value(value) for value in keys.values())
        for operator, keys in condition.items()
    )


def _is_value(value: Any) -> bool:
    return all(isinstance(one, str | bool | int | float) for one in listed(value))


def _read(text: str) -> dict[str, Any] | None:
    """The document, if it is made of what a policy is made of."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    if not isinstance(document, dict) or not document.keys() <= _MEMBERS:
        return None
    statements = listed(document.get("Statement") or [])
    is_one = (
        document.get("Version", "2012-10-17") in _VERSIONS
        and isinstance(document.get("Id", ""), str)
        and bool(statements)
        and all(_is_statement(statement) for statement in statements)
    )
    return document if is_one else None


def _is_statement(statement: Any) -> bool:
    return (
        isinstance(statement, dict)
        and statement.keys() <= _OF_STATEMENT
        and str(statement.get("Effect")).lower() in ("allow", "deny")
        and isinstance(statement.get("Sid", ""), str)
        and all(
            f"Not{member}" not in statement or member not in statement
            for member in ("Action", "Resource", "Principal")
        )
        and all(
            isinstance(one, str)
            for member in ("Action", "NotAction", "Resource", "NotResource")
            for one in listed(statement.get(member, []))
        )
        and has_valid_condition(statement)
    )


def _mistakes(statements: list[Statement]) -> Iterator[str]:
    if any("Principal" in one or "NotPrincipal" in one for one in statements):
        yield _PRINCIPAL
    resources = [one for statement in statements for one in sorted(_all(statement, "Resource"))]
    faults = {one: _fault_of(one) for one in resources}
    if not all(_is_readable(statement) for statement in statements) or any(
        _is_short(resource) for resource in resources if not faults[resource]
    ):
        yield _LEGACY
    ids = [statement["Sid"] for statement in statements if statement.get("Sid")]
    if len(set(ids)) < len(ids):
        yield _NOT_UNIQUE
    if not all(re.fullmatch("[0-9A-Za-z]*", one) for one in ids):
        yield _NOT_ALPHANUMERIC
    if not all(_all(statement, "Action") for statement in statements):
        yield _NO_ACTIONS
    yield from filter(None, faults.values())
    if not all(_all(statement, "Resource") for statement in statements):
        yield _NO_RESOURCES
    for statement in statements:
        yield from filter(None, map(_fault_of_action, _all(statement, "Action")))


def _all(statement: Statement, member: str) -> list[str]:
    return listed(statement.get(member, statement.get(f"Not{member}", [])))


def _fault_of_action(action: str) -> str | None:
    vendor, colon, rest = action.partition(":")
    if action == "*":
        return None
    if not colon:
        return _NO_VENDOR
    if ":" in rest:
        return _TWO_COLONS
    if re.search(r"[*?]", vendor):
        return _ANY_VENDOR
    is_vendor = re.fullmatch(r"[a-zA-Z0-9.-]+", vendor)
    return None if is_vendor else f"Vendor {vendor} is not valid"


def _fault_of(resource: str) -> str | None:
    """What is wrong with how a resource is written."""
    if resource == "*":
        return None
    _, colon, rest = resource.partition(":")
    if not colon:
        return f'Resource {resource} must be in ARN format or "*".'
    partition, *parts = rest.split(":", 4)
    if partition not in _PARTITIONS:
        shown = ":".join([*parts, *["*"] * (4 - len(parts))])
        return f'Partition "{partition}" is not valid for resource "arn:{partition}:{shown}".'
    if not parts:
        return _VAGUE_VENDOR
    service, region, rest = parts[0], "".join(parts[1:2]), parts[3] if len(parts) > 3 else ""
    if re.search(r"[*?]", service):
        return _VAGUE_VENDOR
    if service == "iam" and region:
        return f"IAM resource {resource} cannot contain region information."
    if service == "route53" and region:
        return f"Resource {resource} can not contain region information."
    if service == "s3" and region and "accesspoint/" not in rest:
        return f"Resource {resource} can not contain region information."
    if service == "s3" and not region and rest and re.fullmatch(r"\d{12}", parts[2]):
        return f"Resource {resource} cannot contain an account id."
    return None


def _is_short(resource: str) -> bool:
    """An ARN that lacks a part, or the name of its service."""
    if resource == "*":
        return False
    parts = resource.split(":")
    return (len(parts) < 6 and "::" in resource) or len(parts) < 3 or parts[2] == ""


def _is_readable(statement: Statement) -> bool:
    """Whether an older reader would take it: effects as written, dates and ARNs that are some."""
    return statement["Effect"] in ("Allow", "Deny") and all(
        looks(str(value))
        for operator, keys in statement.get("Condition", {}).items()
        for kind, looks in (("date", _is_date), ("arn", _is_arn))
        if operator.rpartition(":")[2].lower().startswith(kind)
        for values in keys.values()
        for value in listed(values)
    )


def _is_arn(text: str) -> bool:
    return text == "*" or (text.startswith("arn:") and text.count(":") >= 5)


def _is_date(text: str) -> bool:
    if text.isdigit():
        return int(text) <= _LATEST_S
    try:
        datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError:
        return re.fullmatch(r"-?\d+(-(0[1-9]|1[0-2]))?", text) is not None
    return True
