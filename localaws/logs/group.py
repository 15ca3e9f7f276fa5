"""One log group: its streams, its settings, and the filters that watch what is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from localaws.logs.limits import DAY_MS
from localaws.logs.metric_filter import MetricFilter
from localaws.logs.stream import LogStream
from localaws.logs.subscription_filter import SubscriptionFilter


@dataclass(eq=False)
class LogGroup:
    """A log group.

    Attributes:
        arn: without the `:*` that some answers append.
    """

    name: str
    arn: str
    created_ms: int
    log_class: str = "STANDARD"
    kms_key_id: str | None = None
    deletion_protected: bool = False
    retention_days: int | None = None
    tags: dict[str, str] = field(default_factory=dict)
    streams: dict[str, LogStream] = field(default_factory=dict)
    metric_filters: dict[str, MetricFilter] = field(default_factory=dict)
    subscription_filters: dict[str, SubscriptionFilter] = field(default_factory=dict)

    def stream_arn(self, stream_name: str) -> str:
        return f"{self.arn}:log-stream:{stream_name}"

    def expires_before_ms(self, now_ms: int) -> int:
        """Events before this moment are gone."""
        return 0 if self.retention_days is None else now_ms - self.retention_days * DAY_MS

    def forget_expired(self, now_ms: int, streams: Iterable[LogStream] | None = None) -> None:
        """Drop what the retention policy no longer keeps, in some streams or in all."""
        before_ms = self.expires_before_ms(now_ms)
        if before_ms > 0:
            for stream in self.streams.values() if streams is None else streams:
                stream.forget_before(before_ms)

    def described(self) -> Mapping[str, Any]:
        """As DescribeLogGroups shows it."""
        return {
            "logGroupName": self.name,
            "creationTime": self.created_ms,
            "retentionInDays": self.retention_days,
            "metricFilterCount": len(self.metric_filters),
            "arn": f"{self.arn}:*",
            "storedBytes": sum(stream.stored_bytes for stream in self.streams.values()),
            "kmsKeyId": self.kms_key_id,
            "logGroupClass": self.log_class,
            "logGroupArn": self.arn,
            "deletionProtectionEnabled": self.deletion_protected,
        }

    def described_stream(self, stream: LogStream) -> Mapping[str, Any]:
        """As DescribeLogStreams shows one of its streams."""
        described: dict[str, Any] = {
            "logStreamName": stream.name,
            "creationTime": stream.created_ms,
            "arn": self.stream_arn(stream.name),
            "storedBytes": 0,  # AWS counts bytes of groups only, since 2019
        }
        if len(stream):
            described |= {
                "firstEventTimestamp": stream.times_ms[0],
                "lastEventTimestamp": stream.times_ms[-1],
                "lastIngestionTime": max(stream.ingested_ms[-1], stream.created_ms),
                "uploadSequenceToken": stream.position(len(stream) - 1).event_id,
            }
        return described
