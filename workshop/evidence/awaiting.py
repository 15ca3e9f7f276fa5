"""Waits whose end AWS's own rules tell: for the end of orders, for an alarm."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pandas as pd

from workshop.evidence import alarms, expected
from workshop.evidence.late_logs import orders_in_words
from workshop.evidence.there import StillThere
from workshop.evidence.watching import Watch
from workshop.target import waiting
from workshop.target.outputs import Outputs
from workshop.target.session import Session
from workshop.target.telling import Expected
from workshop.target.waits import Waited

# Given up when AWS is this much later than its own rules say.
TOO_LATE_S = 300.0

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
_SOONER = (
    "No setting shortens that; AWS reports a queue in time that was used in the last six hours"
)

# What stands in the way, in sentences: for whoever waited in vain.
Diagnose = Callable[[], list[str]]


def alarm(session: Session, name: str, diagnose: Diagnose) -> Waited:
    """Let time pass until an alarm rings; see `Lab.wait_for_alarm`."""
    found = alarms.read(session, name)
    late_s = alarms.LATE_S if session.lateness.longest_s else 0.0
    # Where that is so, it is the greater part of the wait.
    idle = f", and begins to, of a queue that was idle, up to {late_s / 60:.0f} min late"
    end = session.clock.now() + timedelta(seconds=found.rings_after_s)
    plan = Expected(end, None, late_s, "the alarm's state")

    def ringing() -> alarms.Alarm | None:
        seen = alarms.read(session, name)
        return seen if seen.state == "ALARM" else None

    return waiting.wait_until(
        session.clock,
        ringing,
        "the alarm rings",
        cause=found.cause(idle if late_s else ""),
        timeout_s=found.rings_after_s + late_s + TOO_LATE_S,
        expected=lambda: plan,
        shortcut=_SOONER if late_s else "",
        diagnose=diagnose,
        waits=session.waits,
    )


def orders(
    session: Session,
    places: Sequence[Outputs],
    ids: Sequence[str],
    what: str,
    *,
    cause: str = "",
    since: datetime | None,
    timeout_s: float | None,
    diagnose: Diagnose,
) -> Waited:
    """Let time pass until messages are processed or given up; see `Lab.wait_for_end`.

    Args:
        session: the target.
        places: the outputs of the patterns to which they were sent.
        ids: order or message ids.
        what: the fact in words; "" says how many messages are waited for.
        cause: why it takes its time; "" says what the settings say.
        since: only attempts from this moment on.
        timeout_s: default `TOO_LATE_S` after AWS should be done.
        diagnose: told when they do not end.
    """
    first = None if since is None else pd.Timestamp(since)
    watches = [Watch(session, one, ids, first) for one in places]
    states: dict[str, str] = {}

    def ended() -> dict[str, str]:
        for watch in watches:
            states.update(found := watch.states())
            if len(found) < len(set(ids)):
                return {}
        return states or {"": "nothing to wait for"}

    def findings() -> list[str]:
        unseen = [watch.unseen() for watch in watches]
        return [*diagnose(), *_never_seen([one for one in ids if all(one in u for u in unseen)])]

    longest_s = max(expected.left_s(0, watch.settings) for watch in watches)
    patience_s = longest_s + session.lateness.longest_s + TOO_LATE_S
    return waiting.wait_until(
        session.clock,
        ended,
        what or f"{orders_in_words(ids)} {'is' if len(ids) == 1 else 'are'} processed or given up",
        cause=lambda: cause or "; ".join(dict.fromkeys(watch.cause() for watch in watches)),
        timeout_s=patience_s if timeout_s is None else timeout_s,
        expected=lambda: expected.latest(watch.expected() for watch in watches),
        shortcut=lambda: ". ".join(dict.fromkeys(filter(None, (w.shortcut() for w in watches)))),
        still_there=StillThere(session),
        took_s=lambda: max((s for watch in watches for s in watch.took_s().values()), default=None),
        diagnose=findings,
        waits=session.waits,
    )


def _never_seen(ids: Sequence[str]) -> list[str]:
    """What is asked of whoever waits for what left no trace."""
    names = list(dict.fromkeys(ids))
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return [f"nothing at all of {names[0]}{more}: was it sent, and with this id?"] if names else []
