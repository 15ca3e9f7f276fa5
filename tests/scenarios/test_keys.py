"""Queues and topics with a key of KMS, and what becomes of messages once it cannot be used.

A service that sent lately goes on with the data key that it has (dg/sqs-key-management: 300 s
unless the queue says otherwise), so each queue and topic here is new to whoever sends.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.queues import Queue, let_write
from tests.scenarios.test_services_meet import of_bucket, of_rule

# How a key becomes unusable -> what SQS and SNS call it.
STATES = {
    "gone": ("KMS.NotFoundException", "KMSNotFound"),
    "disabled": ("KMS.DisabledException", "KMSDisabled"),
    "pending deletion": ("KMS.InvalidStateException", "KMSInvalidState"),
}


def a_key(account: Account) -> str:
    kms = account.client("kms")
    key_id: str = kms.create_key()["KeyMetadata"]["KeyId"]
    account.on_close(lambda: _schedule_deletion(kms, key_id))
    return key_id


def _schedule_deletion(kms: Any, key_id: str) -> None:
    if kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] != "PendingDeletion":
        kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)


def unusable(account: Account, state: str) -> str:
    """The id of a key in this state, or an alias that there is not."""
    if state == "gone":
        return f"alias/{account.unique('gone')}"
    key_id, kms = a_key(account), account.client("kms")
    if state == "disabled":
        kms.disable_key(KeyId=key_id)
    else:
        _schedule_deletion(kms, key_id)
    return key_id


def encrypted_topic(account: Account, key_id: str) -> str:
    topic = account.topic()
    account.client("sns").set_topic_attributes(
        TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=key_id
    )
    return topic


@pytest.mark.parametrize("state", STATES)
def test_nothing_can_be_sent_or_published(account: Account, state: str) -> None:
    # Given a queue and a topic with a key that cannot be used
    key_id = unusable(account, state)
    queue, topic = account.queue(KmsMasterKeyId=key_id), encrypted_topic(account, key_id)
    # When messages come
    with pytest.raises(ClientError) as sent:
        queue.send("order")
    with pytest.raises(ClientError) as published:
        account.client("sns").publish(TopicArn=topic, Message="order")
    # Then both refuse them in KMS's words
    assert sent.value.response["Error"]["Code"] == STATES[state][0]
    assert published.value.response["Error"]["Code"] == STATES[state][1]
    assert "Service: AWSKMS" in str(sent.value)


def test_a_message_waits_for_its_key(account: Account) -> None:
    # Given a message in a queue whose key was disabled since
    key_id, kms = a_key(account), account.client("kms")
    queue = account.queue(KmsMasterKeyId=key_id)
    queue.send("order")
    kms.disable_key(KeyId=key_id)
    # When it is received
    with pytest.raises(ClientError, match="is disabled") as error:
        queue.receive()
    assert error.value.response["Error"]["Code"] == "KMS.DisabledException"
    # Then it is there once the key can be used again
    kms.enable_key(KeyId=key_id)
    [message] = queue.receive()
    assert message["Body"] == "order"


@pytest.mark.parametrize("service", ["sqs", "sns"])
def test_the_keys_of_aws_are_always_there(account: Account, service: str) -> None:
    if service == "sqs":
        queue = account.queue(KmsMasterKeyId="alias/aws/sqs")
        queue.send("order")
        assert len(queue.receive()) == 1
    else:
        topic = encrypted_topic(account, "alias/aws/sns")
        assert account.client("sns").publish(TopicArn=topic, Message="order")["MessageId"]


def _of_topic(account: Account, queue: Queue, dlq: Queue) -> Callable[[], None]:
    topic, sns = account.topic(), account.client("sns")
    for one in (queue, dlq):
        let_write(one, "sns.amazonaws.com", topic)
    redrive = json.dumps({"deadLetterTargetArn": dlq.arn})
    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=queue.arn,
        Attributes={"RedrivePolicy": redrive},
    )
    return lambda: sns.publish(TopicArn=topic, Message="order")


def _of_rule(account: Account, queue: Queue, dlq: Queue) -> Callable[[], None]:
    source = of_rule(account)
    for one in (queue, dlq):
        let_write(one, source.service, source.arn)
    tell: Any = source.tell
    tell(queue.arn, DeadLetterConfig={"Arn": dlq.arn})
    return source.happen


@pytest.mark.parametrize("source", [_of_topic, _of_rule])
def test_what_a_service_cannot_send_waits_in_its_dlq(account: Account, source: Any) -> None:
    # Given a service that sends to a queue whose key cannot be used
    queue = account.queue(KmsMasterKeyId=unusable(account, "disabled"))
    dlq = account.queue()
    happen = source(account, queue, dlq)
    # When something happens, then the DLQ has it at once
    happen()
    account.time.until(lambda: dlq.holds(1))


def test_a_function_s_record_is_lost(account: Account) -> None:
    # Given a function with a destination whose key cannot be used
    function = account.function("orders")
    queue = account.queue(KmsMasterKeyId=unusable(account, "gone"))
    account.client("lambda").put_function_event_invoke_config(
        FunctionName=function, DestinationConfig={"OnSuccess": {"Destination": queue.arn}}
    )
    account.time.propagate()
    # When an event is done with
    account.invoke_event(function, {"order": 1})
    # Then only a metric tells of the record
    name = "DestinationDeliveryFailures"
    account.until_metrics(lambda: account.metric("AWS/Lambda", name, FunctionName=function) == [1])


@pytest.mark.parametrize("kind", ["queue", "topic"])
def test_a_bucket_is_not_told_of_a_target_whose_key_cannot_be_used(
    account: Account, kind: str
) -> None:
    source, key_id = of_bucket(account), unusable(account, "disabled")
    if kind == "queue":
        queue = account.queue(KmsMasterKeyId=key_id)
        let_write(queue, source.service, source.arn)
        target = queue.arn
    else:
        target, _ = outlets.topic(account)
        account.client("sns").set_topic_attributes(
            TopicArn=target, AttributeName="KmsMasterKeyId", AttributeValue=key_id
        )
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": source.service},
            "Action": "sns:Publish",
            "Resource": target,
        }
        account.client("sns").set_topic_attributes(
            TopicArn=target,
            AttributeName="Policy",
            AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
    account.time.propagate()
    with pytest.raises(ClientError, match="Unable to validate the following destination"):
        source.tell(target)
