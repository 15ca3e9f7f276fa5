"""When alarms are looked at: at full minutes, after something they watch has changed."""

import math
from collections.abc import Callable, Mapping

from localaws.time.scheduler import Timer
from localaws.time.time import Time
from localaws.words.ports import MetricSink

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
        time: Time,
        metrics: MetricSink,
        watches: Callable[[str], bool],
        evaluate: Callable[[], bool],
    ) -> None:
        self._time = time
        self._metrics = metrics
        self._watches = watches
        self._evaluate = evaluate
        self._now: Timer | None = None
        self._next: Timer | None = None
        self._later: Timer | None = None

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
        """Record a data point (`ports.MetricSink`)."""
        self._metrics.put(namespace, name, value, unit, dimensions, at_s=at_s)
        if not self._watches(namespace):
            return
        now_s = self._time.now_s()
        minute_s = math.floor(now_s / _INTERVAL_S) * _INTERVAL_S
        # A minute that is over is not waited for.
        if now_s - minute_s < _GRACE_S or (at_s is not None and at_s < minute_s):
            if not _pending(self._now):
                self._now = self._time.call_at(now_s, self._look)
        elif not _pending(self._next):
            self._next = self._time.call_at(minute_s + _INTERVAL_S, self._look_last)

    def _look(self) -> None:
        if self._evaluate() and not _pending(self._later):
            # Data points leave an alarm's window as time passes; nobody waits for that alone.
            self._later = self._time.call_at(
                self._time.now_s() + _INTERVAL_S, self._look_last, background=True
            )

    def _look_last(self) -> None:
        """Look once everything that is due has happened.

        A queue publishes at the full minute, too. Seen before it does, the minute that has just
        ended would lack its datapoint, and the alarm would go quiet for a moment, each minute.
        """
        in_background = self._time.scheduler.in_background
        if not _pending(self._now):
            self._now = self._time.call_at(self._time.now_s(), self._look, background=in_background)


def _pending(timer: Timer | None) -> bool:
    return timer is not None and not timer.cancelled
