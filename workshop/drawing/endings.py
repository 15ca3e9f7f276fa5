"""Where a message is in the end: beside its last mark, on an Axes."""

from typing import Any

from workshop import palette
from workshop.drawing import marks
from workshop.drawing.frame import TARGET_PT
from workshop.drawing.letters import fitted, width_pt
from workshop.drawing.limits import BEHIND_PT
from workshop.drawing.pen import SMALL_PT, Pen
from workshop.evidence.lanes import Arrival, Attempt, Lane

# From the middle of a prediction's ring to words that keep clear of it.
RING_PT = 17.0
# Points beside its true place for a record, which follows the last attempt within milliseconds.
ARRIVAL_DX = 42.0
# Less than this between an attempt and what follows it, and their marks would touch, in inches.
_NEAR_IN = 0.5


class EndingArtist:
    """Draws the ends of lanes with a pen.

    Args:
        pen: draws on the Axes.
        right_in: from x = 0 to the right edge of the figure, in inches.
        is_compact: less text, for many lanes.
    """

    def __init__(self, pen: Pen, *, right_in: float, is_compact: bool) -> None:
        self._pen = pen
        self._right_in = right_in
        self._is_compact = is_compact

    def draw(self, lane: Lane, y: float) -> None:
        """Where the message is now, beside the last mark."""
        last = lane.attempts[-1] if lane.attempts else None
        dx = 8.0 if last and is_long(self._pen, last) else 15.0
        if lane.arrival:
            self._arrival(lane, lane.arrival, y, is_near=self.is_near(lane))
        elif lane.is_processed:
            self._pen.text(lane.end_s, y, "processed", dx=dx, ha="left", size=9.5)
        else:
            # One that reached its limit has that mark there, and may wait for somebody who looks.
            dx = BEHIND_PT + 6 if lane.is_unsought else dx
            style: dict[str, Any] = {"ha": "left", "size": TARGET_PT, "style": "italic"}
            self._pen.text(lane.end_s, y, lane.open_end, dx=dx, **style)

    def _arrival(self, lane: Lane, arrival: Arrival, y: float, *, is_near: bool) -> None:
        look = marks.ARRIVED_SUCCESS if arrival.is_success else marks.ARRIVED_FAILURE
        dx = ARRIVAL_DX if is_near else 0
        if is_near:
            self._pen.line_aside(arrival.at_s, y, dx)
        self._pen.mark(arrival.at_s, y, look, key=look.word, dx=dx)
        room_in = self._right_in - self._pen.inches(arrival.at_s) - (dx + 20) / 72
        style: dict[str, Any] = {"dx": dx + 13, "ha": "left"}
        room_pt = 72 * room_in
        lines = 1 if self._is_compact else 2
        target = fitted(arrival.target, room_pt, TARGET_PT, lines, is_bold=True)
        reason = fitted(arrival.reason, room_pt, SMALL_PT, lines)
        text_pt = max(
            *(width_pt(line, TARGET_PT, is_bold=True) for line in target.split("\n")),
            *(width_pt(line, SMALL_PT) for line in reason.split("\n")),
        )
        begin_in = self._pen.inches(arrival.at_s) + (dx + 13) / 72
        rings = [self._pen.inches(at_s) for at_s in lane.predicted_s]
        is_ringed = any(begin_in - 0.2 < ring < begin_in + text_pt / 72 + 0.2 for ring in rings)
        # Above and below a ring, else side by side with the mark.
        up, down = (RING_PT, -RING_PT) if is_ringed else (1, -2)
        bold: dict[str, Any] = {"va": "bottom", "size": TARGET_PT, "weight": "bold"}
        self._pen.text(arrival.at_s, y, target, dy=up, **bold, **style)
        soft: dict[str, Any] = {"va": "top", "color": palette.SOFT_INK}
        self._pen.text(arrival.at_s, y, reason, dy=down, **soft, **style)

    def is_near(self, lane: Lane) -> bool:
        """Whether the arrival followed the last attempt so soon that the marks would touch.

        Its mark then stands beside its true place.
        """
        return is_beside(self._pen, lane)


def is_beside(pen: Pen, lane: Lane) -> bool:
    """The same, for whoever draws the axis."""
    ends = [pen.inches(attempt.end_s) for attempt in lane.attempts]
    return (
        bool(ends)
        and lane.arrival is not None
        and pen.inches(lane.arrival.at_s) - ends[-1] < _NEAR_IN
    )


def is_long(pen: Pen, attempt: Attempt) -> bool:
    """Whether an attempt is drawn as a bar; a short one is only its marker."""
    return pen.inches(attempt.end_s) - pen.inches(attempt.start_s) > 0.16
