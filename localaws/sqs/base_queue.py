"""What a queue is before SQS's operations: its attributes, its messages, and who waits for them."""

import uuid
from collections.abc import Callable, Mapping

from localaws.sqs import limits
from localaws.sqs.availability import Availability
from localaws.sqs.configuration import QueueConfiguration
from localaws.sqs.fifo_order import FifoOrder
from localaws.sqs.message import Message
from localaws.sqs.metrics import Gauges, QueueMetrics
from localaws.sqs.ports import QueuePorts
from localaws.sqs.settings import QueueSettings
from localaws.sqs.standard_order import StandardOrder
from localaws.sqs.store import MessageStore
from localaws.sqs.stored import State


class BaseQueue:
    """Messages that come and go.

    Plain synchronous code on the owner thread: every method first lets happen what fell due
    (delays and visibility timeouts that ended, messages that expired), so the counters are exact
    at every moment.

    Attributes:
        is_fifo: its name ends in `.fifo`.
        tags: cost allocation tags.
        deleted: it was deleted; who still holds it finds it empty.
        metrics: AWS/SQS metrics of this queue.
    """

    def __init__(
        self,
        name: str,
        arn: str,
        url: str,
        attributes: Mapping[str, str],
        tags: Mapping[str, str],
        ports: QueuePorts,
    ) -> None:
        self.name = name
        self.arn = arn
        self.url = url
        self.is_fifo = name.endswith(".fifo")
        self.tags = dict(tags)
        self.deleted = False
        self._ports = ports
        self._time = ports.time
        self._key = uuid.uuid4().bytes
        self._configuration = QueueConfiguration(
            arn, self.is_fifo, attributes, self._time.clock, ports.find
        )
        self._store = MessageStore(FifoOrder if self.is_fifo else StandardOrder, self._announce)
        self._availability = Availability(self._time, self._store.next_change_at_s, self._settle)
        self.metrics = QueueMetrics(name, self._time, ports.metrics, self._gauges)

    @property
    def attributes(self) -> dict[str, str]:
        """What was set, and defaults; strings as on the wire."""
        return self._configuration.attributes

    @property
    def settings(self) -> QueueSettings:
        """The attributes as numbers."""
        return self._configuration.settings

    @property
    def visibility_timeout_s(self) -> float:
        return self.settings.visibility_timeout_s

    def described(self) -> dict[str, str]:
        """Everything that GetQueueAttributes can show."""
        return self._configuration.described(self.counts())

    def counts(self) -> tuple[int, int, int]:
        """Messages available, in flight, delayed, exactly now."""
        self._settle()
        counts = self._store.counts
        return counts[State.AVAILABLE], counts[State.IN_FLIGHT], counts[State.DELAYED]

    def is_full(self) -> bool:
        """As many messages are in flight as AWS allows."""
        return self._store.counts[State.IN_FLIGHT] >= limits.MAX_IN_FLIGHT

    def has_available(self) -> bool:
        """Whether a receive would find a message."""
        self._settle()
        return self._store.has_available()

    def subscribe(self, on_available: Callable[[], None]) -> Callable[[], None]:
        """Call `on_available` whenever a message becomes receivable; returns how to unsubscribe.

        Calls come from a scheduler action, one per moment. What is available already is not
        announced: look first.
        """
        return self._availability.subscribe(on_available)

    def close(self) -> None:
        """The queue is deleted: its messages are gone, and those who wait are told."""
        self.deleted = True
        self._store.clear()
        self.metrics.stop()
        self._announce()
        self._availability.rearm()

    def first_available(self) -> Message | None:
        """The message that a message move task takes next, left where it is."""
        self._settle()
        stored = next(self._store.candidates(), None)
        return None if stored is None else stored.message

    def withdraw(self, message_id: str) -> None:
        """Take an available message out, to put it into another queue."""
        stored = self._store.get(message_id)
        if stored is None:
            raise LookupError(f"message {message_id} is not in queue {self.name}")
        self._store.remove(stored)
        self.metrics.changed()
        self._availability.rearm()

    def enter(
        self, message: Message, *, delay_s: float = 0.0, enqueued_at_s: float | None = None
    ) -> None:
        """A message arrives from another queue.

        Args:
            enqueued_at_s: what its retention counts from, default now.
        """
        self._settle()
        self._add(message, delay_s, enqueued_at_s)
        self.metrics.changed()

    def next_sequence_number(self) -> str | None:
        """For a message that enters a FIFO queue; None in a standard one."""
        return next(self._ports.sequence_numbers) if self.is_fifo else None

    def _add(self, message: Message, delay_s: float, enqueued_at_s: float | None = None) -> None:
        now_s = self._time.now_s()
        self._store.add(
            message,
            enqueued_at_s=now_s if enqueued_at_s is None else enqueued_at_s,
            arrived_at_s=now_s,
            visible_at_s=now_s + delay_s,
        )
        self._availability.rearm()

    def _settle(self) -> None:
        self._store.settle(self._time.now_s(), self.settings.retention_s)

    def _announce(self) -> None:
        self._availability.announce()

    def _gauges(self) -> Gauges:
        visible, not_visible, delayed = self.counts()
        oldest_s = self._store.oldest_arrival_s()
        age_s = 0.0 if oldest_s is None else self._time.now_s() - oldest_s
        return Gauges(visible, not_visible, delayed, age_s)
