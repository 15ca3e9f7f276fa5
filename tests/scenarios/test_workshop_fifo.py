"""Looking into FIFO queues and sending again what lies there, on the embedded AWS.

While messages of a group are in flight, SQS hands out no more of that group.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import workshop
from tests.scenarios.test_workshop_package import BAD, GOOD
from workshop.lab import Lab
from workshop.repair import resending


def fifo_queue(lab: Lab, name: str, *groups: str) -> str:
    """A FIFO queue with a message for each group that is named, in this order."""
    sqs = lab.client("sqs")
    url: str = sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"]
    for number, group in enumerate(groups):
        sqs.send_message(
            QueueUrl=url,
            MessageBody=f"{group}{number}",
            MessageGroupId=group,
            MessageDeduplicationId=str(number),
        )
    return url


def test_a_look_sees_every_group_of_a_fifo_queue(lab: Lab) -> None:
    # Given groups that do not end where a receive of ten messages ends
    url = fifo_queue(lab, "groups.fifo", *"AAAABBBBCCCCDDDD")
    # When somebody looks, twice
    first, second = (lab.messages(url) for _ in range(2))
    # Then every message is seen, in its order
    bodies = [f"{group}{number}" for number, group in enumerate("AAAABBBBCCCCDDDD")]
    assert [message["Body"] for message in first] == bodies
    assert [message["Body"] for message in second] == bodies


def test_a_look_tells_of_messages_that_wait_behind_ten_of_their_group(lab: Lab) -> None:
    url = fifo_queue(lab, "one-group.fifo", *"A" * 12, "B")
    with pytest.warns(UserWarning, match=r"2 more messages lie in one-group\.fifo"):
        seen = lab.messages(url)
    assert [message["Body"] for message in seen] == [*(f"A{n}" for n in range(10)), "B12"]


def in_group(
    lab: Lab, url: str, order_ids: Sequence[str], order: dict[str, Any], group: str = "A"
) -> None:
    """Send orders to a FIFO queue, all of one message group."""
    for order_id in order_ids:
        lab.client("sqs").send_message(
            QueueUrl=url,
            MessageBody=json.dumps({"order_id": order_id, **order}),
            MessageGroupId=group,
            MessageDeduplicationId=order_id,
        )


@pytest.fixture
def fifo_dlq(lab: Lab) -> str:
    """The URL of the FIFO queue's DLQ, empty."""
    url = lab.outputs("FifoBatches").SourceQueueDlqUrl
    lab.clock.sleep(60)  # a queue may be purged once in that time
    lab.client("sqs").purge_queue(QueueUrl=url)
    lab.clock.sleep(60)
    return url


def test_a_redrive_with_a_filter_reaches_what_lies_behind_ten_of_its_group(
    lab: Lab, fifo_dlq: str
) -> None:
    # Given more messages of a group than SQS shows at once, every second of which is wanted
    orders = [f"behind-{n:02}" for n in range(17)]
    in_group(lab, fifo_dlq, orders, GOOD)
    # When these are sent again
    done = workshop.redrive(lab, "FifoBatches", False, orders[1::2])
    # Then all of them are, in their sequence, and the others still lie there, to be seen
    assert list(done.table["order_id"]) == orders[1::2]
    assert (done.moved, done.unseen) == (8, 0)
    assert set(done.came_back()["state"]) == {"processed"}
    left = [json.loads(message["Body"])["order_id"] for message in lab.messages(fifo_dlq)]
    assert left == orders[::2]


def test_a_redrive_with_a_filter_finds_a_message_whatever_groups_it_passes_over(
    lab: Lab, fifo_dlq: str
) -> None:
    # Given a group that does not end where a receive of ten messages ends
    orders = {group: [f"{group}-{n}" for n in range(4)] for group in "ABC"}
    for group, order_ids in orders.items():
        in_group(lab, fifo_dlq, order_ids, GOOD, group)
    # When its last message is to be sent again
    done = workshop.redrive(lab, "FifoBatches", False, [orders["C"][-1]])
    # Then it is found
    assert (done.moved, done.unseen) == (1, 0)
    lab.wait_until(lambda: lab.queue_counts(fifo_dlq).visible == 11, "the others are counted")


def test_a_redrive_says_what_it_cannot_see_behind_messages_that_are_left(
    lab: Lab, fifo_dlq: str
) -> None:
    # Given a message that is wanted behind eleven of its group that are not
    orders = [f"hidden-{n:02}" for n in range(12)]
    in_group(lab, fifo_dlq, orders, GOOD)
    # When it is to be sent again, then nothing happens, and it is said why
    for dry_run in (True, False):
        found = workshop.redrive(lab, "FifoBatches", dry_run, [orders[-1]])
        assert (found.moved, found.unseen) == (0, 2)
        assert "SQS counts 2 more behind others of their message group" in repr(found)
    # And once some that stand before it are sent as well, its turn comes
    found = workshop.redrive(lab, "FifoBatches", False, [orders[4], orders[8], orders[-1]])
    assert list(found.table["order_id"]) == [orders[4], orders[8], orders[-1]]
    assert "more" not in repr(found)
    lab.wait_until(lambda: lab.queue_counts(fifo_dlq).visible == 9, "the others are counted")


def test_a_group_that_fails_again_is_sent_again_once(
    lab: Lab, fifo_dlq: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a group of bad orders in the DLQ
    orders = [f"again-{n:02}" for n in range(12)]
    in_group(lab, lab.outputs("FifoBatches").SourceQueueUrl, orders, BAD)
    lab.wait_until(lambda: lab.queue_counts(fifo_dlq).visible == 12, "all are there")
    # When SQS moves it, then also what nobody saw, which the result counts
    dry = workshop.redrive(lab, "FifoBatches")
    assert (len(dry.table), dry.unseen) == (10, 2)
    done = workshop.redrive(lab, "FifoBatches", False)
    assert (done.moved, done.unseen) == (12, 0)
    assert repr(done).startswith("10 of 10 messages sent again, and 2 more behind them.")
    # When it is sent one by one, so slowly that the first come back before the last are sent
    lab.wait_until(lambda: lab.queue_counts(fifo_dlq).visible == 12, "all came back")
    send_again, sent = resending.Resender.send, []

    def slowly(resender: resending.Resender, message: Mapping[str, Any]) -> str:
        new_id = send_again(resender, message)
        sent.append(message["MessageId"])
        if len(sent) == 10:
            lab.clock.sleep(300)
        return new_id

    monkeypatch.setattr(resending.Resender, "send", slowly)
    changed = workshop.redrive(lab, "FifoBatches", False, change=lambda order: order | {"n": 1})
    # Then each is sent once
    assert list(changed.table["order_id"]) == orders
    assert changed.moved == len(sent) == 12
