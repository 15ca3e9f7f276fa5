"""Thousands of messages -> one lane per story. Pure.

Messages whose attempts ended alike and that lie in the same place have the same story; only the
times differ, by little. Each story is drawn once, by the message that took the median time.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from workshop.evidence.lanes import Lane

# More lanes than this are not read one by one.
SUMMARISED_FROM = 41
# Nine in ten lie between these shares.
_FROM, _TO = 0.05, 0.95


def summarised(lanes: Sequence[Lane]) -> list[Lane]:
    """One lane per story, the most frequent first."""
    stories: dict[Any, list[Lane]] = {}
    for lane in lanes:
        stories.setdefault(_story(lane), []).append(lane)
    typical = [_typical(members) for members in stories.values()]
    return sorted(typical, key=lambda lane: -lane.messages)


def _story(lane: Lane) -> Any:
    outcomes = tuple((attempt.outcome, attempt.error_type) for attempt in lane.attempts)
    end = (lane.arrival.target, lane.arrival.reason) if lane.arrival else None
    return outcomes, len(lane.phantoms), end


def _typical(members: Sequence[Lane]) -> Lane:
    by_time = sorted(members, key=lambda lane: lane.end_s)
    middle = by_time[len(by_time) // 2]
    if len(members) == 1:
        return middle
    spread = tuple(
        _range([lane.attempts[number].start_s for lane in members])
        for number in range(len(middle.attempts))
    )
    return replace(middle, messages=len(members), spread_s=spread)


def _range(seconds: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return ordered[round(_FROM * last)], ordered[round(_TO * last)]
