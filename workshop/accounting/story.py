"""Attempts and arrivals of one order -> the events of its life, in order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from workshop.evidence.arrivals import SUCCESS
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.lanes import Lane, Phantom, spoken_s
from workshop.evidence.retry_settings import RetrySettings

EVENT_COLUMNS = {
    "at": "datetime64[ms, UTC]",
    "after_s": "Float64",
    "message_id": "str",
    "what": "str",
    "detail": "str",
}
_ENTRY = {"sqs": "SQS put it into the source queue", "sns": "SNS accepted it for its topic"}
_HOW_ENDED = {
    "ok": "succeeded",
    "error": "failed",
    "timeout": "ran into the function's timeout",
    "crash": "crashed",
    "running": "is still running",
    "not known yet": "ended in a way that is not known yet: its log is not complete",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened to a message; `is_about` when AWS keeps no time stamp of it."""

    at: pd.Timestamp
    message_id: str
    what: str
    detail: str
    is_about: bool = False


def events_of(
    attempts: pd.DataFrame,
    arrivals: pd.DataFrame,
    settings: RetrySettings,
    logs_seen_until: datetime | None = None,
) -> list[Event]:
    """Everything that happened to these messages, oldest first.

    Args:
        attempts: of these messages.
        arrivals: of these messages.
        settings: what the pattern does with failures.
        logs_seen_until: what was logged later may not be seen yet; None: everything is seen.
    """
    events: list[Event] = []
    tries = _by_message(attempts)
    ends = _by_message(arrivals)
    # Lanes know the receives that left no line, and when SQS moved what it does not stamp.
    for lane in make_lanes(attempts, arrivals, settings, None):
        rows, found = tries.get(lane.message_id, []), ends.get(lane.message_id, [])
        sent_at = _sent_at(rows, found)
        events += [_sent(sent_at, lane, rows), *_attempts(rows, lane)]
        events += [
            _unlogged(phantom, lane.message_id, sent_at, logs_seen_until)
            for phantom in lane.phantoms
        ]
        events += [_arrived(row, lane, sent_at) for row in found]
    # Stable: at the same moment the order above is the order of cause and effect.
    return sorted(events, key=lambda event: event.at)


def _unlogged(
    phantom: Phantom, message_id: str, sent_at: pd.Timestamp, logs_seen_until: datetime | None
) -> Event:
    """A receive without an attempt: it left no log line, or its line is not seen yet."""
    at = sent_at + pd.Timedelta(seconds=phantom.at_s)
    what = f"receive {phantom.receive_count} left no log line"
    told = "Lambda received it and did not run the function (throttled, for example)"
    if phantom.batch:
        what = f"receive {phantom.receive_count} was not tried"
        told = f"request {phantom.batch} had it in its batch, and the function stopped before it"
    elif logs_seen_until is not None and at > pd.Timestamp(logs_seen_until):
        what = f"receive {phantom.receive_count} has no log line yet"
        told = "What it left in the log may not be seen yet"
    return Event(at, message_id, what, told, is_about=True)


def _by_message(table: pd.DataFrame) -> dict[str, list[dict[Any, Any]]]:
    groups: dict[str, list[dict[Any, Any]]] = {}
    for row in table.to_dict("records"):
        groups.setdefault(str(row["message_id"]), []).append(row)
    return groups


def _sent_at(rows: Sequence[dict[Any, Any]], ends: Sequence[dict[Any, Any]]) -> pd.Timestamp:
    known = [row["sent_at"] for row in [*rows, *ends] if pd.notna(row["sent_at"])]
    return pd.Timestamp(min(known or [row["started_at"] for row in rows]))


def _sent(sent_at: pd.Timestamp, lane: Lane, rows: Sequence[dict[Any, Any]]) -> Event:
    source = next((str(row["source"]) for row in rows if pd.notna(row["source"])), "")
    told = _ENTRY.get(source, "AWS accepted it")
    return Event(sent_at, lane.message_id, "sent", f"{told} as message {lane.message_id}")


def _attempts(rows: Sequence[dict[Any, Any]], lane: Lane) -> list[Event]:
    events = []
    for row in rows:
        at = pd.Timestamp(row["started_at"])
        told = f"request {row['request_id']}"
        if pd.notna(row["receive_count"]):
            told += f", receive {row['receive_count']}"
        if row["batch_size"] > 1:
            told += f", in a batch of {row['batch_size']}"
        took = "" if pd.isna(row["duration_ms"]) else f" after {row['duration_ms']:.0f} ms"
        ended = f"{_HOW_ENDED[row['outcome']]}{took}"
        error = "" if pd.isna(row["error_type"]) else f": {row['error_type']}"
        error += "" if pd.isna(row["error_message"]) else f": {row['error_message']}"
        fresh = ", in a new execution environment" if row["cold_start"] else ""
        what = f"attempt {row['attempt']} {ended}"
        events.append(Event(at, lane.message_id, what, f"{told}{fresh}{error}"))
    return events


def _arrived(row: Mapping[Any, Any], lane: Lane, sent_at: pd.Timestamp) -> Event:
    is_about = bool(pd.isna(row["arrived_at"]))
    at = pd.Timestamp(row["arrived_at"])
    if is_about:
        assert lane.arrival is not None
        at = sent_at + pd.Timedelta(seconds=lane.arrival.at_s)
    verb = "was recorded in" if row["reason"] == SUCCESS else "ended in"
    told = f"Reason: {row['reason']}; there it is message {row['queue_message_id']}"
    told += f", receive count {row['receive_count']} (looks included)"
    return Event(at, lane.message_id, f"it {verb} the {row['target']}", told, is_about)


def events_table(events: Sequence[Event]) -> pd.DataFrame:
    """Events -> `Trace.events`."""
    first: Any = events[0].at if events else None
    rows = [
        (
            event.at.floor("ms"),
            round((event.at - first).total_seconds(), 3),
            event.message_id,
            event.what,
            event.detail,
        )
        for event in events
    ]
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS)).astype(EVENT_COLUMNS)


def sentences(events: Sequence[Event]) -> list[str]:
    """The story: each event with its time on the clock and since the first send."""
    if not events:
        return []
    first = events[0].at
    many = len({event.message_id for event in events}) > 1
    told = []
    for event in events:
        clock = f"{event.at:%Y-%m-%d %H:%M:%S}.{event.at.microsecond // 1000:03d} UTC"
        after = "at the start" if event.at == first else f"+{spoken_s(_after(event, first))}"
        about = "about " if event.is_about else ""
        who = f" [message {event.message_id[:8]}]" if many else ""
        told.append(f"{about}{clock} ({after}){who}: {event.what}. {_capital(event.detail)}.")
    return told


def _after(event: Event, first: Any) -> float:
    return float((event.at - first).total_seconds())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".")
