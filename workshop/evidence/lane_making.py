"""Tables -> lanes: what happened to each message, and what it waited for. Pure."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any, TypeGuard

import pandas as pd

from workshop.counting import by_number, counted
from workshop.evidence.arrivals import MOVED, SUCCESS
from workshop.evidence.behind import behind, passed_over
from workshop.evidence.fifo import group_of
from workshop.evidence.lane_waits import gathered_s, pause_s, waits_of
from workshop.evidence.lanes import CLOCKS_APART_S, Arrival, Attempt, Lane, Phantom, Prediction
from workshop.evidence.retry_settings import RetrySettings

# Faults that end the process: of these the handler says "error" before they happen.
_ENDING = ("timeout", "exit", "memory")
# More marks of a prediction than this help nobody.
_MOST_PREDICTED = 50
_CLOCKS_APART = pd.Timedelta(seconds=CLOCKS_APART_S)
# Log lines are stamped in whole milliseconds, durations are told more exactly.
_ROUNDING_S = 0.002
# Of a guess that is no number: so much of it is told.
_MOST_SHOWN = 40


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
    told, lying = behind(attempts).groups, behind(arrivals).messages
    lanes = []
    for message_id in dict.fromkeys([*groups, *passed, *arrived]):
        tries = groups.get(message_id, [])
        end, skipped = _one_end(arrived.get(message_id, [])), passed.get(message_id, [])
        sent_at = _sent_at([*tries, *skipped], end)
        lane = _lane(message_id, sent_at, (tries, skipped), end, settings, predicted)
        group = told.get(message_id) or group_of(lying.get(message_id, {}))
        lanes.append((sent_at, replace(lane, group=group)))
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
    counts = [_number(row["receive_count"]) for row in rows]
    hidden_s = pause_s(counts, tries, settings) if settings else 0.0
    told = _told([*rows, *passed], sent_at)
    last = _last_phantoms(told, hidden_s, arrived, settings)
    phantoms = _passed_over(passed, sent_at) + _phantoms(told) + last
    if not tries and not phantoms:
        phantoms = _unseen(arrived, settings, hidden_s)
    marks = sorted([(a.start_s, a.end_s) for a in tries] + [(p.at_s, p.end_s) for p in phantoms])
    early_s = gathered_s(marks, settings) if is_sqs else 0.0
    receives = max(_last_count(told) + len(last), len(phantoms))
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
        predicted_s=_predicted_s(prediction, settings),
        sent_at=sent_at.to_pydatetime(),
        unmarked=_unmarked(prediction),
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


def _told(rows: list[dict[Any, Any]], sent_at: pd.Timestamp) -> list[tuple[int, float]]:
    """The receives that the log tells of: SQS's count, and when the invocation began."""
    return sorted(
        (int(row["receive_count"]), max((row["started_at"] - sent_at).total_seconds(), 0.0))
        for row in rows
        if pd.notna(row["receive_count"])
    )


def _passed_over(rows: list[dict[Any, Any]], sent_at: pd.Timestamp) -> tuple[Phantom, ...]:
    """Receives in a batch whose function stopped before this message."""
    return tuple(
        Phantom(
            at_s=max((row["started_at"] - sent_at).total_seconds(), 0.0),
            receive_count=_number(row["receive_count"]),
            batch=str(row["request_id"]),
            batch_size=int(row["batch_size"]),
            duration_s=None if pd.isna(row["duration_ms"]) else float(row["duration_ms"]) / 1000,
        )
        for row in rows
    )


def _phantoms(told: list[tuple[int, float]]) -> tuple[Phantom, ...]:
    """Receives between two others that no log line tells of, spread evenly between them."""
    found: list[Phantom] = []
    previous_count, previous_s = 0, 0.0
    for count, at_s in told:
        missed = range(previous_count + 1, count)
        step_s = (at_s - previous_s) / (len(missed) + (previous_count > 0) or 1)
        first_s = previous_s + step_s if previous_count else previous_s
        found += [Phantom(first_s + i * step_s, receive) for i, receive in enumerate(missed)]
        previous_count, previous_s = count, at_s
    return tuple(found)


def _last_phantoms(
    told: list[tuple[int, float]],
    hidden_s: float,
    arrived: dict[Any, Any] | None,
    settings: RetrySettings | None,
) -> tuple[Phantom, ...]:
    """Receives after the last one that the log tells of, of a message that SQS moved.

    The settings may have been others when it was received, so they alone prove none: SQS has to
    have counted so many receives, and Lambda so many throttles meanwhile.
    """
    was_moved = arrived is not None and pd.isna(arrived["arrived_at"])
    if arrived is None or not was_moved or settings is None or not settings.max_receive_count:
        return ()
    # The look that found the message there is counted too.
    counted = _number(arrived.get("receive_count")) - 1
    if counted < settings.max_receive_count:
        return ()
    last_count = _last_count(told)
    # Without any of them the first receive happened when the message was sent.
    last_s = told[-1][1] if told else -hidden_s
    throttled = _number(arrived.get("throttled"))
    missed = range(last_count + 1, min(settings.max_receive_count, last_count + throttled) + 1)
    return tuple(Phantom(last_s + i * hidden_s, count) for i, count in enumerate(missed, start=1))


def _last_count(told: list[tuple[int, float]]) -> int:
    """SQS's count at the last receive that the log tells of."""
    return max([count for count, _ in told], default=0)


def _unseen(
    arrived: dict[Any, Any] | None, settings: RetrySettings | None, hidden_s: float
) -> tuple[Phantom, ...]:
    """The receives of a message that no line tells of, as far as SQS's count proves them.

    So it is with the messages behind one that ran into the function's timeout, or of a function
    that stops at a failure and says nothing of the rest. The first receive was at the sending. Of
    a message that was tried, the looks since then may be in the count as well.
    """
    most = settings.max_receive_count if settings else None
    counted = _number(arrived.get("receive_count")) - 1 if arrived else 0
    if not most or counted < most:
        return ()
    return tuple(Phantom(n * hidden_s, n + 1) for n in range(most))


def _number(value: Any) -> int:
    return 0 if value is None or pd.isna(value) else int(value)


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


def _predicted_s(
    prediction: Prediction | None, settings: RetrySettings | None
) -> tuple[float, ...]:
    """What can be drawn of it; a learner may have written anything, `...` for no prediction too."""
    if isinstance(prediction, Real) and not isinstance(prediction, bool):
        plan = settings or RetrySettings(source="async", function_timeout_s=0)
        return () if _unmarked(prediction) else tuple(plan.attempt_times_s(int(prediction)))
    return tuple(float(one) for one in prediction) if _are_times(prediction) else ()


def _are_times(prediction: Any) -> TypeGuard[Sequence[float]]:
    if isinstance(prediction, str | bytes) or not isinstance(prediction, Sequence):
        return False
    return all(isinstance(one, Real) and math.isfinite(one) for one in prediction)


def _unmarked(prediction: Any) -> str:
    """What was guessed and why no mark can be drawn for it; "" where one can, or nobody guessed."""
    if prediction is None or prediction is ...:
        return ""
    if isinstance(prediction, Real) and not isinstance(prediction, bool):
        return _unmarked_number(float(prediction))
    if _are_times(prediction):
        return "" if prediction else "no attempt, which has no mark"
    shown = repr(prediction)
    said = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
    return f"{said}: a mark can be drawn for a number of attempts only"


def _unmarked_number(number: float) -> str:
    said = f"{number:zg} {'attempt' if number == 1 else 'attempts'}"
    if not math.isfinite(number) or number < 0:
        return f"{said}: there is no such number"
    if number == 0:
        return f"{said}, which have no mark"
    if number != int(number):
        return f"{said}: marks are drawn for whole ones only"
    return f"{said}: too many to draw" if number > _MOST_PREDICTED else ""
