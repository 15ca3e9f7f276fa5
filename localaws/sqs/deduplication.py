"""What a FIFO queue remembers of the last five minutes, so that a repeated send is stored once.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
"""

import hashlib
from collections import deque

from localaws.sqs.limits import DEDUPLICATION_INTERVAL_S
from localaws.sqs.message import Message

_Key = tuple[str | None, str]


def content_id(body: str) -> str:
    """The deduplication id that ContentBasedDeduplication derives: SHA-256 of the body."""
    return hashlib.sha256(body.encode()).hexdigest()


class DeduplicationWindow:
    """Messages accepted within the last five minutes, by deduplication id.

    An id is taken for the whole queue or for one message group, whichever `DeduplicationScope` was
    set when it was sent. A change of the scope frees no id that is taken for the whole queue; ids
    taken for a group do not count for the queue. Deleting the message frees nothing.
    """

    def __init__(self) -> None:
        self._accepted: dict[_Key, Message] = {}
        self._expiries: deque[tuple[float, _Key]] = deque()

    def duplicate_of(self, message: Message, per_group: bool, now_s: float) -> Message | None:
        """The message that its deduplication id already stands for, if any."""
        while self._expiries and self._expiries[0][0] <= now_s:
            del self._accepted[self._expiries.popleft()[1]]
        taken = message.deduplication_id or ""
        in_group = self._accepted.get((message.group_id, taken)) if per_group else None
        return in_group or self._accepted.get((None, taken))

    def remember(self, message: Message, per_group: bool, now_s: float) -> None:
        """Take the message's id; it must not be taken."""
        key = (message.group_id if per_group else None, message.deduplication_id or "")
        self._accepted[key] = message
        self._expiries.append((now_s + DEDUPLICATION_INTERVAL_S, key))
