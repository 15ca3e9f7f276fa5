"""What happens next, and when: actions in order of time."""

from collections.abc import Callable
from itertools import count

from localaws.time.heap import LazyHeap


class Timer:
    """One scheduled action. `cancel` is idempotent and may come after it ran."""

    __slots__ = ("_action", "serial", "when_s")

    def __init__(self, when_s: float, serial: int, action: Callable[[], None]) -> None:
        self.when_s = when_s
        self.serial = serial
        self._action: Callable[[], None] | None = action

    @property
    def cancelled(self) -> bool:
        """True once it ran or was cancelled."""
        return self._action is None

    def cancel(self) -> None:
        self._action = None

    def run(self) -> None:
        action, self._action = self._action, None
        if action is not None:
            action()


class Scheduler:
    """Actions in order of time; equal times in the order they were scheduled, so runs repeat.

    A *background* timer (an alarm's evaluation, a retention sweep) runs when its time comes but
    is no reason to skip time: nobody who waits is waiting for it.

    Attributes:
        in_background: the action that runs at this moment is a background one.
    """

    def __init__(self) -> None:
        self._serials = count()
        self._foreground: LazyHeap[Timer] = LazyHeap(_is_waiting)
        self._background: LazyHeap[Timer] = LazyHeap(_is_waiting)
        self._on_change: list[Callable[[], None]] = []
        self.in_background = False

    def call_at(
        self, when_s: float, action: Callable[[], None], *, background: bool = False
    ) -> Timer:
        """Run `action` once when virtual time reaches `when_s` (seconds since the epoch)."""
        timer = Timer(when_s, next(self._serials), action)
        (self._background if background else self._foreground).push(when_s, timer)
        for changed in self._on_change:
            changed()
        return timer

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call `changed()` whenever an action was scheduled."""
        self._on_change.append(changed)

    def next_at_s(self) -> float | None:
        """When the next foreground action is due, or None when there is none."""
        first = self._foreground.first()
        return first[0] if first else None

    def next_any_at_s(self) -> float | None:
        """When the next action of either kind is due, or None when there is none."""
        timer = self._next()
        return timer.when_s if timer else None

    def run_due(self, now_s: float) -> int:
        """Run every action due at `now_s`, in order; returns how many foreground ones ran."""
        ran = 0
        while (timer := self._next()) is not None and timer.when_s <= now_s:
            first = self._foreground.first()
            foreground = first is not None and first[1] is timer
            ran += foreground
            self.in_background = not foreground
            timer.run()
        self.in_background = False
        return ran

    def _next(self) -> Timer | None:
        """The next timer of either kind, left where it is until it runs."""
        one, other = self._foreground.first(), self._background.first()
        if one is None or other is None:
            return (one or other or (0.0, None))[1]
        return one[1] if (one[0], one[1].serial) < (other[0], other[1].serial) else other[1]

    def __len__(self) -> int:
        """How many timers are kept, cancelled ones included: a measure of memory."""
        return len(self._foreground) + len(self._background)


def _is_waiting(_when_s: float, timer: Timer) -> bool:
    return not timer.cancelled
