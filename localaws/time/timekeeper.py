"""Drives the clock: runs what is due, and skips the wait for what is next when nobody would notice.

In the mode `"skip"` time stands, so that no load of the machine ever gets into it. It jumps to the
next scheduled action, never beyond, while two conditions hold (as in trio's autojump clock and
Temporal's test server):

1. *Nothing runs* (`Activity.idle`): all effects of what has happened so far have happened too.
   Otherwise a handler that works for 0.2 real seconds would meet its timeout of 3 s.
2. *Somebody waits* (`Activity.waited_for`) for what only time can bring: a long poll, a synchronous
   invocation, a request to the clock. Otherwise every retry would be over, and every message
   expired, before a person who thinks between two cells has looked once.

While something runs, time passes as far as what runs is charged (`Computing`), no further: as soon
as somebody waits, or nothing was asked for a moment.

There must be something to jump to, too: a foreground action. Background ones run on the way, but
are no reason to go; a queue publishes metrics for six hours, and nobody waits for those.

Three things have happened already and count as nothing yet. Skipping past them is the mistake that
this file and its callers guard against:

- *An effect on a later turn of the loop.* An action that completes a future has returned before the
  coroutine behind it goes on. So whoever wakes somebody counts it as running from that very moment
  (`Activity.spawn`, `sqs.long_poll`, `lambda_.runtime.waits`), not from when it goes on.
- *A request that is in a socket and unread.* Nothing runs for it yet; so before each decision the
  loop is turned a few times (`_something_arrived`).
- *A run that was told its end.* It goes on counting as somebody who waits until its coroutine has
  gone on; what was skipped until then would be more than it asked for (`settling`).

Example: a message whose function fails; visibility timeout 30 s, maxReceiveCount 2. At 12:00:00.0 a
notebook asks to run until idle. The poller has received the message, the function runs: time
stands, although the end of the visibility timeout is scheduled. It fails and is charged 3 ms:
12:00:00.003; nothing runs, the notebook waits: on to 12:00:30.0. The message shows again, the
function runs and fails: 12:00:30.003, and on to 12:01:00.0, where a receive moves the message to
its DLQ. That minute took 0.2 s. Had nobody asked, it would be 12:00:00.0 now, and the message in
flight for the first time.
"""

import asyncio
from dataclasses import dataclass

from localaws.time.mode import SKIPPING, Mode, checked
from localaws.time.time import Time

# To see a request that has arrived: one turn of the loop to notice its bytes, one to read them, one
# to start the task that acts on them and counts as running.
_LOOK_AROUND_TURNS = 3

# Where time stands and nobody waits, what handlers are charged passes once nothing was asked for so
# long: all requests of a cell find the same moment, and what they started still comes to its end.
_QUIET_S = 1.0

# How often a speed factor moves virtual time; finer than anything a person can see.
_FACTOR_STEP_S = 0.02


@dataclass
class _Run:
    """One request to let time run.

    Attributes:
        background: background actions are waited for too, as the time up to the limit passes in
            any case; otherwise they only run on the way to foreground ones.
    """

    done: asyncio.Future[int]
    limit_s: float
    first_event_only: bool
    forced: bool
    background: bool = False
    ran: int = 0


class Timekeeper:
    """The one place where virtual time advances.

    In modes that do not skip it jumps for those alone who force it, by `advance` or a step; that
    nothing may run holds for them as well.
    """

    def __init__(self, time: Time, mode: Mode = "skip") -> None:
        self._time = time
        self._mode = mode
        time.clock.flow(mode != "skip")
        self._runs: list[_Run] = []
        self._happened = 0
        self._changed = asyncio.Event()
        time.scheduler.on_change(self._changed.set)
        time.activity.on_change(self._changed.set)
        time.computing.on_change(self._changed.set)

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def happened(self) -> int:
        """How much happened since the start: events that ran, and work that came to rest.

        An invocation writes its log lines and then sleeps, or ends, without an event of its own.
        """
        return self._happened + self._time.activity.rests

    def set_mode(self, mode: Mode) -> None:
        """Change how time runs from now on.

        Raises:
            ValueError: not "skip", "flow", "real" or a number from 1 to 86,400.
        """
        self._mode = checked(mode)
        self._time.clock.flow(mode != "skip")
        self._changed.set()

    async def advance(self, seconds: float) -> int:
        """Let exactly `seconds` of virtual time pass, now; returns how many events ran."""
        until_s = self._time.now_s() + seconds
        ran = await self._run(limit_s=until_s, first_event_only=False, forced=True, background=True)
        self._time.clock.skip_to(until_s)
        return ran

    async def run_until_idle(self, limit_s: float) -> int:
        """Run until nothing is scheduled within `limit_s` seconds; returns how many events ran."""
        return await self._run(
            limit_s=self._time.now_s() + limit_s, first_event_only=False, forced=False
        )

    async def run_next_event(
        self, limit_s: float, *, forced: bool = False, after: int | None = None
    ) -> int:
        """Run the next event and all that it causes at once; 0 if there is none within `limit_s`.

        Work that is under way when it is called is the next event: it ends first, and whoever
        waits for its effect need not let more time pass.

        Args:
            forced: skip to it whatever the mode.
            after: what `happened` was when the caller last looked: if more has happened since,
                that is the next event, and no time is skipped.
        """
        return await self._run(
            limit_s=self._time.now_s() + limit_s,
            first_event_only=True,
            forced=forced,
            ran=int(not self._time.activity.idle)
            + (0 if after is None else max(0, self.happened - after)),
        )

    async def _run(
        self,
        *,
        limit_s: float,
        first_event_only: bool,
        forced: bool,
        background: bool = False,
        ran: int = 0,
    ) -> int:
        run = _Run(
            done=asyncio.get_running_loop().create_future(),
            limit_s=limit_s,
            first_event_only=first_event_only,
            forced=forced,
            background=background,
            ran=ran,
        )
        self._runs.append(run)
        try:
            with self._time.activity.waiting():
                return await run.done
        finally:
            self._runs.remove(run)

    async def drive(self) -> None:
        """Keep time until cancelled."""
        while True:
            # Before anything is looked at: what changes from here on is seen at the end.
            self._changed.clear()
            self._time.computing.release()
            ran = self._run_due()
            self._happened += ran
            for run in self._runs:
                run.ran += ran
            if ran and self._time.clock.flows:
                # More may be due by now whenever one looks: others get their turn in between.
                await self._something_arrived()
            if ran or await self._something_arrived():
                continue  # what happened may have caused more, due now as well
            if self._time.activity.idle:
                self._end_runs()
                if self._skip():
                    continue
            elif self._pass_what_was_computed(self._time.activity.waited_for):
                continue
            await self._until_something_changes()

    def _run_due(self) -> int:
        try:
            return self._time.scheduler.run_due(self._time.now_s())
        except Exception as error:
            # A defect of one action must not stop time for everybody else; the loop's handler
            # reports it.
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a scheduled action failed", "exception": error}
            )
            return 1

    async def _something_arrived(self) -> bool:
        for _ in range(_LOOK_AROUND_TURNS):
            await asyncio.sleep(0)
        return self._changed.is_set()

    def _end_runs(self) -> None:
        """All is still: settle the runs that have nothing more to wait for."""
        for run in self._runs:
            next_s = self._next_at_s(run.background)
            over = next_s is None or next_s > run.limit_s
            if not run.done.done() and (over or (run.first_event_only and run.ran)):
                run.done.set_result(run.ran)

    def _skip(self) -> bool:
        """Skip to the next event where the mode and those who wait allow; True if time moved.

        Called while nothing runs.
        """
        next_s = self._time.scheduler.next_any_at_s()
        settling = any(run.done.done() for run in self._runs)
        leads = self._next_at_s(any(run.background for run in self._runs))
        if settling or leads is None or next_s is None:
            return False
        forced = any(run.forced for run in self._runs)
        waited_for = self._time.activity.waited_for if self._mode == "skip" else bool(self._runs)
        if not forced and not (self._mode in SKIPPING and waited_for):
            return False
        self._time.clock.skip_to(next_s)
        return True

    def _pass_what_was_computed(self, is_time: bool) -> bool:
        """Let time pass as far as what runs has come, where it stands; True if it moved.

        Args:
            is_time: for charges, too; else only for what a handler computes.
        """
        computed_s = self._time.computing.reached_s(waited_for=is_time)
        if self._time.clock.flows or computed_s is None or computed_s <= self._time.now_s():
            return False
        next_s = self._time.scheduler.next_any_at_s()
        self._time.clock.skip_to(computed_s if next_s is None else min(computed_s, next_s))
        return True

    def _next_at_s(self, background: bool) -> float | None:
        """When the next action is due that somebody waits for."""
        scheduler = self._time.scheduler
        return scheduler.next_any_at_s() if background else scheduler.next_at_s()

    async def _until_something_changes(self) -> None:
        """Or until the next event is due where time flows, or all is quiet where it stands."""
        before_s = self._time.now_s()
        try:
            async with asyncio.timeout(self._real_delay_s()):
                await self._changed.wait()
        except TimeoutError:
            self._pass_what_was_computed(is_time=True)
        if isinstance(self._mode, int | float) and self._time.activity.idle:
            self._accelerate((self._time.now_s() - before_s) * (self._mode - 1))

    def _real_delay_s(self) -> float | None:
        if not self._time.clock.flows:
            return _QUIET_S if self._time.computing.reached_s(waited_for=True) else None
        next_s = self._time.scheduler.next_any_at_s()
        delay_s = None if next_s is None else max(0.0, next_s - self._time.now_s())
        if isinstance(self._mode, int | float):
            return _FACTOR_STEP_S if delay_s is None else min(_FACTOR_STEP_S, delay_s)
        return delay_s

    def _accelerate(self, by_s: float) -> None:
        target_s = self._time.now_s() + by_s
        next_s = self._time.scheduler.next_any_at_s()
        self._time.clock.skip_to(target_s if next_s is None else min(target_s, next_s))
