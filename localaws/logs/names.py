"""How log groups and streams are named, and how requests refer to them."""

import re
from collections.abc import Mapping
from typing import Any

from localaws.logs.errors import (
    InvalidParameterException,
    ValidationException,
    group_not_found,
)
from localaws.logs.limits import MAX_NAME_LENGTH
from localaws.words.identity import Identity

_GROUP = r"[\.\-_/#A-Za-z0-9]+"
_STREAM = r"[^:*]*"


def check_group_name(name: str) -> None:
    """Raises InvalidParameterException for a name that no log group can have."""
    _check("logGroupName", name, _GROUP)
    if name.startswith("aws/"):
        raise InvalidParameterException("Log groups starting with AWS/ are reserved for AWS.")


def check_stream_name(name: str) -> None:
    """Raises InvalidParameterException for a name that no log stream can have."""
    _check("logStreamName", name, _STREAM)


def _check(member: str, name: str, pattern: str) -> None:
    if not name:
        raise InvalidParameterException.of(
            member, name, "Member must have length greater than or equal to 1"
        )
    if len(name) > MAX_NAME_LENGTH:
        raise InvalidParameterException(
            "Invalid LogGroup or LogStream, both must have length less than or equal to "
            f"{MAX_NAME_LENGTH}."
        )
    if not re.fullmatch(pattern, name):
        raise InvalidParameterException.of(
            member, name, f"Member must satisfy regular expression pattern: {pattern}"
        )


def group_arn(identity: Identity, name: str) -> str:
    """The ARN as IAM policies and API answers name it, without `:*`."""
    return identity.arn("logs", f"log-group:{name}")


def group_name_of(identity: Identity, identifier: str) -> str:
    """The group's name of a name or an ARN.

    Raises:
        ResourceNotFoundException: an ARN of another account or Region.
    """
    if not identifier.startswith("arn:"):
        return identifier
    prefix = group_arn(identity, "")
    if not identifier.startswith(prefix):
        raise group_not_found()
    return identifier.removeprefix(prefix).removesuffix(":*")


def requested_group_name(identity: Identity, params: Mapping[str, Any]) -> str:
    """The group of a request that takes either logGroupName or logGroupIdentifier."""
    name, identifier = params.get("logGroupName"), params.get("logGroupIdentifier")
    if name and identifier:
        raise ValidationException(
            "LogGroup name and LogGroup ARN are mutually exclusive parameters."
        )
    if not name and not identifier:
        raise ValidationException("LogGroup name or LogGroup ARN must be specified.")
    return name or group_name_of(identity, str(identifier))
