"""A message's place in its queue."""

from dataclasses import dataclass
from enum import IntEnum, auto

from localaws.sqs.message import Message


class State(IntEnum):
    """Where a message stands; the first three are what the queue's counters count."""

    AVAILABLE = auto()
    DELAYED = auto()
    IN_FLIGHT = auto()
    GONE = auto()


@dataclass(slots=True, eq=False)
class Stored:
    """One message in one queue.

    Attributes:
        serial: order of arrival in this queue.
        enqueued_at_s: what retention counts from: for a standard message the original send, even
            in a DLQ; for a FIFO one its arrival in the DLQ.
        arrived_at_s: when it came into this queue; the age metric counts from here.
        visible_at_s: when a delayed message or one in flight becomes available.
        received_at_s: the latest receive, from which the 12 hours of visibility count.
        receive_serial: the latest receive's number; older ones make older receipt handles.
        receives: receives in this queue, which is what maxReceiveCount limits.
    """

    message: Message
    serial: int
    enqueued_at_s: float
    arrived_at_s: float
    state: State = State.AVAILABLE
    visible_at_s: float = 0.0
    received_at_s: float = 0.0
    receive_serial: int = 0
    receives: int = 0
