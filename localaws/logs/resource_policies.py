"""Resource policies: which AWS services may write to the account's log groups.

They are kept and shown. No service that asks for one writes here.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
"""

import json
from typing import Any

from localaws.logs import tokens
from localaws.logs.errors import (
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
)
from localaws.logs.limits import MAX_RESOURCE_POLICIES
from localaws.logs.registry import LogGroups
from localaws.time.clock import Clock
from localaws.words.http import Caller

Params = dict[str, Any]
# The name of an account's policy, or the ARN of the log group that has one.
_Key = tuple[str, str]


class ResourcePolicies:
    """Each operation takes and returns what boto3 does."""

    def __init__(self, clock: Clock, groups: LogGroups) -> None:
        self._clock = clock
        self._groups = groups
        self._policies: dict[_Key, Params] = {}

    def put_resource_policy(self, params: Params, _caller: Caller) -> Params:
        key, document = self._key(params), params.get("policyDocument")
        _check_document(document)
        count = sum(scope == "ACCOUNT" for scope, _ in self._policies)
        if key[0] == "ACCOUNT" and key not in self._policies and count == MAX_RESOURCE_POLICIES:
            raise LimitExceededException
        policy: Params = {
            "policyName": params.get("policyName"),
            "policyDocument": document,
            "lastUpdatedTime": self._clock.now_ms(),
        }
        if key[0] == "RESOURCE":
            revision = self._revision(key, params)
            policy |= {
                "policyScope": "RESOURCE",
                "resourceArn": key[1],
                "revisionId": str(revision + 1),
            }
        self._policies[key] = policy
        return {"resourcePolicy": policy, "revisionId": policy.get("revisionId")}

    def describe_resource_policies(self, params: Params, _caller: Caller) -> Params:
        scope, arn = params.get("policyScope"), params.get("resourceArn")
        if scope is None:
            scope = "RESOURCE" if arn else "ACCOUNT"
        shown, token = tokens.page(
            "resource-policies",
            (key for key in self._policies if key[0] == scope and arn in (None, key[1])),
            lambda key: key,
            token=params.get("nextToken"),
            limit=params.get("limit"),
        )
        return {"resourcePolicies": [self._policies[key] for key in shown], "nextToken": token}

    def delete_resource_policy(self, params: Params, _caller: Caller) -> None:
        key = self._key(params)
        if key not in self._policies:
            name = params.get("policyName") or key[1]
            raise ResourceNotFoundException(f"Policy with name [{name}] does not exist")
        self._revision(key, params)
        del self._policies[key]

    def _key(self, params: Params) -> _Key:
        if arn := params.get("resourceArn"):
            return "RESOURCE", self._groups.identified(arn).arn
        if name := params.get("policyName"):
            return "ACCOUNT", name
        raise InvalidParameterException("Either policyName or resourceArn must be specified.")

    def _revision(self, key: _Key, params: Params) -> int:
        """The policy's revision, which the request must know; 0 where there is no policy yet."""
        revision = int(self._policies.get(key, {}).get("revisionId", 0))
        if revision and params.get("expectedRevisionId") != str(revision):
            raise InvalidParameterException(
                f"The policy of {key[1]} is at revision {revision}: give that as "
                "expectedRevisionId."
            )
        return revision


def _check_document(document: str | None) -> None:
    """The words: https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/logs."""
    try:
        policy = json.loads(document or "")
    except ValueError:
        policy = None
    if not isinstance(policy, dict) or "Statement" not in policy:
        raise InvalidParameterException(
            "Error occurred while parsing accessPolicy. Please check if the accessPolicy has been "
            "constructed correctly using IAM grammar."
        )
