"""SNS's FIFO topics, against answers recorded from real AWS."""

import json

import pytest

from tests.contract.sns_replay import (
    FIFO_SYSTEM,
    ONE_ATTRIBUTE,
    TWO_ATTRIBUTES,
    Replay,
    empty,
    entry,
)


def test_fifo_topics_and_what_they_refuse() -> None:
    test = Replay("TestSNSSubscriptionSQSFifo::test_validations_for_fifo")
    world = test.world
    topic, fifo_topic = world.topic(), world.topic("t.fifo", FifoTopic="true")
    queue, fifo_queue = world.queue("q"), world.queue("q.fifo", FifoQueue="true")
    test.call("not-fifo-topic", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=fifo_queue)
    standard = world.subscribe(fifo_topic, queue)
    test.attributes("not-fifo-queue", standard, within=None)
    test.call(
        "regular-queue-for-dlq-of-fifo-topic",
        "SetSubscriptionAttributes",
        SubscriptionArn=world.subscribe(fifo_topic, fifo_queue),
        AttributeName="RedrivePolicy",
        AttributeValue=json.dumps({"deadLetterTargetArn": queue}),
    )
    test.call("no-msg-group-id", "Publish", TopicArn=fifo_topic, Message="m")
    test.call("no-dedup-policy", "Publish", TopicArn=fifo_topic, Message="m", MessageGroupId="g")
    test.call(
        "no-msg-dedup-regular-topic",
        "Publish",
        TopicArn=topic,
        Message="m",
        MessageDeduplicationId="d",
    )


@pytest.mark.parametrize("raw", [True, False])
def test_fifo_messages_in_the_dlq(raw: bool) -> None:
    test = Replay(f"TestSNSSubscriptionSQSFifo::test_publish_fifo_messages_to_dlq[{raw}]")
    world = test.world
    topic = world.topic("t.fifo", FifoTopic="true")
    test.call("topic-attrs", "GetTopicAttributes", TopicArn=topic)
    queue = world.queue("q.fifo", FifoQueue="true")
    dlq = world.queue("dlq.fifo", FifoQueue="true")
    policy = {"deadLetterTargetArn": dlq}
    world.subscribe(topic, queue, RedrivePolicy=policy, RawMessageDelivery=str(raw).lower())
    world.queues.delete_queue(world.queues.queue(queue))
    entries = [
        entry(1, "Test Message with two attributes", TWO_ATTRIBUTES),
        entry(2, "Test Message with one attribute", ONE_ATTRIBUTE),
        {"Id": "3", "Message": "Test Message without attribute", "Subject": "Subject"},
    ]
    for each in entries:
        each["MessageGroupId"] = "complexMessageGroupId"
        each["MessageDeduplicationId"] = f"MessageDeduplicationId-{each['Id']}"
    test.call(
        "publish-batch-response-fifo",
        "PublishBatch",
        TopicArn=topic,
        PublishBatchRequestEntries=entries,
    )
    test.received("batch-messages-in-dlq", dlq, *FIFO_SYSTEM, metadata=False)
    empty(world, dlq)
    test.call(
        "publish-response-fifo",
        "Publish",
        TopicArn=topic,
        Message="test-message",
        MessageGroupId="message-group-id-1",
        MessageDeduplicationId="message-deduplication-id-1",
    )
    test.received("messages-in-dlq", dlq, *FIFO_SYSTEM, metadata=False)
