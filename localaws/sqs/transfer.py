"""A message's way from one queue into another: redriven by a receive, or moved by a task.

It has left the one queue when it enters the other.
"""

import uuid

from localaws.sqs.message import Message
from localaws.sqs.ports import TargetQueue
from localaws.sqs.stored import Stored


def redrive(stored: Stored, source_arn: str, target: TargetQueue) -> None:
    """Into the DLQ of its queue, as a receive does with a message that was received too often."""
    redriven = stored.message.redriven(source_arn, target.next_sequence_number())
    # Retention goes on counting from the original send in a standard DLQ, and starts again
    # in a FIFO one (sqsdg: setting-up-dead-letter-queue-retention).
    target.enter(redriven, enqueued_at_s=None if target.is_fifo else stored.enqueued_at_s)


def move(message: Message, target: TargetQueue, now_ms: int) -> None:
    """Where a message move task takes it: it is sent again, as a new message.

    It gets a new id and a new time of sending, so its retention starts again. A FIFO queue does
    not look for duplicates of it: nothing that was in a DLQ may be lost on the way back.
    """
    moved = message.moved(str(uuid.uuid4()), now_ms, target.next_sequence_number())
    target.enter(moved, delay_s=target.settings.delay_s)
