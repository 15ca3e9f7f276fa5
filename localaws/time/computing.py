"""What work is charged that runs while time stands: so much for a step of it, and what it computes.

A handler runs in real time, and while it does the clock may stand (`Timekeeper`'s mode "skip").
What it did must still have taken time: an invocation of no duration is none that AWS reports, and
a handler that computes for ever must meet its timeout. So work says how far it has come, and the
clock goes as far as the work that has come least far: as on AWS, where all of it runs side by side,
and whatever the machine's load.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from localaws.time.clock import Clock


@dataclass
class _Progress:
    """How far one piece of work has come, in virtual seconds since the epoch."""

    reached_s: float
    pressing: bool = False
    over: "asyncio.Future[None] | None" = None

    def end(self) -> None:
        if self.over is not None and not self.over.done():
            self.over.set_result(None)


class Computing:
    """All work that runs in real time, each with how far it has come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._work: dict[object, _Progress] = {}
        self._on_change: list[Callable[[], None]] = []

    def begin(self, work: object) -> None:
        """From now on the clock does not go further than this work has come."""
        self._work[work] = _Progress(self._clock.now_s())

    def computed(self, work: object, seconds: float) -> None:
        """It has computed that much more: time passes now, even if nobody waits for it.

        Where time flows it has passed already.
        """
        if self._clock.flows:
            return
        progress = self._work[work]
        progress.pressing = True
        self._add(progress, seconds)

    def end(self, work: object) -> None:
        """It runs no more, or waits: it is no measure of time then. Ends a charge early."""
        if (progress := self._work.pop(work, None)) is not None:
            progress.end()
            self._changed()

    @contextmanager
    def held(self, work: object) -> Iterator[None]:
        """No time passes meanwhile: what is awaited takes the machine's, and none of AWS's."""
        self.begin(work)
        try:
            yield
        finally:
            self.end(work)

    async def charge(self, work: object, seconds: float) -> None:
        """Let a step of the work take exactly `seconds`; `Timekeeper` says when these pass.

        Where time flows the step has taken its real time already, and nothing is added.
        """
        if self._clock.flows:
            return
        self.begin(work)
        progress = self._work[work]
        progress.over = asyncio.get_running_loop().create_future()
        self._add(progress, seconds)
        try:
            await progress.over
        finally:
            self.end(work)

    def release(self) -> None:
        """End the charges that have passed; all of them where time flows by now."""
        now_s = self._clock.now_s()
        for progress in self._work.values():
            if self._clock.flows or progress.reached_s <= now_s:
                progress.end()

    def reached_s(self, *, waited_for: bool) -> float | None:
        """How far time may go by what has been computed; None where nothing runs.

        Args:
            waited_for: charges pass, too: somebody waits for time, or all has been quiet for a
                moment. Else only what was computed lets time pass.
        """
        if not waited_for and not any(work.pressing for work in self._work.values()):
            return None
        return min((work.reached_s for work in self._work.values()), default=None)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call `changed()` whenever work has come further, or ended."""
        self._on_change.append(changed)

    def _add(self, progress: _Progress, seconds: float) -> None:
        progress.reached_s = max(progress.reached_s, self._clock.now_s()) + seconds
        self._changed()

    def _changed(self) -> None:
        for changed in self._on_change:
            changed()
