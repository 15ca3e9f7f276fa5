"""What calls of SNS need.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
"""

from collections.abc import Mapping
from typing import Any

from localaws.authorization.needs import Need
from localaws.words.identity import Identity


class TopicNeeds:
    """`needs.NeedsOf` for SNS. A subscription has no policy: its topic stands for it."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        # Lists, which name no topic, are asked about as all of the account's.
        self._all = identity.arn("sns", "*")

    def __call__(self, operation: str, params: Mapping[str, Any]) -> list[Need]:
        action = "Publish" if operation == "PublishBatch" else operation
        return [Need(f"sns:{action}", self._resource(operation, params))]

    def _resource(self, operation: str, params: Mapping[str, Any]) -> str:
        for name in ("TopicArn", "TargetArn", "ResourceArn", "PhoneNumber"):
            if name in params:
                return str(params[name])
        if "SubscriptionArn" in params:
            return str(params["SubscriptionArn"]).rpartition(":")[0] or self._all
        if operation == "CreateTopic":
            return self._identity.arn("sns", params["Name"])
        return self._all
