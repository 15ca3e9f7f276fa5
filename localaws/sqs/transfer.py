"""A message's way from one queue into another: redriven by a receive, or moved by a task."""

import uuid

from localaws.sqs.message import Message
from localaws.sqs.queue import Queue
from localaws.time.clock import Clock


def move(message: Message, source: Queue, destination: Queue, clock: Clock) -> None:
    """Move an available message as a message move task does: it is sent again, as a new message.

    It gets a new id and a new time of sending, so its retention starts again. A FIFO queue does
    not look for duplicates of it: nothing that was in a DLQ may be lost on the way back.
    """
    source.withdraw(message.message_id)
    number = destination.next_sequence_number()
    moved = message.moved(str(uuid.uuid4()), clock.now_ms(), number)
    destination.enter(moved, delay_s=destination.settings.delay_s)
