"""A message as senders and receivers see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

MessageAttributes = Mapping[str, Mapping[str, Any]]

SYSTEM_ATTRIBUTE_NAMES = (
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message; every receive hands out a new instance, so a receiver's copy never changes.

    Attributes:
        message_attributes: the user's attributes in boto3's shape.
        sent_at_ms: when it was sent; a redrive to a DLQ keeps it.
        receipt_handle: of the latest receive, "" before the first.
        receive_count: receives across all queues: it goes on counting in a DLQ.
        dead_letter_source_arn: the queue it was redriven from, while it is in the DLQ.
    """

    message_id: str
    body: str
    md5_of_body: str
    sender_id: str
    sent_at_ms: int
    message_attributes: MessageAttributes = field(default_factory=dict)
    md5_of_message_attributes: str | None = None
    group_id: str | None = None
    deduplication_id: str | None = None
    sequence_number: str | None = None
    aws_trace_header: str | None = None
    dead_letter_source_arn: str | None = None
    receipt_handle: str = ""
    receive_count: int = 0
    first_received_at_ms: int | None = None

    def received(self, receipt_handle: str, now_ms: int) -> "Message":
        """As the next receiver gets it."""
        first_ms = self.first_received_at_ms
        return replace(
            self,
            receipt_handle=receipt_handle,
            receive_count=self.receive_count + 1,
            first_received_at_ms=now_ms if first_ms is None else first_ms,
        )

    def repeating(self, first: "Message") -> "Message":
        """How a duplicate is answered: its own content, the id of the one that was stored."""
        return replace(self, message_id=first.message_id, sequence_number=first.sequence_number)

    def redriven(self, source_arn: str, sequence_number: str | None) -> "Message":
        """As it arrives in its dead-letter queue.

        In a FIFO queue the message id replaces the deduplication id, so that two messages that
        share one do not shut each other out of the DLQ.
        """
        return replace(
            self,
            dead_letter_source_arn=source_arn,
            deduplication_id=self.message_id if sequence_number else self.deduplication_id,
            sequence_number=sequence_number,
            receipt_handle="",
        )

    def moved(self, message_id: str, now_ms: int, sequence_number: str | None) -> "Message":
        """As a message move task sends it again: a new message with the old content."""
        return replace(
            self,
            message_id=message_id,
            sent_at_ms=now_ms,
            sequence_number=sequence_number,
            dead_letter_source_arn=None,
            receipt_handle="",
            receive_count=0,
            first_received_at_ms=None,
        )

    def system_attributes(self) -> dict[str, str]:
        """What ReceiveMessage returns as `Attributes` when all are asked for."""
        attributes = {
            "SenderId": self.sender_id,
            "SentTimestamp": str(self.sent_at_ms),
            "ApproximateReceiveCount": str(self.receive_count),
        }
        optional = {
            "ApproximateFirstReceiveTimestamp": self.first_received_at_ms,
            "SequenceNumber": self.sequence_number,
            "MessageDeduplicationId": self.deduplication_id,
            "MessageGroupId": self.group_id,
            "AWSTraceHeader": self.aws_trace_header,
            "DeadLetterQueueSourceArn": self.dead_letter_source_arn,
        }
        attributes.update({k: str(value) for k, value in optional.items() if value is not None})
        return attributes
