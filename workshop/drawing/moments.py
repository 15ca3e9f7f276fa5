"""Moments that are drawn wider, where marks of a lane would lie on each other. Pure.

Each mark stands at its time. Where two of a lane are too near for that, as a sending and the first
attempt, which follows it within milliseconds, the axis is stretched from one to the other, and says
so. Within such a moment the marks of each lane stand side by side, in their order.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from workshop.drawing.scale import TOGETHER_S, TimeScale, WideMoment
from workshop.evidence.lanes import CLOCKS_APART_S, Attempt, Lane, Wait

# A moment is never shorter, where two stamps are the same.
_SHORTEST_S = 0.001
# Points between the middles of two marks of a moment: behind an attempt, which has words above it,
# and behind a mark that has none, as the sending and the ring of a guess.
_BESIDE_PT, _WORDLESS_PT = 42.0, 28.0
# Marks that are further apart in time may be nearer, if they do not touch; behind a bar, too.
_TOUCH_PT, _TOUCH_SENT_PT, _BAR_PT = 22.0, 15.0, 15.0
# Where all is one moment there is room: so many times as much.
_ALONE = 3.0
# A shorter bar is hidden by the mark at its beginning.
_MARK_PT = 11.0

Span = tuple[float, float]


@dataclass(frozen=True)
class _Mark:
    """A mark of a lane: which one it is, and from when to when."""

    kind: str
    number: int
    at_s: float
    end_s: float

    @property
    def beside_pt(self) -> float:
        """From its middle to that of the next mark of its moment."""
        return _WORDLESS_PT if self.kind in ("sent", "ring") else _BESIDE_PT

    @property
    def touch_pt(self) -> float:
        """The least from its middle to that of another mark."""
        return _TOUCH_SENT_PT if self.kind == "sent" else _TOUCH_PT


def is_around(lane: Lane, at_s: float) -> bool:
    """Whether a guess of that time is drawn around an attempt's mark: it was right."""
    return any(abs(at_s - attempt.start_s) < TOGETHER_S for attempt in lane.attempts)


def with_moments(
    scale: TimeScale,
    lanes: Sequence[Lane],
    pt_per_x: float,
    *,
    true_scale: bool = False,
    room: float = 1.0,
) -> tuple[TimeScale, list[Lane]]:
    """The scale with wider moments, and the lanes as they are drawn on it.

    Args:
        scale: without any.
        lanes: what is drawn; the times of those returned are the ones at which their marks stand.
        pt_per_x: points for one unit of a position.
        true_scale: widen only what happened within a second.
        room: for the marks of a moment, as a share of what they have by default.
    """
    of_lanes = [_marks(lane) for lane in lanes]

    def position_pt(at_s: float) -> float:
        return scale.position(at_s) * pt_per_x

    if scale.is_one_moment:
        spans, room = [(0.0, max(scale.seconds[-1], _SHORTEST_S))], room * _ALONE
    else:
        spans = _spans(of_lanes, position_pt, true_scale=true_scale)
    places = [_Places(marks) for marks in of_lanes]
    moments, before_pt = [], 0.0
    for span in spans:
        left_pt = position_pt(span[0]) + before_pt
        length_pt = position_pt(span[1]) - position_pt(span[0])
        least_pt = 0.0 if scale.is_one_moment else length_pt
        rights_pt = [one.lay_out(span, left_pt, position_pt, before_pt, room) for one in places]
        width_pt = max([least_pt, *(right_pt - left_pt for right_pt in rights_pt)])
        for one in places:
            one.settle(span, left_pt, width_pt)
        start = left_pt / pt_per_x
        moments.append(WideMoment(*span, start, start + width_pt / pt_per_x))
        before_pt += width_pt - length_pt
    drawn = [one.drawn(lane, spans) for one, lane in zip(places, lanes, strict=True)]
    return scale.widened(moments), drawn


class _Places:
    """Where the marks of a lane stand that belong to wider moments."""

    def __init__(self, marks: Sequence[_Mark]) -> None:
        self._marks = marks
        self._pt: dict[_Mark, float] = {}
        self._at_s: dict[_Mark, float] = {}

    def lay_out(
        self,
        span: Span,
        left_pt: float,
        position_pt: Callable[[float], float],
        before_pt: float,
        room: float,
    ) -> float:
        """Put the marks of a moment side by side; returns the place of the last one, in points."""
        free_pt = right_pt = left_pt
        for mark in self._marks:
            if mark.at_s > span[1]:
                break
            if mark.at_s >= span[0]:
                self._pt[mark] = right_pt = max(free_pt, left_pt)
            if mark.end_s >= span[0]:
                # It reaches into this moment: the next one stands beside it.
                here_pt = self._pt.get(mark, position_pt(mark.at_s) + before_pt)
                free_pt = here_pt + room * mark.beside_pt
                if left_pt - here_pt > _MARK_PT:
                    free_pt = max(free_pt, left_pt + _BAR_PT)
        return right_pt

    def settle(self, span: Span, left_pt: float, width_pt: float) -> None:
        """Say at which times of a moment so wide its marks are drawn."""
        for mark, at_pt in self._pt.items():
            if mark not in self._at_s:
                share = (at_pt - left_pt) / width_pt
                self._at_s[mark] = span[0] + share * (span[1] - span[0])

    def drawn(self, lane: Lane, spans: Sequence[Span]) -> Lane:
        """The lane with the times at which its marks are drawn."""
        attempts = tuple(self._attempt(n, one, spans) for n, one in enumerate(lane.attempts))
        phantoms = tuple(
            replace(one, at_s=self._time("phantom", n, one.at_s))
            for n, one in enumerate(lane.phantoms)
        )
        arrival = lane.arrival
        if arrival:
            arrival = replace(arrival, at_s=self._time("arrival", 0, _arrival_s(lane)))
        predicted = tuple(self._ring(lane, n, at_s) for n, at_s in enumerate(lane.predicted_s))
        waits = tuple(self._wait(wait, spans) for wait in lane.waits)
        return replace(
            lane,
            attempts=attempts,
            phantoms=phantoms,
            arrival=arrival,
            predicted_s=predicted,
            waits=waits,
        )

    def _time(self, kind: str, number: int, at_s: float) -> float:
        found = (t for mark, t in self._at_s.items() if (mark.kind, mark.number) == (kind, number))
        return next(found, at_s)

    def _attempt(self, number: int, attempt: Attempt, spans: Sequence[Span]) -> Attempt:
        """Its bar does not reach into a moment that is drawn wider: it was no longer by that."""
        start_s, end_s = self._time("attempt", number, attempt.start_s), attempt.end_s
        is_short = end_s - attempt.start_s < TOGETHER_S
        for span in spans:
            if span[0] <= (attempt.start_s if is_short else end_s) <= span[1]:
                end_s = span[0]
        end_s = max(end_s, start_s)
        unseen_s = start_s + attempt.duration_s - end_s
        return replace(attempt, start_s=start_s, before_start_s=unseen_s)

    def _ring(self, lane: Lane, number: int, at_s: float) -> float:
        """Around the mark of an attempt that was guessed right, wherever that stands."""
        if not is_around(lane, at_s):
            return self._time("ring", number, at_s)
        starts = [attempt.start_s for attempt in lane.attempts]
        nearest = min(range(len(starts)), key=lambda n: abs(starts[n] - at_s))
        return self._time("attempt", nearest, starts[nearest])

    def _wait(self, wait: Wait, spans: Sequence[Span]) -> Wait:
        """From the mark behind which it begins to the one with which it ends."""
        start_s, end_s = wait.start_s, wait.end_s
        for span in spans:
            placed = [mark for mark in self._at_s if span[0] <= mark.at_s <= span[1]]
            before = [mark for mark in placed if mark.at_s <= wait.start_s + _SHORTEST_S]
            # An attempt may end a bit later than the moment in which it began.
            ends_s = [mark.end_s for mark in before if mark.end_s - mark.at_s < TOGETHER_S]
            if span[0] <= wait.start_s <= max([span[1], *ends_s]):
                start_s = max((self._at_s[mark] for mark in before), default=span[0])
            if span[0] <= wait.end_s <= span[1]:
                after = [self._at_s[m] for m in placed if m.at_s >= wait.end_s - _SHORTEST_S]
                end_s = min(after, default=span[0])
        return replace(wait, start_s=start_s, end_s=max(start_s, end_s))


def _marks(lane: Lane) -> list[_Mark]:
    """In the order in which they stand; a guess goes before an end at the same time."""
    marks = [
        _Mark("attempt", n, one.start_s, max(one.start_s, one.end_s))
        for n, one in enumerate(lane.attempts)
    ]
    marks += [_Mark("phantom", n, one.at_s, one.at_s) for n, one in enumerate(lane.phantoms)]
    alone = [(n, at_s) for n, at_s in enumerate(lane.predicted_s) if not is_around(lane, at_s)]
    if lane.arrival:
        end_s = _arrival_s(lane)
        marks.append(_Mark("arrival", 0, end_s, end_s))
        alone = [(n, end_s if abs(at_s - end_s) < TOGETHER_S else at_s) for n, at_s in alone]
    # Around a receive without an attempt a ring is as it is around an attempt.
    free = [(n, at_s) for n, at_s in alone if all(at_s != one.at_s for one in lane.phantoms)]
    marks += [_Mark("ring", n, at_s, at_s) for n, at_s in free]
    order = ("ring", "attempt", "phantom", "arrival")
    marks.sort(key=lambda mark: (mark.at_s, order.index(mark.kind)))
    return [_Mark("sent", 0, 0.0, 0.0), *marks]


def _arrival_s(lane: Lane) -> float:
    """When it arrived, after the attempt that it followed: two services stamped them."""
    if lane.arrival is None:
        return 0.0
    at_s = lane.arrival.at_s
    ends = [one.end_s for one in lane.attempts if at_s < one.end_s < at_s + CLOCKS_APART_S]
    return max([at_s, *ends])


def _spans(
    of_lanes: Sequence[Sequence[_Mark]],
    position_pt: Callable[[float], float],
    *,
    true_scale: bool,
) -> list[Span]:
    """From when to when marks would lie on each other."""
    near = [
        span
        for marks in of_lanes
        for before, after in pairwise(marks)
        for span in _too_near(before, after, position_pt, true_scale=true_scale)
    ]
    merged: list[Span] = []
    for start_s, end_s in sorted(one for one in near if _is_moment(one)):
        if merged and (start_s <= merged[-1][1] or _is_moment((merged[-1][0], end_s))):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_s))
        else:
            merged.append((start_s, end_s))
    # A longer one is not needed where a moment within it is wider already: what follows at several
    # times on one sending keeps its distances.
    longer = sorted((one for one in near if not _is_moment(one)), key=lambda one: one[1])
    for start_s, end_s in longer:
        if all(other[0] >= end_s or other[1] <= start_s for other in merged):
            merged.append((start_s, end_s))
    return sorted(merged)


def _is_moment(span: Span) -> bool:
    return span[1] - span[0] < TOGETHER_S


def _too_near(
    before: _Mark, after: _Mark, position_pt: Callable[[float], float], *, true_scale: bool
) -> Iterator[Span]:
    is_short = before.end_s - before.at_s < TOGETHER_S or before.end_s > after.at_s
    start_s = before.at_s if is_short else before.end_s
    is_together = after.at_s - start_s < TOGETHER_S
    # The ring of a guess that was wrong may touch what was right, if it is not at the same moment.
    is_guess = "ring" in (before.kind, after.kind) and "arrival" not in (before.kind, after.kind)
    if not is_together and (true_scale or is_guess):
        return
    needed_pt = before.beside_pt if is_together else before.touch_pt
    apart_pt = position_pt(after.at_s) - position_pt(before.at_s)
    bar_pt = position_pt(start_s) - position_pt(before.at_s)
    if apart_pt < needed_pt or (bar_pt > _MARK_PT and apart_pt - bar_pt < _BAR_PT):
        yield start_s, max(after.at_s, start_s + _SHORTEST_S)
