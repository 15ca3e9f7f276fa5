"""What is published, and what of it goes to whom."""

from dataclasses import dataclass, field

from localaws.sns.message_attributes import MessageAttributes
from localaws.words.timestamps import iso_ms


@dataclass(frozen=True)
class Notification:
    """One published message.

    Attributes:
        message: the text as it was published.
        messages: with MessageStructure "json": text by protocol, `default` for all others.
        signature_version: the topic's, "1" or "2".
    """

    message_id: str
    topic_arn: str
    message: str
    published_at_s: float
    subject: str | None = None
    messages: dict[str, str] = field(default_factory=dict)
    attributes: MessageAttributes = field(default_factory=dict)
    signature_version: str = "1"
    group_id: str | None = None
    deduplication_id: str | None = None
    sequence_number: str | None = None
    trace_header: str | None = None

    @property
    def timestamp(self) -> str:
        """When it was published: ISO 8601 with milliseconds, as in all of SNS's texts."""
        return iso_ms(self.published_at_s)

    def text_for(self, protocol: str) -> str:
        """The message as subscribers of this protocol get it."""
        if not self.messages:
            return self.message
        return self.messages.get(protocol, self.messages["default"])
