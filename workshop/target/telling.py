"""What a waiting line says. Pure.

One line holds the fact, its cause, when AWS will be done and the time that is left. Once that time
has passed it says so, and where it looks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A wait that is shorter than this is over before its line is read.
SILENT_S = 2.0
# Whoever sees nothing for longer than this wonders whether anything happens at all.
SIGN_OF_LIFE_S = 10.0


@dataclass(frozen=True)
class Expected:
    """When AWS will be done, by its own rules and settings.

    Attributes:
        end: when the fact should hold; None where no rule tells.
        not_before: before this moment a look can show nothing new; None: any look may.
        late_s: for how long AWS may not show it yet.
        looked_at: what is looked at, for reading.
        is_bound: an attempt may still succeed: `end` is the latest moment, should every one fail.
        moved: why `end` is later than was told before; "" where it is not.
    """

    end: datetime | None = None
    not_before: datetime | None = None
    late_s: float = 0.0
    looked_at: str = ""
    is_bound: bool = False
    moved: str = ""


def waiting(
    what: str,
    cause: str,
    now: datetime,
    latest: datetime,
    expected: Expected,
    shortcut: str = "",
    own_s: float | None = None,
) -> str:
    """The line of a wait for a fact, at this moment.

    Args:
        what: the fact.
        cause: why it takes time.
        now: AWS's time.
        latest: when the wait is given up.
        expected: when AWS will be done.
        shortcut: what would make it shorter next time.
        own_s: seconds that have passed for whoever waits, where AWS's clock is not theirs.
    """
    told = f"waiting until {what}{because(cause)}: {_until(now, latest, expected)}{_own(own_s)}"
    # Once AWS should be done nothing makes it shorter any more.
    is_due = expected.end is not None and now >= expected.end
    return f"{told}. {shortcut}" if shortcut and not is_due else told


def _until(now: datetime, latest: datetime, expected: Expected) -> str:
    end = expected.end
    if end is None:
        return f"no rule says when; gives up at {_clock(latest)}, {_left(now, latest)} left"
    if now < end and expected.is_bound:
        told = f"by {_clock(end)} at the latest, if every attempt fails, {_left(now, end)} left"
        return f"{told}{because(expected.moved)}{_late(end, expected)}"
    if now < end:
        told = f"AWS will be done at {_clock(end)}, {_left(now, end)} left"
        return f"{told}{because(expected.moved)}{_late(end, expected)}"
    where = f", looking at {expected.looked_at}" if expected.looked_at else ""
    shown = end + timedelta(seconds=expected.late_s)
    if now < shown:
        return (
            f"AWS was due at {_clock(end)}, and shows it up to {expected.late_s:.0f} s later, by "
            f"{_clock(shown)}, {_left(now, shown)} left{where}"
        )
    return (
        f"longer than expected by {_left(shown, now)} (AWS was due at {_clock(end)}){where}; gives "
        f"up at {_clock(latest)}"
    )


def _late(end: datetime, expected: Expected) -> str:
    """Until when it may not be seen: told from the beginning, so that no end moves later."""
    if not expected.late_s:
        return ""
    shown = end + timedelta(seconds=expected.late_s)
    return f"; it may be seen up to {expected.late_s:.0f} s later, by {_clock(shown)}"


def passing(
    seconds: float, cause: str, now: datetime, end: datetime, own_s: float | None = None
) -> str:
    """The line of time that is let pass, at this moment; `own_s` as for `waiting`."""
    until = f"until {_clock(end)}, {_left(now, end)} left"
    return f"letting {seconds:.0f} s pass{because(cause)}: {until}{_own(own_s)}"


def passed(seconds: float, cause: str, real_s: float, *, is_virtual: bool) -> str:
    """The sentence that remains of it, with both clocks."""
    if not is_virtual:
        return f"{seconds:.0f} s have passed{because(cause)}"
    return f"{seconds:.0f} s of AWS time have passed, {real_s:.1f} s of yours{because(cause)}"


def because(cause: str) -> str:
    """A cause in brackets, where there is one."""
    return f" ({cause})" if cause else ""


def _own(own_s: float | None) -> str:
    """That all this is AWS's clock, and what yours says."""
    return "" if own_s is None else f" on AWS's clock; {own_s:.0f} s of yours so far"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S} UTC"


def _left(now: datetime, end: datetime) -> str:
    return f"{max((end - now).total_seconds(), 0):.0f} s"
