"""Topics, and queues behind them, with keys of KMS that cannot be used."""

from typing import Any

import pytest

from localaws.words.data_keys import KeyFault
from tests.unit.sns.world import SnsWorld

GONE = KeyFault("NotFoundException", "Key 'it' does not exist")


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("NotFoundException", "KMSNotFound"),
        ("DisabledException", "KMSDisabled"),
        ("KMSInvalidStateException", "KMSInvalidState"),
        ("InvalidKeyUsageException", "KMSInvalidState"),
    ],
)
def test_messages_are_refused_in_kms_s_words(code: str, shown: str) -> None:
    world = SnsWorld()
    topic = world.topic(KmsMasterKeyId="it")
    world.key_faults["it"] = KeyFault(code, "KMS says no.")
    entries = [{"Id": "1", "Message": "m"}]
    asked: list[tuple[str, dict[str, Any]]] = [
        ("Publish", {"TopicArn": topic, "Message": "m"}),
        ("PublishBatch", {"TopicArn": topic, "PublishBatchRequestEntries": entries}),
    ]
    for operation, params in asked:
        refused = world.sns.call(operation, **params)["Error"]
        assert refused["Code"] == shown
        assert refused["Message"].startswith("KMS says no. (Service: AWSKMS; Status Code: 400; ")


def test_a_queue_s_key_fails_the_delivery_at_once() -> None:
    """An answer below 500: SNS does not try again, and the subscription's DLQ has it."""
    world = SnsWorld()
    topic, dlq = world.topic(), world.queue("dlq")
    queue = world.queue("encrypted", KmsMasterKeyId="it")
    world.subscribe(topic, queue, RedrivePolicy={"deadLetterTargetArn": dlq})
    world.key_faults["it"] = GONE
    world.publish(topic, "m")
    world.pass_time(100)
    assert len(world.received(dlq)) == 1
    world.key_faults.clear()
    assert world.received(queue) == []
