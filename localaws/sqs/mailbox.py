"""A queue's messages as time passes, and those who wait for them."""

from collections.abc import Callable

from localaws.sqs.availability import Availability
from localaws.sqs.configuration import QueueConfiguration
from localaws.sqs.fifo_order import FifoOrder
from localaws.sqs.message import Message
from localaws.sqs.metrics import Gauges
from localaws.sqs.standard_order import StandardOrder
from localaws.sqs.store import MessageStore
from localaws.sqs.stored import State
from localaws.time.time import Time


class Mailbox:
    """The store of one queue, at this moment.

    `with mailbox as store:` is how the queue works on its messages. First what fell due until now
    happens: delays and visibility timeouts end, messages expire; so what the block finds is exact.
    Afterwards the timer of those who wait follows what the block has changed.

    Args:
        configuration: how long messages are kept.
    """

    def __init__(self, time: Time, is_fifo: bool, configuration: QueueConfiguration) -> None:
        self._clock = time.clock
        self._configuration = configuration
        self._store = MessageStore(FifoOrder if is_fifo else StandardOrder, self._announce)
        self._availability = Availability(time, self._store.next_change_at_s, self.settle)

    def __enter__(self) -> MessageStore:
        self.settle()
        return self._store

    def __exit__(self, *_: object) -> None:
        self._availability.rearm()

    def settle(self) -> None:
        """Let happen what fell due."""
        self._store.settle(self._clock.now_s(), self._configuration.settings.retention_s)

    def subscribe(self, on_available: Callable[[], None]) -> Callable[[], None]:
        """Call `on_available` whenever a message becomes receivable; returns how to unsubscribe."""
        return self._availability.subscribe(on_available)

    def counts(self) -> tuple[int, int, int]:
        """Messages available, in flight, delayed."""
        self.settle()
        counts = self._store.counts
        return counts[State.AVAILABLE], counts[State.IN_FLIGHT], counts[State.DELAYED]

    def gauges(self) -> Gauges:
        """The counts and the age of the oldest message, as metrics show them."""
        visible, not_visible, delayed = self.counts()
        oldest_s = self._store.oldest_arrival_s()
        age_s = 0.0 if oldest_s is None else self._clock.now_s() - oldest_s
        return Gauges(visible, not_visible, delayed, age_s)

    def is_full(self) -> bool:
        """As many messages are in flight as AWS allows."""
        return self._store.is_full()

    def has_available(self) -> bool:
        """Whether a receive would find a message."""
        self.settle()
        return self._store.has_available()

    def first_available(self) -> Message | None:
        """The next message, left where it is."""
        self.settle()
        stored = next(self._store.candidates(), None)
        return None if stored is None else stored.message

    def put(
        self, message: Message, *, delay_s: float = 0.0, enqueued_at_s: float | None = None
    ) -> None:
        """A message arrives now.

        Args:
            enqueued_at_s: what its retention counts from, default now.
        """
        with self as store:
            now_s = self._clock.now_s()
            store.add(
                message,
                enqueued_at_s=now_s if enqueued_at_s is None else enqueued_at_s,
                arrived_at_s=now_s,
                visible_at_s=now_s + delay_s,
            )

    def withdraw(self, message_id: str) -> None:
        """Take out a message that `first_available` has just shown; raises LookupError."""
        # Without letting anything happen in between: what was shown is still there.
        stored = self._store.get(message_id)
        if stored is None:
            raise LookupError(f"message {message_id} is not in the queue")
        self._store.remove(stored)
        self._availability.rearm()

    def clear(self) -> None:
        """Every message leaves, in flight or not."""
        self._store.clear()
        self._availability.rearm()

    def close(self) -> None:
        """Every message leaves for good, and those who wait are told."""
        self._store.clear()
        self._announce()
        self._availability.rearm()

    def _announce(self) -> None:
        self._availability.announce()
