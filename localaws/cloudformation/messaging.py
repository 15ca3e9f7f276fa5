"""SQS queues, SNS topics and subscriptions as CloudFormation resources."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from localaws.cloudformation.resources import (
    Api,
    Made,
    Properties,
    as_text,
    is_true,
    physical_name,
    tags_gone,
    tags_of,
    unless_gone,
)

# DeliveryStatusLogging's protocol -> the start of the topic attributes' names.
_LOGGED_PROTOCOLS = {
    "application": "Application",
    "firehose": "Firehose",
    "http/s": "HTTP",
    "lambda": "Lambda",
    "sqs": "SQS",
}

# What an attribute becomes when the template names it no more; numbers take "" as their default.
_QUEUE_DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue",
    "FifoThroughputLimit": "perQueue",
    "SqsManagedSseEnabled": "true",
}
_TOPIC_DEFAULTS = {"ContentBasedDeduplication": "false", "TracingConfig": "PassThrough"}


class QueueResource:
    """AWS::SQS::Queue."""

    _IDENTITY = ("QueueName", "Tags")

    def __init__(self, sqs: Api) -> None:
        self._sqs = sqs

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        suffix = ".fifo" if is_true(properties.get("FifoQueue")) else ""
        name = properties.get("QueueName") or (
            physical_name(stack, logical_id, 80 - len(suffix)) + suffix
        )
        made = await self._sqs(
            "CreateQueue",
            QueueName=name,
            Attributes=self._attributes(properties),
            tags=tags_of(properties),
        )
        return await self._made(made["QueueUrl"])

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        removed = {name: _QUEUE_DEFAULTS.get(name, "") for name in self._attributes(old)}
        attributes = removed | self._attributes(new)
        attributes.pop("FifoQueue", None)  # another one is another queue
        await self._sqs("SetQueueAttributes", QueueUrl=physical_id, Attributes=attributes)
        if gone := tags_gone(old, new):
            await self._sqs("UntagQueue", QueueUrl=physical_id, TagKeys=gone)
        if tags_of(new):
            await self._sqs("TagQueue", QueueUrl=physical_id, Tags=tags_of(new))
        return await self._made(physical_id)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._sqs("DeleteQueue", QueueUrl=physical_id))

    def _attributes(self, properties: Properties) -> dict[str, str]:
        return {k: as_text(v) for k, v in properties.items() if k not in self._IDENTITY}

    async def _made(self, url: str) -> Made:
        answer = await self._sqs("GetQueueAttributes", QueueUrl=url, AttributeNames=["QueueArn"])
        arn = answer["Attributes"]["QueueArn"]
        return url, {"Arn": arn, "QueueName": url.rsplit("/", 1)[-1], "QueueUrl": url}


class PolicyResource:
    """AWS::SQS::QueuePolicy and AWS::SNS::TopicPolicy: one document on several resources.

    Args:
        put: sets the policy text of one resource; an empty text removes it.
        members: the property that names the resources.
    """

    def __init__(self, put: Callable[[str, str], Awaitable[Any]], members: str) -> None:
        self._put = put
        self._members = members

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        for member in properties[self._members]:
            await self._put(member, as_text(properties["PolicyDocument"]))
        return f"{stack}-{logical_id}-{uuid.uuid4().hex[:12]}", {}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        dropped = [m for m in old[self._members] if m not in new[self._members]]
        await self.delete(physical_id, {self._members: dropped})
        await self.create(logical_id, new, stack)
        return physical_id, {}

    async def delete(self, physical_id: str, properties: Properties) -> None:
        for member in properties[self._members]:
            await unless_gone(self._put(member, ""))


class TopicResource:
    """AWS::SNS::Topic."""

    def __init__(self, sns: Api) -> None:
        self._sns = sns

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        suffix = ".fifo" if is_true(properties.get("FifoTopic")) else ""
        name = properties.get("TopicName") or (
            physical_name(stack, logical_id, 256 - len(suffix)) + suffix
        )
        made = await self._sns(
            "CreateTopic",
            Name=name,
            Attributes=self._attributes(properties),
            Tags=properties.get("Tags", []),
        )
        arn: str = made["TopicArn"]
        for subscription in properties.get("Subscription", []):
            await self._sns("Subscribe", TopicArn=arn, ReturnSubscriptionArn=True, **subscription)
        return arn, {"TopicArn": arn, "TopicName": name}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        removed = {name: _TOPIC_DEFAULTS.get(name, "") for name in self._attributes(old)}
        attributes = removed | self._attributes(new)
        attributes.pop("FifoTopic", None)  # another one is another topic
        for name, value in attributes.items():
            await self._sns(
                "SetTopicAttributes", TopicArn=physical_id, AttributeName=name, AttributeValue=value
            )
        for subscription in new.get("Subscription", []):
            await self._sns(
                "Subscribe", TopicArn=physical_id, ReturnSubscriptionArn=True, **subscription
            )
        if gone := tags_gone(old, new):
            await self._sns("UntagResource", ResourceArn=physical_id, TagKeys=gone)
        if tags_of(new):
            await self._sns("TagResource", ResourceArn=physical_id, Tags=new["Tags"])
        return physical_id, {"TopicArn": physical_id, "TopicName": physical_id.rsplit(":", 1)[-1]}

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._sns("DeleteTopic", TopicArn=physical_id))

    def _attributes(self, properties: Properties) -> dict[str, str]:
        own_calls = ("TopicName", "Tags", "Subscription", "DeliveryStatusLogging")
        attributes = {k: as_text(v) for k, v in properties.items() if k not in own_calls}
        for logging in properties.get("DeliveryStatusLogging", []):
            protocol = _LOGGED_PROTOCOLS[logging["Protocol"]]
            given = {k: v for k, v in logging.items() if k != "Protocol"}
            attributes |= {f"{protocol}{name}": as_text(value) for name, value in given.items()}
        return attributes


class SubscriptionResource:
    """AWS::SNS::Subscription."""

    _IDENTITY = ("TopicArn", "Protocol", "Endpoint", "Region")

    def __init__(self, sns: Api) -> None:
        self._sns = sns

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        made = await self._sns(
            "Subscribe",
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties.get("Endpoint"),
            Attributes=self._attributes(properties),
            ReturnSubscriptionArn=True,
        )
        arn = made["SubscriptionArn"]
        return arn, {"Arn": arn}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        if any(old.get(name) != new.get(name) for name in self._IDENTITY):
            return await self.create(logical_id, new, stack)
        removed = {
            name: "false" if name == "RawMessageDelivery" else "" for name in self._attributes(old)
        }
        for name, value in (removed | self._attributes(new)).items():
            await self._sns(
                "SetSubscriptionAttributes",
                SubscriptionArn=physical_id,
                AttributeName=name,
                AttributeValue=value,
            )
        return physical_id, {"Arn": physical_id}

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._sns("Unsubscribe", SubscriptionArn=physical_id))

    def _attributes(self, properties: Properties) -> dict[str, str]:
        return {k: as_text(v) for k, v in properties.items() if k not in self._IDENTITY}
