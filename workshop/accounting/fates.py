"""Where each order is, decided from tables alone. Pure.

What counts as evidence, strongest first:

    dead-lettered, destination  the message lies there (`Lab.arrivals`)
    processed                   an attempt at it ended well (log), or a success record says so
    in flight                   SQS: the source queue still counts it; asynchronous: attempts are
                                left and the event is not too old
    lost                        none of these: AWS will not try again, and nothing keeps it; on a
                                target that shows facts late only after the last moment at which
                                evidence can come (`patience`), until then it is in flight

An order that lies in a DLQ counts there also when an attempt succeeded: whoever repairs it must
know both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from workshop.accounting import patience
from workshop.accounting.evidence import (
    Evidence,
    grouped,
    is_running,
    is_to_be_named,
    last_end,
    names_in,
    sent_at,
    times_processed,
    tries_of,
)
from workshop.evidence.arrivals import SUCCESS
from workshop.evidence.attempts import UNKNOWN
from workshop.evidence.lanes import spoken_s

PROCESSED, DEAD, DESTINATION = "processed", "dead-lettered", "destination"
IN_FLIGHT, LOST = "in flight", "lost"
ON_FAILURE = "on-failure destination"
# A record is written right after the last attempt; on AWS it is seen seconds later.
_GIVING_UP_S = 10.0
# A message that nobody has received yet has no name that a look would not cost.
UNNAMED = "(not tried yet)"


@dataclass(frozen=True)
class Fate:
    """Where one order is.

    `number` is more than 1 only for messages that cannot be named; `messages` for an order that was
    sent again or redriven.
    """

    order_id: str
    state: str
    place: str
    why: str
    attempts: int
    times_processed: int
    evidence: str
    number: int = 1
    messages: int = 1


def fates(found: Evidence, order_ids: Iterable[str] | None = None) -> list[Fate]:
    """One fate per order, in the order given; by default of every order that left a trace."""
    names = names_in(found)
    tries = tries_of(found, names)
    ends = grouped(found.arrivals, names)
    traced = [
        key for key in dict.fromkeys([*tries, *ends]) if not is_to_be_named(found, key, tries)
    ]
    wanted = traced if order_ids is None else list(dict.fromkeys(order_ids))
    settled = {key: _settled(key, tries.get(key, []), ends.get(key, [])) for key in traced}
    open_ids = [key for key in traced if settled[key] is None]
    unknown = [key for key in wanted if key not in settled]
    if found.queued is None:
        opened = _of_event_queue(found, open_ids, unknown, tries)
    else:
        opened = _of_queue(found, open_ids, unknown, tries)
    opened |= {key: fate for key in opened if (fate := _kept_open(found, opened[key], tries))}
    result = [
        replace(fate, messages=max(len(_messages(tries.get(key, []))), 1))
        for key in wanted
        for fate in [settled.get(key) or opened[key]]
    ]
    rest = (found.queued or 0) - len(open_ids)
    if order_ids is None and rest > 0:
        late = ", or its log line is not seen yet" if found.lateness.logs_s else ""
        result.append(_waiting(UNNAMED, f"received by nobody yet{late}", number=rest))
    return result


def _kept_open(found: Evidence, fate: Fate, tries: dict[str, list[dict[Any, Any]]]) -> Fate | None:
    """Instead of a loss: in flight, as long as evidence can still come."""
    if fate.state != LOST or not found.lateness.longest_s:
        return None
    rows = tries.get(fate.order_id, [])
    if rows:
        latest = [row for row in rows if row["request_id"] == rows[-1]["request_id"]]
        own = latest if found.queued is None else rows
        until = patience.after_attempts(own, found.settings, found.lateness)
        what = "the log of another attempt, or its arrival"
    else:
        sent_by = found.now if found.sent_by is None else found.sent_by
        until = patience.after_sending(sent_by, found.settings, found.lateness)
        what = "its first log line or its arrival"
    if until + pd.Timedelta(seconds=_GIVING_UP_S) <= pd.Timestamp(found.now):
        return None
    until += pd.Timedelta(seconds=_GIVING_UP_S)
    late = found.lateness
    if found.queued is None:
        what += ", or what metrics count of it"
        counts = f"metrics {late.metrics_s:g} s"
    else:
        counts = f"a queue's counts {late.counts_s:g} s"
    shown = f"AWS can show logs {late.logs_s:g} s late, {counts}"
    why = patience.told(what, until)
    return replace(fate, state=IN_FLIGHT, place="not known yet", why=why, evidence=shown)


def _settled(
    key: str, tries: Sequence[dict[Any, Any]], ends: Sequence[dict[Any, Any]]
) -> Fate | None:
    """The fate of an order whose end is written somewhere; None while it is open."""
    times = times_processed(tries)
    given_up = [row for row in ends if row["reason"] != SUCCESS]
    if given_up:
        places = list(dict.fromkeys(str(row["target"]) for row in given_up))
        why = " and ".join(dict.fromkeys(str(row["reason"]) for row in given_up))
        why += f"; an attempt also processed it ({times} times)" if times else ""
        state = DESTINATION if places == [ON_FAILURE] else DEAD
        return Fate(
            key, state, " and ".join(places), why, len(tries), times, "the message lies there"
        )
    done = [row for row in tries if row["outcome"] == "ok"]
    if done:
        request_id = done[-1]["request_id"]
        why = f"attempt {done[-1]['attempt']} succeeded"
        if (number := len(_messages(tries))) > 1:
            # Each message counts its own attempts: which of them succeeded says the more.
            good = len(_messages(done))
            why = f"{good} of its {number} messages {'was' if good == 1 else 'were'} processed"
        told = f"log: REPORT of request {request_id} without an error"
        return Fate(key, PROCESSED, "", why, len(tries), times, told)
    if ends:
        told = "a success record lies in the on-success destination"
        return Fate(key, PROCESSED, "", "recorded as Success", len(tries), max(times, 1), told)
    return None


def _messages(rows: Sequence[dict[Any, Any]]) -> set[str]:
    """The ids of an order's messages: sent again, or redriven, it is another one."""
    return {str(row["message_id"]) for row in rows if pd.notna(row["message_id"])}


def _waiting(key: str, why: str, attempts: int = 0, times: int = 0, number: int = 1) -> Fate:
    told = "sqs get-queue-attributes counts it"
    return Fate(key, IN_FLIGHT, "source queue", why, attempts, times, told, number)


def _of_queue(
    found: Evidence,
    open_ids: Sequence[str],
    unknown: Sequence[str],
    tries: dict[str, list[dict[Any, Any]]],
) -> dict[str, Fate]:
    """Open orders of a source queue: the queue says how many of them it still holds.

    When it holds fewer than are open, the oldest are gone: retention takes the oldest first.
    """
    queued = found.queued or 0
    oldest_first = sorted(open_ids, key=lambda key: str(sent_at(tries[key])))
    running = [key for key in oldest_first if is_running(tries[key])]
    idle = [key for key in oldest_first if key not in set(running)]
    gone = set(idle[: max(len(open_ids) - queued, 0)])
    result = {}
    for key in open_ids:
        rows = tries[key]
        done = times_processed(rows)
        if key in gone:
            told = "neither in the source queue nor in its DLQ; no attempt succeeded"
            why = _why_gone(found, rows)
            result[key] = Fate(key, LOST, "", why, len(rows), done, told)
        else:
            why = _how_open(rows)[0] if key in running else "hidden or waiting to be received"
            result[key] = _waiting(key, why, len(rows), done)
    free = max(queued - len(open_ids), 0)
    for key in unknown[:free]:
        result[key] = _waiting(key, "received by nobody yet")
    for key in unknown[free:]:
        told = "no log line, not in the source queue, not in its DLQ"
        result[key] = Fate(key, LOST, "", "no trace of it anywhere", 0, 0, told)
    return result


def _why_gone(found: Evidence, rows: Sequence[dict[Any, Any]]) -> str:
    age_s = (pd.Timestamp(found.now) - sent_at(rows)).total_seconds()
    if found.retention_s is not None and age_s >= found.retention_s:
        return f"older than the source queue's retention of {spoken_s(found.retention_s)}"
    receives = [int(row["receive_count"]) for row in rows if pd.notna(row["receive_count"])]
    limit = found.settings.max_receive_count
    if limit and max(receives, default=0) >= limit:
        # A redrive gives a message another id: without an order id nothing connects the two.
        nameless = any(pd.isna(row["order_id"]) for row in rows)
        again = ", or sent again under another id (it has no order id)" if nameless else ""
        gone = "moved to the source queue's DLQ and gone from there: deleted, purged or expired"
        return f"{gone}{again}"
    return (
        "gone from the source queue: deleted, by Lambda after an answer without an error or by "
        "another call (AWS does not tell which)"
    )


def _how_open(rows: Sequence[dict[Any, Any]]) -> tuple[str, str]:
    """Why the last attempt has no end yet, and what tells so."""
    if rows[-1]["outcome"] == UNKNOWN:
        return "how its last attempt ended is not known yet", "log: not complete yet"
    return "an attempt is running", "log: START without REPORT"


def _of_event_queue(
    found: Evidence,
    open_ids: Sequence[str],
    unknown: Sequence[str],
    tries: dict[str, list[dict[Any, Any]]],
) -> dict[str, Fate]:
    """Open orders of an asynchronous function: nobody can look into Lambda's event queue, so the
    attempts that are left decide."""
    result = {key: _of_event(found, key, tries[key]) for key in open_ids}
    for key in unknown[: found.unexplained_drops]:
        told = "no log line, in no queue; a metric of SNS or Lambda counts a dropped event"
        why = "dropped before the function ran, and nothing was configured to keep it"
        result[key] = Fate(key, LOST, "", why, 0, 0, told)
    for key in unknown[found.unexplained_drops :]:
        told = "no log line, in no queue, no metric counts it as dropped"
        if found.lateness.metrics_s:
            told += f"; AWS can show metrics {found.lateness.metrics_s:g} s late"
        why = "not tried yet: it waits in Lambda's event queue, or was never sent"
        result[key] = Fate(key, IN_FLIGHT, "event queue", why, 0, 0, told)
    return result


def _of_event(found: Evidence, key: str, rows: Sequence[dict[Any, Any]]) -> Fate:
    settings, tried, done = found.settings, len(rows), times_processed(rows)
    # A redrive starts a new count: only the attempts of the latest request are of this event.
    latest = [row for row in rows if row["request_id"] == rows[-1]["request_id"]]
    most = settings.maximum_attempts or 1
    now = pd.Timestamp(found.now)
    since_s = (now - last_end(latest)).total_seconds()
    age_s = (now - latest[0]["started_at"]).total_seconds()
    is_old = settings.maximum_event_age_s is not None and age_s > settings.maximum_event_age_s
    if is_running(latest):
        why, told = _how_open(latest)
        return Fate(key, IN_FLIGHT, "function", why, tried, done, told)
    if (len(latest) < most and not is_old) or since_s < _GIVING_UP_S:
        why = f"{len(latest)} of at most {most} attempts were made"
        told = f"log; {settings.limit}"
        return Fate(key, IN_FLIGHT, "event queue", why, tried, done, told)
    limit = "the event grew too old" if len(latest) < most else settings.limit
    why = f"given up ({limit}), and {_nothing_kept(found)}"
    told = "log: every attempt failed; it lies in no DLQ and no destination"
    return Fate(key, LOST, "", why, tried, done, told)


def _nothing_kept(found: Evidence) -> str:
    target = found.settings.failure_target
    if target is None:
        return "there is neither a DLQ nor an on-failure destination to keep it"
    if found.failed_deliveries:
        return f"Lambda could not write to the {target} (it counts {found.failed_deliveries} times)"
    return f"it is no longer in the {target}: deleted, purged or expired"
