"""Metrics that can be seen a minute to a quarter of an hour late."""

import math
import random
from collections.abc import Mapping
from functools import partial

from localaws.time.time import Time
from localaws.words.ports import MetricSink

_SOONEST_S = 60.0
# AWS names no bound in general, but for queues: up to 15 minutes when one becomes active.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
_LATEST_S = {"AWS/SQS": 900.0}
_LATEST_OTHERWISE_S = 180.0
# Points come together: whoever waits looks once for all that comes then.
_GRID_S = 10.0


class LateMetrics:
    """A `MetricSink` that hands on each data point later, with the time at which it happened.

    All points of one queue, function or topic are equally late, so that whatever can be seen of a
    minute is all of it, and an alarm that looks as far back finds what it would find on time.
    """

    def __init__(self, time: Time, metrics: MetricSink, chance: random.Random) -> None:
        self._time = time
        self._metrics = metrics
        self._chance = chance
        self._late_by_s: dict[tuple[object, ...], float] = {}

    def late_by_s(self, namespace: str, dimensions: Mapping[str, str]) -> float:
        """How late the metrics with these dimensions are."""
        key = (namespace, *sorted(dimensions.items()))
        if key not in self._late_by_s:
            latest_s = _LATEST_S.get(namespace, _LATEST_OTHERWISE_S)
            self._late_by_s[key] = self._chance.uniform(_SOONEST_S, latest_s - _GRID_S)
        return self._late_by_s[key]

    def put(
        self,
        namespace: str,
        name: str,
        value: float,
        unit: str,
        dimensions: Mapping[str, str],
        *,
        at_s: float | None = None,
    ) -> None:
        """Record a data point (`ports.MetricSink`), later."""
        now_s = self._time.now_s()
        put = partial(
            self._metrics.put,
            *(namespace, name, value, unit, dict(dimensions)),
            at_s=now_s if at_s is None else at_s,
        )
        # What nobody waited for, such as a queue's points of its idle hours, stays like that.
        seen_s = math.ceil((now_s + self.late_by_s(namespace, dimensions)) / _GRID_S) * _GRID_S
        self._time.call_at(seen_s, put, background=self._time.scheduler.in_background)
