"""What is running, and who is waiting.

Time may be skipped only while nothing runs and somebody waits; `timekeeper` tells why. What runs is
work that comes to its end in real time: a request that comes in, an attempt, a handler's process.
Work that itself waits, for time or for other work, says so (`paused`): time would stand still for
whoever waits for time.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any


class Activity:
    """Counts of running work and of waiting callers. Owned by the event loop's thread."""

    def __init__(self) -> None:
        self._running = 0
        self._waiting = 0
        self._rests = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._on_change: list[Callable[[], None]] = []

    @property
    def idle(self) -> bool:
        """Nothing runs: every effect of what has happened so far has happened too."""
        return self._running == 0

    @property
    def waited_for(self) -> bool:
        """Somebody waits for time to pass: a long poll, a synchronous invocation, a clock run."""
        return self._waiting > 0

    @property
    def rests(self) -> int:
        """How often a task of `spawn` ended, or work began to sleep.

        Not the end of requests: whoever looks again and again would never see nothing happen.
        """
        return self._rests

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call `changed()` whenever work or waiting began or ended."""
        self._on_change.append(changed)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Work is under way: time stands at real speed for as long as the block lasts."""
        self._count(running=1)
        try:
            yield
        finally:
            self._count(running=-1)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Inside `running`: the work itself only waits, for time or for other work."""
        self._count(running=-1)
        try:
            yield
        finally:
            self._count(running=1)

    @contextmanager
    def sleeping(self) -> Iterator[None]:
        """`paused` for work that has come to rest: a handler that sleeps in virtual time."""
        self._rests += 1
        with self.paused():
            yield

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A caller waits for something that only the passing of time can bring."""
        self._count(waiting=1)
        try:
            yield
        finally:
            self._count(waiting=-1)

    def spawn(
        self, work: Coroutine[Any, Any, None], *, awaited: bool = False
    ) -> asyncio.Task[None]:
        """Run `work` as a task that counts as running from this moment until it ends.

        Args:
            awaited: a request waits for its end and tells its caller; that is none of `rests`.

        A failure of the task is a defect of this program: it goes to the loop's exception handler.
        """
        self._count(running=1)
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        if not awaited:
            task.add_done_callback(self._rested)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._count(running=-1)
        if not task.cancelled() and (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"{task.get_coro()} failed", "exception": error, "task": task}
            )

    def _rested(self, _: asyncio.Task[None]) -> None:
        self._rests += 1

    def _count(self, running: int = 0, waiting: int = 0) -> None:
        self._running += running
        self._waiting += waiting
        for changed in self._on_change:
            changed()
