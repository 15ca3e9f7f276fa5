"""A message before it is accepted: what the sender gave, and whether SQS takes it."""

import re
import uuid
from dataclasses import dataclass, field
from functools import cached_property

from localaws.sqs import limits
from localaws.sqs.deduplication import content_id
from localaws.sqs.errors import (
    InvalidParameterValue,
    MessageTooLong,
    MissingParameter,
)
from localaws.sqs.md5 import md5_of_attributes, md5_of_body
from localaws.sqs.message import Message, MessageAttributes
from localaws.sqs.message_attributes import (
    check_message_attributes,
    check_system_attributes,
    plain,
    size,
)
from localaws.sqs.queue_settings import QueueSettings
from localaws.sqs.text import check_text, size_bytes

_ID = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}")


@dataclass(frozen=True)
class Draft:
    """The parameters of SendMessage that concern the message itself.

    Attributes:
        trace_header: of the HTTP request; the system attribute goes before it.
    """

    body: str
    message_attributes: MessageAttributes = field(default_factory=dict)
    system_attributes: MessageAttributes = field(default_factory=dict)
    delay_s: float | None = None
    group_id: str | None = None
    deduplication_id: str | None = None
    trace_header: str | None = None

    @cached_property
    def size_bytes(self) -> int:
        """What counts against the queue's maximum: the body and the user's attributes."""
        return size_bytes(self.body) + size(self.message_attributes)

    def message(self, sender_id: str, now_ms: int, sequence_number: str | None) -> Message:
        """The message that a checked draft becomes; FIFO ones have a sequence number."""
        deduplication_id = self.deduplication_id
        if sequence_number is not None and deduplication_id is None:
            deduplication_id = content_id(self.body)
        trace = self.system_attributes.get("AWSTraceHeader", {}).get("StringValue")
        return Message(
            message_id=str(uuid.uuid4()),
            body=self.body,
            md5_of_body=md5_of_body(self.body),
            sender_id=sender_id,
            sent_at_ms=now_ms,
            message_attributes=plain(self.message_attributes),
            md5_of_message_attributes=md5_of_attributes(self.message_attributes),
            group_id=self.group_id,
            deduplication_id=deduplication_id,
            sequence_number=sequence_number,
            aws_trace_header=trace or self.trace_header,
        )

    def check(self, settings: QueueSettings, is_fifo: bool) -> None:
        """Refuse what a queue with these settings does not take."""
        self._check_content(settings.max_message_bytes)
        if is_fifo:
            self._check_fifo(settings.content_based_deduplication)
        else:
            self._check_standard()

    def _check_content(self, max_bytes: int) -> None:
        """Refuse what no queue takes, and what is too large for this one."""
        if not self.body:
            raise MissingParameter("MessageBody")
        check_text(self.body, "message body")
        check_message_attributes(self.message_attributes)
        check_system_attributes(self.system_attributes)
        if self.size_bytes > max_bytes:
            raise MessageTooLong(max_bytes)

    def _check_standard(self) -> None:
        """Refuse what a standard queue does not take; a group id is welcome (fair queues)."""
        if self.deduplication_id is not None:
            raise _not_for_this_type("MessageDeduplicationId", self.deduplication_id)
        if self.group_id is not None:
            check_id("MessageGroupId", self.group_id)
        if self.delay_s is not None and not 0 <= self.delay_s <= limits.MAX_DELAY_S:
            raise InvalidParameterValue.of(
                "DelaySeconds", f"{self.delay_s:.15g}", "DelaySeconds must be >= 0 and <= 900."
            )

    def _check_fifo(self, content_based_deduplication: bool) -> None:
        """Refuse what a FIFO queue does not take."""
        if self.delay_s:
            raise _not_for_this_type("DelaySeconds", f"{self.delay_s:.15g}")
        if self.group_id is None:
            raise MissingParameter("MessageGroupId")
        check_id("MessageGroupId", self.group_id)
        if self.deduplication_id is not None:
            check_id("MessageDeduplicationId", self.deduplication_id)
        elif not content_based_deduplication:
            raise InvalidParameterValue(
                "The queue should either have ContentBasedDeduplication enabled or "
                "MessageDeduplicationId provided explicitly"
            )


def check_id(parameter: str, value: str) -> None:
    """Refuse an id of a FIFO request with other characters than AWS takes."""
    if not _ID.fullmatch(value):
        raise InvalidParameterValue.of(
            parameter,
            value,
            f"{parameter} can only include alphanumeric and punctuation characters. "
            "1 to 128 in length.",
        )


def _not_for_this_type(parameter: str, value: str) -> InvalidParameterValue:
    return InvalidParameterValue.of(
        parameter,
        value,
        "The request include parameter that is not valid for this queue type.",
    )
