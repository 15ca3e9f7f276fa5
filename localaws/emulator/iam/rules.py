"""What IAM refuses of requests and of resources in templates, where ministack takes them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any, NamedTuple

from localaws.emulator.iam.identity_policies import mistake_in_identity_policy
from localaws.emulator.iam.managed_policies import managed_by_aws
from localaws.emulator.iam.quotas import (
    mistake_in_attached,
    mistake_in_inline_sizes,
    mistake_in_size,
)
from localaws.emulator.iam.trust_policies import HasPrincipal, mistake_in_trust_policy

_NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)
_PATH = re.compile(r"/|/[!-~]+/")
_POLICY_ARN = re.compile(r"arn:(aws[a-z-]*):iam::(\d{12}|aws):policy/[!-~]+")
# What the refusal of a boundary calls it.
BOUNDARY = "Scope ARN:"
_RESERVED_PATH = "/aws-service-role/"


class Refusal(NamedTuple):
    """IAM's answer: HTTP status, code and text."""

    status: int
    code: str
    message: str


class IamRules:
    """Names, paths, documents and ARNs of policies.

    Args:
        iam: ministack's, which knows the policies that there are.
        has_principal: whether a user or role of an ARN is there.
    """

    def __init__(self, iam: ModuleType, has_principal: HasPrincipal) -> None:
        self._iam = iam
        self._has_principal = has_principal

    def name(self, member: str, value: str) -> Refusal | None:
        """A name in a request; `member` as IAM spells it, `roleName`."""
        if _NAME.fullmatch(value):
            return None
        return _invalid(
            member, "contain only alphanumeric characters and/or the following: +=,.@_-"
        )

    def path(self, value: str) -> Refusal | None:
        """A path of a user, role, group, policy or instance profile.

        Which one is reserved: https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/iam.
        """
        if value.startswith(_RESERVED_PATH):
            text = (
                "Paths beginning with '/aws-service-role' are reserved for AWS Service Linked Roles"
            )
            return Refusal(400, "InvalidInput", text)
        if _PATH.fullmatch(value):
            return None
        return _invalid(
            "path",
            "begin and end with / and contain only alphanumeric characters and/or / characters.",
        )

    def policy(self, kind: str, document: Any) -> Refusal | None:
        """A policy's document, as JSON or read: of an entity (`inline`), `managed` or `trust`."""
        text = document if isinstance(document, str) else json.dumps(document, default=str)
        mistake = (
            mistake_in_trust_policy(text, self._has_principal)
            if kind == "trust"
            else mistake_in_identity_policy(text, managed=kind == "managed")
        )
        if mistake:
            return Refusal(400, "MalformedPolicyDocument", mistake)
        return over_limit(mistake_in_size(kind, document))

    def attachable(self, arn: str, subject: str = "Policy") -> Refusal | None:
        """The ARN of a policy that is to be attached, or to be a boundary (`BOUNDARY`).

        What is said of a boundary that is no policy, and of other partitions:
        https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/iam.
        """
        found = _POLICY_ARN.fullmatch(arn)
        if found is None:
            code = "InvalidInput" if subject == BOUNDARY else "ValidationError"
            return Refusal(400, code, f"ARN {arn} is not valid.")
        if found[1] != "aws":
            return Refusal(400, "ValidationError", "Invalid ARN partition")
        if self._iam._policy_exists(arn) or arn in managed_by_aws():
            return None
        text = f"{subject} {arn} does not exist or is not attachable."
        return Refusal(404, "NoSuchEntity", text)

    def of_template(self, kind: str, properties: Mapping[str, Any]) -> Refusal | None:
        """The first mistake in the properties of a template's resource."""
        look = _TEMPLATES.get(kind)
        return next(filter(None, look(self, properties)), None) if look else None


def over_limit(text: str | None) -> Refusal | None:
    """What IAM answers where a quota does not allow more, if it does not."""
    return Refusal(409, "LimitExceeded", text) if text else None


def _invalid(member: str, rule: str) -> Refusal:
    text = f"The specified value for {member} is invalid. It must {rule}"
    return Refusal(400, "ValidationError", text)


_Found = Iterator[Refusal | None]
_Properties = Mapping[str, Any]


def _entity(rules: IamRules, properties: _Properties, name: str) -> _Found:
    """What roles, users and groups have alike."""
    if given := properties.get(name):
        yield rules.name(name[0].lower() + name[1:], str(given))
    if path := properties.get("Path"):
        yield rules.path(str(path))
    if boundary := properties.get("PermissionsBoundary"):
        yield rules.attachable(str(boundary), BOUNDARY)
    for policy in properties.get("Policies") or ():
        yield rules.name("policyName", str(policy.get("PolicyName", "")))
        yield rules.policy("inline", policy.get("PolicyDocument", {}))
    attached = properties.get("ManagedPolicyArns") or ()
    for arn in attached:
        yield rules.attachable(str(arn))
    entity = name.removesuffix("Name").lower()
    documents = [policy.get("PolicyDocument", {}) for policy in properties.get("Policies") or ()]
    yield over_limit(mistake_in_inline_sizes(entity, str(properties.get(name, "")), documents))
    yield over_limit(mistake_in_attached(entity, len(attached)))


def _role(rules: IamRules, properties: _Properties) -> _Found:
    yield rules.policy("trust", properties.get("AssumeRolePolicyDocument", {}))
    yield from _entity(rules, properties, "RoleName")


def _inline(rules: IamRules, properties: _Properties) -> _Found:
    yield rules.name("policyName", str(properties.get("PolicyName", "")))
    yield rules.policy("inline", properties.get("PolicyDocument", {}))


def _managed(rules: IamRules, properties: _Properties) -> _Found:
    if name := properties.get("ManagedPolicyName"):
        yield rules.name("policyName", str(name))
    if path := properties.get("Path"):
        yield rules.path(str(path))
    yield rules.policy("managed", properties.get("PolicyDocument", {}))


_TEMPLATES: dict[str, Callable[[IamRules, _Properties], _Found]] = {
    "AWS::IAM::Role": _role,
    "AWS::IAM::User": lambda rules, properties: _entity(rules, properties, "UserName"),
    "AWS::IAM::Group": lambda rules, properties: _entity(rules, properties, "GroupName"),
    "AWS::IAM::Policy": _inline,
    "AWS::IAM::ManagedPolicy": _managed,
}
