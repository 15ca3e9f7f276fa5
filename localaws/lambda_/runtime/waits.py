"""Waits for virtual time on behalf of a child process."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from localaws.time.time import Time


class VirtualWaits:
    """The waits of one child. While all of its threads wait, it does not count as running.

    It counts again from the very moment at which a wait ends, before anything else is decided
    about time.
    """

    def __init__(self, time: Time) -> None:
        self._time = time
        self._waits: set[asyncio.Future[None]] = set()
        self._threads = 1
        self._working = False
        self._paused = ExitStack()
        self._is_paused = False
        self.steps = 0
        """How often the child has begun to work, or gone on after a wait."""

    @property
    def working(self) -> bool:
        """The child has something to do and does not wait."""
        return self._working and not self._is_paused

    def work(self) -> None:
        """The child has something to do: from now on it counts as running, unless it waits."""
        self._working = True
        self._begin_step()

    def recount(self, threads: int) -> None:
        """No more threads than that are left: some that did not wait have ended."""
        if self._waits and threads < self._threads:
            self._threads = threads
            self._balance()

    def computed(self, seconds: float) -> None:
        """The child has computed for so long since it began to work, or since this was told."""
        if self.working and seconds > 0:
            self._time.computing.computed(self, seconds)

    async def wait(self, until_s: float, *, threads: int = 1) -> None:
        """Return when virtual time has reached `until_s`, or after `end`.

        Args:
            threads: how many threads the child has. If others do not wait, they may be working,
                and time must not be skipped.
        """
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self._time.call_at(until_s, lambda: self._over(over))
        self._waits.add(over)
        self._threads = threads
        self._balance()
        try:
            await over
        finally:
            timer.cancel()
            self._over(over)

    @contextmanager
    def answer(self, *, threads: int) -> Iterator[None]:
        """The child waits for an answer of Lambda for as long as the block lasts.

        Args:
            threads: as of `wait`.
        """
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waits.add(over)
        self._threads = threads
        self._balance()
        try:
            yield
        finally:
            self._over(over)

    def resume(self) -> None:
        """The child's work has ended: it counts as running until that is dealt with."""
        self._working = False
        self._balance()
        self._time.computing.end(self)

    def end(self) -> None:
        """The child is gone: let every wait return."""
        for over in list(self._waits):
            self._over(over)

    def _over(self, over: asyncio.Future[None]) -> None:
        self._waits.discard(over)
        self._balance()
        if not over.done():
            over.set_result(None)

    def _balance(self) -> None:
        pause = self._working and len(self._waits) >= self._threads
        if pause and not self._is_paused:
            self._time.computing.end(self)
            self._paused.enter_context(self._time.activity.sleeping())
        elif self._is_paused and not pause:
            self._paused.close()
            if self._working:
                self._begin_step()
        self._is_paused = pause

    def _begin_step(self) -> None:
        self.steps += 1
        self._time.computing.begin(self)
