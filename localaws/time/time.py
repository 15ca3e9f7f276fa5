"""Virtual time as a service is handed it: what time it is, what comes later, what is under way."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from localaws.time.activity import Activity
from localaws.time.clock import Clock
from localaws.time.computing import Computing
from localaws.time.scheduler import Scheduler, Timer


@dataclass(frozen=True)
class Time:
    """The parts of one embedded AWS's time; there is one of each.

    Services ask `now_s()` and plan with `call_at()`, and tell `activity` of work that no action of
    the scheduler does. Moving the clock and running what is due is `Timekeeper`'s alone. Whoever
    only needs to know what time it is gets `clock`, and whoever only runs gets `activity`.

    Attributes:
        clock: what time it is.
        scheduler: what happens at which moment.
        activity: what is running and who waits; it decides whether time may be skipped.
    """

    clock: Clock = field(default_factory=Clock)
    scheduler: Scheduler = field(default_factory=Scheduler)
    activity: Activity = field(default_factory=Activity)

    @cached_property
    def computing(self) -> Computing:
        """What work that runs in real time is charged."""
        return Computing(self.clock)

    def now_s(self) -> float:
        """Virtual seconds since the epoch."""
        return self.clock.now_s()

    def now_ms(self) -> int:
        """Virtual milliseconds since the epoch, rounded down."""
        return self.clock.now_ms()

    def call_at(
        self, when_s: float, action: Callable[[], None], *, background: bool = False
    ) -> Timer:
        """Run `action` once when virtual time reaches `when_s`; see `Scheduler`."""
        return self.scheduler.call_at(when_s, action, background=background)

    async def pause(self, seconds: float) -> None:
        """Wait for virtual time to pass, as work that counts as running (`Activity.running`)."""
        over = asyncio.get_running_loop().create_future()
        self.call_at(self.now_s() + seconds, lambda: over.set_result(None))
        with self.activity.paused(), self.activity.waiting():
            await over
