"""A message before SNS accepts it: what the publisher gave, and whether it may go. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localaws.sns.errors import InvalidParameterException
from localaws.sns.limits import MAX_MESSAGE_BYTES, MAX_SUBJECT_CHARACTERS
from localaws.sns.message_attributes import MessageAttributes, check_attributes, size_bytes

# Of any alphabet (API_Publish); control characters, of which line breaks are some, are none of it.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FIFO_ID = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True)
class PublishRequest:
    """The parameters of Publish, or of one entry of PublishBatch."""

    message: str
    subject: str | None = None
    structure: str | None = None
    attributes: MessageAttributes = field(default_factory=dict)
    group_id: str | None = None
    deduplication_id: str | None = None

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> "PublishRequest":
        """From boto3's parameters."""
        return cls(
            message=params["Message"],
            subject=params.get("Subject"),
            structure=params.get("MessageStructure"),
            attributes=params.get("MessageAttributes") or {},
            group_id=params.get("MessageGroupId"),
            deduplication_id=params.get("MessageDeduplicationId"),
        )

    def size_bytes(self) -> int:
        """What counts against the limit of 256 KB."""
        return len(self.message.encode("utf-8", "replace")) + size_bytes(self.attributes)

    def check(self, max_bytes: int = MAX_MESSAGE_BYTES) -> None:
        """Refuse what no topic takes, and what is larger than this one does."""
        if not self.message:
            raise InvalidParameterException("Empty message")
        if self.subject is not None and (
            not 1 <= len(self.subject) <= MAX_SUBJECT_CHARACTERS or _CONTROL.search(self.subject)
        ):
            raise InvalidParameterException("Subject")
        check_attributes(self.attributes)
        if self.size_bytes() > max_bytes:
            raise InvalidParameterException("Message too long")
        if self.structure not in (None, "json"):
            raise InvalidParameterException("MessageStructure")

    def check_for(self, is_fifo: bool, deduplicates_by_content: bool) -> None:
        """Refuse what this kind of topic does not take."""
        if not is_fifo:
            if self.deduplication_id is not None:
                raise InvalidParameterException(
                    "MessageDeduplicationId Reason: The request includes MessageDeduplicationId "
                    "parameter that is not valid for this topic type"
                )
            if self.group_id is not None:
                _check_id("MessageGroupId", self.group_id)
            return
        if self.group_id is None:
            raise InvalidParameterException(
                "The MessageGroupId parameter is required for FIFO topics"
            )
        _check_id("MessageGroupId", self.group_id)
        if self.deduplication_id is not None:
            _check_id("MessageDeduplicationId", self.deduplication_id)
        if self.deduplication_id is None and not deduplicates_by_content:
            raise InvalidParameterException(
                "The topic should either have ContentBasedDeduplication enabled or "
                "MessageDeduplicationId provided explicitly"
            )

    def messages(self) -> dict[str, str]:
        """With MessageStructure "json": the texts by protocol. Otherwise empty."""
        if self.structure is None:
            return {}
        try:
            texts = json.loads(self.message, object_pairs_hook=_without_duplicates)
        except (ValueError, RecursionError):
            texts = None
        if not isinstance(texts, dict):
            raise InvalidParameterException("Message Structure - JSON message body failed to parse")
        if not isinstance(texts.get("default"), str):
            raise InvalidParameterException(
                "Message Structure - No default entry in JSON message body"
            )
        return {protocol: text for protocol, text in texts.items() if isinstance(text, str)}


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; raises ValueError for duplicate keys, which SNS allows none of."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("duplicate keys")
    return found


def _check_id(parameter: str, value: str) -> None:
    if not _FIFO_ID.fullmatch(value):
        raise InvalidParameterException(
            f"{parameter} Reason: {parameter} can only include alphanumeric and punctuation "
            "characters. 1 to 128 in length"
        )
