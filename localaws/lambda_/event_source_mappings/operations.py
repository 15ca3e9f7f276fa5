"""Event source mappings: the API, the states, and the pollers that enabled mappings have."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from localaws.lambda_.errors import LambdaError, ResourceConflictException, resource_not_found
from localaws.lambda_.event_source_mappings.mapping import (
    TRANSIENT_STATES,
    EventSourceMapping,
    MappingSettings,
)
from localaws.lambda_.event_source_mappings.poller import Poller
from localaws.lambda_.event_source_mappings.validation import MappingValidation
from localaws.lambda_.names import FunctionNames
from localaws.lambda_.paging import page
from localaws.lambda_.ports import ResourceTags
from localaws.time.time import Time
from localaws.wire.skin import Operation
from localaws.words.http import Caller
from localaws.words.identity import Identity

# How long a mapping stays in a transient state. AWS takes some seconds, without promise.
TRANSITION_S = 0.2


def briefly() -> float:
    """The time that every change of a mapping takes where nothing is late."""
    return TRANSITION_S


PAGE_SIZE = 100

# How often a mapping looks whether its deleted queue was created again. Nobody waits for that, so
# the wait is a background timer.
LOST_QUEUE_S = 20.0

QueueDeleted = Callable[[], None]
StartPoller = Callable[[EventSourceMapping, QueueDeleted], Poller | None]


class ResourceInUseException(LambdaError):
    """The mapping is between two states."""


class EventSourceMappings:
    """All mappings of the account.

    Args:
        start_poller: makes the poller of a mapping, which tells when its queue is deleted; None
            where there is no queue.
        transition_s: how long the next change of a mapping takes.
    """

    def __init__(
        self,
        *,
        time: Time,
        identity: Identity,
        names: FunctionNames,
        tags: ResourceTags,
        validation: MappingValidation,
        start_poller: StartPoller,
        transition_s: Callable[[], float],
    ) -> None:
        self._time = time
        self._identity = identity
        self._names = names
        self._tags = tags
        self._validation = validation
        self._start_poller = start_poller
        self._transition_s = transition_s
        self._mappings: dict[str, EventSourceMapping] = {}
        self._pollers: dict[str, Poller] = {}
        tags.register("event-source-mapping", self._check_arn)

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateEventSourceMapping": self._create,
            "GetEventSourceMapping": self._get,
            "ListEventSourceMappings": self._list,
            "UpdateEventSourceMapping": self._update,
            "DeleteEventSourceMapping": self._delete,
        }

    def _create(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        queue_arn = self._validation.check_source(params.get("EventSourceArn"))
        function = self._names.read(params["FunctionName"])
        resolved = self._validation.check_function(function)
        self._validation.check_params(params)
        settings = _merged(MappingSettings(function, queue_arn), params)
        self._validation.check_settings(settings)
        self._validation.check_queue(queue_arn, resolved)
        self._refuse_duplicate(settings)
        mapping_uuid = str(uuid.uuid4())
        mapping = EventSourceMapping(
            uuid=mapping_uuid,
            arn=self._identity.arn("lambda", f"event-source-mapping:{mapping_uuid}"),
            settings=settings,
            state="Disabled",
            last_modified_s=self._time.now_s(),
        )
        self._tags.add(mapping.arn, params.get("Tags") or {}, caller)
        self._mappings[mapping_uuid] = mapping
        if params.get("Enabled") is not False:
            self._go_through(mapping, "Creating", "Enabled")
        return mapping.describe()

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return self._existing(params["UUID"]).describe()

    def _list(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        found = list(self._mappings.values())
        if queue_arn := params.get("EventSourceArn"):
            found = [mapping for mapping in found if mapping.settings.queue_arn == queue_arn]
        if name := params.get("FunctionName"):
            arn = self._names.read(name).invoked_arn
            found = [m for m in found if m.settings.function.invoked_arn == arn]
        described = [mapping.describe() for mapping in found]
        return page("EventSourceMappings", described, params, PAGE_SIZE)

    def _update(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        mapping = self._changeable(params["UUID"], "update")
        self._validation.check_params(params)
        settings = mapping.settings
        if name := params.get("FunctionName"):
            settings = replace(settings, function=self._names.read(name))
            resolved = self._validation.check_function(settings.function)
            self._validation.check_queue(settings.queue_arn, resolved)
        settings = _merged(settings, params)
        self._validation.check_settings(settings)
        mapping.settings = settings
        mapping.last_modified_s = self._time.now_s()
        was_enabled = mapping.state == "Enabled"
        enabled = params.get("Enabled")
        if enabled is None or enabled == was_enabled:
            self._go_through(mapping, "Updating", mapping.state)
        elif enabled:
            self._go_through(mapping, "Enabling", "Enabled")
        else:
            self._go_through(mapping, "Disabling", "Disabled")
        return mapping.describe()

    def _delete(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        mapping = self._changeable(params["UUID"], "delete")
        self._go_through(mapping, "Deleting", "Deleted")
        return mapping.describe()

    def _existing(self, mapping_uuid: str) -> EventSourceMapping:
        if mapping_uuid not in self._mappings:
            raise resource_not_found()
        return self._mappings[mapping_uuid]

    def _check_arn(self, arn: str) -> None:
        self._existing(arn.rpartition(":")[2])

    def _changeable(self, mapping_uuid: str, verb: str) -> EventSourceMapping:
        mapping = self._existing(mapping_uuid)
        if mapping.state in TRANSIENT_STATES:
            raise ResourceInUseException(
                f"Cannot {verb} the event source mapping because it is in use."
            )
        return mapping

    def _refuse_duplicate(self, settings: MappingSettings) -> None:
        for other in self._mappings.values():
            same_queue = other.settings.queue_arn == settings.queue_arn
            if same_queue and other.settings.function.invoked_arn == settings.function.invoked_arn:
                raise ResourceConflictException(
                    f'An event source mapping with SQS arn (" {settings.queue_arn} ") and function '
                    f'(" {settings.function.name} ") already exists. Please update or delete the '
                    f"existing mapping with UUID {other.uuid}"
                )

    def _go_through(self, mapping: EventSourceMapping, transient: str, final: str) -> None:
        """Enter a transient state; the poller stops or changes when it is left."""
        mapping.state = transient
        arrive_s = self._time.now_s() + self._transition_s()
        self._time.call_at(arrive_s, lambda: self._arrive(mapping, final))

    def _arrive(self, mapping: EventSourceMapping, state: str) -> None:
        if poller := self._pollers.pop(mapping.uuid, None):
            poller.stop()
        mapping.state = state
        if state == "Deleted":
            del self._mappings[mapping.uuid]
            self._tags.forget(mapping.arn)
        self._connect(mapping)

    def _connect(self, mapping: EventSourceMapping) -> None:
        """Give an enabled mapping its poller, now or as soon as its queue exists."""
        if mapping.state != "Enabled" or mapping.uuid in self._pollers:
            return
        poller = self._start_poller(mapping, lambda: self._queue_deleted(mapping))
        if poller is not None:
            self._pollers[mapping.uuid] = poller
            poller.poll()
        else:
            when_s = self._time.now_s() + LOST_QUEUE_S
            self._time.call_at(when_s, lambda: self._connect(mapping), background=True)

    def _queue_deleted(self, mapping: EventSourceMapping) -> None:
        """The mapping stays as it is; a queue of the same name may come."""
        if poller := self._pollers.pop(mapping.uuid, None):
            poller.stop()
        self._connect(mapping)


def _merged(settings: MappingSettings, params: Mapping[str, Any]) -> MappingSettings:
    """The settings with what a request names; what it does not name stays."""
    changes: dict[str, Any] = {}
    for name, attribute in (("BatchSize", "batch_size"), ("KMSKeyArn", "kms_key_arn")):
        if params.get(name) is not None:
            changes[attribute] = params[name]
    if params.get("MaximumBatchingWindowInSeconds") is not None:
        changes["window_s"] = params["MaximumBatchingWindowInSeconds"]
    if params.get("FunctionResponseTypes") is not None:
        changes["response_types"] = tuple(params["FunctionResponseTypes"])
    if (criteria := params.get("FilterCriteria")) is not None:
        filters = criteria.get("Filters") or []
        changes["patterns"] = tuple(one.get("Pattern", "{}") for one in filters)
    if (scaling := params.get("ScalingConfig")) is not None:
        changes["maximum_concurrency"] = scaling.get("MaximumConcurrency")
    if (pollers := params.get("ProvisionedPollerConfig")) is not None:
        changes["provisioned_pollers"] = dict(pollers)
    if (metrics := params.get("MetricsConfig")) is not None:
        changes["metrics"] = tuple(metrics.get("Metrics") or ())
    return replace(settings, **changes)
