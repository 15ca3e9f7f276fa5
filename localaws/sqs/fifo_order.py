"""Which message a FIFO queue hands out next: in order within a group, one batch at a time of each.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagegroupid-property.html

At all times:

- Messages of a group stand in the order in which they arrived, whatever becomes of them: one that
  shows again is where it was, so the group goes on with it and not with its successor.
- A group can be received from only while none of its messages is in flight. The lock is that of the
  group, not of a message: if somebody else got the second message while the first is being worked
  on, it could be done first, and the first may yet fail and come back. The lock holds until the
  *last* message of the batch is deleted or shows again
  (`test_a_group_is_blocked_until_its_whole_batch_is_done`).
- A delayed message at the head blocks its group too: nothing overtakes it.
- A group that can be received from is in `_ready`, under the serial of its head (`listed_serial`).
  An entry whose group was blocked or has another head since is stale; it falls out when it comes to
  the top.

One receive may take several messages of a group, although the first of them locks it: candidates
come from a group that was free when the receive began, so those in flight in front of the next one
are the receive's own (`next_behind_taken`). Each candidate must be taken or removed before the next
is asked for, or it would come again.

Example, visibility timeout 10 s: a1, a2 and b1 are sent. At 0 s a receive of one message gets a1,
which locks a; a receive of ten gets b1 alone, the next one nothing. At 10 s both show again, and a
receive of ten gets a1, a2, b1 (`test_a_group_in_flight_is_blocked_and_others_are_not`).
"""

from collections import OrderedDict
from collections.abc import Iterator

from localaws.sqs.stored import State, Stored
from localaws.time.heap import LazyHeap


class _Group:
    """The messages of one message group, oldest first."""

    __slots__ = ("in_flight", "listed_serial", "members")

    def __init__(self) -> None:
        # An OrderedDict, not a dict: taking the first entry of a dict again and again walks over
        # the ones already taken.
        self.members: OrderedDict[str, Stored] = OrderedDict()
        self.in_flight = 0
        self.listed_serial: int | None = None

    @property
    def ready_serial(self) -> int | None:
        """The serial of the message to receive next; None while the group is blocked."""
        if self.in_flight or not self.members:
            return None
        head = next(iter(self.members.values()))
        return head.serial if head.state is State.AVAILABLE else None

    def next_behind_taken(self) -> Stored | None:
        """The next message of the receive that has just taken those before it."""
        for stored in self.members.values():
            if stored.state is not State.IN_FLIGHT:
                return stored if stored.state is State.AVAILABLE else None
        return None


class FifoOrder:
    """Message groups, those that are not blocked in order of their oldest message."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}
        self._ready: LazyHeap[_Group] = LazyHeap(
            lambda serial, group: group.listed_serial == serial == group.ready_serial
        )

    def added(self, stored: Stored) -> bool:
        """It entered the queue; True if a message can be received because of it."""
        group = self._groups.setdefault(_group_id(stored), _Group())
        group.members[stored.message.message_id] = stored
        return self._list(group)

    def shown(self, stored: Stored, was: State) -> bool:
        """It became available; True if its group can be received from."""
        group = self._groups[_group_id(stored)]
        group.in_flight -= was is State.IN_FLIGHT
        return self._list(group)

    def hidden(self, stored: Stored) -> None:
        """It was available and is in flight now, which blocks its group."""
        group = self._groups[_group_id(stored)]
        group.in_flight += 1
        group.listed_serial = None

    def left(self, stored: Stored, was: State) -> bool:
        """It left the queue; True if another message can be received because of it."""
        group = self._groups[_group_id(stored)]
        del group.members[stored.message.message_id]
        group.in_flight -= was is State.IN_FLIGHT
        if not group.members:
            del self._groups[_group_id(stored)]
        return self._list(group)

    def candidates(self) -> Iterator[Stored]:
        """The messages that one receive may take: as many as possible of one group, then the next.

        Every one yielded must have been taken or removed before the next is asked for.
        """
        while (first := self._ready.first()) is not None:
            group = first[1]
            while (stored := group.next_behind_taken()) is not None:
                yield stored

    def has_available(self) -> bool:
        return self._ready.first() is not None

    def _list(self, group: _Group) -> bool:
        serial = group.ready_serial
        if serial is None:
            return False
        if serial != group.listed_serial:
            group.listed_serial = serial
            self._ready.push(serial, group)
        return True


def _group_id(stored: Stored) -> str:
    return stored.message.group_id or ""
