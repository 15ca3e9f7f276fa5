"""One event source mapping: its settings, its state, and how the API describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from localaws.lambda_.event_source_mappings.event_filter import parse_pattern
from localaws.lambda_.names import FunctionReference

REPORT_BATCH_ITEM_FAILURES = "ReportBatchItemFailures"

# States between two others; in these AWS accepts no change.
TRANSIENT_STATES = frozenset({"Creating", "Enabling", "Disabling", "Updating", "Deleting"})


@dataclass(frozen=True)
class MappingSettings:
    """What a mapping does; immutable, an update makes another.

    Attributes:
        maximum_concurrency: the mapping's own cap, None for none.
        provisioned_pollers: ProvisionedPollerConfig as given, if any.
        patterns: filter patterns as JSON text; a message must match one, if there are any.
        metrics: the opt-in metric groups (`EventCount`).
    """

    function: FunctionReference
    queue_arn: str
    batch_size: int = 10
    window_s: float = 0
    response_types: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    maximum_concurrency: int | None = None
    provisioned_pollers: Mapping[str, int] | None = None
    metrics: tuple[str, ...] = ()
    kms_key_arn: str | None = None

    @cached_property
    def parsed_patterns(self) -> tuple[dict[str, Any], ...]:
        return tuple(parse_pattern(pattern) for pattern in self.patterns)

    @property
    def reports_batch_item_failures(self) -> bool:
        return REPORT_BATCH_ITEM_FAILURES in self.response_types

    @property
    def counts_events(self) -> bool:
        return "EventCount" in self.metrics


@dataclass
class EventSourceMapping:
    """A mapping and its state."""

    uuid: str
    arn: str
    settings: MappingSettings
    state: str
    last_modified_s: float

    def describe(self) -> dict[str, Any]:
        """The API's answer."""
        settings = self.settings
        described: dict[str, Any] = {
            "UUID": self.uuid,
            "BatchSize": settings.batch_size,
            "MaximumBatchingWindowInSeconds": int(settings.window_s),
            "EventSourceArn": settings.queue_arn,
            "FunctionArn": settings.function.invoked_arn,
            "LastModified": self.last_modified_s,
            "State": self.state,
            "StateTransitionReason": "USER_INITIATED",
            "FunctionResponseTypes": list(settings.response_types),
            "EventSourceMappingArn": self.arn,
        }
        if settings.patterns:
            filters = [{"Pattern": pattern} for pattern in settings.patterns]
            described["FilterCriteria"] = {"Filters": filters}
        if settings.maximum_concurrency is not None:
            described["ScalingConfig"] = {"MaximumConcurrency": settings.maximum_concurrency}
        if settings.provisioned_pollers:
            described["ProvisionedPollerConfig"] = dict(settings.provisioned_pollers)
        if settings.metrics:
            described["MetricsConfig"] = {"Metrics": list(settings.metrics)}
        if settings.kms_key_arn:
            described["KMSKeyArn"] = settings.kms_key_arn
        return described
