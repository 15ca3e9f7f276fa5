"""All messages of one queue: their states, the timers between the states, and the counters.

Time is looked at only when somebody asks (`settle`): what fell due until then happens in order.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Protocol

from localaws.sqs import limits
from localaws.sqs.message import Message
from localaws.sqs.retry_policy import expires_at_s
from localaws.sqs.stored import State, Stored
from localaws.time.heap import LazyHeap


class DeliveryOrder(Protocol):
    """Which message comes next: what standard and FIFO queues differ in."""

    def added(self, stored: Stored) -> bool: ...
    def shown(self, stored: Stored, was: State) -> bool: ...
    def hidden(self, stored: Stored) -> None: ...
    def left(self, stored: Stored, was: State) -> bool: ...
    def candidates(self) -> Iterator[Stored]: ...
    def has_available(self) -> bool: ...


class MessageStore:
    """Messages by id, with a timer for each that is delayed or in flight.

    Args:
        make_order: `StandardOrder` or `FifoOrder`.
        on_receivable: called when a message can be received that could not before.
    """

    def __init__(
        self, make_order: Callable[[], DeliveryOrder], on_receivable: Callable[[], None]
    ) -> None:
        self._make_order = make_order
        self._on_receivable = on_receivable
        self._serials = count()
        self._receive_serials = count(1)
        self._forget_all()

    def _forget_all(self) -> None:
        self._by_id: dict[str, Stored] = {}
        self._order = self._make_order()
        self._timers: LazyHeap[Stored] = LazyHeap(_is_timed)
        self._enqueued: LazyHeap[Stored] = LazyHeap(_is_here)
        self._aging: LazyHeap[Stored] = LazyHeap(_is_aging)
        self.counts = dict.fromkeys((State.AVAILABLE, State.DELAYED, State.IN_FLIGHT), 0)

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, message_id: str) -> Stored | None:
        return self._by_id.get(message_id)

    def is_full(self) -> bool:
        """As many messages are in flight as AWS allows."""
        return self.counts[State.IN_FLIGHT] >= limits.MAX_IN_FLIGHT

    def has_available(self) -> bool:
        return self._order.has_available()

    def candidates(self) -> Iterator[Stored]:
        """Messages to receive, best first; take or remove each before asking for the next."""
        return self._order.candidates()

    def next_change_at_s(self) -> float | None:
        """When the next delay or visibility timeout ends."""
        first = self._timers.first()
        return first[0] if first else None

    def oldest_arrival_s(self) -> float | None:
        """Arrival of the oldest message that is not a poison pill (received three times)."""
        first = self._aging.first()
        return first[0] if first else None

    def settle(self, now_s: float, retention_s: float) -> None:
        """Let happen what fell due: delays and visibility timeouts end, messages expire."""
        while (first := self._timers.first()) is not None and first[0] <= now_s:
            self.show(first[1])
        while (oldest := self._enqueued.first()) is not None and (
            expires_at_s(oldest[0], retention_s) <= now_s
        ):
            self.remove(oldest[1])

    def add(
        self, message: Message, *, enqueued_at_s: float, arrived_at_s: float, visible_at_s: float
    ) -> Stored:
        """A message enters the queue, delayed if it is visible only later."""
        stored = Stored(message, next(self._serials), enqueued_at_s, arrived_at_s)
        if visible_at_s > arrived_at_s:
            stored.state, stored.visible_at_s = State.DELAYED, visible_at_s
            self._timers.push(visible_at_s, stored)
        self._by_id[message.message_id] = stored
        self.counts[stored.state] += 1
        self._enqueued.push(enqueued_at_s, stored)
        self._aging.push(arrived_at_s, stored)
        if self._order.added(stored):
            self._on_receivable()
        return stored

    def take(self, stored: Stored, now_s: float, visible_at_s: float) -> int:
        """An available message is received; returns the number of this receive."""
        stored.receives += 1
        stored.received_at_s = now_s
        stored.receive_serial = next(self._receive_serials)
        self.hide(stored, visible_at_s)
        return stored.receive_serial

    def hide(self, stored: Stored, visible_at_s: float) -> None:
        """In flight until `visible_at_s`, whether it was before or not."""
        if stored.state is not State.IN_FLIGHT:
            self._change_state(stored, State.IN_FLIGHT)
            self._order.hidden(stored)
        stored.visible_at_s = visible_at_s
        self._timers.push(visible_at_s, stored)

    def show(self, stored: Stored) -> None:
        """A delayed message, or one in flight, is available again."""
        was = self._change_state(stored, State.AVAILABLE)
        if self._order.shown(stored, was):
            self._on_receivable()

    def delay_all(self, delay_s: float, now_s: float) -> None:
        """The delay of messages that nobody received yet is `delay_s` from their arrival on.

        It may be over already, and may begin anew for a message that could be received until now.
        """
        for stored in self._by_id.values():
            visible_at_s = stored.arrived_at_s + delay_s
            is_new = stored.state is State.AVAILABLE and stored.receives == 0
            if is_new and visible_at_s > now_s:
                self._change_state(stored, State.DELAYED)
                self._order.hidden(stored)
            if stored.state is State.DELAYED:
                stored.visible_at_s = visible_at_s
                self._timers.push(visible_at_s, stored)

    def remove(self, stored: Stored) -> None:
        """It leaves the queue for good."""
        was = self._change_state(stored, State.GONE)
        del self._by_id[stored.message.message_id]
        if self._order.left(stored, was):
            self._on_receivable()

    def clear(self) -> None:
        """Every message leaves, in flight or not."""
        for stored in self._by_id.values():
            stored.state = State.GONE
        self._forget_all()

    def _change_state(self, stored: Stored, state: State) -> State:
        was, stored.state = stored.state, state
        self.counts[was] -= 1
        if state is not State.GONE:
            self.counts[state] += 1
        return was


def _is_timed(visible_at_s: float, stored: Stored) -> bool:
    hidden = stored.state is State.DELAYED or stored.state is State.IN_FLIGHT
    return hidden and stored.visible_at_s == visible_at_s


def _is_here(_enqueued_at_s: float, stored: Stored) -> bool:
    return stored.state is not State.GONE


def _is_aging(_arrived_at_s: float, stored: Stored) -> bool:
    return stored.state is not State.GONE and stored.receives < limits.POISON_PILL_RECEIVES
