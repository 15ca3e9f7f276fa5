"""Queues of stacks: the calls by which they are made and changed."""

import asyncio
from typing import Any

from localaws.cloudformation.messaging import QueueResource


def calls_of_update(old: dict[str, Any], new: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The calls of SQS's API, by operation, that change a queue's properties."""
    calls: dict[str, dict[str, Any]] = {}

    async def sqs(operation: str, **params: Any) -> dict[str, Any]:
        calls[operation] = params
        return {"Attributes": {"QueueArn": "arn"}}

    asyncio.run(QueueResource(sqs).update("url/q", old, new, "stack", "Queue"))
    return calls


def test_a_queue_whose_tags_alone_change_has_no_attributes_set() -> None:
    """SQS refuses to set none."""
    tag = {"Tags": [{"Key": "k", "Value": "v"}]}
    assert "SetQueueAttributes" not in calls_of_update({}, tag)
    changed = calls_of_update({"DelaySeconds": 5}, {"VisibilityTimeout": 9})["SetQueueAttributes"]
    assert changed["Attributes"] == {"DelaySeconds": "", "VisibilityTimeout": "9"}
