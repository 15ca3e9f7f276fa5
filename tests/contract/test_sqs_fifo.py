"""SQS's FIFO queues, against answers recorded from real AWS."""

from typing import Any

import pytest

from tests.contract.sqs_replay import SqsReplay

CLASS = "TestSqsProvider"
GROUP_1 = {"MessageGroupId": "group-1"}
GROUP_2 = {"MessageGroupId": "group-2"}
GROUP_3 = {"MessageGroupId": "group-3"}
ID_1 = {"MessageDeduplicationId": "dedup-1"}
ID_2 = {"MessageDeduplicationId": "dedup-2"}
HIGH = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
REGULAR = {"DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"}

both_protocols = pytest.mark.parametrize("protocol", ["sqs", "sqs_query"])


class FifoReplay(SqsReplay):
    """With one FIFO queue."""

    def __init__(self, test: str, **attributes: Any) -> None:
        super().__init__("sqs", f"{CLASS}::{test}")
        self.url = self.queue("queue.fifo", **attributes)

    def receive(self, step: str, **params: Any) -> dict[str, Any]:
        """The step is a receive; what it returned is deleted, so that its group goes on."""
        answer = self.step(step, "ReceiveMessage", QueueUrl=self.url, **params)
        for message in answer.get("Messages", []):
            handle = message["ReceiptHandle"]
            self.call("DeleteMessage", QueueUrl=self.url, ReceiptHandle=handle)
        return answer

    def sent(self, step: str, body: str, **params: Any) -> None:
        """Send a message; the step is the receive after it."""
        self.send(self.url, body, **params)
        self.receive(step)

    def configure(self, attributes: dict[str, str], step: str) -> None:
        """Change attributes; the step shows all of them."""
        self.call("SetQueueAttributes", QueueUrl=self.url, Attributes=attributes)
        self.attributes(self.url, step)


@both_protocols
def test_fifo_queue_send_message_with_delay_seconds_fails(protocol: str) -> None:
    test = FifoReplay(f"test_fifo_queue_send_message_with_delay_seconds_fails[{protocol}]")
    params = {"QueueUrl": test.url, "MessageBody": "message-1", "DelaySeconds": 2}
    test.step("send_message", "SendMessage", **params, **GROUP_1, **ID_1)
    test.done()


@both_protocols
def test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay(protocol: str) -> None:
    name = "test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay"
    test = FifoReplay(f"{name}[{protocol}]", DelaySeconds=2)
    params = {"QueueUrl": test.url, "MessageBody": "message-1", "DelaySeconds": 0}
    test.step("send_message_result", "SendMessage", **params, **GROUP_1, **ID_1)
    test.receive("receive_message_initial_result", WaitTimeSeconds=0)
    test.receive("receive_message_after_delay_result", WaitTimeSeconds=10)
    test.done()


@both_protocols
def test_fifo_message_attributes(protocol: str) -> None:
    test = FifoReplay(f"test_fifo_message_attributes[{protocol}]", VisibilityTimeout=0)
    params = {"QueueUrl": test.url, "MessageBody": "message-body-1"}
    test.step("send_message", "SendMessage", **params, **GROUP_1, **ID_1)
    for step in ("receive_message_0", "receive_message_1"):
        test.step(step, "ReceiveMessage", QueueUrl=test.url, AttributeNames=["All"])
    test.done()


@both_protocols
def test_fifo_set_content_based_deduplication_strategy(protocol: str) -> None:
    name = f"test_fifo_set_content_based_deduplication_strategy[{protocol}]"
    test = FifoReplay(name, ContentBasedDeduplication="true")
    test.attributes(test.url, "before-update")
    test.configure({"ContentBasedDeduplication": "false"}, "after-update")
    test.done()


@both_protocols
@pytest.mark.parametrize(
    ("case", "given"), [("deduplication_id", GROUP_1), ("message_group_id", ID_1)]
)
def test_send_batch_missing_ids(protocol: str, case: str, given: dict[str, str]) -> None:
    test = FifoReplay(f"test_send_batch_missing_{case}_for_fifo_queue[{protocol}]")
    entries = [{"Id": "message-1", "MessageBody": "message-1", **given}]
    step = f"test_missing_{case}_for_fifo_queue"
    test.step(step, "SendMessageBatch", QueueUrl=test.url, Entries=entries)
    test.done()


@both_protocols
@pytest.mark.parametrize("content_based", [True, False])
@pytest.mark.parametrize(
    ("name", "second_step", "second_group"),
    [
        ("arrives_once_after_delete", "get-messages-duplicate", GROUP_1),
        ("not_on_message_group_id", "get-dedup-messages", GROUP_2),
    ],
)
def test_fifo_deduplication(
    protocol: str, content_based: bool, name: str, second_step: str, second_group: dict[str, str]
) -> None:
    test = FifoReplay(
        f"test_fifo_deduplication_{name}[{protocol}-{content_based}]",
        ContentBasedDeduplication=str(content_based).lower(),
    )
    own_id = {} if content_based else ID_1
    # The recordings show the body parsed: {"foo": "bar"}
    for step, group in (("get-messages", GROUP_1), (second_step, second_group)):
        test.send(test.url, '{"foo": "bar"}', **group, **own_id)
        answer = test.client.call("ReceiveMessage", QueueUrl=test.url)
        for message in answer.get("Messages", []):
            handle = message["ReceiptHandle"]
            test.call("DeleteMessage", QueueUrl=test.url, ReceiptHandle=handle)
            message["Body"] = {"foo": "bar"}
        test.compare(step, answer)
    test.done()


@both_protocols
@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("test_sqs_fifo_same_dedup_id_different_message_groups", {}),
        ("test_fifo_high_throughput_ordering", HIGH),
    ],
)
def test_one_id_in_two_groups(protocol: str, name: str, attributes: dict[str, str]) -> None:
    test = FifoReplay(f"{name}[{protocol}]", **attributes)
    bodies = ("Test1", "Test2") if attributes else ("Test", "Test")
    test.sent("same-dedup-different-grp-1", bodies[0], **GROUP_1, **ID_1)
    test.sent("same-dedup-different-grp-2", bodies[1], **GROUP_2, **ID_1)
    test.done()


@both_protocols
def test_fifo_change_to_high_throughput_after_creation(protocol: str) -> None:
    test = FifoReplay(f"test_fifo_change_to_high_throughput_after_creation[{protocol}]")
    test.sent("same-dedup-different-grp-1", "Test1", **GROUP_1, **ID_1)
    test.sent("same-dedup-different-grp-2", "Test2", **GROUP_2, **ID_1)
    test.configure(HIGH, "set-to-high-throughput")
    # The scope of the creation holds on, in every group
    test.sent("same-dedup-different-grp-high-throughput", "Test3", **GROUP_2, **ID_1)
    test.sent("same-dedup-different-grp-high-throughput-2", "Test3", **GROUP_1, **ID_1)
    test.sent("new-dedup2-high-throughput", "Test4", **GROUP_2, **ID_2)
    test.sent("same-dedup2-high-throughput", "Test5", **GROUP_1, **ID_2)
    test.done()


@both_protocols
def test_fifo_change_to_regular_throughput_after_creation(protocol: str) -> None:
    name = f"test_fifo_change_to_regular_throughput_after_creation[{protocol}]"
    test = FifoReplay(name, **HIGH)
    test.sent("same-dedup-different-grp-1", "Test1", **GROUP_1, **ID_1)
    test.sent("same-dedup-different-grp-2", "Test2", **GROUP_2, **ID_1)
    test.configure(REGULAR, "set-to-regular-throughput")
    # The scope of the creation holds on: ids are taken for one group
    test.sent("same-dedup-different-grp-regular-throughput", "Test3", **GROUP_3, **ID_1)
    test.done()
