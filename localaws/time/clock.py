"""The one clock of the embedded AWS: real time plus every second that was skipped.

Nothing else in `localaws` reads the time. Time runs at real speed; `skip_to` is what makes a
wait of minutes cost nothing. Handlers and the emulator follow by the offset they are told of.
"""

import time
from collections.abc import Callable


class Clock:
    """Virtual time in seconds since the Unix epoch.

    It never runs backwards: the real part is a monotonic reading taken from one epoch at
    construction, so that a corrected system clock, or a process clock that was moved to follow
    this one, cannot move it.

    Args:
        real_s: reads a monotonic clock in seconds; tests pass one that stands still.
        start_s: the virtual time at construction; default the system's time.
    """

    def __init__(
        self, real_s: Callable[[], float] = time.monotonic, start_s: float | None = None
    ) -> None:
        self._real_s = real_s
        self._base_s = (time.time() if start_s is None else start_s) - real_s()
        self._skipped_s = 0.0
        self._followers: list[Callable[[float], None]] = []

    def now_s(self) -> float:
        """Virtual seconds since the epoch."""
        return self._base_s + self._skipped_s + self._real_s()

    def now_ms(self) -> int:
        """Virtual milliseconds since the epoch, rounded down."""
        return int(self.now_s() * 1000)

    @property
    def skipped_s(self) -> float:
        """How far virtual time is ahead of real time."""
        return self._skipped_s

    def skip_to(self, when_s: float) -> None:
        """Move virtual time forward to `when_s`; a time already past changes nothing."""
        delta_s = when_s - self.now_s()
        if delta_s <= 0:
            return
        self._skipped_s += delta_s
        for follow in self._followers:
            follow(delta_s)

    def on_skip(self, follow: Callable[[float], None]) -> None:
        """Call `follow(seconds skipped)` after every skip."""
        self._followers.append(follow)
