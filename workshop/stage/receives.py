"""What AWS shows of one path of a scene, and receives that left no log line. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pandas as pd

from workshop.evidence.lane_waits import waits_of
from workshop.evidence.lanes import Lane, Phantom
from workshop.evidence.queues import QueueCounts
from workshop.evidence.retry_settings import RetrySettings
from workshop.player.places import QUEUE

# A queue's own clock and ours are read one after the other.
_SLACK_S = 0.2
# A cold start lies between a receive and the log line of its attempt.
_BEGINS_WITHIN_S = 2.0


@dataclass(frozen=True)
class SeenOnPath:
    """What AWS showed of one path, at one moment.

    Attributes:
        attempts: of its function.
        arrivals: in its DLQs and destinations.
        settings: how it retries.
        counts: place -> how many messages are there.
        at: AWS's time.
        patience_s: how long a receive may wait for its log line.
        counts_s: how old the counts may be.
    """

    attempts: pd.DataFrame
    arrivals: pd.DataFrame
    settings: RetrySettings
    counts: Mapping[str, QueueCounts]
    at: datetime
    patience_s: float = 0.0
    counts_s: float = 0.0


@dataclass
class UnloggedReceives:
    """Receives that left no log line, as counts tell of them while a scene goes on.

    A message whose visibility timeout is over, and which is in flight all the same, was received
    again. SQS does not say which of several it was: the one that was due first is taken.
    """

    found: dict[str, list[Phantom]] = field(default_factory=dict)
    # Message -> when it was due, and when it was first seen in flight although it was.
    _since: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def is_undecided(self) -> bool:
        """Whether a receive may still get its log line."""
        return bool(self._since)

    def look(self, lanes: Sequence[Lane], seen: SeenOnPath, begin: datetime) -> list[Lane]:
        """The lanes, with what is known by now."""
        hidden_s = seen.settings.visibility_timeout_s
        if QUEUE not in seen.counts or not hidden_s:
            return list(lanes)
        now_s = (seen.at - begin).total_seconds()
        known = [self._with_known(lane) for lane in lanes]
        waiting = [lane for lane in known if not lane.arrival and not lane.is_processed]
        due = {lane.message_id: _due_s(lane, begin, hidden_s) for lane in waiting}
        held = [lane for lane in waiting if due[lane.message_id] > now_s + _SLACK_S]
        free = sorted(
            (lane for lane in waiting if due[lane.message_id] <= now_s + _SLACK_S),
            key=lambda lane: due[lane.message_id],
        )
        number = seen.counts[QUEUE].in_flight - len(held)
        for lane in held:
            self._since.pop(lane.message_id, None)
        for place, lane in enumerate(free):
            if place >= number:
                self._since.pop(lane.message_id, None)
                continue
            # Each receive has a patience of its own: a log line tells when the next one is due.
            due_s, first_s = self._since.get(lane.message_id, (None, now_s))
            if due_s != due[lane.message_id]:
                first_s = now_s
            self._since[lane.message_id] = (due[lane.message_id], first_s)
            if now_s - first_s >= seen.patience_s - _SLACK_S:
                at_s = max(due[lane.message_id] - _sent_s(lane, begin), 0.0)
                self._add(lane, at_s)
        return [self._with_known(lane) for lane in lanes]

    def _add(self, lane: Lane, at_s: float) -> None:
        self._since.pop(lane.message_id, None)
        counts = [one.receive_count for one in lane.phantoms]
        number = max([len(lane.attempts) + len(counts), *counts]) + 1
        self.found.setdefault(lane.message_id, []).append(Phantom(at_s, number))

    def _with_known(self, lane: Lane) -> Lane:
        """What the log or SQS's count tells by itself in the end is not told twice."""
        own = self.found.get(lane.message_id, [])
        tried = [attempt.start_s for attempt in lane.attempts]
        told = {one.receive_count for one in lane.phantoms}
        more = [
            one
            for one in own
            if one.receive_count not in told
            and not any(abs(one.at_s - t) < _BEGINS_WITHIN_S for t in tried)
        ]
        phantoms = sorted((*lane.phantoms, *more), key=lambda one: one.at_s)
        return replace(lane, phantoms=tuple(phantoms))


@dataclass
class FirstSeen:
    """When messages that SQS moved were first seen in their DLQ.

    SQS keeps no time of a move: it is reckoned from the last receive. What is tried after it was
    seen there was delivered once more, and moves it to no later time.
    """

    # Message -> when it was seen there, and when it was reckoned to have come, since it was sent.
    _known: dict[str, tuple[float, float]] = field(default_factory=dict)

    def look(self, lanes: Sequence[Lane], seen: SeenOnPath, begin: datetime) -> list[Lane]:
        """The lanes, each with its arrival at a time at which it was there."""
        now_s = (seen.at - begin).total_seconds()
        return [self._placed(lane, now_s - _sent_s(lane, begin), seen.settings) for lane in lanes]

    def _placed(self, lane: Lane, now_s: float, settings: RetrySettings) -> Lane:
        if lane.arrival is None or not lane.arrival.is_derived:
            return lane
        seen_s, at_s = self._known.get(lane.message_id, (now_s, lane.arrival.at_s))
        if all(attempt.start_s <= seen_s for attempt in lane.attempts):
            self._known[lane.message_id] = (seen_s, lane.arrival.at_s)
            return lane
        arrival = replace(lane.arrival, at_s=at_s)
        marks = [(one.start_s, one.end_s) for one in lane.attempts]
        marks += [(one.at_s, one.end_s) for one in lane.phantoms]
        waits = waits_of(sorted(marks), arrival, True, settings)
        return replace(lane, arrival=arrival, waits=waits)


def _due_s(lane: Lane, begin: datetime, hidden_s: float) -> float:
    """Until when the last receive hides a message; when it was sent, where there was none."""
    starts = [one.start_s for one in lane.attempts] + [one.at_s for one in lane.phantoms]
    return _sent_s(lane, begin) + (max(starts) + hidden_s if starts else 0.0)


def _sent_s(lane: Lane, begin: datetime) -> float:
    return 0.0 if lane.sent_at is None else (lane.sent_at - begin).total_seconds()
