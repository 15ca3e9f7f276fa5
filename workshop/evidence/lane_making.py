"""Tables -> lanes: what happened to each message, and what it waited for. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from workshop.counting import by_number, counted
from workshop.evidence.arrivals import MOVED, SUCCESS
from workshop.evidence.behind import behind, passed_over
from workshop.evidence.fifo import group_of
from workshop.evidence.lane_waits import gathered_s, pause_s, waits_of
from workshop.evidence.lanes import CLOCKS_APART_S, Arrival, Attempt, Lane, Prediction
from workshop.evidence.predicted import predicted_s, unmarked
from workshop.evidence.retry_settings import RetrySettings
from workshop.evidence.untold_receives import (
    last_count,
    last_receives,
    number_of,
    passed_over_receives,
    receives_between,
    told_receives,
    unseen_receives,
)

# Faults that end the process: of these the handler says "error" before they happen.
_ENDING = ("timeout", "exit", "memory")
_CLOCKS_APART = pd.Timedelta(seconds=CLOCKS_APART_S)
# Log lines are stamped in whole milliseconds, durations are told more exactly.
_ROUNDING_S = 0.002


def make_lanes(
    attempts: pd.DataFrame,
    arrivals: pd.DataFrame | None,
    settings: RetrySettings | None,
    predicted: Prediction | Mapping[str, Prediction] | None,
) -> list[Lane]:
    """One lane per message, in the order of sending."""
    arrived: dict[str, list[dict[Any, Any]]] = {}
    for row in [] if arrivals is None else arrivals.to_dict("records"):
        arrived.setdefault(str(row["message_id"]), []).append(row)
    # Not pandas's groups: one small table per message costs a second per thousand.
    groups, passed = _by_message(attempts), _by_message(passed_over(attempts))
    nameless = _by_message(behind(attempts).nameless)
    groups |= {one: nameless[one] for one in arrived.keys() & nameless if one not in groups}
    told, lying = behind(attempts).groups, behind(arrivals).messages
    lanes = []
    for message_id in dict.fromkeys([*groups, *passed, *arrived]):
        tries = groups.get(message_id, [])
        end, skipped = _one_end(arrived.get(message_id, [])), passed.get(message_id, [])
        sent_at = _sent_at([*tries, *skipped], end)
        lane = _lane(message_id, sent_at, (tries, skipped), end, settings, predicted)
        group = told.get(message_id) or group_of(lying.get(message_id, {}))
        lane = replace(lane, group=group, is_end_sought=arrivals is not None)
        lanes.append((sent_at, lane))
    in_order = sorted(lanes, key=lambda one: (one[0], by_number(one[1].label)))
    return _told_apart([lane for _, lane in in_order])


def _by_message(table: pd.DataFrame | None) -> dict[str, list[dict[Any, Any]]]:
    groups: dict[str, list[dict[Any, Any]]] = {}
    for row in [] if table is None else table.to_dict("records"):
        groups.setdefault(str(row["message_id"]), []).append(row)
    return groups


def _told_apart(lanes: Sequence[Lane]) -> list[Lane]:
    """Number the messages of an order that was sent more than once, or redriven."""
    orders = Counter(lane.order_id for lane in lanes if lane.order_id)
    turns: Counter[str] = Counter()
    numbered = []
    for lane in lanes:
        turns[lane.order_id] += 1
        several = orders[lane.order_id] > 1
        numbered.append(replace(lane, turn=turns[lane.order_id]) if several else lane)
    return numbered


def _one_end(rows: list[dict[Any, Any]]) -> dict[Any, Any] | None:
    """Where one message ended; a DLQ and a destination can both hold it, then both are named."""
    if not rows:
        return None
    first = min(rows, key=lambda row: row["reason"] == SUCCESS)
    places = dict.fromkeys(str(row["target"]) for row in rows)
    return first | {"target": " and ".join(places)}


def _sent_at(tries: list[dict[Any, Any]], arrived: dict[Any, Any] | None) -> pd.Timestamp:
    """When the message was sent; without any evidence, when it was first tried.

    An event that no service brought along carries no time: what is known of the message in the DLQ
    is then when Lambda sent it there, after all attempts.
    """
    times = [row["sent_at"] for row in [*tries, *([arrived] if arrived else [])]]
    known = [time for time in times if pd.notna(time)]
    starts = [row["started_at"] for row in tries]
    if not known or (starts and min(known) - min(starts) > _CLOCKS_APART):
        known = starts
    return pd.Timestamp(min(known))


def _lane(
    message_id: str,
    sent_at: pd.Timestamp,
    received: tuple[list[dict[Any, Any]], list[dict[Any, Any]]],
    arrived: dict[Any, Any] | None,
    settings: RetrySettings | None,
    predicted: Prediction | Mapping[str, Prediction] | None,
) -> Lane:
    """Of a message with its attempts, and with what its function passed over."""
    rows, passed = received
    tries = tuple(_attempt(row, sent_at) for row in rows)
    counted = any(pd.notna(row["receive_count"]) for row in rows)
    is_sqs = settings.source == "sqs" if settings else counted
    counts = [number_of(row["receive_count"]) for row in rows]
    hidden_s = pause_s(counts, tries, settings) if settings else 0.0
    told = told_receives([*rows, *passed], sent_at)
    last = last_receives(told, hidden_s, arrived, settings)
    phantoms = passed_over_receives(passed, sent_at) + receives_between(told) + last
    if not tries and not phantoms:
        phantoms = unseen_receives(arrived, settings, hidden_s)
    marks = sorted([(a.start_s, a.end_s) for a in tries] + [(p.at_s, p.end_s) for p in phantoms])
    early_s = gathered_s(marks, settings) if is_sqs else 0.0
    receives = max(last_count(told) + len(last), len(phantoms))
    arrival = _arrival(arrived, sent_at, marks, hidden_s - early_s) if arrived else None
    if arrival and arrived and arrived["reason"] == MOVED:
        arrival = replace(arrival, reason=_reached(receives, settings))
    order_ids = [row["order_id"] for row in [*rows, *passed, *([arrived] if arrived else [])]]
    order_id = next((str(value) for value in order_ids if pd.notna(value)), "")
    waits = waits_of(marks, arrival, is_sqs, settings, early_s)
    prediction = predicted.get(order_id) if isinstance(predicted, Mapping) else predicted
    return Lane(
        message_id=message_id,
        order_id=order_id,
        attempts=tries,
        waits=waits,
        phantoms=tuple(sorted(phantoms, key=lambda phantom: phantom.at_s)),
        arrival=arrival,
        predicted_s=predicted_s(prediction, settings),
        sent_at=sent_at.to_pydatetime(),
        unmarked=unmarked(prediction, settings),
    )


def _attempt(row: dict[Any, Any], sent_at: pd.Timestamp) -> Attempt:
    duration_s = 0.0 if pd.isna(row["duration_ms"]) else float(row["duration_ms"]) / 1000
    outcome = _outcome(row)
    message = "" if pd.isna(row["error_message"]) else str(row["error_message"])
    if outcome == "error" != row["outcome"]:
        message = f"failed itself; its batch ended with a {row['outcome']}"
    return Attempt(
        number=int(row["attempt"]),
        start_s=max((row["started_at"] - sent_at).total_seconds(), 0.0),
        duration_s=duration_s,
        outcome=outcome,
        error_type="" if pd.isna(row["error_type"]) else str(row["error_type"]),
        error_message=message,
        batch=str(row["request_id"]) if row["batch_size"] > 1 else "",
        before_start_s=_before_start_s(row, duration_s),
    )


def _before_start_s(row: dict[Any, Any], duration_s: float) -> float:
    """Of an attempt's duration what passed before START; less than a millisecond is rounding."""
    if pd.isna(row["ended_at"]):
        return 0.0
    seen_s = (row["ended_at"] - row["started_at"]).total_seconds()
    missing_s = round(duration_s - seen_s, 3)
    return missing_s if missing_s > _ROUNDING_S else 0.0


def _outcome(row: dict[Any, Any]) -> str:
    """The message's own; of a batch that another message ended, what the handler said of this."""
    outcome, own = str(row["outcome"]), row["handler_outcome"]
    if row["batch_size"] == 1 or outcome == "ok":
        return outcome
    if own == "ok":
        return "shared"
    is_ended_by_another = outcome in ("timeout", "crash") and row.get("fault") not in _ENDING
    return "error" if own == "error" and is_ended_by_another else outcome


def _arrival(
    row: dict[Any, Any],
    sent_at: pd.Timestamp,
    marks: list[tuple[float, float]],
    hidden_s: float,
) -> Arrival:
    is_derived = bool(pd.isna(row["arrived_at"]))
    if is_derived:
        # SQS stamps nothing when it moves a message: the receive after the last one moves it, one
        # visibility timeout later.
        start_s, end_s = marks[-1] if marks else (0.0, 0.0)
        at_s = max(start_s + hidden_s, end_s)
    else:
        at_s = max((row["arrived_at"] - sent_at).total_seconds(), 0.0)
    return Arrival(
        at_s=at_s,
        target=str(row["target"]),
        reason=str(row["reason"]),
        is_success=row["reason"] == SUCCESS,
        is_derived=is_derived,
    )


def _reached(receives: int, settings: RetrySettings | None) -> str:
    """Why SQS moved a message; the limit of today only if that is where its receives ended."""
    if settings and settings.max_receive_count == receives:
        return f"{settings.limit} reached"
    seen = f"{counted(receives, 'receive')} seen" if receives else "no receive seen"
    return f"maxReceiveCount reached ({seen})"
