"""Tells those who wait for a queue's messages when there is something to receive."""

from collections.abc import Callable

from localaws.time.scheduler import Timer
from localaws.time.time import Time


class Availability:
    """Subscribers of one queue, and the one foreground timer that is kept for them.

    Without subscribers there is no timer: nobody is waiting for a message to turn visible.

    Args:
        next_change_at_s: when the queue's next delay or visibility timeout ends.
        settle: lets what is due happen; it reports back through `announce`.
    """

    def __init__(
        self,
        time: Time,
        next_change_at_s: Callable[[], float | None],
        settle: Callable[[], None],
    ) -> None:
        self._time = time
        self._next_change_at_s = next_change_at_s
        self._settle = settle
        self._subscribers: dict[object, Callable[[], None]] = {}
        self._notice: Timer | None = None
        self._wakeup: Timer | None = None

    def subscribe(self, on_available: Callable[[], None]) -> Callable[[], None]:
        """Call `on_available` whenever a message becomes receivable; returns how to unsubscribe."""
        key = object()
        self._subscribers[key] = on_available
        self.rearm()

        def unsubscribe() -> None:
            self._subscribers.pop(key, None)
            self.rearm()

        return unsubscribe

    def announce(self) -> None:
        """A message became receivable: tell everybody once, from an action of its own.

        Never from inside the caller, so that nobody finds the queue half changed.
        """
        if self._subscribers and self._notice is None:
            self._notice = self._time.call_at(self._time.now_s(), self._notify)

    def rearm(self) -> None:
        """Keep the timer at the next change of the queue, as long as somebody listens."""
        when_s = self._next_change_at_s() if self._subscribers else None
        if self._wakeup is not None:
            if self._wakeup.when_s == when_s:
                return
            self._wakeup.cancel()
            self._wakeup = None
        if when_s is not None:
            self._wakeup = self._time.call_at(when_s, self._wake)

    def _wake(self) -> None:
        self._wakeup = None
        self._settle()
        self.rearm()

    def _notify(self) -> None:
        self._notice = None
        for on_available in list(self._subscribers.values()):
            on_available()
