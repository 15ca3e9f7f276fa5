"""Attempts of a crowd, counted in each stretch of time. Pure."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Crowd:
    """Attempts of one crowd in each stretch of time: all of them, and those that failed."""

    name: str
    total: list[int]
    failed: list[int]

    @property
    def peak(self) -> int:
        """Where most attempts begin together, of those after the first: all were sent at once."""
        later = self.total[1:] or self.total
        return self.total.index(max(later), 1 if self.total[1:] else 0)

    def numbered(self, apart: int) -> list[int]:
        """The stretches whose number is written: the first, and whatever rises like the peak.

        Args:
            apart: so many stretches are between two numbers at least, so that each can be read.
        """
        chosen = [0]
        by_height = sorted(range(1, len(self.total)), key=lambda place: -self.total[place])
        for place in by_height:
            is_high = 2 * self.total[place] >= self.total[self.peak] > 0
            if is_high and all(abs(place - other) >= apart for other in chosen):
                chosen.append(place)
        return sorted(chosen)


def since_the_first(attempts: pd.DataFrame) -> "pd.Series[float]":
    """Seconds since the first attempt, of each."""
    began = attempts["started_at"]
    since: pd.Series[float] = (began - began.min()).dt.total_seconds()
    return since


def row_of(
    name: str, times: "pd.Series[float]", attempts: pd.DataFrame, bars: int, every_s: int
) -> Crowd:
    """The attempts of one crowd, counted.

    Args:
        name: the crowd's.
        times: as `since_the_first` returns them.
        attempts: the same attempts, with their outcomes.
        bars: how many stretches there are.
        every_s: how long each is.
    """
    place = (times // every_s).astype(int)
    is_failed = attempts["handler_outcome"] != "ok"
    return Crowd(
        name,
        [int((place == bar).sum()) for bar in range(bars)],
        [int(((place == bar) & is_failed).sum()) for bar in range(bars)],
    )
