"""Waiting for messages: a receive that ends when one arrives or when its time is up."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager

from localaws.sqs.message import Message
from localaws.sqs.queue import Queue
from localaws.time.activity import Activity
from localaws.time.time import Time


class _Waker:
    """A wish to go on, from scheduler actions to the one coroutine that waits.

    Between the action and the coroutine's turn on the loop it counts as running work: otherwise
    time could be skipped past the very moment at which the message became available.
    """

    def __init__(self, activity: Activity) -> None:
        self._activity = activity
        self._woken = asyncio.Event()
        self._running: AbstractContextManager[None] | None = None

    def wake(self) -> None:
        if self._running is None:
            self._running = self._activity.running()
            self._running.__enter__()
        self._woken.set()

    async def wait(self) -> None:
        """Until the next `wake`; what was woken for before this call is done with."""
        self.rest()
        await self._woken.wait()
        self._woken.clear()

    def rest(self) -> None:
        if self._running is not None:
            self._running.__exit__(None, None, None)
            self._running = None


async def long_poll(
    queue: Queue,
    receive: Callable[[], list[Message]],
    wait_s: float,
    *,
    time: Time,
) -> list[Message]:
    """Receive, or wait up to `wait_s` of virtual time for something to receive.

    Messages are taken only in the same turn in which they are returned, so a caller that goes
    away while waiting (the task is cancelled) takes none with it.
    """
    waker = _Waker(time.activity)
    expires_at_s = time.now_s() + wait_s
    unsubscribe = queue.subscribe(waker.wake)
    timer = time.call_at(expires_at_s, waker.wake)
    try:
        with time.activity.waiting():
            while not (messages := receive()):
                if queue.deleted or time.now_s() >= expires_at_s:
                    break
                await waker.wait()
        return messages
    finally:
        unsubscribe()
        timer.cancel()
        waker.rest()
