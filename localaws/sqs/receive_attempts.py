"""ReceiveRequestAttemptId: a FIFO receive whose answer was lost can be asked for again.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
"""

from collections import deque
from collections.abc import Sequence

from localaws.sqs.limits import DEDUPLICATION_INTERVAL_S
from localaws.sqs.stored import State, Stored

# What one attempt received: each message with the number of that receive.
_Attempt = list[tuple[Stored, int]]


class ReceiveAttempts:
    """The receives of the last five minutes that named an attempt id."""

    def __init__(self) -> None:
        self._attempts: dict[str, _Attempt] = {}
        self._expiries: deque[tuple[float, str]] = deque()

    def remember(self, attempt_id: str, taken: Sequence[Stored], now_s: float) -> None:
        """Keep what an attempt received."""
        self._attempts[attempt_id] = [(stored, stored.receive_serial) for stored in taken]
        self._expiries.append((now_s + DEDUPLICATION_INTERVAL_S, attempt_id))

    def repeated(self, attempt_id: str, now_s: float) -> list[Stored]:
        """What the same attempt received before, as long as nothing has happened to it since."""
        while self._expiries and self._expiries[0][0] <= now_s:
            self._attempts.pop(self._expiries.popleft()[1], None)
        attempt = self._attempts.get(attempt_id, [])
        untouched = all(
            stored.state is State.IN_FLIGHT and stored.receive_serial == serial
            for stored, serial in attempt
        )
        return [stored for stored, _ in attempt] if untouched else []
