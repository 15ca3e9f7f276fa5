"""Tables -> lanes: what happened to each message, and what it waited for. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from numbers import Real
from typing import Any

import pandas as pd

from workshop.evidence.arrivals import SUCCESS
from workshop.evidence.lanes import Arrival, Attempt, Lane, Phantom, Prediction, Wait, spoken_s
from workshop.evidence.retry_settings import RetrySettings

# A wait shorter than this is the services' own speed and needs no name.
_UNNAMED_WAIT_S = 1.5
# A cold start or a slow poll shifts what the log tells by no more than this.
_COLD_START_S = 1.5
# More marks of a prediction than this help nobody.
_MOST_PREDICTED = 50


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
    groups: dict[str, list[dict[Any, Any]]] = {}
    for row in attempts.to_dict("records"):
        groups.setdefault(str(row["message_id"]), []).append(row)
    lanes = []
    for message_id in dict.fromkeys([*groups, *arrived]):
        tries = groups.get(message_id, [])
        end = _one_end(arrived.get(message_id, []))
        sent_at = _sent_at(tries, end)
        lanes.append((sent_at, _lane(message_id, sent_at, tries, end, settings, predicted)))
    return [lane for _, lane in sorted(lanes, key=lambda pair: (pair[0], pair[1].label))]


def _one_end(rows: list[dict[Any, Any]]) -> dict[Any, Any] | None:
    """Where one message ended; a DLQ and a destination can both hold it, then both are named."""
    if not rows:
        return None
    first = min(rows, key=lambda row: row["reason"] == SUCCESS)
    places = dict.fromkeys(str(row["target"]) for row in rows)
    return first | {"target": " and ".join(places)}


def _sent_at(tries: list[dict[Any, Any]], arrived: dict[Any, Any] | None) -> pd.Timestamp:
    """When the message was sent; without any evidence, when it was first tried."""
    times = [row["sent_at"] for row in [*tries, *([arrived] if arrived else [])]]
    known = [time for time in times if pd.notna(time)] or [row["started_at"] for row in tries]
    return pd.Timestamp(min(known))


def _lane(
    message_id: str,
    sent_at: pd.Timestamp,
    rows: list[dict[Any, Any]],
    arrived: dict[Any, Any] | None,
    settings: RetrySettings | None,
    predicted: Prediction | Mapping[str, Prediction] | None,
) -> Lane:
    tries = tuple(_attempt(row, sent_at) for row in rows)
    counted = any(pd.notna(row["receive_count"]) for row in rows)
    is_sqs = settings.source == "sqs" if settings else counted
    phantoms = _phantoms(rows, tries) + _last_phantoms(rows, tries, arrived, settings)
    marks = sorted([(a.start_s, a.end_s) for a in tries] + [(p.at_s, p.at_s) for p in phantoms])
    arrival = _arrival(arrived, sent_at, marks, settings) if arrived else None
    order_ids = [row["order_id"] for row in [*rows, *([arrived] if arrived else [])]]
    order_id = next((str(value) for value in order_ids if pd.notna(value)), "")
    waits = _waits(marks, arrival, is_sqs, settings)
    prediction = predicted.get(order_id) if isinstance(predicted, Mapping) else predicted
    return Lane(
        message_id=message_id,
        order_id=order_id,
        attempts=tries,
        waits=waits,
        phantoms=phantoms,
        arrival=arrival,
        predicted_s=_predicted_s(prediction, settings),
    )


def _attempt(row: dict[Any, Any], sent_at: pd.Timestamp) -> Attempt:
    duration_ms = row["duration_ms"]
    return Attempt(
        number=int(row["attempt"]),
        start_s=max((row["started_at"] - sent_at).total_seconds(), 0.0),
        duration_s=0.0 if pd.isna(duration_ms) else float(duration_ms) / 1000,
        outcome=_outcome(row),
        error_type="" if pd.isna(row["error_type"]) else str(row["error_type"]),
        error_message="" if pd.isna(row["error_message"]) else str(row["error_message"]),
        batch=str(row["request_id"]) if row["batch_size"] > 1 else "",
    )


def _outcome(row: dict[Any, Any]) -> str:
    is_shared = row["outcome"] != "ok" and row["handler_outcome"] == "ok" and row["batch_size"] > 1
    return "shared" if is_shared else str(row["outcome"])


def _phantoms(rows: list[dict[Any, Any]], tries: tuple[Attempt, ...]) -> tuple[Phantom, ...]:
    """Receives between two attempts that no log line tells of, spread evenly between them."""
    found: list[Phantom] = []
    previous_count, previous_s = 0, 0.0
    for row, attempt in zip(rows, tries, strict=True):
        if pd.isna(row["receive_count"]):
            continue
        count = int(row["receive_count"])
        missed = range(previous_count + 1, count)
        step_s = (attempt.start_s - previous_s) / (len(missed) + (previous_count > 0) or 1)
        first_s = previous_s + step_s if previous_count else previous_s
        found += [Phantom(first_s + i * step_s, receive) for i, receive in enumerate(missed)]
        previous_count, previous_s = count, attempt.start_s
    return tuple(found)


def _last_phantoms(
    rows: list[dict[Any, Any]],
    tries: tuple[Attempt, ...],
    arrived: dict[Any, Any] | None,
    settings: RetrySettings | None,
) -> tuple[Phantom, ...]:
    """Receives after the last attempt: a message that SQS moved was received to the limit."""
    was_moved = arrived is not None and pd.isna(arrived["arrived_at"])
    if not was_moved or settings is None or not settings.max_receive_count:
        return ()
    counts = [int(row["receive_count"]) for row in rows if pd.notna(row["receive_count"])]
    last_count, pause_s = max(counts, default=0), settings.visibility_timeout_s or 0.0
    # Without any attempt the first receive happened when the message was sent.
    last_s = tries[-1].start_s if tries else -pause_s
    missed = range(last_count + 1, settings.max_receive_count + 1)
    return tuple(Phantom(last_s + i * pause_s, count) for i, count in enumerate(missed, start=1))


def _arrival(
    row: dict[Any, Any],
    sent_at: pd.Timestamp,
    marks: list[tuple[float, float]],
    settings: RetrySettings | None,
) -> Arrival:
    is_derived = bool(pd.isna(row["arrived_at"]))
    if is_derived:
        # SQS stamps nothing when it moves a message: the receive after the last one moves it, one
        # visibility timeout later.
        pause_s = (settings.visibility_timeout_s or 0.0) if settings else 0.0
        start_s, end_s = marks[-1] if marks else (0.0, 0.0)
        at_s = max(start_s + pause_s, end_s)
    else:
        at_s = max((row["arrived_at"] - sent_at).total_seconds(), 0.0)
    reason = str(row["reason"])
    if reason == "maxReceiveCount" and settings and settings.limit:
        reason = f"{settings.limit} reached"
    return Arrival(
        at_s=at_s,
        target=str(row["target"]),
        reason=reason,
        is_success=row["reason"] == SUCCESS,
        is_derived=is_derived,
    )


def _waits(
    marks: list[tuple[float, float]],
    arrival: Arrival | None,
    is_sqs: bool,
    settings: RetrySettings | None,
) -> tuple[Wait, ...]:
    """The waits before, between and after the attempts, each with its cause."""
    waits: list[Wait] = []
    if marks and marks[0][0] > _UNNAMED_WAIT_S:
        batching = settings is not None and settings.batching_window_s > 0
        cause = (
            "batching window" if batching else "in the queue" if is_sqs else "in the event queue"
        )
        waits.append(_wait(0.0, marks[0][0], 0.0, cause))
    name = "visibility timeout" if is_sqs else "retry delay"
    for (start_s, end_s), (next_s, _) in pairwise(marks):
        if next_s < end_s:
            continue  # both at the same time: nobody waited
        # A visibility timeout runs from the receive, a retry delay from the end of the attempt.
        wait = _wait(end_s, next_s, start_s if is_sqs else end_s, name)
        waits.append(_of_visibility(wait, settings) if is_sqs and settings else wait)
    if arrival and marks and arrival.at_s - marks[-1][1] > _UNNAMED_WAIT_S:
        last_start_s, last_end_s = marks[-1]
        counted_from_s = last_start_s if is_sqs else last_end_s
        cause = name if is_sqs else "in the event queue"
        waits.append(_wait(last_end_s, arrival.at_s, counted_from_s, cause))
    return tuple(waits)


def _wait(start_s: float, end_s: float, counted_from_s: float, name: str) -> Wait:
    length_s = end_s - counted_from_s
    return Wait(start_s, end_s, length_s, f"{name} {spoken_s(length_s)}")


def _predicted_s(
    prediction: Prediction | None, settings: RetrySettings | None
) -> tuple[float, ...]:
    """What can be drawn of it; a learner may have written anything, `...` for no prediction too."""
    if isinstance(prediction, Real) and not isinstance(prediction, bool):
        is_count = math.isfinite(prediction) and 0 <= prediction <= _MOST_PREDICTED
        plan = settings or RetrySettings(source="async", function_timeout_s=0)
        return tuple(plan.attempt_times_s(int(prediction))) if is_count else ()
    if isinstance(prediction, str | bytes) or not isinstance(prediction, Sequence):
        return ()
    numbers = [one for one in prediction if isinstance(one, Real) and math.isfinite(one)]
    return tuple(float(one) for one in numbers) if len(numbers) == len(prediction) else ()


def _of_visibility(wait: Wait, settings: RetrySettings) -> Wait:
    """Name the settings behind a wait of SQS, where they explain its length.

    The timeout runs from the receive and the log tells of the start: a batching window before the
    attempt that failed, or a cold start, makes the wait look shorter, one before the next attempt
    makes it longer.
    """
    visibility_s, window_s = settings.visibility_timeout_s or 0.0, settings.batching_window_s
    late_s = wait.length_s - visibility_s
    if not visibility_s or not -_COLD_START_S - window_s <= late_s <= window_s + _COLD_START_S:
        return wait
    cause = f"visibility timeout {spoken_s(visibility_s)}"
    if window_s and late_s > window_s / 2:
        return replace(wait, cause=f"{cause} + batching window {spoken_s(window_s)}")
    return replace(wait, cause=cause, length_s=visibility_s)
