"""The time axis: seconds since sending -> position, with long waits broken. Pure.

Attempts take milliseconds, waits take minutes. Drawn to scale, the waits push everything that
matters together; so a stretch in which no lane has a mark is shortened when it is longer than
`BREAK_OVER_S`. Inside the stretches that are kept, proportions are true.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BREAK_OVER_S = 45.0
_KEPT_S = 30.0


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
class TimeScale:
    """Piecewise linear: `seconds[i]` is drawn at `positions[i]`."""

    seconds: tuple[float, ...]
    positions: tuple[float, ...]
    breaks: tuple[Break, ...]

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


def make_scale(busy: Iterable[tuple[float, float]], true_scale: bool = False) -> TimeScale:
    """The scale for these stretches of time in which some lane has a mark.

    Args:
        busy: (start, end) in seconds, in any order, overlapping or not.
        true_scale: break nothing.
    """
    merged = _merged([(0.0, 0.0), *busy])
    seconds, positions, breaks = [0.0], [0.0], []
    for start_s, end_s in merged:
        gap_s = start_s - seconds[-1]
        if gap_s > 0:
            width = gap_s if true_scale else _width(gap_s)
            if width < gap_s:
                breaks.append(Break(positions[-1], positions[-1] + width, gap_s))
            seconds.append(start_s)
            positions.append(positions[-1] + width)
        if end_s > seconds[-1]:
            positions.append(positions[-1] + end_s - seconds[-1])
            seconds.append(end_s)
    return TimeScale(tuple(seconds), tuple(positions), tuple(breaks))


def _width(gap_s: float) -> float:
    """A longer wait stays longer, but only by the logarithm of its length."""
    if gap_s <= BREAK_OVER_S:
        return gap_s
    return _KEPT_S * (1 + 0.25 * math.log2(gap_s / _KEPT_S))


def _merged(stretches: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start_s, end_s in sorted(stretches):
        if merged and start_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_s))
        else:
            merged.append((start_s, end_s))
    return merged
