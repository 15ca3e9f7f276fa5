"""Everything that can be replayed of a run, as one JSON document. Pure; `docs/player.md` tells it.

Made from what a timeline is made of, and from what its tables carry along: the log, the messages
that lie in queues, the pattern's names. Nothing is made up: what AWS did not show is not in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from workshop.evidence.arrivals import MOVED, SUCCESS
from workshop.evidence.behind import Behind, behind
from workshop.evidence.lanes import CLOCKS_APART_S, Lane
from workshop.evidence.retry_settings import RetrySettings
from workshop.evidence.whereabouts import PROCESSED, whereabouts
from workshop.player.journey import counts_of, steps_of
from workshop.player.parcels import Parcels
from workshop.player.places import (
    DONE,
    EVENTS,
    LOST,
    ON_SUCCESS,
    QUEUE,
    SUBSCRIPTION,
    TOPIC,
    arrows_of,
    places_of,
)
from workshop.player.sequence import waits_in_groups
from workshop.player.telling import Invocations
from workshop.player.waits import waits_of

VERSION = 1
Run = tuple[Sequence[Lane], pd.DataFrame, pd.DataFrame | None, RetrySettings | None]


def facts_of(
    runs: Mapping[str, Run],
    *,
    questions: Iterable[Mapping[str, Any]] = (),
    begin: pd.Timestamp | None = None,
) -> dict[str, Any]:
    """The facts of one run, or of several on one clock.

    Args:
        runs: title ("" for a single one) -> (lanes, attempts, arrivals, settings).
        questions: at which moments the player asks; see `workshop.player.questions`.
        begin: time 0 of all runs; default each one's first message. With it a run may be empty.
    """
    return {
        "version": VERSION,
        "runs": [_run(title, run, begin) for title, run in runs.items()],
        "questions": [dict(question) for question in questions],
    }


def _run(title: str, run: Run, begin: pd.Timestamp | None) -> dict[str, Any]:
    lanes, attempts, arrivals, settings = run
    told, parcels = behind(attempts), behind(arrivals)
    tables = [attempts] if told.nameless is None else [told.nameless, attempts]
    tries = [row for table in tables for row in table.to_dict("records")]
    rows = {(str(row["message_id"]), int(row["attempt"])): row for row in tries}
    ends: dict[str, list[dict[Any, Any]]] = {}
    for row in [] if arrivals is None else arrivals.to_dict("records"):
        ends.setdefault(str(row["message_id"]), []).append(row)
    is_sqs = _is_sqs(settings, attempts)
    targets = dict.fromkeys(str(row["target"]) for found in ends.values() for row in found)
    names = _names(told, parcels)
    begin = min(map(_sent_at, lanes)) if begin is None else begin
    places = places_of(
        settings,
        is_sqs=is_sqs,
        has_topic=_has_topic(names, targets, attempts),
        ends=targets,
        outputs=names,
    )
    done = ON_SUCCESS if any(place["id"] == ON_SUCCESS for place in places) else DONE
    hidden_s = (settings.visibility_timeout_s or 0.0) if settings else 0.0
    log, kept = Invocations(told.logs, begin), Parcels(parcels.messages)
    messages: list[dict[str, Any]] = []
    for lane in lanes:
        sent_s = (_sent_at(lane) - begin).total_seconds()
        message: dict[str, Any] = {
            "id": lane.message_id,
            "name": lane.label,
            "order_id": lane.order_id,
            "group": lane.group,
            "source": _source(lane, ends.get(lane.message_id, []), is_sqs=is_sqs),
            "done": done,
            "sent_s": _ms(sent_s),
            "attempts": _attempts(lane, sent_s, rows, log),
            "unseen": [
                {
                    "at_s": _ms(sent_s + one.at_s),
                    "receive": one.receive_count,
                    "batch_size": one.batch_size,
                    "request_id": one.batch,
                    "end_s": None
                    if one.duration_s is None
                    else _ms(sent_s + one.at_s + one.duration_s),
                }
                for one in lane.phantoms
            ],
            "waits": waits_of(lane, sent_s, settings),
            "arrivals": _arrivals(lane, sent_s, ends.get(lane.message_id, []), kept),
            "fate": _fate(whereabouts(lane, settings)),
            "end_s": _ms(sent_s + lane.end_s),
        }
        payload = next((one["payload"] for one in message["arrivals"] if one["payload"]), None)
        message |= {"payload": payload}
        message["steps"] = steps_of(message, is_sqs=is_sqs, hidden_s=hidden_s)
        messages.append(message)
    for message, waits in zip(messages, waits_in_groups(messages), strict=True):
        message["waits"] = waits
    if any(message["fate"] == LOST for message in messages):
        places.append({"id": LOST, "kind": "lost", "name": "Lost", "told": "kept nowhere"})
    return {
        "title": title,
        "start_ms": int(begin.timestamp() * 1000),
        "end_s": max((message["end_s"] for message in messages), default=0.0),
        "limits": _limits(settings),
        "places": places,
        "arrows": arrows_of(places),
        "messages": messages,
        "invocations": log.told,
        "lines_left_out": log.left_out,
        "parcels": kept.told,
        "counts": counts_of(messages),
    }


def _sent_at(lane: Lane) -> pd.Timestamp:
    assert lane.sent_at is not None
    return pd.Timestamp(lane.sent_at)


def _attempts(
    lane: Lane, sent_s: float, rows: Mapping[tuple[str, int], Mapping[Any, Any]], log: Invocations
) -> list[dict[str, Any]]:
    found = []
    for attempt in lane.attempts:
        row = rows[lane.message_id, attempt.number]
        is_over = pd.notna(row["duration_ms"])
        found.append(
            {
                "number": attempt.number,
                "start_s": _ms(sent_s + attempt.start_s),
                "end_s": _ms(sent_s + attempt.end_s) if is_over else None,
                "outcome": attempt.outcome,
                "error_type": attempt.error_type,
                "error_message": attempt.error_message,
                "receive": None if pd.isna(row["receive_count"]) else int(row["receive_count"]),
                "batch_size": int(row["batch_size"]),
                "invocation": log.number_of(row),
            }
        )
    return found


def _arrivals(
    lane: Lane, sent_s: float, rows: Sequence[Mapping[Any, Any]], kept: Parcels
) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        assert lane.arrival is not None
        is_derived = bool(pd.isna(row["arrived_at"]))
        after_s = lane.arrival.at_s
        if not is_derived and pd.notna(row["sent_at"]):
            after_s = max((row["arrived_at"] - _sent_at(lane)).total_seconds(), 0.0)
        is_moved = row["reason"] == MOVED
        parcel = kept.number_of(row)
        found.append(
            {
                "at_s": _ms(sent_s + _no_earlier(after_s, lane)),
                "place": str(row["target"]),
                "reason": lane.arrival.reason if is_moved else str(row["reason"]),
                "is_success": row["reason"] == SUCCESS,
                "is_derived": is_derived,
                "parcel": parcel,
                "payload": kept.payload_of(row),
            }
        )
    return found


def _no_earlier(after_s: float, lane: Lane) -> float:
    """Nothing arrives before its last attempt is over: two clocks stamp.

    An attempt that ended clearly later is one more, of a message that was delivered once more.
    """
    ends = [attempt.end_s for attempt in lane.attempts]
    return max([after_s, *(end_s for end_s in ends if end_s <= after_s + CLOCKS_APART_S)])


def _source(lane: Lane, rows: Sequence[Mapping[Any, Any]], *, is_sqs: bool) -> str:
    """Where it waited: a message that SNS could not deliver never came as far as a queue."""
    is_undelivered = any(row["target"] == SUBSCRIPTION for row in rows)
    if is_undelivered and not lane.attempts:
        return TOPIC
    return QUEUE if is_sqs else EVENTS


def _names(*tables: Behind) -> Mapping[str, str]:
    return next((dict(one.outputs) for one in tables if one.outputs), {})


def _is_sqs(settings: RetrySettings | None, attempts: pd.DataFrame) -> bool:
    if settings is not None:
        return settings.source == "sqs"
    return bool(attempts["receive_count"].notna().any())


def _has_topic(names: Mapping[str, str], ends: Iterable[str], attempts: pd.DataFrame) -> bool:
    """Whether SNS brought the messages; a function behind a topic can be invoked without it."""
    if SUBSCRIPTION in ends or (attempts["source"] == "sns").any():
        return True
    is_direct = len(attempts) > 0 and bool((attempts["source"] == "invoke").all())
    return "TopicArn" in names and not is_direct


def _fate(place: str) -> str:
    return DONE if place == PROCESSED else place


def _limits(settings: RetrySettings | None) -> list[dict[str, Any]]:
    """What ends the attempts: `name`, as AWS writes it, and `attempts` or `age_s`."""
    if settings is None:
        return []
    limits: list[dict[str, Any]] = []
    if settings.limit and settings.maximum_attempts:
        limits.append({"name": settings.limit, "attempts": settings.maximum_attempts})
    if settings.maximum_event_age_s:
        name = f"MaximumEventAgeInSeconds = {settings.maximum_event_age_s:g}"
        limits.append({"name": name, "age_s": settings.maximum_event_age_s})
    return limits


def _ms(seconds: float) -> float:
    return round(seconds, 3)
