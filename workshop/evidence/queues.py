"""What lies in a queue, without taking it out."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workshop.errors import DataError
from workshop.target.session import Session

# Long enough to see every message once before the first one shows up again.
_LOOK_S = 30
_BATCH = 10


@dataclass(frozen=True)
class QueueCounts:
    """How many messages a queue holds, as GetQueueAttributes says (approximate on AWS).

    Attributes:
        visible: can be received now.
        in_flight: received, hidden until their visibility timeout ends.
        delayed: not yet visible for the first time.
    """

    visible: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.visible + self.in_flight + self.delayed


def attributes(session: Session, queue_url: str) -> dict[str, str]:
    """All attributes of a queue, as SQS returns them (every value is a string)."""
    answer = session.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
    return dict(answer["Attributes"])


def counts(session: Session, queue_url: str) -> QueueCounts:
    """How many messages the queue holds; takes part in no receive, so it changes nothing."""
    found = attributes(session, queue_url)
    return QueueCounts(
        visible=int(found["ApproximateNumberOfMessages"]),
        in_flight=int(found["ApproximateNumberOfMessagesNotVisible"]),
        delayed=int(found["ApproximateNumberOfMessagesDelayed"]),
    )


def look(session: Session, queue_url: str, *, at_most: int = 100) -> list[dict[str, Any]]:
    """The visible messages of a queue, put back as they were.

    SQS has no read-only look. This receives and then sets the visibility timeout of what it
    received to 0, so that others see the messages again at once. What remains of a look: each
    message's ApproximateReceiveCount is one higher.

    A FIFO queue shows ten messages of a message group at most: the others wait until those are
    deleted or visible again. A look warns when messages stay behind in this way.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagegroupid-property.html

    Args:
        session: the target.
        queue_url: a queue without redrive policy (a DLQ or a destination).
        at_most: stop after this many messages.

    Returns:
        Messages as boto3's receive_message returns them, with all attributes, oldest first.

    Raises:
        DataError: the queue has a redrive policy, so that looking would use up receives of its
            messages and could move them to the DLQ.
    """
    name, before = queue_url.rpartition("/")[2], attributes(session, queue_url)
    if "RedrivePolicy" in before:
        raise DataError(
            f"Looking into {name} would change what happens to its "
            "messages: every look counts as a receive of its redrive policy.",
            "Use lab.queue_counts(url) for this queue, and look into its DLQ instead.",
        )
    found: dict[str, dict[str, Any]] = {}
    is_fifo = before.get("FifoQueue") == "true"
    try:
        for message in _received(session, queue_url, at_most, is_fifo=is_fifo):
            found[message["MessageId"]] = message
    finally:
        _put_back(session, queue_url, list(found.values()))
    unseen = min(int(before["ApproximateNumberOfMessages"]), at_most) - len(found)
    if is_fifo and unseen > 0:
        warnings.warn(
            f"{unseen} more messages lie in {name}, behind the first ten of their message group: "
            "SQS shows them when those are gone.",
            stacklevel=2,
        )
    return sorted(found.values(), key=lambda message: int(message["Attributes"]["SentTimestamp"]))


def _received(
    session: Session, queue_url: str, at_most: int, *, is_fifo: bool
) -> Iterator[dict[str, Any]]:
    # On AWS a short poll asks only some of SQS's servers; a long poll on the embedded AWS would
    # let time pass when the queue is empty.
    wait_s = 0 if session.clock.is_virtual else 2
    seen = 0
    while seen < at_most:
        answer = session.client("sqs").receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=min(_BATCH, at_most - seen),
            VisibilityTimeout=_LOOK_S,
            WaitTimeSeconds=wait_s,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages = answer.get("Messages", [])
        if not messages:
            return
        if is_fifo and len(messages) == _BATCH:
            messages = _whole_groups(session, queue_url, messages)
        seen += len(messages)
        yield from messages


def _whole_groups(
    session: Session, queue_url: str, messages: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """All but those of the last group, which the next receive shows whole.

    Half of a group would hide its other half. A group of ten and more cannot be shown whole.
    """
    last = _group_of(messages[-1])
    whole = [message for message in messages if _group_of(message) != last]
    if not whole:
        return messages
    _put_back(session, queue_url, [m for m in messages if _group_of(m) == last])
    return whole


def _group_of(message: dict[str, Any]) -> str:
    return str(message["Attributes"]["MessageGroupId"])


def _put_back(session: Session, queue_url: str, messages: Sequence[dict[str, Any]]) -> None:
    for first in range(0, len(messages), _BATCH):
        batch = messages[first : first + _BATCH]
        session.client("sqs").change_message_visibility_batch(
            QueueUrl=queue_url,
            Entries=[
                {"Id": str(i), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
                for i, message in enumerate(batch)
            ],
        )
