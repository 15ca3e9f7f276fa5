"""The receives of one queue: what each takes, and what its receipt handle does afterwards."""

import uuid
from collections.abc import Callable

from localaws.sqs import receipts
from localaws.sqs.errors import InvalidParameterValue, MissingParameter, ReceiptHandleIsInvalid
from localaws.sqs.limits import MAX_VISIBILITY_TIMEOUT_S
from localaws.sqs.receive_attempts import ReceiveAttempts
from localaws.sqs.retry_policy import shows_at_s
from localaws.sqs.store import MessageStore
from localaws.sqs.stored import State, Stored


class Receives:
    """Takes messages in flight, deletes and hides them by their handles.

    Args:
        redrive: moves a message that was received too often out of the queue; False where it
            stays.
    """

    def __init__(self, is_fifo: bool, redrive: Callable[[MessageStore, Stored], bool]) -> None:
        self._is_fifo = is_fifo
        self._redrive = redrive
        self._key = uuid.uuid4().bytes
        self._attempts = ReceiveAttempts()

    def forget_attempts(self) -> None:
        """A repeated receive gets other messages from now on."""
        self._attempts.clear()

    def take(
        self,
        store: MessageStore,
        max_number: int,
        *,
        now_s: float,
        timeout_s: float,
        attempt_id: str | None,
    ) -> list[Stored]:
        """Take up to `max_number` messages in flight for `timeout_s`.

        Args:
            attempt_id: a receive of a FIFO queue that is repeated gets the same messages again.
        """
        visible_at_s = shows_at_s(now_s, timeout_s)
        taken = self._attempts.repeated(attempt_id, now_s) if attempt_id else []
        if taken:
            for stored in taken:
                store.hide(stored, visible_at_s)
        elif not store.is_full():
            taken = self._take(store, max_number, now_s, visible_at_s)
        if attempt_id and taken:
            self._attempts.remember(attempt_id, taken, now_s)
        return taken

    def _take(
        self, store: MessageStore, max_number: int, now_s: float, visible_at_s: float
    ) -> list[Stored]:
        taken: list[Stored] = []
        now_ms = int(now_s * 1000)
        for stored in store.candidates():
            if self._redrive(store, stored):
                continue
            serial = store.take(stored, now_s, visible_at_s)
            handle = receipts.issue(self._key, stored.message.message_id, serial)
            stored.message = stored.message.received(handle, now_ms)
            taken.append(stored)
            if len(taken) >= max_number:
                break
        return taken

    def delete(self, store: MessageStore, receipt_handle: str) -> bool:
        """Delete the message of a handle; False when it is gone already.

        Raises:
            MissingParameter: the handle is empty.
            ReceiptHandleIsInvalid: the text is none of this queue's handles.
            InvalidParameterValue: the handle of a FIFO message has expired.
        """
        stored = self._resolve(store, receipt_handle)
        if stored is not None:
            store.remove(stored)
        return stored is not None

    def change_visibility(
        self, store: MessageStore, receipt_handle: str, *, now_s: float, timeout_s: float
    ) -> bool:
        """Hide the message of a handle for `timeout_s`; False where it is available again.

        Raises:
            InvalidParameterValue: the message is gone, or would be hidden for over 12 hours; and
                what `delete` raises.
        """
        stored = self._resolve(store, receipt_handle)
        if stored is None:
            raise InvalidParameterValue.of(
                "ReceiptHandle",
                receipt_handle,
                "Message does not exist or is not available for visibility timeout change.",
            )
        if now_s - stored.received_at_s + timeout_s > MAX_VISIBILITY_TIMEOUT_S:
            raise InvalidParameterValue.of(
                "VisibilityTimeout",
                f"{timeout_s:g}",
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
            )
        if stored.state is not State.IN_FLIGHT:
            return False
        store.hide(stored, shows_at_s(now_s, timeout_s))
        return True

    def _resolve(self, store: MessageStore, receipt_handle: str) -> Stored | None:
        """The message that a handle still stands for, or None when it has left the queue.

        In a standard queue every handle that was issued for a message goes on working, in flight
        or not: delivery is at least once anyway, and who has done the work may say so late. In a
        FIFO queue only the latest does, and only while its message is in flight, because deleting
        unlocks the group.

        Example, visibility timeout 10 s: A receives m at 0 s and is slow; at 10 s m shows, B
        receives it; at 12 s A deletes. In a standard queue m is gone, although B works on it. In a
        FIFO queue A is refused: B's work would go on beside that on the group's next message
        (`test_an_expired_or_replaced_handle_neither_deletes_nor_hides`).
        """
        if not receipt_handle.strip():
            raise MissingParameter("ReceiptHandle")
        receipt = receipts.read(receipt_handle)
        if receipt is None:
            raise ReceiptHandleIsInvalid(
                f'The input receipt handle "{receipt_handle}" is not a valid receipt handle.'
            )
        if receipt.queue_key != self._key:
            raise ReceiptHandleIsInvalid(
                f'The receipt handle "{receipt_handle}" is not valid for this queue.'
            )
        stored = store.get(receipt.message_id)
        if stored is not None and self._is_fifo:
            latest = stored.receive_serial == receipt.receive_serial
            if not latest or stored.state is not State.IN_FLIGHT:
                raise InvalidParameterValue.of(
                    "ReceiptHandle", receipt_handle, "The receipt handle has expired."
                )
        return stored
