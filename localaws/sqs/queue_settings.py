"""A queue's attributes as numbers and objects: what the queue works with."""

from collections.abc import Mapping
from dataclasses import dataclass

from localaws.sqs.redrive import RedriveAllowPolicy, RedrivePolicy
from localaws.words.data_keys import REUSE_S


@dataclass(frozen=True)
class QueueSettings:
    """Parsed once per change of the attributes."""

    visibility_timeout_s: float
    delay_s: float
    retention_s: float
    wait_time_s: float
    max_message_bytes: int
    redrive: RedrivePolicy | None
    redrive_allow: RedriveAllowPolicy
    content_based_deduplication: bool
    deduplication_per_group: bool
    key_id: str | None
    data_key_reuse_s: float

    @classmethod
    def of(cls, attributes: Mapping[str, str]) -> "QueueSettings":
        """Read checked attributes."""
        redrive = attributes.get("RedrivePolicy")
        allow = attributes.get("RedriveAllowPolicy")
        return cls(
            visibility_timeout_s=float(attributes["VisibilityTimeout"]),
            delay_s=float(attributes["DelaySeconds"]),
            retention_s=float(attributes["MessageRetentionPeriod"]),
            wait_time_s=float(attributes["ReceiveMessageWaitTimeSeconds"]),
            max_message_bytes=int(attributes["MaximumMessageSize"]),
            redrive=RedrivePolicy.parse(redrive) if redrive else None,
            redrive_allow=RedriveAllowPolicy.parse(allow) if allow else RedriveAllowPolicy(),
            content_based_deduplication=attributes.get("ContentBasedDeduplication") == "true",
            deduplication_per_group=attributes.get("DeduplicationScope") == "messageGroup",
            key_id=attributes.get("KmsMasterKeyId"),
            data_key_reuse_s=float(attributes.get("KmsDataKeyReusePeriodSeconds", REUSE_S)),
        )
