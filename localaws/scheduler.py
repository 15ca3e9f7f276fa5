"""What happens next, and when: actions in order of time."""

import heapq
from collections.abc import Callable
from itertools import count


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

    def __lt__(self, other: "Timer") -> bool:
        return (self.when_s, self.serial) < (other.when_s, other.serial)


class Scheduler:
    """Actions in order of time; equal times in the order they were scheduled, so runs repeat.

    A *background* timer (an alarm's evaluation, a retention sweep) runs when its time comes but
    is no reason to skip time: nobody who waits is waiting for it.
    """

    def __init__(self) -> None:
        self._serials = count()
        self._foreground: list[Timer] = []
        self._background: list[Timer] = []
        self._on_change: list[Callable[[], None]] = []

    def call_at(
        self, when_s: float, action: Callable[[], None], *, background: bool = False
    ) -> Timer:
        """Run `action` once when virtual time reaches `when_s` (seconds since the epoch)."""
        timer = Timer(when_s, next(self._serials), action)
        heapq.heappush(self._background if background else self._foreground, timer)
        for changed in self._on_change:
            changed()
        return timer

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call `changed()` whenever an action was scheduled."""
        self._on_change.append(changed)

    def next_at_s(self) -> float | None:
        """When the next foreground action is due, or None when there is none."""
        timer = _first(self._foreground)
        return timer.when_s if timer else None

    def next_any_at_s(self) -> float | None:
        """When the next action of either kind is due, or None when there is none."""
        return min(
            (t.when_s for t in (_first(self._foreground), _first(self._background)) if t),
            default=None,
        )

    def run_due(self, now_s: float) -> int:
        """Run every action due at `now_s`, in order; returns how many foreground ones ran."""
        ran = 0
        while True:
            heads = [(_first(heap), heap) for heap in (self._foreground, self._background)]
            due = [(timer, heap) for timer, heap in heads if timer and timer.when_s <= now_s]
            if not due:
                return ran
            timer, heap = min(due, key=lambda pair: pair[0])
            heapq.heappop(heap)
            ran += heap is self._foreground
            timer.run()


def _first(heap: list[Timer]) -> Timer | None:
    while heap and heap[0].cancelled:
        heapq.heappop(heap)
    return heap[0] if heap else None
