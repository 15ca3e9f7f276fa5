"""Who is connected, and who has to go when there is no room for another.

A process has so many descriptors, and some of them belong to handlers, files and pipes. Strangers
who connect and say nothing, or half a request, must not keep the others of it waiting.
"""

from collections import OrderedDict
from collections.abc import Iterator
from importlib import import_module
from itertools import chain, islice
from typing import Protocol

Client = tuple[str, int]

# As many as nobody here needs, where the system's owner allows more for good.
_MOST_DESCRIPTORS = 4096

# How many are accepted in one turn of the event loop.
ACCEPTED_AT_ONCE = 8
# Turns from a connection to its first bytes, which may have come with it.
_TURNS_UNHEARD = 3


class OpenConnection(Protocol):
    """One client's connection."""

    client: Client | None

    @property
    def is_waiting(self) -> bool:
        """Whether a request came whole, and its answer is still to be given."""

    def drop(self) -> None:
        """Close it at once."""


class Connections:
    """All connections, least recently heard first.

    Args:
        most: how many there may be before those that nobody misses are closed: first strangers,
            who have not shown yet that they may call, then callers without a question. Only the
            newest strangers are given the time to speak.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._unheard = min(ACCEPTED_AT_ONCE * _TURNS_UNHEARD, most // 3)
        self._strangers: OrderedDict[Client | None, OpenConnection] = OrderedDict()
        self._callers: OrderedDict[Client | None, OpenConnection] = OrderedDict()
        self._kept: dict[Client | None, OpenConnection] = {}

    def __len__(self) -> int:
        return len(self._strangers) + len(self._callers) + len(self._kept)

    def open(self, connection: OpenConnection) -> None:
        """One more, of whom nothing is known yet."""
        self._strangers[connection.client] = connection
        if len(self) > self._most:
            self.make_room()

    def hear(self, connection: OpenConnection) -> None:
        """Something of it came."""
        for group in (self._strangers, self._callers):
            if connection.client in group:
                group.move_to_end(connection.client)

    def admit(self, client: Client | None, *, keep: bool = False) -> None:
        """Its request is one that may be asked.

        Args:
            keep: never close it for want of room.
        """
        connection = self._strangers.pop(client, None) or self._callers.pop(client, None)
        if connection is not None:
            (self._kept if keep else self._callers)[client] = connection

    def close(self, connection: OpenConnection) -> None:
        """It is no more."""
        for group in (self._strangers, self._callers, self._kept):
            if group.get(connection.client) is connection:
                del group[connection.client]

    def make_room(self) -> bool:
        """Close the one that is missed least; whether there was one."""
        found = next(self._idle(), None)
        if found is None:
            return False
        self.close(found)
        found.drop()
        return True

    def _idle(self) -> Iterator[OpenConnection]:
        older = islice(self._strangers.values(), max(len(self._strangers) - self._unheard, 0))
        for one in chain(older, self._callers.values()):
            if not one.is_waiting:
                yield one


def most_connections() -> int:
    """Half of the descriptors that this process may have, after taking what it can have of them."""
    try:
        resource = import_module("resource")
    except ImportError:  # Windows, which counts no descriptors
        return _MOST_DESCRIPTORS // 2
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _MOST_DESCRIPTORS // 2
    wanted = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MOST_DESCRIPTORS)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(int(soft) // 2, 1)
