"""What calls of SQS need.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""

from collections.abc import Mapping
from typing import Any

from localaws.authorization.needs import Need
from localaws.sqs.move_operations import read_handle
from localaws.words.identity import Identity

# A batch needs what its single call needs.
_BATCHES = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}


class QueueNeeds:
    """`needs.NeedsOf` for SQS."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def __call__(self, operation: str, params: Mapping[str, Any]) -> list[Need]:
        queue_arn = self._queue_arn(params)
        needs = [Need(f"sqs:{_BATCHES.get(operation, operation)}", queue_arn)]
        if operation == "StartMessageMoveTask":
            needs += [Need(f"sqs:{a}", queue_arn) for a in ("ReceiveMessage", "DeleteMessage")]
            if destination_arn := params.get("DestinationArn"):
                needs.append(Need("sqs:SendMessage", destination_arn))
        return needs

    def _queue_arn(self, params: Mapping[str, Any]) -> str:
        if "TaskHandle" in params:
            _, source_arn = read_handle(params["TaskHandle"])
            return source_arn
        if "SourceArn" in params:
            return str(params["SourceArn"])
        name = params.get("QueueName") or params.get("QueueUrl")
        # ListQueues names none: AWS asks about a queue without a name.
        return self._identity.arn("sqs", name.rpartition("/")[2] if name else "")
