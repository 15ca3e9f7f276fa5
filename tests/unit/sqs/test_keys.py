"""A queue with a key of KMS that cannot be used."""

import pytest

from localaws.words.data_keys import KeyFault
from tests.unit.sqs.world import SqsWorld

FAULTS = {
    "NotFoundException": ("KmsNotFound", "KMS.NotFoundException"),
    "DisabledException": ("KmsDisabled", "KMS.DisabledException"),
    "KMSInvalidStateException": ("KmsInvalidState", "KMS.InvalidStateException"),
    "InvalidKeyUsageException": ("KmsInvalidKeyUsage", "KMS.InvalidKeyUsageException"),
}


@pytest.mark.parametrize("code", FAULTS)
@pytest.mark.parametrize("name", ["q", "q.fifo"])
def test_messages_are_refused_in_kms_s_words(code: str, name: str) -> None:
    world = SqsWorld()
    queue = world.queue(name, KmsMasterKeyId="it")
    world.key_faults["it"] = KeyFault(code, "KMS says no.")
    ids = {"MessageGroupId": "g", "MessageDeduplicationId": "d"} if queue.is_fifo else {}
    entry = {"Id": "1", "MessageBody": "m", **ids}
    for refused in (
        world.refused("SendMessage", QueueUrl=queue.url, MessageBody="m", **ids),
        world.refused("SendMessageBatch", QueueUrl=queue.url, Entries=[entry]),
    ):
        assert (refused.code, refused.query_code) == FAULTS[code]
        assert refused.message.startswith("KMS says no. (Service: AWSKMS; Status Code: 400; ")
    assert queue.counts() == (0, 0, 0)


def test_what_is_there_cannot_be_received_and_does_not_count() -> None:
    world = SqsWorld()
    queue = world.queue(KmsMasterKeyId="it")
    world.call("SendMessage", QueueUrl=queue.url, MessageBody="m")
    world.key_faults["it"] = KeyFault("DisabledException", "It is disabled.")
    assert world.refused("ReceiveMessage", QueueUrl=queue.url).code == "KmsDisabled"
    # When it is usable again
    world.key_faults.clear()
    got = world.call("ReceiveMessage", QueueUrl=queue.url, AttributeNames=["All"])
    assert got["Messages"][0]["Attributes"]["ApproximateReceiveCount"] == "1"


def test_an_empty_queue_needs_no_key_to_be_read() -> None:
    world = SqsWorld()
    queue = world.queue(KmsMasterKeyId="it")
    world.key_faults["it"] = KeyFault("DisabledException", "It is disabled.")
    assert world.call("ReceiveMessage", QueueUrl=queue.url) == {}


def test_a_data_key_is_good_for_the_queue_s_reuse_period() -> None:
    world = SqsWorld()
    queue = world.queue(KmsMasterKeyId="it", KmsDataKeyReusePeriodSeconds=60)
    world.call("SendMessage", QueueUrl=queue.url, MessageBody="m")
    world.key_faults["it"] = KeyFault("DisabledException", "It is disabled.")
    world.clock.skip_to(world.clock.now_s() + 59)
    world.call("SendMessage", QueueUrl=queue.url, MessageBody="m")
    world.clock.skip_to(world.clock.now_s() + 1)
    assert world.refused("SendMessage", QueueUrl=queue.url, MessageBody="m").code == "KmsDisabled"


def test_what_is_wrong_with_the_message_is_told_first() -> None:
    world = SqsWorld()
    queue = world.queue(KmsMasterKeyId="it")
    world.key_faults["it"] = KeyFault("DisabledException", "It is disabled.")
    refused = world.refused("SendMessage", QueueUrl=queue.url, MessageBody="")
    assert refused.code == "MissingRequiredParameterException"
