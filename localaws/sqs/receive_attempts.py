"""ReceiveRequestAttemptId: a FIFO receive whose answer was lost can be asked for again.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from localaws.sqs.errors import InvalidParameterValue
from localaws.sqs.limits import DEDUPLICATION_INTERVAL_S
from localaws.sqs.stored import State, Stored


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message as one attempt received it."""

    stored: Stored
    receive_serial: int
    visible_at_s: float

    def stands(self, state: State) -> bool:
        """Whether it is in that state, and by nothing but this receive and time."""
        stored = self.stored
        return (
            stored.state is state
            and stored.receive_serial == self.receive_serial
            and stored.visible_at_s == self.visible_at_s
        )


class ReceiveAttempts:
    """The receives of the last five minutes that named an attempt id."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        # Attempt id -> when it is forgotten, and what was received.
        self._attempts: dict[str, tuple[float, list[_Taken]]] = {}
        self._expiries: deque[tuple[float, str]] = deque()

    def remember(self, attempt_id: str, taken: Sequence[Stored], now_s: float) -> None:
        """Keep what an attempt received, or received again."""
        expires_at_s = now_s + DEDUPLICATION_INTERVAL_S
        attempt = [_Taken(s, s.receive_serial, s.visible_at_s) for s in taken]
        self._attempts[attempt_id] = expires_at_s, attempt
        self._expiries.append((expires_at_s, attempt_id))

    def repeated(self, attempt_id: str, now_s: float) -> list[Stored]:
        """What the same attempt received before; nothing when that has become visible again.

        Raises:
            InvalidParameterValue: a message of it was deleted, or its visibility changed.
        """
        self._forget(now_s)
        _, attempt = self._attempts.get(attempt_id, (0.0, []))
        if all(taken.stands(State.IN_FLIGHT) for taken in attempt):
            return [taken.stored for taken in attempt]
        if all(taken.stands(State.AVAILABLE) for taken in attempt):
            return []
        raise InvalidParameterValue.of(
            "ReceiveRequestAttemptId",
            attempt_id,
            "The receiveRequestAttemptId is not valid anymore since the receive call is not "
            "retryable.",
        )

    def _forget(self, now_s: float) -> None:
        while self._expiries and self._expiries[0][0] <= now_s:
            _, attempt_id = self._expiries.popleft()
            if self._attempts.get(attempt_id, (now_s + 1,))[0] <= now_s:
                del self._attempts[attempt_id]
