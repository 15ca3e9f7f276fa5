"""When alarms are looked at: at full minutes, after something they watch has changed."""

from collections.abc import Callable, Mapping

from .clock import Clock
from .ports import MetricSink
from .scheduler import Scheduler, Timer

_INTERVAL_S = 60

# Metrics that are published at a full minute are evaluated at that minute, not at the next.
_GRACE_S = 1.0


class AlarmSchedule:
    """A `MetricSink` that has alarms evaluated after their metrics were recorded.

    Args:
        watches: whether any alarm looks at a namespace.
        evaluate: looks at every alarm; returns whether any of them may change by time alone.
    """

    def __init__(
        self,
        clock: Clock,
        scheduler: Scheduler,
        metrics: MetricSink,
        watches: Callable[[str], bool],
        evaluate: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._scheduler = scheduler
        self._metrics = metrics
        self._watches = watches
        self._evaluate = evaluate
        self._next: Timer | None = None
        self._later: Timer | None = None

    def put(
        self, namespace: str, name: str, value: float, unit: str, dimensions: Mapping[str, str]
    ) -> None:
        """Record a data point (`ports.MetricSink`)."""
        self._metrics.put(namespace, name, value, unit, dimensions)
        if not _pending(self._next) and self._watches(namespace):
            self._next = self._scheduler.call_at(self._next_look_s(), self._look)

    def _next_look_s(self) -> float:
        now_s = self._clock.now_s()
        into_minute_s = now_s % _INTERVAL_S
        return now_s if into_minute_s < _GRACE_S else now_s - into_minute_s + _INTERVAL_S

    def _look(self) -> None:
        if self._evaluate() and not _pending(self._later):
            # Data points leave an alarm's window as time passes; nobody waits for that alone.
            self._later = self._scheduler.call_at(
                self._clock.now_s() + _INTERVAL_S, self._look, background=True
            )


def _pending(timer: Timer | None) -> bool:
    return timer is not None and not timer.cancelled
