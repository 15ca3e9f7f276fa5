"""The time axis: seconds since sending -> position. Pure.

True to scale, so that two minutes are twice as long as one. Only where marks of one message would
lie on top of each other, as a record after six hours pushes attempts together, the longest waits
are broken, no more of them than needed, and all to the same length.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

# What is nearer than this happened at one moment: marks of it are drawn side by side.
TOGETHER_S = 1.0
# What would be shortened by so little is not: its break would be a riddle beside a whole one.
_HARDLY = 0.95


@dataclass(frozen=True)
class Break:
    """A shortened stretch: where it is drawn, and how long it really is."""

    start: float
    end: float
    length_s: float

    @property
    def middle(self) -> float:
        """Where its mark is drawn."""
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class WideMoment:
    """A stretch that is drawn wider than it is, from one position to another."""

    start_s: float
    end_s: float
    start: float
    end: float


@dataclass(frozen=True)
class TimeScale:
    """Piecewise linear: `seconds[i]` is drawn at `positions[i]`."""

    seconds: tuple[float, ...]
    positions: tuple[float, ...]
    breaks: tuple[Break, ...]
    moments: tuple[WideMoment, ...] = ()

    def position(self, at_s: float) -> float:
        """Where a moment is drawn."""
        if len(self.seconds) < 2:
            return at_s
        i = min(max(bisect_right(self.seconds, at_s) - 1, 0), len(self.seconds) - 2)
        span_s = self.seconds[i + 1] - self.seconds[i]
        share = (at_s - self.seconds[i]) / span_s if span_s else 0.0
        return self.positions[i] + share * (self.positions[i + 1] - self.positions[i])

    @property
    def end(self) -> float:
        """The last position."""
        return self.positions[-1]

    @property
    def is_one_moment(self) -> bool:
        """Whether there is nothing to measure: all is within a second."""
        return self.seconds[-1] < TOGETHER_S

    def widened(self, moments: Sequence[WideMoment]) -> "TimeScale":
        """The same with these moments, in their order; what is behind one is moved by its width."""
        knots = set(self.seconds)
        for one in moments:
            knots = {at_s for at_s in knots if not one.start_s < at_s < one.end_s}
            knots |= {one.start_s, one.end_s}
        added = [
            (one.end_s, one.end - one.start - self.position(one.end_s) + self.position(one.start_s))
            for one in moments
        ]

        def moved(at_s: float) -> float:
            return self.position(at_s) + sum(wide for end_s, wide in added if end_s <= at_s)

        seconds = sorted(knots)
        positions = tuple(moved(at_s) for at_s in seconds)
        starts = {self.position(at_s): moved(at_s) - self.position(at_s) for at_s in self.seconds}
        breaks = (
            Break(one.start + starts[one.start], one.end + starts[one.start], one.length_s)
            for one in self.breaks
        )
        return TimeScale(tuple(seconds), positions, tuple(breaks), tuple(moments))


def make_scale(
    busy: Iterable[tuple[float, float]],
    lanes: Iterable[Sequence[float]] = (),
    *,
    least_share: float = 0.07,
    true_scale: bool = False,
) -> TimeScale:
    """The scale for these stretches of time in which some lane has a mark.

    Args:
        busy: (start, end) in seconds, in any order, overlapping or not.
        lanes: the moments at which each lane has a mark.
        least_share: how much of the axis has to be between two marks of a lane.
        true_scale: break nothing.
    """
    merged = _merged([(0.0, 0.0), *busy])
    gaps = [after[0] - before[1] for before, after in pairwise(merged)]
    longest_s = max(gaps, default=0.0)
    if not true_scale:
        least_s = min((gap for moments in lanes for gap in _gaps(moments)), default=longest_s)
        busy_s = sum(end_s - start_s for start_s, end_s in merged)
        longest_s = max(_longest(gaps, least_s / least_share - busy_s), least_s)
    seconds, positions, breaks = [0.0], [0.0], []
    for start_s, end_s in merged:
        gap_s = start_s - seconds[-1]
        if gap_s > 0:
            width = min(gap_s, longest_s)
            if width > _HARDLY * gap_s:
                width = gap_s
            if width < gap_s:
                breaks.append(Break(positions[-1], positions[-1] + width, gap_s))
            seconds.append(start_s)
            positions.append(positions[-1] + width)
        if end_s > seconds[-1]:
            positions.append(positions[-1] + end_s - seconds[-1])
            seconds.append(end_s)
    return TimeScale(tuple(seconds), tuple(positions), tuple(breaks))


def _gaps(moments: Sequence[float]) -> list[float]:
    ordered = sorted(moments)
    gaps = (later - earlier for earlier, later in pairwise(ordered))
    return [gap for gap in gaps if gap > TOGETHER_S]


def _longest(gaps: Sequence[float], room: float) -> float:
    """To which length gaps are cut so that all together fit into the room."""
    left = room
    for number, gap in enumerate(sorted(gaps)):
        share = left / (len(gaps) - number)
        if gap > share:
            return share
        left -= gap
    return max(gaps, default=0.0)


def _merged(stretches: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start_s, end_s in sorted(stretches):
        if merged and start_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_s))
        else:
            merged.append((start_s, end_s))
    return merged
