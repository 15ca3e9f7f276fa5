"""Lanes -> marks on an Axes.

x is a position of the time scale, y the lane (0 on top). Sizes are in points and inches, so that
a mark looks the same however long the time is that is drawn.
"""

from collections.abc import Sequence
from typing import Any, cast

from matplotlib.patches import Rectangle

from workshop import palette
from workshop.drawing import marks
from workshop.drawing.endings import RING_PT, EndingArtist, is_long, last_s
from workshop.drawing.failures import FailureArtist
from workshop.drawing.frame import LABEL_PT
from workshop.drawing.letters import fitted
from workshop.drawing.pen import SMALL_PT, Pen
from workshop.drawing.waits import WaitArtist, between_s
from workshop.evidence.lanes import Attempt, Lane, Phantom

# From the moment of sending to the lane's name, in points.
_NAME_DX = -12.0
# Heights in lanes: of an attempt's bar, and of all bars of attempts at the same time together.
_BAR, _BARS = 0.16, 0.28


class LaneArtist:
    """Draws lanes with a pen.

    Args:
        pen: draws on the Axes.
        left_in: from the left edge of the figure to x = 0, in inches.
        right_in: from x = 0 to the right edge of the figure, in inches.
        is_compact: less text, for many lanes.
    """

    def __init__(self, pen: Pen, *, left_in: float, right_in: float, is_compact: bool) -> None:
        self._pen = pen
        self._left_pt = 72 * left_in + _NAME_DX - 7
        self._is_compact = is_compact
        self._waits = WaitArtist(pen, is_compact=is_compact)
        self._endings = EndingArtist(pen, right_in=right_in, is_compact=is_compact)
        self._failures = FailureArtist(pen, self._endings, right_in=right_in)

    def draw(self, lane: Lane, drawn: Lane, y: float, maximum: int | None = None) -> None:
        """Draw one lane.

        Args:
            lane: what happened, and when.
            drawn: the same with the times at which its marks stand, as `with_moments` makes it.
            y: where.
            maximum: so many attempts a setting allows; above the lane `limits` writes which.
        """
        lengths = [between_s(lane, wait) for wait in lane.waits]
        lane = drawn
        self._spread(lane, y)
        self._sent(lane, y)
        for wait, length_s in zip(lane.waits, lengths, strict=True):
            self._waits.draw(lane, wait, y, length_s, lane.has_reached(maximum))
        for at_s in lane.predicted_s:
            self._pen.mark(at_s, y, marks.PREDICTION, key="predicted", is_hollow=True)
        for phantom in lane.phantoms:
            self._phantom(phantom, y)
        self._bars(lane, y)
        # Words keep clear of a prediction's ring.
        clear_pt = RING_PT if lane.predicted_s else 13.0
        for attempt in lane.attempts:
            self._attempt(attempt, y, clear_pt)
        if not self._is_compact:
            self._failures.draw(lane, y, clear_pt)
        self._endings.draw(lane, y)

    def _sent(self, lane: Lane, y: float) -> None:
        """The open circle and the lane's name."""
        x = self._pen.x(last_s(lane))
        self._pen.ax.plot([0, x], [y, y], color=palette.GREY, lw=1.2, zorder=1)
        self._pen.mark(0.0, y, marks.SENT, key="sent")
        style: dict[str, Any] = {"dx": _NAME_DX, "ha": "right"}
        has_id = not self._is_compact and bool(lane.caption)
        most_lines = 1 if self._is_compact else 2
        label = fitted(lane.label, self._left_pt, LABEL_PT, most_lines, is_bold=True)
        self._pen.text(
            0,
            y,
            label,
            dy=5 if has_id else 0,
            size=LABEL_PT,
            weight="bold",
            va="baseline" if has_id else "center",
            **style,
        )
        if has_id:
            caption = fitted(lane.caption, self._left_pt, SMALL_PT, 1)
            self._pen.text(0, y, caption, dy=-3, va="top", color=palette.SOFT_INK, **style)

    def _spread(self, lane: Lane, y: float) -> None:
        """Behind each attempt of a typical message, when the others' were."""
        for attempt, (from_s, to_s) in zip(lane.attempts, lane.spread_s, strict=False):
            x0, x1 = self._pen.x(from_s), self._pen.x(to_s)
            look = marks.OUTCOMES[attempt.outcome]
            band = Rectangle((x0, y - 0.3), x1 - x0, 0.6, fc=look.face, ec="none", alpha=0.25)
            band.set_zorder(0.5)
            self._pen.ax.add_patch(band)

    def batches(self, lanes: Sequence[tuple[float, Lane]]) -> None:
        """A band through the attempts that were one invocation."""
        members: dict[str, list[tuple[float, float]]] = {}
        for y, lane in lanes:
            of_lane: list[Attempt | Phantom] = [*lane.attempts, *lane.phantoms]
            for received in of_lane:
                if received.batch and lane.messages == 1:
                    place = (self._pen.x(received.at_s), y)
                    members.setdefault(received.batch, []).append(place)
        for places in members.values():
            if len(places) > 1:
                xs, ys = zip(*places, strict=True)
                self._pen.ax.plot(xs, ys, **cast(Any, marks.BATCH_BAND))
                self._pen.used["batch"] = marks.BATCH

    def _bars(self, lane: Lane, y: float) -> None:
        """A bar as long as each attempt took, side by side where two ran at the same time."""
        tracks = 1 + max(lane.tracks, default=0)
        height = _BAR if tracks == 1 else _BARS / tracks
        top = y - height * tracks / 2
        for attempt, track in zip(lane.attempts, lane.tracks, strict=True):
            if not is_long(self._pen, attempt):
                continue  # a short attempt is only its marker
            x0, x1 = self._pen.x(attempt.start_s), self._pen.x(attempt.end_s)
            face = marks.OUTCOMES[attempt.outcome].face
            place = (x0, top + track * height)
            bar = Rectangle(place, x1 - x0, height, fc=face, ec=palette.INK, lw=0.8)
            bar.set_hatch("////")
            bar.set_zorder(2)
            self._pen.ax.add_patch(bar)

    def _attempt(self, attempt: Attempt, y: float, clear_pt: float) -> None:
        look = marks.OUTCOMES[attempt.outcome]
        self._pen.mark(attempt.start_s, y, look, key=attempt.outcome)
        style: dict[str, Any] = {"color": look.ink, "size": 9.5, "weight": "bold", "zorder": 6}
        nudge = -2.5 if look.marker == "^" else -0.3
        self._pen.text(attempt.start_s, y, str(attempt.number), dy=nudge, **style)
        if not self._is_compact:
            text = f"{look.sign} {look.word}"
            self._pen.text(attempt.start_s, y, text, dy=clear_pt, va="bottom", weight="bold")

    def _phantom(self, phantom: Phantom, y: float) -> None:
        box = {
            "boxstyle": "square,pad=0.35",
            "fc": palette.PAPER,
            "ec": palette.INK,
            "ls": marks.DASHES,
        }
        look = marks.without_a_run(phantom)
        self._pen.text(phantom.at_s, y, look.sign, size=9.5, weight="bold", bbox=box)
        self._pen.used["passed" if phantom.batch else "phantom"] = look
        if not self._is_compact:
            text = f"receive {phantom.receive_count}:\n{phantom.told}"
            self._pen.text(
                phantom.at_s, y, text, dy=-14, va="top", size=SMALL_PT, color=palette.SOFT_INK
            )
