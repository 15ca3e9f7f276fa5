"""When alarms are looked at: once a period with data is over, and while data can leave them."""

import math
from collections.abc import Callable, Collection, Mapping
from functools import partial

from localaws.time.scheduler import Timer
from localaws.time.time import Time
from localaws.words.ports import MetricSink

# What is published further ahead than this is waited for by nobody.
_SOON_S = 3_600.0


class AlarmSchedule:
    """A `MetricSink` that has alarms evaluated after their metrics were recorded.

    Args:
        looks_after: when the alarms that look at a namespace can judge what happened at a moment.
        evaluate: looks at every alarm; returns after how many seconds to look again, and None where
            time alone can change none of them.
    """

    def __init__(
        self,
        time: Time,
        metrics: MetricSink,
        looks_after: Callable[[str, float], Collection[float]],
        evaluate: Callable[[], float | None],
    ) -> None:
        self._time = time
        self._metrics = metrics
        self._looks_after = looks_after
        self._evaluate = evaluate
        self._now: Timer | None = None
        self._later: Timer | None = None
        # When it is due -> a look.
        self._due: dict[float, Timer] = {}

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
        self.recorded(namespace, self._time.now_s() if at_s is None else at_s)

    def recorded(self, namespace: str, at_s: float) -> None:
        """Look at the alarms once they can judge a data point that is there, of this moment."""
        now_s = self._time.now_s()
        for due_s in self._looks_after(namespace, at_s):
            # A period that is over is not waited for.
            if due_s <= now_s:
                if not _pending(self._now):
                    self._now = self._time.call_at(now_s, self._look)
            elif due_s not in self._due:
                self._due[due_s] = self._time.call_at(
                    due_s, partial(self._look_then, due_s), background=due_s > now_s + _SOON_S
                )

    def _look_then(self, due_s: float) -> None:
        del self._due[due_s]
        self._look_last()

    def _look(self) -> None:
        interval_s = self._evaluate()
        if interval_s is None:
            return
        # Data points leave an alarm's range as time passes; nobody waits for that alone.
        later_s = (math.floor(self._time.now_s() / interval_s) + 1) * interval_s
        if self._later is not None and (self._later.cancelled or later_s < self._later.when_s):
            self._later.cancel()
            self._later = None
        if self._later is None:
            self._later = self._time.call_at(later_s, self._look_last, background=True)

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
