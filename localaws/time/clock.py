"""The one clock of the embedded AWS: it flows or stands, and can be moved forward.

Nothing else in `localaws` reads the time. Where it flows, it has the speed of real time; where it
stands, it is moved by `skip_to` alone, so that no second of a slow machine ever gets into it.
Handlers and the emulator follow.

Where it stands it shows whole milliseconds, as the time stamps of logs and messages do: what
happens at a moment has no stamp that is earlier than the moment.
"""

import math
import time
from collections.abc import Callable

# Seconds since the epoch are exact to a quarter of a microsecond.
_INEXACT_MS = 0.001


class Clock:
    """Virtual time in seconds since the Unix epoch.

    It never runs backwards: while it flows it follows a monotonic reading, so that a corrected
    system clock, or a process clock that was moved to follow this one, cannot move it.

    Args:
        real_s: reads a monotonic clock in seconds; tests pass one that stands still.
        start_s: the virtual time at construction; default the system's time.
        flows: whether it flows from the beginning.
    """

    def __init__(
        self,
        real_s: Callable[[], float] = time.monotonic,
        start_s: float | None = None,
        *,
        flows: bool = True,
    ) -> None:
        self._real_s = real_s
        self._began_s, self._began_real_s = time.time(), real_s()
        self._at_s = time.time() if start_s is None else start_s
        self._flows_since_s = real_s() if flows else None
        self._skipped_s = 0.0
        self._followers: list[Callable[[], None]] = []

    def now_s(self) -> float:
        """Virtual seconds since the epoch."""
        if self._flows_since_s is None:
            return self._at_s
        return self._at_s + self._real_s() - self._flows_since_s

    def real_s(self) -> float:
        """Seconds since the epoch on this machine, whatever was skipped or stood."""
        return self._began_s + self._real_s() - self._began_real_s

    def now_ms(self) -> int:
        """Virtual milliseconds since the epoch, rounded down."""
        return math.floor(self.now_s() * 1000 + _INEXACT_MS)

    @property
    def flows(self) -> bool:
        """Whether time passes by itself."""
        return self._flows_since_s is not None

    @property
    def skipped_s(self) -> float:
        """How many seconds `skip_to` has moved it."""
        return self._skipped_s

    def flow(self, flows: bool) -> None:
        """Let time pass by itself from now on, at real speed, or stand."""
        if flows == self.flows:
            return
        now_s = self.now_s()
        self._at_s = now_s if flows else _whole_ms(now_s)
        self._flows_since_s = self._real_s() if flows else None
        self._tell()

    def skip_to(self, when_s: float) -> None:
        """Move virtual time forward to `when_s`; a time already past changes nothing."""
        delta_s = when_s - self.now_s()
        if delta_s <= 0:
            return
        self._skipped_s += delta_s
        if self._flows_since_s is None:
            # Not earlier than what is due then, by however little.
            self._at_s = max(when_s, _whole_ms(when_s))
        else:
            self._at_s += delta_s
        self._tell()

    def on_move(self, follow: Callable[[], None]) -> None:
        """Call `follow()` after every skip, and whenever it begins to flow or to stand."""
        self._followers.append(follow)

    def _tell(self) -> None:
        for follow in self._followers:
            follow()


def _whole_ms(seconds: float) -> float:
    """The first whole millisecond that is not earlier."""
    return math.ceil(seconds * 1000 - _INEXACT_MS) / 1000
