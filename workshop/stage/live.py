"""What AWS shows of a scene that goes on, as facts of the player. Pure.

Tables tell of what was tried or has arrived. A message that was only sent stands in none of them,
nor does a receive that no log line tells of: the stage knows the one, and counts tell the other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd

from workshop.evidence.attempts import OPEN, UNKNOWN
from workshop.evidence.behind import of_messages
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.lane_waits import UNNAMED_WAIT_S, hidden, waits_of
from workshop.evidence.lanes import Lane, Wait, spoken_s
from workshop.evidence.retry_settings import RetrySettings
from workshop.player.facts import facts_of
from workshop.player.journey import counts_of
from workshop.player.places import EVENTS, QUEUE
from workshop.stage.moments import still_running
from workshop.stage.receives import FirstSeen, SeenOnPath, UnloggedReceives


@dataclass(frozen=True)
class SentMessage:
    """A message that the stage sent.

    Attributes:
        path: the title of its run.
        message_id: as AWS answered; "" of one that was redriven, which AWS gives a new one.
        order_id: its business key; "" of a text that is no order.
        at: when.
        past: its facts until it was redriven; None of a new one.
        origin: from where it was redriven.
        group: its message group, of a FIFO queue.
    """

    path: str
    message_id: str
    order_id: str
    at: datetime
    past: Mapping[str, Any] | None = None
    origin: str = ""
    group: str = ""


def lanes_of(sent: Sequence[SentMessage], seen: SeenOnPath) -> list[Lane]:
    """One lane per message that the stage sent, in that order; those of others are left out."""
    known = {one.message_id for one in sent}.union(*(_ids(one.past) for one in sent if one.past))
    found = {
        lane.message_id: lane
        for lane in make_lanes(seen.attempts, seen.arrivals, seen.settings, None)
    }
    lanes = []
    for one in sent:
        lane = found.get(one.message_id)
        if one.past is not None:
            lane = next(
                (
                    new
                    for new in found.values()
                    if new.order_id == one.order_id and new.message_id not in known
                ),
                None,
            )
        lanes.append(_lane(one, lane))
    return lanes


def _ids(message: Mapping[str, Any]) -> list[str]:
    """Of a message those that AWS gave it: a new one at each redrive."""
    return list(message.get("ids") or [message["id"]])


def _as_they_are(sent: Sequence[SentMessage]) -> list[SentMessage]:
    """Each order once: what was redriven is no message of its own any more."""
    again = {one.order_id for one in sent if one.past is not None}
    return [one for one in sent if one.past is not None or one.order_id not in again]


def _lane(sent: SentMessage, lane: Lane | None) -> Lane:
    if lane is None:
        name = sent.message_id or f"{sent.order_id} again"
        return Lane(name, sent.order_id, (), (), (), None, (), sent_at=sent.at, group=sent.group)
    # Numbers of turns are for those who read tables: here one order is one message.
    order_id, group = sent.order_id or lane.order_id, sent.group or lane.group
    return replace(lane, turn=0, order_id=order_id, group=group)


def with_pending(lane: Lane, settings: RetrySettings, now_s: float) -> Lane:
    """The lane with what it waits for now, where a setting tells how long.

    Args:
        lane: the message.
        settings: of its path.
        now_s: seconds since it was sent.
    """
    marks = sorted(
        [(one.start_s, one.end_s) for one in lane.attempts]
        + [(p.at_s, p.end_s) for p in lane.phantoms]
    )
    is_open = any(one.outcome in OPEN for one in lane.attempts) or any(
        one.batch and one.duration_s is None for one in lane.phantoms
    )
    window_s = settings.batching_window_s
    if not marks and not lane.arrival and now_s < window_s:
        # The mapping's poller takes a message at once, and waits for others.
        return replace(lane, waits=(Wait(0.0, window_s, window_s, _gathered(window_s)),))
    if lane.arrival or lane.is_processed or not marks or is_open:
        return lane
    if settings.source == "sqs" and len(lane.waits) < len(marks) - 1:
        # Receives of which only counts have told were waited for as any other one.
        lane = replace(lane, waits=waits_of(marks, None, True, settings))
    start_s, end_s = marks[-1]
    if settings.source == "sqs":
        length_s = settings.visibility_timeout_s or 0.0
        until_s = start_s + length_s
        cause = hidden(length_s, until_s - end_s if end_s - start_s > UNNAMED_WAIT_S else None)
    elif len(lane.attempts) < (settings.maximum_attempts or 1):
        length_s = settings.wait_after_s(len(lane.attempts))
        until_s, cause = end_s + length_s, f"retry delay {spoken_s(length_s)}"
    else:
        return lane
    if until_s <= now_s:
        return lane
    return replace(lane, waits=(*lane.waits, Wait(end_s, until_s, length_s, cause)))


def _gathered(window_s: float) -> str:
    return f"batching window {spoken_s(window_s)}"


def live_facts(
    sent: Sequence[SentMessage],
    seen: Mapping[str, SeenOnPath],
    begin: datetime,
    receives: Mapping[str, UnloggedReceives],
    arrived: Mapping[str, FirstSeen],
) -> dict[str, Any]:
    """The facts of a scene, as far as it has come: one run per path, all on one clock.

    Args:
        sent: what the stage sent.
        seen: path -> what AWS shows of it.
        begin: when the scene began.
        receives: path -> the receives that counts told of; is told of new ones.
        arrived: path -> when messages were first seen in a DLQ; is told of new ones.
    """
    runs, pasts = {}, {}
    for path, found in seen.items():
        own = _as_they_are([one for one in sent if one.path == path])
        lanes = receives[path].look(lanes_of(own, found), found, begin)
        lanes = arrived[path].look(lanes, found, begin)
        now = found.at
        lanes = [with_pending(one, found.settings, _since(one, now)) for one in lanes]
        ids = [lane.message_id for lane in lanes]
        attempts, arrivals = of_messages(found.attempts, ids), of_messages(found.arrivals, ids)
        runs["" if len(seen) == 1 else path] = (lanes, attempts, arrivals, found.settings)
        pasts["" if len(seen) == 1 else path] = own
    facts = facts_of(runs, begin=pd.Timestamp(begin))
    for run, found in zip(facts["runs"], seen.values(), strict=True):
        _hold_back(run)
        _join(run, pasts[run["title"]])
        run["others"] = _others(run, found, (found.at - begin).total_seconds())
        for invocation in run["invocations"]:
            invocation["lines"] = []
    return facts


def _hold_back(run: dict[str, Any]) -> None:
    """An attempt that is over, of which no line says how yet, runs on until it is known."""
    for message in run["messages"]:
        unknown = {n for n, one in enumerate(message["attempts"]) if one["outcome"] == UNKNOWN}
        message["attempts"] = [
            still_running(one) if n in unknown else one for n, one in enumerate(message["attempts"])
        ]
        message["steps"] = [
            step for step in message["steps"] if step[1] != "ended" or step[4] not in unknown
        ]


def _join(run: dict[str, Any], sent: Sequence[SentMessage]) -> None:
    """One message where a redrive made two of it: its story until then, and the one since."""
    messages = []
    for one, message in zip(sent, run["messages"], strict=True):
        messages.append(message if one.past is None else _joined(one, message))
        if one.past is not None:
            arrow = {"from": one.origin, "to": message["source"], "kind": "redrive"}
            run["arrows"] += [] if arrow in run["arrows"] else [arrow]
    run["messages"] = messages
    run["counts"] = counts_of(messages)


def _joined(sent: SentMessage, message: Mapping[str, Any]) -> dict[str, Any]:
    past = sent.past or {}
    offsets = {
        "attempt": len(past["attempts"]),
        "ended": len(past["attempts"]),
        "unseen": len(past["unseen"]),
        "passed": len(past["unseen"]),
        "arrived": len(past["arrivals"]),
    }
    steps = [
        (at, "redriven" if kind == "sent" else kind, place, state, n + offsets.get(kind, 0))
        for at, kind, place, state, n in message["steps"]
    ]
    # AWS's clock and that of the queue differ by a moment.
    begin_s = max(steps[0][0], past["steps"][-1][0] + 0.001)
    steps = [(max(at, begin_s), *rest) for at, *rest in steps]
    lists = {
        name: [*past[name], *message[name]] for name in ("attempts", "unseen", "waits", "arrivals")
    }
    own = {"id": past["id"], "sent_s": past["sent_s"], "redriven_from": sent.origin}
    own["ids"] = [*_ids(past), message["id"]]
    return {**message, **lists, **own, "steps": [*past["steps"], *steps]}


def _others(run: Mapping[str, Any], found: SeenOnPath, now_s: float) -> dict[str, int]:
    """Messages in a place that are not of this scene.

    Where a count may be old, what it counts may be one of this scene that has left the place since.
    """
    own = Counter(place for one in run["messages"] for place in _been(one, now_s, found.counts_s))
    more = {place: one.total - own[place] for place, one in found.counts.items()}
    return {place: number for place, number in more.items() if number > 0 and place != EVENTS}


def _been(message: Mapping[str, Any], now_s: float, within_s: float) -> set[str]:
    """Where a message is now, and where it has been within a time."""
    steps = message["steps"]
    since_s = max(now_s, steps[-1][0]) - within_s
    before = [number for number, step in enumerate(steps) if step[0] <= since_s]
    return {
        QUEUE if state == "running" and message["source"] == QUEUE else place
        for _, _, place, state, _ in steps[max(before, default=0) :]
    }


def _since(lane: Lane, now: datetime) -> float:
    return 0.0 if lane.sent_at is None else (now - lane.sent_at).total_seconds()
