"""Which message a FIFO queue hands out next: in order within a group, and the groups in turn.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagegroupid-property.html

At all times:

- Messages of a group stand in the order in which they arrived, whatever becomes of them: one that
  shows again is where it was, so the group goes on with it and not with its successor.
- A group can be received from while its oldest message is available, up to the first one that is
  not: nothing overtakes a message that is in flight or delayed. While the first of a batch is
  being worked on, the second is out of reach; once the first shows again it can be received,
  although the second is still in flight
  (`test_a_group_shows_up_to_its_first_message_in_flight`).
- Groups take turns. One that becomes receivable stands behind those that were so before
  (`turn`), so nobody's messages wait for the end of a busy group. An entry of `_ready` whose group
  was blocked since is stale; it falls out when it comes to the top.

One receive may take several messages of a group, although the first of them blocks it: it goes on
from the message that it took last (`next_after`). Each candidate must be taken or removed before
the next is asked for, or it would come again.

Example, visibility timeout 10 s: a1, a2 and b1 are sent. At 0 s a receive of one message gets a1,
which blocks a; a receive of ten gets b1 alone, the next one nothing. At 10 s both show again, and a
receive of ten gets a1, a2, b1 (`test_a_group_in_flight_is_blocked_and_others_are_not`).
"""

from collections import OrderedDict
from collections.abc import Iterator
from itertools import count

from localaws.sqs.stored import State, Stored
from localaws.time.heap import LazyHeap


class _Group:
    """The messages of one message group, oldest first."""

    __slots__ = ("members", "turn")

    def __init__(self) -> None:
        # An OrderedDict, not a dict: taking the first entry of a dict again and again walks over
        # the ones already taken.
        self.members: OrderedDict[str, Stored] = OrderedDict()
        self.turn: int | None = None

    @property
    def is_receivable(self) -> bool:
        """Whether a receive may begin with its oldest message."""
        head = next(iter(self.members.values()), None)
        return head is not None and head.state is State.AVAILABLE

    def next_after(self, serial: int) -> Stored | None:
        """The next message of the receive that took the one with that serial last."""
        for stored in self.members.values():
            if stored.serial > serial:
                return stored if stored.state is State.AVAILABLE else None
        return None


class FifoOrder:
    """Message groups, those that can be received from in order of their turns."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}
        self._turns = count()
        self._ready: LazyHeap[_Group] = LazyHeap(lambda turn, group: group.turn == turn)

    def added(self, stored: Stored) -> bool:
        """It entered the queue; True if a message can be received because of it."""
        group = self._groups.setdefault(_group_id(stored), _Group())
        group.members[stored.message.message_id] = stored
        return self._list(group)

    def shown(self, stored: Stored, was: State) -> bool:
        """It became available; True if its group can be received from."""
        return self._list(self._groups[_group_id(stored)])

    def hidden(self, stored: Stored) -> None:
        """It was available and is in flight now, which blocks what is behind it."""
        self._list(self._groups[_group_id(stored)])

    def left(self, stored: Stored, was: State) -> bool:
        """It left the queue; True if another message can be received because of it."""
        group = self._groups[_group_id(stored)]
        del group.members[stored.message.message_id]
        if not group.members:
            del self._groups[_group_id(stored)]
        return self._list(group)

    def candidates(self) -> Iterator[Stored]:
        """The messages that one receive may take: as many as possible of one group, then the next.

        Every one yielded must have been taken or removed before the next is asked for.
        """
        while (first := self._ready.first()) is not None:
            group, serial = first[1], -1
            while (stored := group.next_after(serial)) is not None:
                serial = stored.serial
                yield stored

    def has_available(self) -> bool:
        return self._ready.first() is not None

    def _list(self, group: _Group) -> bool:
        """Give it a turn, or take it away, as its oldest message says."""
        if not group.is_receivable:
            group.turn = None
        elif group.turn is None:
            group.turn = next(self._turns)
            self._ready.push(group.turn, group)
        return group.turn is not None


def _group_id(stored: Stored) -> str:
    return stored.message.group_id or ""
