"""Where a message is in the end: beside its last mark, on an Axes."""

from typing import Any

from workshop import palette
from workshop.drawing import marks
from workshop.drawing.frame import OPEN_END_PT, TARGET_PT
from workshop.drawing.letters import fitted
from workshop.drawing.pen import SMALL_PT, Pen
from workshop.evidence.lanes import Arrival, Attempt, Lane

# From the middle of a prediction's ring to words that keep clear of it.
RING_PT = 17.0
# Less than this between the last attempt and the end, and words below the attempt go on below both,
# in inches.
_NEAR_IN = 0.75
# From the middle of the mark of an end to its words.
_WORDS_PT = 13.0


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
        dx = 8.0 if last and is_long(self._pen, last) else OPEN_END_PT
        if last and last.start_s in lane.predicted_s:
            dx = RING_PT + 2
        if lane.arrival:
            self._arrival(lane, lane.arrival, y)
        elif lane.is_processed:
            self._pen.text(last_s(lane), y, "processed", dx=dx, ha="left", size=9.5)
        else:
            style: dict[str, Any] = {"ha": "left", "size": TARGET_PT, "style": "italic"}
            self._pen.text(last_s(lane), y, lane.open_end, dx=dx, **style)

    def _arrival(self, lane: Lane, arrival: Arrival, y: float) -> None:
        look = marks.ARRIVED_SUCCESS if arrival.is_success else marks.ARRIVED_FAILURE
        self._pen.mark(arrival.at_s, y, look, key=look.word)
        style: dict[str, Any] = {"dx": _WORDS_PT, "ha": "left"}
        target, reason, is_ringed = self._told(lane, arrival)
        # Above and below a ring, else side by side with the mark.
        up, down = (RING_PT, -RING_PT) if is_ringed else (1, -2)
        bold: dict[str, Any] = {"va": "bottom", "size": TARGET_PT, "weight": "bold"}
        self._pen.text(arrival.at_s, y, target, dy=up, **bold, **style)
        soft: dict[str, Any] = {"va": "top", "color": palette.SOFT_INK}
        self._pen.text(arrival.at_s, y, reason, dy=down, **soft, **style)

    def _told(self, lane: Lane, arrival: Arrival) -> tuple[str, str, bool]:
        """Where it arrived and why, in lines; and whether these go on above and below a ring."""
        begin_pt = 72 * self._pen.inches(arrival.at_s) + _WORDS_PT
        room_pt = 72 * self._right_in - begin_pt - 7
        rings_pt = [72 * self._pen.inches(at_s) - begin_pt for at_s in lane.predicted_s]
        before_pt = min((at - RING_PT for at in rings_pt if at > 0), default=room_pt)
        is_tight = before_pt < room_pt
        target, reason = self._words(arrival, min(before_pt, room_pt), has_whole_words=is_tight)
        if is_tight and any("…" in words or not words for words in (target, reason)):
            return *self._words(arrival, room_pt), True
        return target, reason, False

    def _words(
        self, arrival: Arrival, room_pt: float, *, has_whole_words: bool = False
    ) -> tuple[str, str]:
        lines, whole = 1 if self._is_compact else 2, has_whole_words
        target = fitted(
            arrival.target, room_pt, TARGET_PT, lines, is_bold=True, has_whole_words=whole
        )
        return target, fitted(arrival.reason, room_pt, SMALL_PT, lines, has_whole_words=whole)

    def in_the_way_in(self, lane: Lane) -> list[float]:
        """Where words below an attempt end because of those of the lane's end, in inches."""
        if lane.arrival is None:
            return []
        at_in = self._pen.inches(lane.arrival.at_s)
        last_in = max((self._pen.inches(one.end_s) for one in lane.attempts), default=0.0)
        if at_in - last_in >= _NEAR_IN:
            return [at_in - 0.12]
        _, reason, is_ringed = self._told(lane, lane.arrival)
        is_low = is_ringed or "\n" in reason
        return [at_in + _WORDS_PT / 72] if is_low else []


def is_long(pen: Pen, attempt: Attempt) -> bool:
    """Whether an attempt is drawn as a bar; a short one is only its marker."""
    return pen.inches(attempt.end_s) - pen.inches(attempt.start_s) > 0.16


def last_s(lane: Lane) -> float:
    """When the last mark of a lane is over."""
    return max([lane.end_s, *(phantom.at_s for phantom in lane.phantoms)])
