"""What calls of CloudWatch Logs need.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
"""

from collections.abc import Mapping
from typing import Any

from localaws.authorization.needs import Need
from localaws.words.identity import Identity


class LogGroupNeeds:
    """`needs.NeedsOf` for CloudWatch Logs.

    AWS judges a log group by the ARN of a stream in it, of an empty name where the call names
    none: a policy for the group's ARN with `:*` covers both.
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def __call__(self, operation: str, params: Mapping[str, Any]) -> list[Need]:
        if "resourceArn" in params:
            return [Need(f"logs:{operation}", params["resourceArn"])]
        stream = params.get("logStreamName", "")
        return [Need(f"logs:{operation}", self._arn(group, stream)) for group in _groups(params)]

    def _arn(self, group: str, stream: str) -> str:
        return self._identity.arn("logs", f"log-group:{group}:log-stream:{stream}")


def _groups(params: Mapping[str, Any]) -> list[str]:
    """The names of the groups that a call names, one empty name where it names none."""
    named = [
        params.get("logGroupName"),
        params.get("logGroupIdentifier"),
        *params.get("logGroupNames", ()),
        *params.get("logGroupIdentifiers", ()),
    ]
    names = [name.rpartition("log-group:")[2].removesuffix(":*") for name in named if name]
    return names or [""]
