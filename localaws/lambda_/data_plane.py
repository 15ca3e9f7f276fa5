"""Lambda's data plane: everything that happens to an event once it reaches the service."""

from collections.abc import Callable, Mapping

from localaws.lambda_.asynchronous.destinations import Destinations
from localaws.lambda_.asynchronous.event_invoke_config import EventInvokeConfigs
from localaws.lambda_.asynchronous.event_queue import EventQueue
from localaws.lambda_.event_source_mappings.mapping import EventSourceMapping
from localaws.lambda_.event_source_mappings.operations import EventSourceMappings, briefly
from localaws.lambda_.event_source_mappings.poller import Poller
from localaws.lambda_.event_source_mappings.validation import MappingValidation
from localaws.lambda_.invocation.api import InvokeApi
from localaws.lambda_.invocation.concurrency import Concurrency
from localaws.lambda_.invocation.invoker import Invoker
from localaws.lambda_.invocation.metrics import FunctionMetrics
from localaws.lambda_.invocation.ports import InvocationPorts
from localaws.lambda_.names import FunctionNames
from localaws.lambda_.ports import Environments, Functions
from localaws.lambda_.urls.invoker import UrlInvoker
from localaws.sqs import SqsService
from localaws.time.time import Time
from localaws.wire.skin import Operation
from localaws.words.identity import Identity
from localaws.words.ports import (
    AsyncInvoke,
    EventBus,
    LogSink,
    MetricSink,
    ObjectStore,
    Permissions,
)


class DataPlane:
    """Wires the mechanisms of invocation together.

    Args:
        mapping_transition_s: how long the next change of an event source mapping takes.

    Attributes:
        invoke_async: how other services invoke functions.
        urls: what serves function URLs.
    """

    invoke_async: AsyncInvoke

    def __init__(
        self,
        *,
        time: Time,
        identity: Identity,
        functions: Functions,
        environments: Environments,
        sqs: SqsService,
        publish: Callable[..., str],
        event_bus: EventBus,
        objects: ObjectStore,
        permissions: Permissions,
        metrics: MetricSink,
        logs: LogSink,
        mapping_transition_s: Callable[[], float] = briefly,
    ) -> None:
        self._sqs = sqs
        names = FunctionNames(identity)
        self._ports = ports = _invocation_ports(time, functions, permissions, environments, metrics)
        self._configs = EventInvokeConfigs(
            clock=time.clock, names=names, functions=functions, permissions=permissions
        )
        destinations = Destinations(
            clock=time.clock,
            sqs=sqs,
            publish=publish,
            invoke=self._invoke_as_destination,
            event_bus=event_bus,
            objects=objects,
            permissions=permissions,
            metrics=ports.metrics,
        )
        event_queue = EventQueue(ports, self._configs, destinations)
        self._invoke_api = InvokeApi(ports, names, event_queue)
        self.invoke_async = self._invoke_api.invoke_for_service
        self.urls = UrlInvoker(time.clock, identity, functions, self._invoke_api)
        self._mappings = EventSourceMappings(
            time=time,
            identity=identity,
            names=names,
            tags=functions.tags,
            validation=MappingValidation(functions, sqs, permissions),
            start_poller=self._start_poller,
            transition_s=mapping_transition_s,
        )

    def operations(self) -> Mapping[str, Operation]:
        """AWS's operations by name."""
        return {
            **self._invoke_api.operations(),
            **self._configs.operations(),
            **self._mappings.operations(),
        }

    def _start_poller(
        self, mapping: EventSourceMapping, queue_deleted: Callable[[], None]
    ) -> Poller | None:
        queue = self._sqs.find(mapping.settings.queue_arn)
        if queue is None:
            return None
        return Poller(self._ports, mapping.uuid, mapping.settings, queue, queue_deleted)

    def _invoke_as_destination(
        self, function_arn: str, payload: bytes, *, trace_header: str
    ) -> None:
        """A record becomes an event of its own: own request id, own retries."""
        self._invoke_api.accept(function_arn, payload, trace_header=trace_header)


def _invocation_ports(
    time: Time,
    functions: Functions,
    permissions: Permissions,
    environments: Environments,
    metrics: MetricSink,
) -> InvocationPorts:
    function_metrics = FunctionMetrics(metrics)
    concurrency = Concurrency(
        functions.reserved_concurrency,
        functions.provisioned_concurrency,
        functions.unreserved_concurrency,
    )
    return InvocationPorts(
        time=time,
        functions=functions,
        permissions=permissions,
        metrics=function_metrics,
        invoker=Invoker(time.activity, environments, concurrency, function_metrics),
    )
