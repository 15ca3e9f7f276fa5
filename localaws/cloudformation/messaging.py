"""SQS queues, SNS topics and subscriptions as CloudFormation resources."""

from localaws.cloudformation.resources import (
    AlreadyExists,
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
_TOPIC_DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "FifoThroughputScope": "Topic",
    "SignatureVersion": "1",
    "TracingConfig": "PassThrough",
}


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
        # CreateQueue itself answers with the queue that is there, if its settings are the same.
        if await unless_gone(self._sqs("GetQueueUrl", QueueName=name)):
            raise AlreadyExists.of("AWS::SQS::Queue", name)
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
        if "KmsMasterKeyId" in old:
            # SQS takes one kind of encryption at a time, and its own again once the key goes.
            removed["SqsManagedSseEnabled"] = _QUEUE_DEFAULTS["SqsManagedSseEnabled"]
        if new.get("KmsMasterKeyId"):
            removed.pop("SqsManagedSseEnabled", None)
        attributes = removed | self._attributes(new)
        attributes.pop("FifoQueue", None)  # another one is another queue
        if attributes:
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


class TopicResource:
    """AWS::SNS::Topic."""

    def __init__(self, sns: Api) -> None:
        self._sns = sns

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        suffix = ".fifo" if is_true(properties.get("FifoTopic")) else ""
        name = properties.get("TopicName") or (
            physical_name(stack, logical_id, 256 - len(suffix)) + suffix
        )
        if await self._exists(name):
            raise AlreadyExists.of("AWS::SNS::Topic", name)
        made = await self._sns(
            "CreateTopic",
            Name=name,
            Attributes=self._attributes(properties),
            Tags=properties.get("Tags", []),
        )
        arn: str = made["TopicArn"]
        await self._subscribe(arn, [], properties.get("Subscription", []))
        return arn, {"TopicArn": arn, "TopicName": name}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        removed = {name: _topic_default(name) for name in self._attributes(old)}
        attributes = removed | self._attributes(new)
        attributes.pop("FifoTopic", None)  # another one is another topic
        for name, value in attributes.items():
            await self._sns(
                "SetTopicAttributes", TopicArn=physical_id, AttributeName=name, AttributeValue=value
            )
        await self._subscribe(physical_id, old.get("Subscription", []), new.get("Subscription", []))
        if gone := tags_gone(old, new):
            await self._sns("UntagResource", ResourceArn=physical_id, TagKeys=gone)
        if tags_of(new):
            await self._sns("TagResource", ResourceArn=physical_id, Tags=new["Tags"])
        return physical_id, {"TopicArn": physical_id, "TopicName": physical_id.rsplit(":", 1)[-1]}

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._sns("DeleteTopic", TopicArn=physical_id))

    async def _exists(self, name: str) -> bool:
        """Whether there is one of this name; CreateTopic would answer with it."""
        token = None
        while True:
            page = await self._sns("ListTopics", NextToken=token)
            if any(topic["TopicArn"].endswith(f":{name}") for topic in page["Topics"]):
                return True
            if not (token := page.get("NextToken")):
                return False

    async def _subscribe(self, arn: str, old: list[Properties], new: list[Properties]) -> None:
        """Give the topic the subscriptions that stand in it, and take away those that did."""
        for subscription in new:
            await self._sns("Subscribe", TopicArn=arn, ReturnSubscriptionArn=True, **subscription)
        gone = [(s["Protocol"], s["Endpoint"]) for s in old if s not in new]
        # The list has pages; whoever is on none of them is gone already.
        token = None
        while gone:
            page = await self._sns("ListSubscriptionsByTopic", TopicArn=arn, NextToken=token)
            for found in page["Subscriptions"]:
                if (found["Protocol"], found["Endpoint"]) in gone:
                    await unless_gone(
                        self._sns("Unsubscribe", SubscriptionArn=found["SubscriptionArn"])
                    )
            if not (token := page.get("NextToken")):
                return

    def _attributes(self, properties: Properties) -> dict[str, str]:
        own_calls = ("TopicName", "Tags", "Subscription", "DeliveryStatusLogging")
        attributes = {k: as_text(v) for k, v in properties.items() if k not in own_calls}
        for logging in properties.get("DeliveryStatusLogging", []):
            protocol = _LOGGED_PROTOCOLS[logging["Protocol"]]
            given = {k: v for k, v in logging.items() if k != "Protocol"}
            attributes |= {f"{protocol}{name}": as_text(value) for name, value in given.items()}
        return attributes


def _topic_default(attribute: str) -> str:
    return "0" if attribute.endswith("SampleRate") else _TOPIC_DEFAULTS.get(attribute, "")


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
