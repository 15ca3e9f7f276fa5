"""What a queue needs of the service around it, and of a queue that takes its messages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from localaws.sqs.message import Message
from localaws.sqs.queue_settings import QueueSettings
from localaws.time.time import Time
from localaws.words.data_keys import Keys
from localaws.words.ports import MetricSink
from localaws.words.propagation import QueuePropagation


class TargetQueue(Protocol):
    """A queue that messages of another one go to: its DLQ, or where a move task takes them."""

    is_fifo: bool

    @property
    def settings(self) -> QueueSettings: ...

    def next_sequence_number(self) -> str | None: ...

    def enter(
        self, message: Message, *, delay_s: float = 0.0, enqueued_at_s: float | None = None
    ) -> None: ...


@dataclass(frozen=True)
class QueuePorts:
    """Handed to every queue of the service.

    Attributes:
        find: the queue of an ARN, or None.
        sequence_numbers: FIFO sequence numbers; one series for all queues, so that a message that
            moves gets another one.
        propagation: from when on a queue does what was asked of it.
        keys: KMS, for queues with a key of its own.
    """

    time: Time
    metrics: MetricSink
    find: Callable[[str], TargetQueue | None]
    sequence_numbers: Iterator[str]
    propagation: QueuePropagation
    keys: Keys
