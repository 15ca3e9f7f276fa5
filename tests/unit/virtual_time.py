"""Time that stands still until a test moves it: what the worlds of the unit tests are built on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from localaws.time.clock import Clock
from localaws.time.time import Time
from localaws.time.timekeeper import Timekeeper

START_S = 1_700_000_000.0


class VirtualTime:
    """A clock that stands, and what is scheduled on it."""

    def __init__(self, start_s: float = START_S) -> None:
        self.time = Time(Clock(real_s=lambda: 0.0, start_s=start_s))
        self.clock = self.time.clock
        self.scheduler = self.time.scheduler
        self.activity = self.time.activity

    def pass_time(self, seconds: float = 1.0) -> None:
        """Let time pass, running what is scheduled when it is due."""
        end_s = self.clock.now_s() + seconds
        while (next_s := self.scheduler.next_any_at_s()) is not None and next_s <= end_s:
            self.clock.skip_to(next_s)
            self.settle()
        self.clock.skip_to(end_s)

    def settle(self) -> None:
        """Run everything that is due now."""
        self.scheduler.run_due(self.clock.now_s())

    async def settled(self) -> None:
        """The same where tasks take part: those that run get their turns."""
        for _ in range(5):
            self.settle()
            await asyncio.sleep(0)


@asynccontextmanager
async def kept(timekeeper: Timekeeper) -> AsyncIterator[None]:
    """Somebody keeps time until the block ends."""
    driving = asyncio.create_task(timekeeper.drive())
    try:
        yield
    finally:
        driving.cancel()


async def settled() -> None:
    """Long enough for the timekeeper to do whatever it would do."""
    for _ in range(50):
        await asyncio.sleep(0)
