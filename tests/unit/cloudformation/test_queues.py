"""Queues and topics of stacks: the calls by which they are made and changed."""

import asyncio
from typing import Any

from localaws.cloudformation.messaging import QueueResource, TopicResource
from localaws.cloudformation.resources import Api
from tests.unit.sns.world import SnsWorld


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


def test_the_tags_that_cloudformation_adds_are_its_own() -> None:
    """Nobody else may set tags of AWS's: `aws:cloudformation:stack-name`, for one."""
    world = SnsWorld()
    tags = {"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "stack"}]}
    for made in (
        QueueResource(Api(world.queues.operations(), "arn")),
        TopicResource(Api(world.service.operations(), "arn")),
    ):
        physical_id, _ = asyncio.run(made.create("One", tags, "stack"))
        asyncio.run(made.update(physical_id, {}, tags, "stack", "One"))
    [queue_url] = world.sqs.call("ListQueues")["QueueUrls"]
    own = {"aws:k": "v"}
    assert "Error" in world.sqs.call("TagQueue", QueueUrl=queue_url, Tags=own)
    assert "Error" not in world.sqs.call("TagQueue", QueueUrl=queue_url, Tags={"k": "v"})
