"""What ends the attempts: a line at the last one that a setting allows, on an Axes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from workshop import palette
from workshop.drawing import marks
from workshop.drawing.letters import width_pt
from workshop.drawing.pen import SMALL_PT, Pen
from workshop.evidence.lanes import Lane, spoken_s

# Heights in lanes, from the lane: of the line's top, and of its foot above the word of an attempt.
_TOP, _ABOVE_WORD = 0.4, 0.34
# From the line to its name.
_NAME_PT = 4.0


class LimitArtist:
    """Draws limits with a pen.

    Args:
        pen: draws on the Axes.
        right_in: from x = 0 to the right edge of the figure, in inches.
        is_compact: less text, for many lanes.
    """

    def __init__(self, pen: Pen, *, right_in: float, is_compact: bool) -> None:
        self._pen = pen
        self._right_in = right_in
        self._is_compact = is_compact

    def limit(self, lanes: Sequence[tuple[float, Lane]], maximum: int, text: str) -> None:
        """A dashed line at the end of every message at its limit, else at its last attempt."""
        is_first = True
        for y, lane in lanes:
            if not lane.has_reached(maximum):
                continue
            at_s = lane.arrival.at_s if lane.arrival else _last_s(lane)
            x = self._pen.x(at_s)
            style: dict[str, Any] = {
                "color": palette.VERMILLION,
                "lw": 1.8,
                "ls": (0, (4, 2)),
                "zorder": 3,
            }
            foot = _TOP if self._is_compact else 0.0 if lane.arrival else -_ABOVE_WORD
            self._pen.ax.plot([x, x], [y - _TOP, y + foot], clip_on=False, **style)
            if is_first and not self._is_compact:
                self._limit_label(x, y - _TOP, f"limit: {text}")
            elif self._is_compact:
                # No lane has room for its name.
                self._pen.used[text] = replace(marks.LIMIT, word=f"limit: {text}")
            is_first = False

    def age_limit(self, at_s: float, top: float, bottom: float) -> None:
        """A dashed line through lanes at the age at which their events are given up."""
        x = self._pen.x(at_s)
        line = {"color": palette.VERMILLION, "lw": 1.8, "ls": (0, (1, 1.5)), "zorder": 3}
        self._pen.ax.plot([x, x], [top, bottom], **cast(Any, line))
        text = f"maximum event age {spoken_s(at_s)}"
        label: dict[str, Any] = {
            "color": palette.INK,
            "weight": "bold",
            "va": "bottom",
            "ha": "center",
        }
        self._pen.text_at(x, top, text, dy=1, **label)

    def _limit_label(self, x: float, y: float, text: str) -> None:
        """On the right of the line, or on its left where the figure ends."""
        needed_in = width_pt(text, SMALL_PT, is_bold=True) / 72
        is_right = self._right_in - self._pen.inches_of(x) > needed_in + 0.4
        dx, ha = (_NAME_PT, "left") if is_right else (-_NAME_PT, "right")
        style: dict[str, Any] = {"weight": "bold", "va": "bottom"}
        self._pen.text_at(x, y, text, dx=dx, dy=-3, ha=ha, **style)


def _last_s(lane: Lane) -> float:
    """When the last attempt, or receive without one, began."""
    attempted = [attempt.start_s for attempt in lane.attempts]
    return max([*attempted, *(phantom.at_s for phantom in lane.phantoms)])
