"""ReceiveRequestAttemptId: a FIFO receive whose answer was lost can be asked for again.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html

Without it, messages whose answer was lost would lock their group until the visibility timeout ends,
and come back with a receive counted that nobody saw: one step nearer to the DLQ. The same attempt
id gets the same messages with the same handles instead, hidden for a new visibility timeout; the
receive is not counted again.

That is right only while all of them are as that receive left them, or one message would be in the
hands of two. Hence `_Taken`: still in flight, by the same receive (`receive_serial`), with the same
end of the visibility timeout (ChangeMessageVisibility moves it). When that end has come for all of
them, the id starts afresh, with a receive like any other. Anything else (one was deleted, hidden,
shown, or received by somebody else) makes the id invalid until it is forgotten.

Example, visibility timeout 10 s: attempt "try" receives m at 0 s, and its answer is lost. Again at
8 s: m, with the same handle and receive count 1, hidden until 18 s. Again at 20 s: m, with another
handle and count 2 (`test_a_repeated_receive_gets_the_same_messages_and_a_new_timeout`,
`test_a_repeated_receive_starts_afresh_when_its_time_is_over`).
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
            # A repeated attempt was remembered anew, and has a later entry of its own.
            if self._attempts.get(attempt_id, (now_s + 1,))[0] <= now_s:
                del self._attempts[attempt_id]
