"""Receiving what lies in a queue, each message once, and putting back what nobody deleted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from workshop.evidence import fifo
from workshop.evidence.fifo import Message
from workshop.evidence.look_line import LONG_POLL_S
from workshop.target.session import Session


@contextmanager
def received(
    session: Session, queue_url: str, *, at_most: int, hidden_s: int
) -> Iterator[Iterator[Message]]:
    """The visible messages of a queue, each once; in the end those that are left are visible again.

    A message stays hidden until then, so that one that was passed over does not come again. Of a
    FIFO queue's message group the first ten come one behind the other, and more only as far as
    those before them were deleted.

    Args:
        session: the target.
        queue_url: the queue.
        at_most: stop after this many messages.
        hidden_s: how long a message is hidden; longer than the work with all of them takes.
    """
    held: dict[str, Message] = {}
    try:
        yield _receive(session, queue_url, at_most, hidden_s, held)
    finally:
        # Also what was deleted or is visible already: SQS answers a failed entry for those, which
        # harms nothing.
        _put_back(session, queue_url, list(held.values()))


def _receive(
    session: Session, queue_url: str, at_most: int, hidden_s: int, held: dict[str, Message]
) -> Iterator[Message]:
    seen = 0
    while seen < at_most:
        answer = session.client("sqs").receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=min(fifo.RECEIVED_AT_ONCE, at_most - seen),
            VisibilityTimeout=hidden_s,
            # On the embedded AWS a long poll would let time pass when the queue is empty.
            WaitTimeSeconds=0 if session.clock.is_virtual else LONG_POLL_S,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[Message] = answer.get("Messages", [])
        if not messages:
            return
        held |= {message["MessageId"]: message for message in messages}
        cut = fifo.cut_group(messages) if fifo.is_fifo(queue_url) else []
        _put_back(session, queue_url, cut)
        whole = [message for message in messages if message not in cut]
        seen += len(whole)
        yield from whole


def _put_back(session: Session, queue_url: str, messages: Sequence[Message]) -> None:
    for first in range(0, len(messages), fifo.RECEIVED_AT_ONCE):
        entries = [
            {"Id": str(i), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
            for i, message in enumerate(messages[first : first + fifo.RECEIVED_AT_ONCE])
        ]
        session.client("sqs").change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)
