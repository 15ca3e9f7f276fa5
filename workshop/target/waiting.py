"""Waiting for a fact, with a line that says why it takes this long, and when it will be over."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from workshop.errors import WaitTimeoutError
from workshop.progress import ProgressLine, without_traceback
from workshop.target import telling
from workshop.target.clock import Clock, Step
from workshop.target.gone import is_gone
from workshop.target.repeatable import own_now_s
from workshop.target.telling import Expected
from workshop.target.waits import Waited, Waits

# A class of 30 in one account, each of whom waits: two looks a second, of up to two pages each, of
# the five that FilterLogEvents answers per account in the Regions with the lowest quota.
# https://docs.aws.amazon.com/general/latest/gr/cwl_region.html
LOOK_EVERY_S = 15.0
# What changes within seconds is read from Lambda, which answers 15 such calls a second: the same
# class makes six.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LOOK_BRIEFLY_S = 5
_BRIEFLY_S = 300.0
# How often the line is written anew, for a person who reads the seconds.
_TICK_S = 1.0

__all__ = ["Expected", "Waited", "Waits", "wait_briefly", "wait_until"]


def wait_until(
    clock: Clock,
    condition: Callable[[], Any],
    what: str,
    *,
    cause: str | Callable[[], str] = "",
    timeout_s: float = 600.0,
    expected: Callable[[], Expected] = Expected,
    every_s: float = LOOK_EVERY_S,
    shortcut: str | Callable[[], str] = "",
    diagnose: Callable[[], Sequence[str]] = tuple,
    otherwise: str = "",
    took_s: Callable[[], float | None] = lambda: None,
    still_there: Callable[[], None] = lambda: None,
    waits: Waits | None = None,
) -> Waited:
    """Let time pass until `condition()` is truthy.

    On the embedded AWS time skips from event to event; on a real account the condition is read
    now and then: not before the fact can hold, then once per `every_s`. One line is shown and
    updated in place; in the end it is a plain sentence with both clocks. Interrupting leaves
    nothing half done: run the cell again. What AWS answers to the condition with an error ends the
    wait at once: whoever can go on without what is not there has to say so in the condition.

    Args:
        clock: the target's time.
        condition: reads AWS and returns something truthy once the fact holds.
        what: the fact in words, e.g. "one message is in the source queue's DLQ".
        cause: why this takes time, e.g. "visibility timeout 30 s, three receives"; or asked for it,
            where that becomes known with what is seen.
        timeout_s: give up after this many seconds of AWS's clock.
        expected: asked after each look, when AWS will be done.
        every_s: on a real account, the pause between two looks.
        shortcut: on a real account, what would make this shorter; or asked for it, as the cause.
        diagnose: names what stands in the way, asked only when it took too long.
        otherwise: what is said in the end where it is no failure that the fact did not come.
        took_s: asked in the end, how long the fact itself took, if that began before the wait.
        still_there: on a real account, asked every `every_s`, also while the condition is not;
            raises AWS's own error when what is waited for cannot come any more.
        waits: of the target; counts the requests.

    Raises:
        WaitTimeoutError: the fact did not become true; the message holds a diagnosis.
    """
    waits = Waits() if waits is None else waits
    line, why = ProgressLine(), cause if callable(cause) else lambda: cause
    started_at, started_s, sent = clock.now(), own_now_s(), waits.requests.total
    latest, step = started_at + timedelta(seconds=timeout_s), Step(started_at)
    shorter = shortcut if callable(shortcut) else lambda: shortcut
    check_at = started_at

    def check() -> None:
        nonlocal check_at
        if not clock.is_virtual and step.now >= check_at:
            check_at = step.now + timedelta(seconds=every_s)
            still_there()

    def told() -> None:
        shown_shortcut = "" if clock.is_virtual else shorter()
        own_s = own_now_s() - started_s if clock.is_virtual else None
        line.update(telling.waiting(what, why(), step.now, latest, plan, shown_shortcut, own_s))

    with _ended(line, what, otherwise), waits.looking():
        if clock.is_virtual and not condition():
            # A handler that runs right now is no reason to skip to what comes after it.
            clock.settle()
        while not (value := condition()):
            if step.is_stuck or step.now >= latest:
                aws_s = (step.now - started_at).total_seconds()
                raise _timeout(what, aws_s, step, diagnose())
            plan = expected()
            if not clock.is_virtual:
                # A look takes time as well; the pause begins after it.
                step = Step(clock.now())
            told()
            check()
            if clock.is_virtual:
                step = clock.next_step((latest - step.now).total_seconds())
                continue
            look_at = min(_next_look(step.now, plan, every_s), latest)
            while step.now < look_at:
                step = clock.next_step(min(_TICK_S, (look_at - step.now).total_seconds()))
                told()
                check()
    passed_s, real_s = (clock.now() - started_at).total_seconds(), own_now_s() - started_s
    sent = waits.requests.total - sent
    known_s = took_s()
    waited = Waited(
        what,
        value,
        passed_s if known_s is None else known_s,
        real_s,
        clock.is_virtual,
        sent,
        passed_s,
    )
    waits.ended.append(waited)
    line.finish(f"{waited}{telling.because(why())}")
    return waited


@contextmanager
def _ended(
    line: ProgressLine,
    what: str,
    otherwise: str = "",
    is_shown: Callable[[], bool] = lambda: True,
) -> Iterator[None]:
    """Let no end of a wait leave its line as if it went on.

    Args:
        line: of the wait.
        what: is waited for.
        otherwise: see `wait_until`.
        is_shown: whether there is a line at all; one that nobody saw needs no end.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        without_traceback(error)
        if is_shown():
            told = f"interrupted while waiting until {what}; it can be run again"
            line.finish(told, is_good=False)
        raise
    except WaitTimeoutError:
        line.finish(otherwise or f"did not happen: {what}", is_good=bool(otherwise))
        raise
    except Exception as error:
        # Asked again it would say the same, until the wait is given up minutes later.
        end = "cannot be seen any more, what it needs is gone" if is_gone(error) else "ended early"
        if is_shown():
            line.finish(f"{end}: {what}", is_good=False)
        raise


def _next_look(now: datetime, plan: Expected, every_s: float) -> datetime:
    soonest = now + timedelta(seconds=every_s)
    return max(soonest, plan.not_before) if plan.not_before else soonest


def wait_briefly(
    clock: Clock,
    condition: Callable[[], Any],
    what: str,
    *,
    cause: str = "",
    expected_s: float | None = None,
    waits: Waits | None = None,
) -> None:
    """Wait for what takes AWS some seconds; without a word unless it takes more than two.

    Args:
        clock: the target's time.
        condition: reads AWS and returns something truthy once the fact holds.
        what: the fact in words.
        cause: why this takes time.
        expected_s: how long AWS says that it takes; None where it does not say.
        waits: of the target; counts the requests.

    Raises:
        WaitTimeoutError: it took longer than five minutes.
    """
    waits = Waits() if waits is None else waits
    line, started_at, started_s = ProgressLine(), clock.now(), own_now_s()
    sent, waited_s = waits.requests.total, 0
    latest = started_at + timedelta(seconds=_BRIEFLY_S)
    end = None if expected_s is None else started_at + timedelta(seconds=expected_s)
    every_s = 1 if clock.is_virtual else LOOK_BRIEFLY_S

    def is_noticed() -> bool:
        """Whether the person waits: skipped seconds need no word."""
        own_s = own_now_s() - started_s if clock.is_virtual else waited_s
        return own_s > telling.SILENT_S

    with _ended(line, what, is_shown=is_noticed), waits.looking():
        while not condition():
            if waited_s >= _BRIEFLY_S:
                raise WaitTimeoutError(
                    f"This did not happen within {waited_s} s: {what}.",
                    "Look at it in the AWS console, or run the cell again.",
                )
            look_at_s = waited_s + every_s
            while waited_s < look_at_s:
                clock.sleep(_TICK_S)
                waited_s += 1
                if is_noticed():
                    own_s = own_now_s() - started_s if clock.is_virtual else None
                    now, plan = clock.now(), Expected(end)
                    line.update(telling.waiting(what, cause, now, latest, plan, own_s=own_s))
    if waited_s:
        waited = Waited(
            what,
            True,
            (clock.now() - started_at).total_seconds(),
            own_now_s() - started_s,
            clock.is_virtual,
            waits.requests.total - sent,
        )
        waits.ended.append(waited)
        if is_noticed():
            line.finish(f"{waited}{telling.because(cause)}")


def _timeout(what: str, aws_s: float, step: Step, findings: Sequence[str]) -> WaitTimeoutError:
    if step.is_stuck and step.next_event_at is None:
        told = f"This will not happen by itself: {what}. Nothing more is scheduled on AWS."
    elif step.is_stuck:
        assert step.next_event_at is not None
        later_s = (step.next_event_at - step.now).total_seconds()
        told = f"This did not happen: {what}. The next thing happens in {later_s:.0f} s only."
    else:
        told = f"This did not happen within {aws_s:.0f} s: {what}."
    shown = f"What AWS shows: {'; '.join(findings)}" if findings else ""
    shown += "." if shown and not shown.endswith("?") else ""
    return WaitTimeoutError(told, shown or "Look at the function's logs: lab.logs(pattern).")
