"""Puts lateness around services that are punctual: they know nothing of it."""

import random
from collections.abc import Callable, Mapping
from typing import Protocol

from localaws.lateness.empty_pages import EmptyPages
from localaws.lateness.late_counts import LateCounts
from localaws.lateness.late_logs import LateLogs
from localaws.lateness.late_mappings import LateMappings
from localaws.lateness.late_metrics import LateMetrics
from localaws.lateness.late_policies import LatePolicies
from localaws.lateness.late_queues import LateQueues
from localaws.lateness.stacks import StackWork
from localaws.lateness.throttled_stacks import ThrottledStacks
from localaws.time.time import Time
from localaws.wire.skin import Operation
from localaws.words.http import Caller, HttpRequest, HttpResponse
from localaws.words.ports import LogSink, MetricSink
from localaws.words.propagation import (
    PoliciesAtOnce,
    PolicyPropagation,
    QueuePropagation,
    QueuesAtOnce,
)

Operations = Mapping[str, Operation]


class ServicesAround(Protocol):
    """What can be made late of services that are not ours: `localaws.emulator`."""

    def propagate_roles(self, propagation: PolicyPropagation) -> None: ...

    def expect_late_metrics(self, late_by_s: Callable[[str, Mapping[str, str]], float]) -> None: ...

    def refuse_first(
        self, refuse: Callable[[HttpRequest, str, Caller], HttpResponse | None]
    ) -> None: ...


class LateAws:
    """What is late, all of it drawn from one seed and in virtual time.

    Args:
        seed: the same seed and the same calls give the same lateness; None: nothing is late.

    Attributes:
        policies: from when on policies of roles, functions and topics decide.
        queues: from when on queues do what was asked of them.
    """

    policies: PolicyPropagation = PoliciesAtOnce()
    queues: QueuePropagation = QueuesAtOnce()

    def __init__(self, time: Time, seed: int | None) -> None:
        self._time = time
        self._seed = seed
        self._stacks = StackWork()
        if seed is not None:
            self.policies = LatePolicies(time, self._chance("policies"), self._stacks)
            self.queues = LateQueues(time, self._chance("queues"), self._stacks)

    def log_sink(self, logs: LogSink) -> LogSink:
        """The log sink through which functions write."""
        if self._seed is None:
            return logs
        return LateLogs(self._time, logs, self._chance("logs"))

    def metric_sink(self, metrics: MetricSink, around: ServicesAround) -> MetricSink:
        """The metric sink through which services write."""
        if self._seed is None:
            return metrics
        late = LateMetrics(self._time, metrics, self._chance("metrics"))
        around.expect_late_metrics(late.late_by_s)
        return late

    def mapping_transition_s(self, punctual: Callable[[], float]) -> Callable[[], float]:
        """How long the next change of an event source mapping takes."""
        if self._seed is None:
            return punctual
        return LateMappings(self._chance("mappings")).transition_s

    def logs(self, operations: Operations) -> Operations:
        """CloudWatch Logs' operations."""
        if self._seed is None:
            return operations
        pages = EmptyPages(operations["FilterLogEvents"], self._chance("pages"))
        return {**operations, "FilterLogEvents": pages.filter_log_events}

    def sqs(self, operations: Operations) -> Operations:
        """SQS's operations."""
        if self._seed is None:
            return operations
        counts = LateCounts(
            self._time,
            operations["GetQueueAttributes"],
            self._chance("counts"),
        )
        return {**operations, "GetQueueAttributes": counts.get_queue_attributes}

    def for_stacks(self, operations: Operations) -> Operations:
        """A service's operations for CloudFormation, whose changes are in effect at once."""
        return operations if self._seed is None else self._stacks.operations(operations)

    def around(self, services: ServicesAround) -> None:
        """The services that are not ours."""
        if self._seed is not None:
            services.propagate_roles(self.policies)
            services.refuse_first(ThrottledStacks(self._chance("stacks")).refuse)

    def _chance(self, of: str) -> random.Random:
        # A chance of its own for each, so that one more call of one moves nothing of the others.
        return random.Random(f"{self._seed} {of}")
