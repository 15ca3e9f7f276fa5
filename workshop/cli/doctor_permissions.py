"""Whether the caller may do what the workshop will do: IAM is asked, action by action.

What is needed stands in `docs/policies`. IAM's simulation tells about a user's or role's own
policies, its permissions boundary and the organization's policies; where the caller may not ask, or
is neither a user nor a role, the actions are named instead.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from workshop.cli.finding import Finding
from workshop.stacks.kinds import pages
from workshop.target.session import Session
from workshop.target.target import PROJECT

POLICIES = PROJECT / "docs" / "policies"
_ABOUT = "may do"
# Names that stand for all that begin as a statement's resource does.
_EXAMPLES = {
    "parameter/cdk-bootstrap/*": "parameter/cdk-bootstrap/hnb659fds/version",
    "event-source-mapping:*": "event-source-mapping:00000000-0000-0000-0000-000000000000",
}


@dataclass(frozen=True)
class _Lacks:
    """What somebody may not do.

    Attributes:
        missing: those that are refused.
        untold: those that depend on what only a call shows, such as multi-factor authentication.
    """

    missing: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()

    def __or__(self, other: "_Lacks") -> "_Lacks":
        return _Lacks(self.missing | other.missing, self.untold | other.untold)


def permissions(session: Session, folder: Path = POLICIES) -> Iterator[Finding]:
    """What is missing of what a participant and an instructor need, a line for each service."""
    if not folder.is_dir():
        yield Finding(_ABOUT, "note", f"could not be asked: {folder} is missing")
        return
    of_lessons = _statements(folder / "participant.json")
    besides = [one for one in _statements(folder / "instructor.json") if one not in of_lessons]
    all_actions = {action for one in (*of_lessons, *besides) for action in one["Action"]}
    try:
        arn = _principal(session)
        lessons = _simulated(session, arn, of_lessons) if arn else _Lacks()
        deploying = _simulated(session, arn, besides) if arn else _Lacks()
    except ClientError as error:
        yield _not_asked(error.response["Error"]["Code"], all_actions)
        return
    if arn == "":
        yield Finding(_ABOUT, "note", "everything, as the account's root user: better use a role")
    elif arn is None:
        yield _not_asked("the caller is neither a user nor a role", all_actions)
    else:
        yield from _told(lessons, deploying)


def _told(lessons: _Lacks, deploying: _Lacks) -> Iterator[Finding]:
    answer = lessons | deploying
    if answer.untold:
        some = ", ".join(sorted(answer.untold))
        yield Finding(_ABOUT, "note", f"could not be asked, conditions decide it: {some}")
    elif not answer.missing:
        yield Finding(_ABOUT, "ok", "all that the lessons, `deploy` and `destroy` need")
    if not answer.missing:
        return
    if lessons.missing:
        remedy = "have docs/policies/participant.json attached (instructor.json to deploy)"
        yield Finding(_ABOUT, "blocks", f"less than the lessons need: {remedy}; missing is")
    else:
        remedy = "have docs/policies/instructor.json attached"
        told = f"all that the lessons need, less than `deploy` and `destroy` do: {remedy}"
        yield Finding(_ABOUT, "note", f"{told}; missing is")
    for service, names in _by_service(answer.missing):
        yield Finding("", "note", f"{service}: {', '.join(names)}")


def _not_asked(why: str, needed: set[str]) -> Finding:
    services = ", ".join(service for service, _ in _by_service(needed))
    told = (
        f"could not be asked ({why}; it takes iam:SimulatePrincipalPolicy): the {len(needed)} "
        f"actions of docs/policies/instructor.json ({services})"
    )
    return Finding(_ABOUT, "note", told)


def _by_service(actions: "frozenset[str] | set[str]") -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for action in sorted(actions):
        service, _, name = action.partition(":")
        found.setdefault(service, []).append(name)
    return list(found.items())


def _principal(session: Session) -> str | None:
    """Whose policies decide: a user's ARN or a role's; "" for root, None where there is neither."""
    arn = str(session.client("sts").get_caller_identity()["Arn"])
    kind, *names = arn.rpartition(":")[2].split("/")
    if kind == "root":
        return ""
    if kind == "user":
        return arn
    if kind != "assumed-role":
        return None
    # A session's ARN lacks the role's path, which roles of IAM Identity Center have.
    for role in pages(session.client("iam"), "list_roles", "Roles"):
        if role["RoleName"] == names[0]:
            return str(role["Arn"])
    return None


def _simulated(session: Session, principal: str, statements: list[dict[str, Any]]) -> _Lacks:
    found, client = _Lacks(), session.client("iam")
    for one in statements:
        for resource in one["Resource"]:
            results = pages(
                client,
                "simulate_principal_policy",
                "EvaluationResults",
                PolicySourceArn=principal,
                ActionNames=one["Action"],
                ResourceArns=[_example(session, resource)],
                ContextEntries=_context(session, one.get("Condition", {})),
            )
            for result in results:
                found |= _read(result)
    return found


def _read(result: Mapping[str, Any]) -> _Lacks:
    action = frozenset({result["EvalActionName"]})
    if result["EvalDecision"] == "allowed":
        return _Lacks()
    # Only these can be given by a call; what an organization or a boundary refuses stays refused.
    return _Lacks(untold=action) if result.get("MissingContextValues") else _Lacks(action)


def _example(session: Session, pattern: str) -> str:
    """A resource that a statement's pattern means: ours, in this account and Region."""
    participant = session.target.participant
    stem = f"FailureWorkshop-{f'{participant}-' if participant else ''}"
    arn = re.sub(r"FailureWorkshop-(\*-)?", stem, pattern)
    for ending, name in _EXAMPLES.items():
        arn = arn.replace(ending, name)
    head, _, name = arn.rpartition("::" if ":iam::" in arn else ":*:*:")
    account, region = session.account(), session.region
    if ":iam::" in arn:
        arn = f"{head}::{account}:{name.removeprefix('*:')}"
    elif head:
        arn = f"{head}:{region}:{account}:{name}"
    arn = arn.replace("role/cdk-*", f"role/cdk-hnb659fds-deploy-role-{account}-{region}")
    return arn if arn == "*" else arn.replace("*", "doctor")


def _context(session: Session, condition: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """What a call that a statement means would have in the place of its conditions."""
    return [
        {
            "ContextKeyName": key,
            "ContextKeyType": "string",
            "ContextKeyValues": [_example(session, value)],
        }
        for values in condition.values()
        for key, value in values.items()
    ]


def _statements(file: Path) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["Statement"]
    return statements
