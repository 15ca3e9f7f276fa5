"""FIFO topics: sequence numbers, and the five minutes in which a message counts as sent before."""

import hashlib
from dataclasses import dataclass
from itertools import count

from localaws.sns.limits import DEDUPLICATION_INTERVAL_S

# The first of AWS's sequence numbers has 20 digits, and so have all after it.
_FIRST_SEQUENCE_NUMBER = 10_000_000_000_000_000_000


@dataclass(frozen=True)
class Accepted:
    """What a publisher is told, now and when it publishes the same again."""

    message_id: str
    sequence_number: str


class Deduplication:
    """What a FIFO topic remembers of its recent messages."""

    def __init__(self) -> None:
        self._numbers = count(_FIRST_SEQUENCE_NUMBER)
        # In order of acceptance, which is the order of expiry too.
        self._recent: dict[tuple[str, str], tuple[float, Accepted]] = {}

    def earlier(self, scope: str, deduplication_id: str, now_s: float) -> Accepted | None:
        """What was answered to the same message within the interval."""
        while self._recent:
            key, (accepted_s, _) = next(iter(self._recent.items()))
            if now_s - accepted_s < DEDUPLICATION_INTERVAL_S:
                break
            del self._recent[key]
        found = self._recent.get((scope, deduplication_id))
        return found[1] if found else None

    def accept(self, scope: str, deduplication_id: str, message_id: str, now_s: float) -> Accepted:
        """Number a new message and remember it."""
        accepted = Accepted(message_id, str(next(self._numbers)))
        self._recent[scope, deduplication_id] = now_s, accepted
        return accepted


def content_id(message: str) -> str:
    """The deduplication id of a message by its content: the SHA-256 of its text."""
    return hashlib.sha256(message.encode("utf-8", "replace")).hexdigest()
