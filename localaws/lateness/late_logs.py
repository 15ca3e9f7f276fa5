"""Log events that can be seen some seconds after they were written, in late order."""

import math
import random
from collections.abc import Sequence
from functools import partial

from localaws.time.time import Time
from localaws.words.ports import LogSink

# AWS names no bound; these are the delays that are usually met between a line and its sight.
_SOONEST_S, _LATEST_S = 3.0, 30.0
# At full seconds: whoever waits looks once for all that comes then.
_GRID_S = 1.0


class LateLogs:
    """A log sink that hands on each event later, each with a delay of its own.

    Whoever reads, filters, queries or counts events meets them at that moment, and so does what
    subscribes to them. Their time stamps stay, so that late ones come before those that are known.
    Events of one stream and one millisecond come together, in the order in which they were written:
    nothing else tells their order, and on AWS they travel in one batch.
    """

    def __init__(self, time: Time, logs: LogSink, chance: random.Random) -> None:
        self._time = time
        self._logs = logs
        self._chance = chance
        # Stream -> the millisecond of its last event, and when that is seen.
        self._last: dict[tuple[str, str], tuple[int, float]] = {}

    def put(self, group: str, stream: str, events: Sequence[tuple[int, str]]) -> None:
        """Append `(epoch ms, message)` events, later."""
        for event in events:
            # In the foreground: whoever waits for a fact of the log waits for this.
            self._time.call_at(
                self._seen_s(group, stream, event[0]),
                partial(self._logs.put, group, stream, [event]),
            )

    def missing(self, group: str, stream: str) -> Sequence[str]:
        """What is not there yet; what is on its way counts as missing, too."""
        return self._logs.missing(group, stream)

    def _seen_s(self, group: str, stream: str, at_ms: int) -> float:
        now_s = self._time.now_s()
        delay_s = self._chance.uniform(_SOONEST_S, _LATEST_S - _GRID_S)
        seen_s = math.ceil((now_s + delay_s) / _GRID_S) * _GRID_S
        last_ms, last_seen_s = self._last.get((group, stream), (0, 0.0))
        if last_ms == at_ms and last_seen_s > now_s:
            seen_s = last_seen_s
        self._last[group, stream] = at_ms, seen_s
        return seen_s
