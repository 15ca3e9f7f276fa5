"""IAM's requests as AWS answers them: what is refused, in which words, and what a role shows.

ministack takes any name and document, attaches what there is not, and has words of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

from localaws.emulator.iam.additions import add_operations
from localaws.emulator.iam.names import is_taken, taken_by
from localaws.emulator.iam.paging import StrangeMarker, page_of
from localaws.emulator.iam.quotas import (
    GROUPS_PER_USER,
    KEYS_PER_USER,
    PER_ACCOUNT,
    mistake_in_attached,
    mistake_in_inline_sizes,
    over_quota,
)
from localaws.emulator.iam.rules import BOUNDARY, IamRules, Refusal, over_limit
from localaws.emulator.seams import replace
from localaws.words.tags import NOT_FOR_EVERYBODY

Request = Mapping[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Handler = Callable[[Request], Answer]

_NAMES = (
    "RoleName",
    "UserName",
    "GroupName",
    "PolicyName",
    "InstanceProfileName",
    "NewUserName",
    "NewGroupName",
)
_PATHS = ("Path", "NewPath")
# In the order in which AWS looks for them.
_ENTITIES = {"UserName": "user", "GroupName": "group", "RoleName": "role"}
_STORES = {"user": "_users", "group": "_groups", "role": "_roles"}
# What makes an entity does not look for it.
_MAKES = frozenset({"CreateUser", "CreateGroup", "CreateRole"})
_DOCUMENTS = {
    "CreateRole": ("trust", "AssumeRolePolicyDocument"),
    "UpdateAssumeRolePolicy": ("trust", "PolicyDocument"),
    "CreatePolicy": ("managed", "PolicyDocument"),
    "CreatePolicyVersion": ("managed", "PolicyDocument"),
    "PutRolePolicy": ("inline", "PolicyDocument"),
    "PutUserPolicy": ("inline", "PolicyDocument"),
    "PutGroupPolicy": ("inline", "PolicyDocument"),
}
_ATTACHED = "Cannot delete entity, must detach all policies first."
_INLINE = "Cannot delete entity, must delete policies first."
_IN_GROUP = "Cannot delete entity, must remove users from group first."
_LOGIN = "Cannot delete entity, must delete login profile first."
_IN_PROFILE = "Cannot delete entity, must remove roles from instance profile first."
_VERSIONS = (
    "This policy has more than one version. Before you delete a policy, you must delete the "
    "policy's versions. The default version is deleted with the policy."
)
_TAG_KEY = re.compile(r"Tags\.member\.\d+\.Key")
_MOST_VERSIONS = 5
_VERSIONS_FULL = (
    "A managed policy can have up to 5 versions. Before you create a new version, you must delete "
    "an existing version."
)


def refuse_mistaken_requests(iam: ModuleType, rules: IamRules) -> None:
    """Let each of IAM's operations refuse what AWS's refuses, and roles be shown as AWS does."""
    add_operations(iam)
    looks = _Looks(iam, rules)
    handlers: dict[str, Handler] = iam._IAM_HANDLERS
    for action, theirs in list(handlers.items()):
        handlers[action] = _checked(iam, looks, action, theirs)
    show = iam._role_xml

    def shown(name: str, boundary: bool = True) -> str:
        text: str = show(name, boundary)
        given = iam._roles[name].get("Description") or ""
        told = f"<Description>{escape(given)}</Description>" if given else ""
        return text.replace(f"<Description>{given}</Description>", told).replace(
            ">PermissionsBoundaryPolicy<", ">Policy<"
        )

    replace(iam, "_role_xml", shown)
    get, create = handlers["GetRole"], handlers["CreateRole"]
    handlers["GetRole"] = lambda request: _with_last_use(get(request))
    handlers["CreateRole"] = lambda request: _as_created(create(request))


def _checked(iam: ModuleType, looks: "_Looks", action: str, theirs: Handler) -> Handler:
    def refused(refusal: Refusal) -> Answer:
        answer: Answer = iam._error(refusal.status, refusal.code, escape(refusal.message))
        return answer

    def handle(request: Request) -> Answer:
        if refusal := next(filter(None, looks(action, request)), None):
            return refused(refusal)
        status, headers, body = theirs(request)
        try:
            return status, headers, page_of(body, {name: iam._p(request, name) for name in request})
        except StrangeMarker:
            return refused(Refusal(400, "ValidationError", "Invalid Marker."))

    return handle


def _with_last_use(answer: Answer) -> Answer:
    """Of GetRole alone, and empty: nobody here notes when a role was used."""
    status, headers, body = answer
    return status, headers, body.replace(b"</Role>", b"<RoleLastUsed/></Role>")


def _as_created(answer: Answer) -> Answer:
    """CreateRole tells neither of these: recorded."""
    status, headers, body = answer
    pattern = rb"<(Description|MaxSessionDuration)>[^<]*</\1>"
    return status, headers, re.sub(pattern, b"", body)


class _Looks:
    """Finds what AWS refuses of a request, in AWS's order."""

    def __init__(self, iam: ModuleType, rules: IamRules) -> None:
        self._iam = iam
        self._rules = rules

    def __call__(self, action: str, request: Request) -> Iterator[Refusal | None]:
        asked = {name: self._iam._p(request, name) for name in (*_NAMES, *_PATHS, "PolicyArn")}
        for member in _NAMES:
            if value := asked[member]:
                yield self._rules.name(member[0].lower() + member[1:], value)
        for member in _PATHS:
            if value := asked[member]:
                yield self._rules.path(value)
        yield from self._missing(action, asked)
        if action in _DOCUMENTS:
            kind, member = _DOCUMENTS[action]
            yield self._rules.policy(kind, self._iam._p(request, member))
        if text := taken_by(self._iam, action, asked):
            yield Refusal(409, "EntityAlreadyExists", text)
        keys = [self._iam._p(request, member) for member in request if _TAG_KEY.fullmatch(member)]
        if any(key.lower().startswith("aws:") for key in keys):
            yield Refusal(400, "InvalidInput", NOT_FOR_EVERYBODY)
        yield from self._about_policies(action, request, asked)
        yield from self._conflicts(action, asked)
        yield from self._quotas(action, request, asked)

    def _missing(self, action: str, asked: Mapping[str, str]) -> Iterator[Refusal | None]:
        """Users, groups, roles and instance profiles that are not there."""
        if action in _MAKES or action == "DeleteServiceLinkedRole":
            return
        for member, kind in _ENTITIES.items():
            name = asked[member]
            if name and name not in getattr(self._iam, _STORES[kind]):
                yield _none(f"The {kind} with name {name} cannot be found.")
        profile = asked["InstanceProfileName"]
        known = self._iam._instance_profiles
        if profile and action != "CreateInstanceProfile" and profile not in known:
            yield _none(f"Instance Profile {profile} cannot be found.")

    def _about_policies(
        self, action: str, request: Request, asked: Mapping[str, str]
    ) -> Iterator[Refusal | None]:
        arn = asked["PolicyArn"]
        if boundary := self._iam._p(request, "PermissionsBoundary"):
            yield self._rules.attachable(boundary, BOUNDARY)
        if action.startswith("Attach"):
            yield self._rules.attachable(arn)
        elif action.startswith("Detach"):
            if arn not in self._entity(asked).get("AttachedPolicies", ()):
                yield _none(f"Policy {arn} was not found.")
        elif version := self._iam._p(request, "VersionId"):
            known = self._iam._lookup_policy(arn)
            if known is None or version not in known["Versions"]:
                yield _none(f"Policy {arn} version {version} does not exist or is not attachable.")
        elif arn and not self._iam._policy_exists(arn):
            yield _none(f"Policy {arn} was not found.")
        if action == "CreatePolicy":
            yield self._duplicate(asked)
        elif action == "CreatePolicyVersion":
            versions = (self._iam._policies.get(arn) or {}).get("Versions", ())
            if len(versions) >= _MOST_VERSIONS:
                yield Refusal(409, "LimitExceeded", _VERSIONS_FULL)

    def _duplicate(self, asked: Mapping[str, str]) -> Refusal | None:
        """A policy of this name, whatever its path."""
        name = asked["PolicyName"]
        if not is_taken(name, [one["PolicyName"] for one in self._iam._policies.values()]):
            return None
        text = f"A policy called {name} already exists. Duplicate names are not allowed."
        return Refusal(409, "EntityAlreadyExists", text)

    def _entity(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        for member, kind in _ENTITIES.items():
            if name := asked[member]:
                found: Mapping[str, Any] = getattr(self._iam, _STORES[kind]).get(name) or {}
                return found
        return {}

    def _quotas(
        self, action: str, request: Request, asked: Mapping[str, str]
    ) -> Iterator[Refusal | None]:
        """What would be more than an account or an entity may have."""
        iam, entity = self._iam, self._entity(asked)
        kind = next((kind for member, kind in _ENTITIES.items() if asked[member]), "")
        if action in _MAKES and len(getattr(iam, _STORES[kind])) >= PER_ACCOUNT[kind]:
            yield over_limit(over_quota(f"{kind.title()}sPerAccount", PER_ACCOUNT[kind]))
        if action.startswith("Attach"):
            attached = {*entity.get("AttachedPolicies", ()), asked["PolicyArn"]}
            yield over_limit(mistake_in_attached(kind, len(attached)))
        if action in ("PutRolePolicy", "PutUserPolicy", "PutGroupPolicy"):
            name = asked[f"{kind.title()}Name"]
            documents = {
                **(self._inline_policies(kind, name) or {}),
                asked["PolicyName"]: iam._p(request, "PolicyDocument"),
            }
            yield over_limit(mistake_in_inline_sizes(kind, name, documents.values()))
        user = asked["UserName"]
        if action == "AddUserToGroup":
            groups = {name for name, group in iam._groups.items() if user in group["Users"]}
            if len(groups | {asked["GroupName"]}) > GROUPS_PER_USER:
                yield over_limit(over_quota("GroupsPerUser", GROUPS_PER_USER))
        if action == "CreateAccessKey":
            own = [key for key in iam._access_keys.values() if key["UserName"] == user]
            if len(own) >= KEYS_PER_USER:
                yield over_limit(over_quota("AccessKeysPerUser", KEYS_PER_USER))

    def _inline_policies(self, kind: str, name: str) -> Mapping[str, Any] | None:
        if kind == "role":
            return (self._iam._roles.get(name) or {}).get("InlinePolicies")
        stores = {"user": "_user_inline_policies", "group": "_group_inline_policies"}
        found: Mapping[str, Any] | None = getattr(self._iam, stores[kind]).get(name)
        return found

    def _conflicts(self, action: str, asked: Mapping[str, str]) -> Iterator[Refusal | None]:
        """What an entity or a policy still has that is to be deleted."""
        if action == "DeletePolicy":
            policy = self._iam._policies.get(asked["PolicyArn"]) or {}
            if len(policy.get("Versions", ())) > 1 and not policy.get("AttachmentCount"):
                yield _conflict(_VERSIONS)
        if action not in ("DeleteRole", "DeleteUser", "DeleteGroup"):
            return
        entity, iam = self._entity(asked), self._iam
        kind = action.removeprefix("Delete")
        name = asked[f"{kind}Name"]
        inline = self._inline_policies(kind.lower(), name)
        if action == "DeleteGroup" and entity.get("Users"):
            yield _conflict(_IN_GROUP)
        if entity.get("AttachedPolicies"):
            yield _conflict(_ATTACHED)
        if inline:
            yield _conflict(_INLINE)
        if action == "DeleteUser":
            if any(name in group["Users"] for group in iam._groups.values()):
                yield _conflict(_IN_GROUP)
            if name in iam._login_profiles:
                yield _conflict(_LOGIN)
        profiles = iam._instance_profiles.values() if action == "DeleteRole" else ()
        if any(name in profile["Roles"] for profile in profiles):
            yield _conflict(_IN_PROFILE)


def _none(text: str) -> Refusal:
    return Refusal(404, "NoSuchEntity", text)


def _conflict(text: str) -> Refusal:
    return Refusal(409, "DeleteConflict", text)
