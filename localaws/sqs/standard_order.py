"""Which message a standard queue hands out next: the oldest available one.

AWS promises best-effort ordering only; always taking the oldest makes runs repeat.
"""

from collections.abc import Iterator

from localaws.sqs.stored import State, Stored
from localaws.time.heap import LazyHeap


class StandardOrder:
    """Available messages in order of arrival."""

    def __init__(self) -> None:
        self._available: LazyHeap[Stored] = LazyHeap(
            lambda _serial, stored: stored.state is State.AVAILABLE
        )

    def added(self, stored: Stored) -> bool:
        """It entered the queue; True if it can be received now."""
        if stored.state is not State.AVAILABLE:
            return False
        self._available.push(stored.serial, stored)
        return True

    def shown(self, stored: Stored, was: State) -> bool:
        """It became available; True if it can be received now."""
        self._available.push(stored.serial, stored)
        return True

    def hidden(self, stored: Stored) -> None:
        """It was available and is in flight now."""

    def left(self, stored: Stored, was: State) -> bool:
        """It left the queue; True if another message can be received because of it."""
        return False

    def candidates(self) -> Iterator[Stored]:
        """The messages that one receive may take, best first.

        Every one yielded must have been taken or removed before the next is asked for.
        """
        while (first := self._available.first()) is not None:
            yield first[1]

    def has_available(self) -> bool:
        return self._available.first() is not None
