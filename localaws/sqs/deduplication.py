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

    An id is taken for the whole queue or for one message group. Deleting the message frees nothing.

    Args:
        per_group: what `DeduplicationScope` was when the queue was created. The attribute can be
            changed, but AWS was seen to go on as before:
            https://github.com/localstack/localstack/pull/10324
    """

    def __init__(self, per_group: bool) -> None:
        self._per_group = per_group
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._accepted: dict[_Key, Message] = {}
        self._expiries: deque[tuple[float, _Key]] = deque()

    def duplicate_of(self, message: Message, now_s: float) -> Message | None:
        """The message that its deduplication id already stands for, if any."""
        while self._expiries and self._expiries[0][0] <= now_s:
            del self._accepted[self._expiries.popleft()[1]]
        return self._accepted.get(self._key(message))

    def remember(self, message: Message, now_s: float) -> None:
        """Take the message's id; it must not be taken."""
        key = self._key(message)
        self._accepted[key] = message
        self._expiries.append((now_s + DEDUPLICATION_INTERVAL_S, key))

    def _key(self, message: Message) -> _Key:
        return (message.group_id if self._per_group else None, message.deduplication_id or "")
