"""One queue: send, receive, delete, hide; the move to its dead-letter queue happens on receive."""

from collections.abc import Callable, Mapping

from localaws.sqs import limits, transfer
from localaws.sqs.configuration import QueueConfiguration
from localaws.sqs.deduplication import DeduplicationWindow
from localaws.sqs.draft import Draft
from localaws.sqs.errors import KeyUnusable, PurgeQueueInProgress
from localaws.sqs.mailbox import Mailbox
from localaws.sqs.message import Message, MessageAttributes
from localaws.sqs.metrics import QueueMetrics
from localaws.sqs.ports import QueuePorts
from localaws.sqs.queue_settings import QueueSettings
from localaws.sqs.receives import Receives
from localaws.sqs.retry_policy import is_used_up
from localaws.sqs.store import MessageStore
from localaws.sqs.stored import Stored
from localaws.words.data_keys import DataKeys
from localaws.words.propagation import Changes


class Queue:
    """A standard or FIFO queue with SQS's operations on messages.

    Plain synchronous code on the owner thread; `Mailbox` holds the messages.

    Attributes:
        is_fifo: its name ends in `.fifo`.
        tags: cost allocation tags.
        deleted: it was deleted; who still holds it finds it empty.
        metrics: AWS/SQS metrics of this queue.
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
        self.name = name
        self.arn = arn
        self.url = url
        self.is_fifo = name.endswith(".fifo")
        self.tags = dict(tags)
        self.deleted = False
        self._ports = ports
        self._clock = ports.time.clock
        self._purged_at_s = float("-inf")
        self._configuration = QueueConfiguration(
            arn, self.is_fifo, attributes, self._clock, ports.find
        )
        self._mailbox = Mailbox(ports.time, self.is_fifo, self._configuration)
        self._duplicates = DeduplicationWindow(self.settings.deduplication_per_group)
        self._receives = Receives(self.is_fifo, self._redrive)
        self._data_keys = DataKeys(ports.keys, KeyUnusable)
        self.metrics = QueueMetrics(name, ports.time, ports.metrics, self._mailbox.gauges)

    @property
    def attributes(self) -> dict[str, str]:
        """What was set, and defaults; strings as on the wire."""
        return self._configuration.attributes

    @property
    def policy(self) -> str | None:
        """The policy that decides who may do what with the queue."""
        return self._configuration.in_effect.get("Policy")

    @property
    def settings(self) -> QueueSettings:
        """The attributes in effect, as numbers."""
        return self._configuration.settings

    def described(self) -> dict[str, str]:
        """Everything that GetQueueAttributes can show."""
        return self._configuration.described(self.counts())

    def set_attributes(self, attributes: Mapping[str, str]) -> None:
        """SetQueueAttributes: check and apply; an empty value means the default.

        Raises:
            InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue
        """
        changes = self._configuration.change(attributes)
        self._ports.propagation.attributes(self.arn, changes, self._take_effect)

    def _take_effect(self, changes: Changes) -> None:
        with self._mailbox as store:
            self._configuration.take_effect(changes)
            if self.is_fifo and "DelaySeconds" in changes:
                store.delay_all(self.settings.delay_s, self._clock.now_s())
            self._mailbox.settle()

    def counts(self) -> tuple[int, int, int]:
        """Messages available, in flight, delayed, exactly now."""
        return self._mailbox.counts()

    def is_full(self) -> bool:
        """As many messages are in flight as AWS allows."""
        return self._mailbox.is_full()

    def has_available(self) -> bool:
        """Whether a receive would find a message."""
        return self._mailbox.has_available()

    def subscribe(self, on_available: Callable[[], None]) -> Callable[[], None]:
        """Call `on_available` whenever a message becomes receivable; returns how to unsubscribe.

        Calls come from a scheduler action, one per moment. What is available already is not
        announced: look first.
        """
        return self._mailbox.subscribe(on_available)

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
            InvalidParameterValue, MissingParameter, InvalidMessageContents, KeyUnusable
        """
        attributes = (message_attributes or {}, system_attributes or {})
        draft = Draft(body, *attributes, delay_s, group_id, deduplication_id)
        self.check(draft)
        return self.accept(draft, sender_id)

    def check(self, draft: Draft) -> None:
        """Refuse a message that this queue does not take."""
        draft.check(self.settings, self.is_fifo)

    def require_key(self, principal: str) -> None:
        """Have a data key for what a principal sends or receives, if KMS has the queue's key.

        Raises:
            KeyUnusable
        """
        settings = self.settings
        self._data_keys.need(
            settings.key_id, principal, self._clock.now_s(), settings.data_key_reuse_s
        )

    def accept(self, draft: Draft, sender_id: str) -> Message:
        """Store a checked message; a duplicate is answered with the first one's id instead."""
        self.require_key(f"sends: {sender_id}")
        message = draft.message(sender_id, self._clock.now_ms(), self.next_sequence_number())
        if self.is_fifo:
            now_s = self._clock.now_s()
            first = self._duplicates.duplicate_of(message, now_s)
            if first is not None:
                return message.repeating(first)
            self._duplicates.remember(message, now_s)
        own_delay_s = None if self.is_fifo else draft.delay_s
        delay_s = self.settings.delay_s if own_delay_s is None else own_delay_s
        self._mailbox.put(message, delay_s=delay_s)
        self.metrics.sent(draft.size_bytes)
        return message

    def receive(
        self,
        max_number: int,
        *,
        visibility_timeout_s: float | None = None,
        attempt_id: str | None = None,
        receiver: str = "",
    ) -> list[Message]:
        """Take up to `max_number` messages in flight.

        A message that was received maxReceiveCount times already moves to the dead-letter queue
        instead: only a receive moves it, never a timer.

        Args:
            visibility_timeout_s: default the queue's.
            attempt_id: a repeated receive of a FIFO queue gets the same messages again.
            receiver: the principal, for whom KMS decrypts.

        Raises:
            KeyUnusable: there is a message, and it cannot be decrypted.
        """
        if self.has_available():
            self.require_key(f"receives: {receiver}")
        timeout_s = visibility_timeout_s
        if timeout_s is None:
            timeout_s = self.settings.visibility_timeout_s
        with self._mailbox as store:
            now_s = self._clock.now_s()
            taken = self._receives.take(
                store, max_number, now_s=now_s, timeout_s=timeout_s, attempt_id=attempt_id
            )
            if taken:
                self.metrics.received(len(taken))
        return [stored.message for stored in taken]

    def delete(self, receipt_handle: str) -> None:
        """DeleteMessage; a message that is gone already is no error.

        Raises:
            MissingParameter, ReceiptHandleIsInvalid, InvalidParameterValue
        """
        with self._mailbox as store:
            if self._receives.delete(store, receipt_handle):
                self.metrics.deleted()

    def change_visibility(self, receipt_handle: str, timeout_s: float) -> None:
        """ChangeMessageVisibility: hide the message for `timeout_s` from now; 0 shows it.

        A message of a standard queue whose timeout has ended stays available.

        Raises:
            ReceiptHandleIsInvalid, InvalidParameterValue
        """
        with self._mailbox as store:
            now_s = self._clock.now_s()
            if self._receives.change_visibility(
                store, receipt_handle, now_s=now_s, timeout_s=timeout_s
            ):
                self._mailbox.settle()
                self.metrics.changed()

    def purge(self) -> None:
        """PurgeQueue: every message goes, in flight and delayed ones too, and so do taken ids.

        Raises:
            PurgeQueueInProgress: the last purge is less than a minute ago.
        """
        now_s = self._clock.now_s()
        if now_s < self._purged_at_s + limits.PURGE_INTERVAL_S:
            raise PurgeQueueInProgress(self.name)
        self._purged_at_s = now_s
        self._ports.propagation.purge(self.arn, self._empty)

    def _empty(self) -> None:
        self._mailbox.clear()
        self._duplicates.clear()
        self._receives.forget_attempts()
        self.metrics.changed()

    def close(self) -> None:
        """The queue is deleted: its messages are gone, and those who wait are told."""
        self.deleted = True
        self._mailbox.close()
        self.metrics.stop()

    def first_available(self) -> Message | None:
        """The message that a message move task takes next, left where it is."""
        return self._mailbox.first_available()

    def withdraw(self, message_id: str) -> None:
        """Take an available message out, to put it into another queue."""
        self._mailbox.withdraw(message_id)
        self.metrics.changed()

    def enter(
        self, message: Message, *, delay_s: float = 0.0, enqueued_at_s: float | None = None
    ) -> None:
        """A message arrives from another queue.

        Args:
            enqueued_at_s: what its retention counts from, default now.
        """
        self._mailbox.put(message, delay_s=delay_s, enqueued_at_s=enqueued_at_s)
        self.metrics.changed()

    def next_sequence_number(self) -> str | None:
        """For a message that enters a FIFO queue; None in a standard one."""
        return next(self._ports.sequence_numbers) if self.is_fifo else None

    def _redrive(self, store: MessageStore, stored: Stored) -> bool:
        """Move a message to the dead-letter queue if it was received often enough."""
        policy = self.settings.redrive
        if policy is None or not is_used_up(stored.receives, policy.max_receive_count):
            return False
        target = self._ports.find(policy.dead_letter_target_arn)
        if target is None:
            # The DLQ was deleted: the message stays, and is received on as without a policy.
            return False
        store.remove(stored)
        self.metrics.changed()
        transfer.redrive(stored, self.arn, target)
        return True
