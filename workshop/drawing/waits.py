"""How a wait is drawn: its line, what it waited for in words, and a break where it is cut short."""

import re
from typing import Any

from workshop import palette
from workshop.drawing import marks
from workshop.drawing.endings import RING_PT
from workshop.drawing.failures import BESIDE_BAR_S
from workshop.drawing.letters import fitted, width_pt
from workshop.drawing.pen import SMALL_PT, Pen
from workshop.evidence.lanes import Attempt, Lane, Wait, spoken_s

# Bold, because a break hides how long it is.
_BREAK_PT = 10.5
# Beside a break, where half of its length has room before the next mark's words.
_BREAK_ROOM_IN = 0.45
# From here on the axis tells whole seconds.
_WHOLE_S = 9.95
# Between a mark and the words of a wait.
_CLEAR_PT = 12.0
_NO_BREAK = "\u00a0"
# Right above the line, below the words of attempts, and beside their marks.
_LOW_PT, _MARK_PT = 1.5, 11.0


class WaitArtist:
    """Draws what lies between two marks of a lane.

    Args:
        pen: draws on the Axes.
        is_compact: less text, for many lanes.
    """

    def __init__(self, pen: Pen, *, is_compact: bool) -> None:
        self._pen = pen
        self._is_compact = is_compact

    def draw(self, lane: Lane, wait: Wait, y: float, length_s: float, is_limited: bool) -> None:
        """Draw one wait.

        Args:
            lane: whose, as it is drawn.
            wait: of this lane.
            y: where it is.
            length_s: how far the marks around it are apart, as `between_s` tells.
            is_limited: the name of a limit stands as high as three lines.
        """
        x0, x1 = self._pen.x(wait.start_s), self._pen.x(wait.end_s)
        self._pen.ax.plot([x0, x1], [y, y], color=palette.PAPER, lw=2.4, zorder=1)
        self._pen.ax.plot(
            [x0, x1], [y, y], color=palette.SOFT_INK, lw=1.4, ls=(0, (1, 1.6)), zorder=1
        )
        # A number stays with its unit; one that stands alone is the axis's own.
        length, alone = spoken_s(wait.length_s), spoken_s(length_s)
        breaks = [one.middle for one in self._pen.scale.breaks if x0 <= one.middle <= x1]
        for x in breaks:
            self._break(x, y)
        if breaks:
            # However often the axis is broken meanwhile, it is one wait.
            self._broken_length(breaks[len(breaks) // 2], x1, y, alone)
            if self._is_compact:
                return
        is_told = bool(breaks)
        cause = wait.cause.replace(length, length.replace(" ", _NO_BREAK))
        x0, x1 = self._free(lane, wait)
        room_pt = 72 * self._pen.inches_of(x1 - x0)
        lines = 1 if self._is_compact else 2
        text = _whole(cause, room_pt, lines)
        if not text and not self._is_compact:
            text = _whole(_shortly(cause), room_pt, 2 if is_limited else 3)
        dy = 7.0
        if not text and not is_told:
            alone = alone.replace(" ", _NO_BREAK)
            text = _whole(alone, room_pt, 1)
            if not text and not self._is_compact:
                (x0, x1), dy = self._low(lane, wait), _LOW_PT
                text = _whole(alone, 72 * self._pen.inches_of(x1 - x0), 1)
        style: dict[str, Any] = {"va": "bottom", "style": "italic", "color": palette.SOFT_INK}
        self._pen.text_at((x0 + x1) / 2, y, text, dy=dy, **style)

    def _low(self, lane: Lane, wait: Wait) -> tuple[float, float]:
        """What is free of a wait right above its line: between the marks, below their words."""
        x0, x1 = self._pen.x(wait.start_s), self._pen.x(wait.end_s)
        mark = self._pen.wide(_MARK_PT)
        if lane.predicted_s:
            return x0, x0  # a ring may be anywhere
        return x0 + mark, x1 - mark

    def _free(self, lane: Lane, wait: Wait) -> tuple[float, float]:
        """The widest part of a wait between the words of attempts and rings."""
        x0, x1 = self._pen.x(wait.start_s), self._pen.x(wait.end_s)
        clear, ring = self._pen.wide(_CLEAR_PT), self._pen.wide(RING_PT + 4)
        stops = [(x0, x0 + clear), (x1 - clear, x1)]
        for attempt in lane.attempts:
            x, around = self._pen.x(attempt.start_s), self._pen.wide(self._around_pt(attempt))
            stops.append((x - around, x + around))
        rings = [self._pen.x(at_s) for at_s in lane.predicted_s]
        stops += [(x - ring, x + ring) for x in rings if x0 < x < x1]
        parts, begin = [], x0
        for left, right in sorted(stops):
            parts.append((begin, min(max(left, begin), x1)))
            begin = max(begin, right)
        return max(parts, key=lambda part: part[1] - part[0])

    def _around_pt(self, attempt: Attempt) -> float:
        """Half as wide as the word above an attempt, and a little room."""
        if self._is_compact:
            return 23.0
        look = marks.OUTCOMES[attempt.outcome]
        return width_pt(f"{look.sign} {look.word}", SMALL_PT, is_bold=True) / 2 + 4

    def _broken_length(self, x: float, x1: float, y: float, length: str) -> None:
        """How long a wait really is, at a break of it, as large as what is on the marks."""
        has_room = self._pen.inches_of(x1 - x) > _BREAK_ROOM_IN
        style: dict[str, Any] = {"size": _BREAK_PT, "weight": "bold"}
        style |= {"ha": "center"} if has_room else {"ha": "right", "dx": 6}
        # Below the cause, where that is told.
        style |= {"va": "bottom", "dy": 6} if self._is_compact else {"va": "top", "dy": -8}
        self._pen.text_at(x, y, length.replace(" ", _NO_BREAK), **style)

    def _break(self, x: float, y: float) -> None:
        """Two strokes."""
        for dx in (-2.2, 2.2):
            self._pen.ax.plot(
                [x],
                [y],
                marker=(2, 0, -25),
                ms=11,
                mew=1.3,
                color=palette.INK,
                zorder=3,
                transform=self._pen.offset(dx, 0),
            )


def _whole(text: str, room_pt: float, most_lines: int) -> str:
    """The text in lines that fit, or nothing."""
    shown = fitted(text, room_pt, SMALL_PT, most_lines)
    return "" if "…" in shown else shown


def _shortly(cause: str) -> str:
    """What is left of a visibility timeout, without how long all of it is."""
    found = re.fullmatch(r"(visibility timeout) .+ from the receive, (.+ left)", cause)
    return f"{found[1]}, {found[2].replace(' ', _NO_BREAK)}" if found else cause


def between_s(lane: Lane, wait: Wait) -> float:
    """How far the marks around a wait are apart on the axis.

    What a setting counts may have begun before the mark, as the receive of a gathered batch. Behind
    an attempt that took its time, whose bar is drawn, it is the line behind the bar.
    """
    starts = [attempt.start_s for attempt in lane.attempts] + [p.at_s for p in lane.phantoms]
    begin_s = max((at_s for at_s in starts if at_s <= wait.start_s), default=wait.start_s)
    if wait.start_s - begin_s > BESIDE_BAR_S:
        return wait.end_s - wait.start_s
    length_s = wait.end_s - begin_s
    return length_s if length_s < _WHOLE_S else float(round(wait.end_s) - round(begin_s))
