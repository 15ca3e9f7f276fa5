"""Waits for virtual time on behalf of a child process."""

import asyncio
from contextlib import ExitStack

from ...activity import Activity
from ...scheduler import Scheduler


class VirtualWaits:
    """The waits of one child. While its main thread waits, the child does not count as running.

    It counts again from the very moment at which a wait ends, before anything else is decided
    about time.
    """

    def __init__(self, scheduler: Scheduler, activity: Activity) -> None:
        self._scheduler = scheduler
        self._activity = activity
        self._pauses: set[ExitStack] = set()
        self._futures: set[asyncio.Future[None]] = set()
        self._working = False

    def work(self) -> None:
        """The child has something to do: from now on it counts as running, unless it waits."""
        self._working = True

    async def wait(self, until_s: float, *, pause: bool) -> None:
        """Return when virtual time has reached `until_s`, or after `end`.

        Args:
            pause: nothing else of the child runs meanwhile, so that time may be skipped.
        """
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        paused = ExitStack()

        def end() -> None:
            paused.close()
            if not over.done():
                over.set_result(None)

        self._futures.add(over)
        if pause and self._working:
            paused.enter_context(self._activity.paused())
            self._pauses.add(paused)
        timer = self._scheduler.call_at(until_s, end)
        try:
            await over
        finally:
            timer.cancel()
            paused.close()
            self._pauses.discard(paused)
            self._futures.discard(over)

    def resume(self) -> None:
        """The child's invocation has ended: it counts as running until that is dealt with."""
        self._working = False
        for paused in self._pauses:
            paused.close()

    def end(self) -> None:
        """The child is gone: let every wait return."""
        self.resume()
        for over in self._futures:
            if not over.done():
                over.set_result(None)
