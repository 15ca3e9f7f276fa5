"""One queue: send, receive, delete, hide; the move to its dead-letter queue happens on receive."""

from collections.abc import Mapping

from localaws.sqs import handles, limits, receipts
from localaws.sqs.base_queue import BaseQueue
from localaws.sqs.deduplication import DeduplicationWindow
from localaws.sqs.draft import Draft
from localaws.sqs.errors import InvalidParameterValue, PurgeQueueInProgress
from localaws.sqs.message import Message, MessageAttributes
from localaws.sqs.ports import QueuePorts
from localaws.sqs.receive_attempts import ReceiveAttempts
from localaws.sqs.stored import State, Stored


class Queue(BaseQueue):
    """A standard or FIFO queue with SQS's operations on messages.

    See `BaseQueue` for its parameters and for what is not an operation.
    """

    def __init__(
        self,
        *,
        name: str,
        arn: str,
        url: str,
        attributes: Mapping[str, str],
        tags: Mapping[str, str],
        ports: QueuePorts,
    ) -> None:
        super().__init__(name, arn, url, attributes, tags, ports)
        self._purged_at_s = float("-inf")
        self._duplicates = DeduplicationWindow(self.settings.deduplication_per_group)
        self._attempts = ReceiveAttempts()

    def set_attributes(self, attributes: Mapping[str, str]) -> None:
        """SetQueueAttributes: check and apply; an empty value means the default.

        Raises:
            InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue
        """
        self._settle()
        self._configuration.change(attributes)
        if self.is_fifo and "DelaySeconds" in attributes:
            self._store.delay_all(self.settings.delay_s)
        self._settle()
        self._availability.rearm()

    def send(
        self,
        body: str,
        *,
        sender_id: str,
        message_attributes: MessageAttributes | None = None,
        system_attributes: MessageAttributes | None = None,
        delay_s: float | None = None,
        group_id: str | None = None,
        deduplication_id: str | None = None,
    ) -> Message:
        """SendMessage; the attributes have boto3's shape.

        Raises:
            InvalidParameterValue, MissingParameter, InvalidMessageContents
        """
        attributes = (message_attributes or {}, system_attributes or {})
        draft = Draft(body, *attributes, delay_s, group_id, deduplication_id)
        self.check(draft)
        return self.accept(draft, sender_id)

    def check(self, draft: Draft) -> None:
        """Refuse a message that this queue does not take."""
        draft.check_content(self.settings.max_message_bytes)
        if self.is_fifo:
            draft.check_fifo(self.settings.content_based_deduplication)
        else:
            draft.check_standard()

    def accept(self, draft: Draft, sender_id: str) -> Message:
        """Store a checked message; a duplicate is answered with the first one's id instead."""
        self._settle()
        now_s = self._time.now_s()
        number = self.next_sequence_number()
        message = draft.message(sender_id, self._time.now_ms(), number)
        if self.is_fifo:
            first = self._duplicates.duplicate_of(message, now_s)
            if first is not None:
                return message.repeating(first)
            self._duplicates.remember(message, now_s)
        own_delay = draft.delay_s is not None and not self.is_fifo
        delay_s = (draft.delay_s or 0.0) if own_delay else self.settings.delay_s
        self._add(message, delay_s)
        self.metrics.sent(draft.size_bytes)
        return message

    def receive(
        self,
        max_number: int,
        *,
        visibility_timeout_s: float | None = None,
        attempt_id: str | None = None,
    ) -> list[Message]:
        """Take up to `max_number` messages in flight.

        A message that was received maxReceiveCount times already moves to the dead-letter queue
        instead: only a receive moves it, never a timer.

        Args:
            visibility_timeout_s: default the queue's.
            attempt_id: a repeated receive of a FIFO queue gets the same messages again.
        """
        self._settle()
        now_s = self._time.now_s()
        timeout_s = visibility_timeout_s
        if timeout_s is None:
            timeout_s = self.visibility_timeout_s
        taken = self._attempts.repeated(attempt_id, now_s) if attempt_id else []
        if taken:
            for stored in taken:
                self._store.hide(stored, now_s + timeout_s)
        elif not self.is_full():
            taken = self._take(max_number, now_s, now_s + timeout_s)
        if attempt_id and taken:
            self._attempts.remember(attempt_id, taken, now_s)
        if taken:
            self.metrics.received(len(taken))
        self._availability.rearm()
        return [stored.message for stored in taken]

    def delete(self, receipt_handle: str) -> None:
        """DeleteMessage; a message that is gone already is no error.

        Raises:
            ReceiptHandleIsInvalid, InvalidParameterValue: see `handles.resolve`.
        """
        self._settle()
        stored = handles.resolve(receipt_handle, self._key, self._store, self.is_fifo)
        if stored is not None:
            self._store.remove(stored)
            self.metrics.deleted()
            self._availability.rearm()

    def change_visibility(self, receipt_handle: str, timeout_s: float) -> None:
        """ChangeMessageVisibility: hide the message for `timeout_s` from now; 0 shows it.

        A message of a standard queue whose timeout has ended stays available.

        Raises:
            ReceiptHandleIsInvalid, InvalidParameterValue
        """
        self._settle()
        stored = handles.resolve(receipt_handle, self._key, self._store, self.is_fifo)
        if stored is None:
            raise InvalidParameterValue.of(
                "ReceiptHandle",
                receipt_handle,
                "Message does not exist or is not available for visibility timeout change.",
            )
        now_s = self._time.now_s()
        if now_s - stored.received_at_s + timeout_s > limits.MAX_VISIBILITY_TIMEOUT_S:
            raise InvalidParameterValue.of(
                "VisibilityTimeout",
                f"{timeout_s:g}",
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
            )
        if stored.state is State.IN_FLIGHT:
            self._store.hide(stored, now_s + timeout_s)
            self._settle()
            self.metrics.changed()
        self._availability.rearm()

    def purge(self) -> None:
        """PurgeQueue: every message goes, in flight and delayed ones too, and so do taken ids.

        Raises:
            PurgeQueueInProgress: the last purge is less than a minute ago.
        """
        now_s = self._time.now_s()
        if now_s < self._purged_at_s + limits.PURGE_INTERVAL_S:
            raise PurgeQueueInProgress(self.name)
        self._purged_at_s = now_s
        self._store.clear()
        self._duplicates.clear()
        self._attempts.clear()
        self.metrics.changed()
        self._availability.rearm()

    def _redrive(self, stored: Stored) -> bool:
        """Move a message to the dead-letter queue if it was received often enough."""
        policy = self.settings.redrive
        if policy is None or stored.receives < policy.max_receive_count:
            return False
        target = self._ports.find(policy.dead_letter_target_arn)
        if target is None:
            # The DLQ was deleted: the message stays, and is received on as without a policy.
            return False
        self._store.remove(stored)
        self.metrics.changed()
        redriven = stored.message.redriven(self.arn, target.next_sequence_number())
        # Retention goes on counting from the original send in a standard DLQ, and starts again
        # in a FIFO one (sqsdg: setting-up-dead-letter-queue-retention).
        target.enter(redriven, enqueued_at_s=None if self.is_fifo else stored.enqueued_at_s)
        return True

    def _take(self, max_number: int, now_s: float, visible_at_s: float) -> list[Stored]:
        taken: list[Stored] = []
        now_ms = self._time.now_ms()
        for stored in self._store.candidates():
            if self._redrive(stored):
                continue
            serial = self._store.take(stored, now_s, visible_at_s)
            handle = receipts.issue(self._key, stored.message.message_id, serial)
            stored.message = stored.message.received(handle, now_ms)
            taken.append(stored)
            if len(taken) >= max_number:
                break
        return taken
