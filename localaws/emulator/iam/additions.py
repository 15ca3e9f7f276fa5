"""IAM's operations that ministack has not: new names and paths, another version of a policy."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

Request = Mapping[str, Any]
Answer = tuple[int, dict[str, str], bytes]


def add_operations(iam: ModuleType) -> None:
    """Let IAM know UpdateUser, UpdateGroup and SetDefaultPolicyVersion."""
    handlers: dict[str, Callable[[Request], Answer]] = iam._IAM_HANDLERS
    handlers["UpdateUser"] = lambda request: _update(iam, "User", request)
    handlers["UpdateGroup"] = lambda request: _update(iam, "Group", request)
    handlers["SetDefaultPolicyVersion"] = lambda request: _set_default(iam, request)


def _update(iam: ModuleType, kind: str, request: Request) -> Answer:
    """Give a user or group another name and path; what it has, it keeps."""
    entities = iam._users if kind == "User" else iam._groups
    old = iam._p(request, f"{kind}Name")
    new = iam._p(request, f"New{kind}Name") or old
    if new != old and new in entities:
        text = f"{kind} with name {new} already exists."
        taken: Answer = iam._error(409, "EntityAlreadyExists", text)
        return taken
    entity = entities[old]
    entity["Path"] = path = iam._p(request, "NewPath") or entity["Path"]
    entity[f"{kind}Name"] = new
    account, sign, _ = entity["Arn"].partition(f":{kind.lower()}/")
    entity["Arn"] = f"{account}{sign.rstrip('/')}{path}{new}"
    del entities[old]
    entities[new] = entity
    _rename_what_it_has(iam, kind, old, new)
    done: Answer = iam._xml(200, f"Update{kind}Response", "")
    return done


def _rename_what_it_has(iam: ModuleType, kind: str, old: str, new: str) -> None:
    by_name = (
        (iam._user_inline_policies, iam._login_profiles)
        if kind == "User"
        else (iam._group_inline_policies,)
    )
    for store in by_name:
        if old in store and new != old:
            store[new] = store[old]
            del store[old]
    if kind == "Group":
        return
    for named in (*iam._access_keys.values(), *iam._login_profiles.values()):
        if named.get("UserName") == old:
            named["UserName"] = new
    for group in iam._groups.values():
        group["Users"] = [new if name == old else name for name in group["Users"]]


def _set_default(iam: ModuleType, request: Request) -> Answer:
    arn, chosen = iam._p(request, "PolicyArn"), iam._p(request, "VersionId")
    policy = iam._policies.get(arn)
    if policy is None:
        text = f"Policy {arn} is outside your own account."
        denied: Answer = iam._error(403, "AccessDenied", text)
        return denied
    for name, version in policy["Versions"].items():
        version["IsDefaultVersion"] = name == chosen
    policy["DefaultVersionId"] = chosen
    done: Answer = iam._xml(200, "SetDefaultPolicyVersionResponse", "")
    return done
