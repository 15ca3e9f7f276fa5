"""CloudWatch Logs' operations on log groups: create, delete, list, retention, protection, keys."""

import re
from typing import Any

from localaws.logs import tokens
from localaws.logs.errors import InvalidParameterException
from localaws.logs.group import LogGroup
from localaws.logs.limits import MAX_LISTED, MAX_LISTED_GROUPS, RETENTION_DAYS
from localaws.logs.registry import LogGroups
from localaws.logs.tag_operations import expect_tags
from localaws.words.http import Caller

Params = dict[str, Any]

# What DescribeLogGroups leaves of a group when it was asked for a pattern.
_BY_PATTERN = ("logGroupName", "creationTime", "arn", "logGroupArn", "logGroupClass")


class GroupOperations:
    """Each takes and returns what boto3 does."""

    def __init__(self, groups: LogGroups) -> None:
        self._groups = groups

    def create_log_group(self, params: Params, caller: Caller) -> None:
        expect_tags(params.get("tags") or {}, caller)
        self._groups.create(
            params["logGroupName"],
            kms_key_id=params.get("kmsKeyId"),
            tags=dict(params.get("tags") or {}),
            log_class=params.get("logGroupClass") or "STANDARD",
            deletion_protected=bool(params.get("deletionProtectionEnabled")),
        )

    def delete_log_group(self, params: Params, _caller: Caller) -> None:
        self._groups.delete(params["logGroupName"])

    def describe_log_groups(self, params: Params, _caller: Caller) -> Params:
        groups, token = tokens.page(
            "groups",
            self._matching(params),
            lambda group: (group.name,),
            token=params.get("nextToken"),
            limit=params.get("limit"),
            max_limit=MAX_LISTED,
        )
        described = [dict(group.described()) for group in groups]
        if params.get("logGroupNamePattern"):
            described = [{name: group[name] for name in _BY_PATTERN} for group in described]
        return {"logGroups": described, "nextToken": token}

    def list_log_groups(self, params: Params, _caller: Caller) -> Params:
        pattern = params.get("logGroupNamePattern") or ""
        log_class = params.get("logGroupClass")
        groups, token = tokens.page(
            "group-list",
            (
                group
                for group in self._groups
                if _found(pattern, group.name) and log_class in (None, group.log_class)
            ),
            lambda group: (group.name,),
            token=params.get("nextToken"),
            limit=params.get("limit"),
            max_limit=MAX_LISTED_GROUPS,
        )
        names = ("logGroupName", "logGroupArn", "logGroupClass")
        described = [group.described() for group in groups]
        return {
            "logGroups": [{name: group[name] for name in names} for group in described],
            "nextToken": token,
        }

    def put_retention_policy(self, params: Params, _caller: Caller) -> None:
        days = params["retentionInDays"]
        group = self._groups.named(params["logGroupName"])
        if days not in RETENTION_DAYS:
            # As in https://github.com/systeminit/si/issues/3022.
            raise InvalidParameterException(
                f"Invalid retention value. Valid values are: {list(RETENTION_DAYS)}"
            )
        group.retention_days = days

    def delete_retention_policy(self, params: Params, _caller: Caller) -> None:
        self._groups.named(params["logGroupName"]).retention_days = None

    def put_log_group_deletion_protection(self, params: Params, _caller: Caller) -> None:
        group = self._groups.identified(params["logGroupIdentifier"])
        group.deletion_protected = params["deletionProtectionEnabled"]

    def associate_kms_key(self, params: Params, _caller: Caller) -> None:
        self._encrypted(params).kms_key_id = params["kmsKeyId"]

    def disassociate_kms_key(self, params: Params, _caller: Caller) -> None:
        self._encrypted(params).kms_key_id = None

    def _encrypted(self, params: Params) -> LogGroup:
        name = params.get("logGroupName") or params.get("resourceIdentifier")
        if name is None:
            raise InvalidParameterException(
                "Either logGroupName or resourceIdentifier must be specified."
            )
        return self._groups.identified(name)

    def _matching(self, params: Params) -> list[LogGroup]:
        prefix, pattern = params.get("logGroupNamePrefix"), params.get("logGroupNamePattern")
        if prefix and pattern:
            raise InvalidParameterException(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."
            )
        if identifiers := params.get("logGroupIdentifiers"):
            return [self._groups.identified(identifier) for identifier in identifiers]
        log_class = params.get("logGroupClass")
        return [
            group
            for group in self._groups
            if group.name.startswith(prefix or "")
            and (pattern or "") in group.name
            and log_class in (None, group.log_class)
        ]


def _found(pattern: str, name: str) -> bool:
    """Whether one of the alternatives `a|b` is in the name, `^` standing for its beginning."""
    return any(
        name.startswith(part[1:]) if part.startswith("^") else part in name
        for part in re.split(r"\|", pattern)
    )
