"""Names of IAM, which are not told apart by their case.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
"""

from collections.abc import Iterable, Mapping
from types import ModuleType

# Action -> the member that names what is made, ministack's records of its kind, and what they are
# called.
_MAKE = {
    "CreateGroup": ("GroupName", "_groups", "Group with name"),
    "CreateInstanceProfile": ("InstanceProfileName", "_instance_profiles", "Instance Profile"),
    "CreateRole": ("RoleName", "_roles", "Role with name"),
    "CreateUser": ("UserName", "_users", "User with name"),
    "UpdateGroup": ("NewGroupName", "_groups", "Group with name"),
    "UpdateUser": ("NewUserName", "_users", "User with name"),
}


def is_taken(name: str, known: Iterable[str]) -> bool:
    """Whether one of these is the same name, however it is written."""
    return name.casefold() in map(str.casefold, known)


def taken_by(iam: ModuleType, action: str, asked: Mapping[str, str]) -> str | None:
    """What IAM says of a name that is taken; None where it is free, or an action makes none."""
    if action not in _MAKE:
        return None
    member, records, kind = _MAKE[action]
    # Its own name may be written in another way.
    own = asked.get(member.removeprefix("New")) if member.startswith("New") else None
    known = [one for one in getattr(iam, records) if one != own]
    name = asked[member]
    return f"{kind} {name} already exists." if name and is_taken(name, known) else None
