"""Why attempts failed: below their marks, on an Axes."""

import re
from itertools import pairwise
from typing import Any

from workshop import palette
from workshop.drawing.endings import EndingArtist, is_long
from workshop.drawing.letters import fitted, fitted_name
from workshop.drawing.moments import is_around
from workshop.drawing.pen import SMALL_PT, Pen
from workshop.evidence.lanes import Attempt, Lane, spoken_s

# What there is room for above the next lane.
_MOST_LINES = 3
# An attempt that took longer is told apart from the wait behind it.
BESIDE_BAR_S = 1.5
# From the middle of a break to what is left of its words, in inches.
_LENGTH_IN = 0.35
# From the mark of an attempt to its words' left edge.
_LEFT_PT = -8


class FailureArtist:
    """Draws the errors of lanes with a pen.

    Args:
        pen: draws on the Axes.
        endings: draws where the lanes end.
        right_in: from x = 0 to the right edge of the figure, in inches.
    """

    def __init__(self, pen: Pen, endings: EndingArtist, *, right_in: float) -> None:
        self._pen = pen
        self._endings = endings
        self._right_in = right_in

    def draw(self, lane: Lane, y: float, clear_pt: float) -> None:
        """Write below each attempt of a lane why it failed, or below the first of them for all.

        Args:
            lane: whose attempts.
            y: where it is.
            clear_pt: from the line to the words.
        """
        rooms, place, before = self._rooms(lane), 0, ""
        while place < len(lane.attempts):
            attempt, room_in = lane.attempts[place], rooms[place]
            is_repeated = attempt.error_message == before
            times = 1 if is_repeated or self._is_named(attempt, room_in) else _run(lane, place)
            if times > 1 and (wide_in := self._wide(lane, place, times, rooms)):
                self._together(attempt, times, y, wide_in, clear_pt)
            else:
                times = 1
                self._error(attempt, y, room_in, clear_pt, is_repeated=is_repeated)
            before = attempt.error_message
            place += times

    def _is_named(self, attempt: Attempt, room_in: float) -> bool:
        """Whether there is room for the name of an attempt's error."""
        return "…" not in self._name(attempt, room_in)

    def _name(self, attempt: Attempt, room_in: float) -> str:
        kind = fitted(attempt.error_type, 72 * room_in, SMALL_PT, 1)
        if attempt.error_type and (not kind or "…" in kind):
            kind = fitted_name(attempt.error_type, 72 * room_in, SMALL_PT, _MOST_LINES) or "…"
        return kind

    def _wide(self, lane: Lane, place: int, times: int, rooms: list[float]) -> float:
        """The room below several attempts together; 0 where something stands between them."""
        starts = [self._pen.inches(a.start_s) for a in lane.attempts[place : place + times]]
        between = pairwise([*starts, starts[-1]])
        gaps = [after - at - 0.1 for at, after in between][:-1]
        free = rooms[place : place + times - 1]
        if any(room_in < gap_in - 1e-6 for room_in, gap_in in zip(free, gaps, strict=True)):
            return 0.0
        return starts[-1] - starts[0] + rooms[place + times - 1]

    def _together(
        self, attempt: Attempt, times: int, y: float, room_in: float, clear_pt: float
    ) -> None:
        """The same error of several attempts, told once."""
        name = fitted(f"{attempt.error_type}, {times} times", 72 * room_in, SMALL_PT, 1)
        if "…" in name:
            # That it was the same each time is told by there being one for all.
            name = self._name(attempt, room_in)
        self._write(attempt, y, clear_pt, name, attempt.error_message, room_in, 2)

    def _error(
        self, attempt: Attempt, y: float, room_in: float, clear_pt: float, *, is_repeated: bool
    ) -> None:
        """Type and message below the mark, from its left edge on."""
        kind = self._name(attempt, room_in)
        kind = "" if kind == "…" else kind
        is_same = is_repeated and bool(attempt.error_type)
        if is_same and "…" in kind:
            # Its name stands below an attempt that has more room.
            kind = ""
        told = "the same again" if is_same else attempt.error_message
        if attempt.duration_s > BESIDE_BAR_S and not is_long(self._pen, attempt):
            # No bar says that it took its time, and the next attempt is later by that.
            took = f"took {spoken_s(attempt.duration_s)}"
            told = f"{took}; {told}" if told else took
        lines = kind.count("\n") + 1 if kind else 0
        room = _MOST_LINES if is_same and not kind else min(2, _MOST_LINES - lines)
        self._write(attempt, y, clear_pt, kind, told, room_in, room)

    def _write(
        self, attempt: Attempt, y: float, clear_pt: float,
        kind: str, told: str, room_in: float, most_lines: int,
    ) -> None:  # fmt: skip
        message = ""
        if most_lines > 0:
            message = fitted(told, 72 * room_in, SMALL_PT, most_lines, has_whole_words=True)
        # Nothing behind a semicolon is no beginning of a sentence, and one word is none either.
        message = message.removesuffix(";…")
        if message.endswith("…") and not re.search(r"\s", message):
            message = ""
        style: dict[str, Any] = {"dx": _LEFT_PT, "ha": "left", "va": "top"}
        self._pen.text(attempt.start_s, y, kind, dy=-clear_pt, **style)
        style |= {"size": SMALL_PT, "color": palette.SOFT_INK}
        down_pt = 11 * (kind.count("\n") + 1) + 1 if kind else 0
        self._pen.text(attempt.start_s, y, message, dy=-clear_pt - down_pt, **style)

    def _rooms(self, lane: Lane) -> list[float]:
        """How wide the text under each attempt may be, in inches."""
        phantoms = [self._pen.inches(phantom.at_s) - 0.3 for phantom in lane.phantoms]
        starts = [self._pen.inches(attempt.start_s) for attempt in lane.attempts]
        breaks = [self._pen.inches_of(broken.middle) for broken in self._pen.scale.breaks]
        # A ring is wider than the mark in it; one around an attempt's mark is above the words.
        rings = [at_s for at_s in lane.predicted_s if not is_around(lane, at_s)]
        others = [self._pen.inches(at_s) - 0.12 for at_s in rings]
        others += self._endings.in_the_way_in(lane)
        ends = sorted([*starts, *phantoms, *others, self._right_in])
        rooms = []
        for start in starts:
            free = next(end for end in ends if end > start)
            # Beside a break stands how long the wait really is.
            cut = min((x for x in breaks if start < x < free), default=free + _LENGTH_IN)
            rooms.append(min(free, cut - _LENGTH_IN) - start - 0.1)
        return rooms


def _run(lane: Lane, place: int) -> int:
    """How many attempts from this one on failed with the same error, none of which took long."""
    first = lane.attempts[place]
    if not first.error_type:
        return 1
    same = 0
    for attempt in lane.attempts[place:]:
        is_same = (attempt.error_type, attempt.error_message) == (
            first.error_type,
            first.error_message,
        )
        if not is_same or attempt.duration_s > BESIDE_BAR_S:
            break
        same += 1
    return max(same, 1)
