"""Lanes -> marks on an Axes.

x is a position of the time scale, y the lane (0 on top). Sizes are in points and inches, so that
a mark looks the same however long the time is that is drawn.
"""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import offset_copy

from workshop.drawing import marks
from workshop.drawing.lanes import Arrival, Attempt, Lane, Phantom, Wait, spoken_s
from workshop.drawing.marks import Look
from workshop.drawing.scale import TimeScale

_SMALL_PT = 8.5
_LABEL_PT = 11.0


class LaneArtist:
    """Draws lanes on one Axes.

    Args:
        ax: where to draw; its data limits must already be set.
        scale: seconds -> x.
        inches_per_x: how wide one unit of x is, to know which texts fit.
        is_compact: less text, for many lanes.
    """

    def __init__(
        self, ax: Axes, scale: TimeScale, *, inches_per_x: float, is_compact: bool
    ) -> None:
        self._ax = ax
        self._scale = scale
        self._inches_per_x = inches_per_x
        self._is_compact = is_compact
        self.used: dict[str, Look] = {}

    def draw(self, lane: Lane, y: float) -> None:
        """Draw one lane."""
        x = self._scale.position
        self._ax.plot([0, x(lane.end_s)], [y, y], color=marks.LINE, lw=1.2, zorder=1)
        self._label(lane, y)
        for wait in lane.waits:
            self._wait(wait, y)
        self._mark(0.0, y, marks.SENT, key="sent")
        for at_s in lane.predicted_s:
            self._mark(at_s, y, marks.PREDICTION, key="predicted", is_hollow=True)
        for phantom in lane.phantoms:
            self._phantom(phantom, y)
        rooms = self._rooms(lane)
        previous_error = ""
        for attempt, room_in in zip(lane.attempts, rooms, strict=True):
            self._attempt(attempt, y, room_in, is_repeated=attempt.error_message == previous_error)
            previous_error = attempt.error_message
        self._ending(lane, y)

    def _label(self, lane: Lane, y: float) -> None:
        self._text(
            0.0,
            y,
            lane.label,
            dx=-14,
            dy=0 if self._is_compact else 5,
            ha="right",
            size=_LABEL_PT,
            weight="bold",
        )
        if not self._is_compact and lane.order_id:
            self._text(
                0.0,
                y,
                lane.message_id[:8],
                dx=-14,
                dy=-8,
                ha="right",
                size=7.5,
                color=marks.SOFT_INK,
            )

    def _wait(self, wait: Wait, y: float) -> None:
        x0, x1 = self._scale.position(wait.start_s), self._scale.position(wait.end_s)
        self._ax.plot([x0, x1], [y, y], color="white", lw=2.4, zorder=1)
        self._ax.plot([x0, x1], [y, y], color=marks.SOFT_INK, lw=1.4, ls=(0, (1, 1.6)), zorder=1)
        for broken in self._scale.breaks:
            if x0 <= broken.middle <= x1:
                self._break(broken.middle, y)
        room_in = (x1 - x0) * self._inches_per_x - 0.42
        text = marks.fitted(wait.cause, room_in, _SMALL_PT, 1 if self._is_compact else 2)
        if not text or "…" in text:
            text = marks.fitted(spoken_s(wait.length_s), room_in + 0.1, _SMALL_PT, 1)
        self._text_at(
            (x0 + x1) / 2, y, text, dy=6, va="bottom", style="italic", color=marks.SOFT_INK
        )

    def _break(self, x: float, y: float) -> None:
        for dx in (-2.2, 2.2):
            self._ax.plot(
                [x],
                [y],
                marker=(2, 0, -25),
                ms=11,
                mew=1.3,
                color=marks.INK,
                zorder=3,
                transform=self._offset(dx, 0),
            )

    def _attempt(self, attempt: Attempt, y: float, room_in: float, *, is_repeated: bool) -> None:
        look = marks.OUTCOMES[attempt.outcome]
        x0, x1 = self._scale.position(attempt.start_s), self._scale.position(attempt.end_s)
        height = 0.16
        if (x1 - x0) * self._inches_per_x > 0.14:
            # The attempt was long enough to show how long: a bar as long as it took.
            self._ax.add_patch(
                Rectangle(
                    (x0, y - height / 2),
                    x1 - x0,
                    height,
                    fc=look.face,
                    ec=marks.INK,
                    lw=0.8,
                    hatch="////",
                    zorder=2,
                )
            )
        self._mark(attempt.start_s, y, look, key=attempt.outcome)
        nudge = -2.5 if look.marker == "^" else -0.3
        self._text(
            attempt.start_s,
            y,
            str(attempt.number),
            dy=nudge,
            va="center",
            color=look.ink,
            size=9.5,
            weight="bold",
            zorder=6,
        )
        if not self._is_compact:
            self._text(
                attempt.start_s,
                y,
                f"{look.sign} {look.word}",
                dy=13,
                va="bottom",
                size=_SMALL_PT,
                weight="bold",
            )
        self._error(attempt, y, room_in, is_repeated)

    def _error(self, attempt: Attempt, y: float, room_in: float, is_repeated: bool) -> None:
        if not attempt.error_type or self._is_compact:
            return
        name = attempt.error_type.removeprefix("Sandbox.").removeprefix("Runtime.")
        kind = marks.fitted(name, room_in, _SMALL_PT, 1)
        message = "" if is_repeated else marks.fitted(attempt.error_message, room_in, 7.5, 2)
        self._text(attempt.start_s, y, kind, dy=-13, va="top", size=_SMALL_PT)
        self._text(attempt.start_s, y, message, dy=-25, va="top", size=7.5, color=marks.SOFT_INK)

    def _rooms(self, lane: Lane) -> list[float]:
        """How wide the text under each attempt may be: up to its neighbours' middle."""
        ends = [-0.6, *(self._x_in(a.start_s) for a in lane.attempts)]
        last = lane.arrival.at_s if lane.arrival else lane.end_s
        ends.append(max(self._x_in(last), ends[-1] + 1.6))
        gaps = [b - a for a, b in pairwise(ends)]
        return [max(2 * min(left, right) / 2 - 0.08, 0) for left, right in pairwise(gaps)]

    def _phantom(self, phantom: Phantom, y: float) -> None:
        self._mark(phantom.at_s, y, marks.PHANTOM, key="phantom", is_hollow=True)
        self._text(phantom.at_s, y, "?", va="center", size=9.5, weight="bold")
        if not self._is_compact:
            self._text(
                phantom.at_s,
                y,
                f"receive {phantom.receive_count}\nno log line",
                dy=-13,
                va="top",
                size=7.5,
                color=marks.SOFT_INK,
            )

    def _ending(self, lane: Lane, y: float) -> None:
        if lane.arrival:
            self._arrival(lane.arrival, y)
            return
        if lane.is_processed:
            word = "processed"
        else:
            word = "still on its way" if lane.attempts else "not received yet"
        last = lane.attempts[-1] if lane.attempts else None
        is_bar = last is not None and last.duration_s * self._inches_per_x > 0.14
        self._text(lane.end_s, y, word, dx=6 if is_bar else 15, ha="left", va="center", size=9.5)

    def _arrival(self, arrival: Arrival, y: float) -> None:
        look = marks.ARRIVED_SUCCESS if arrival.is_success else marks.ARRIVED_FAILURE
        key = "arrived_success" if arrival.is_success else "arrived"
        dx = 34 if arrival.is_success else 0
        self._mark(arrival.at_s, y, look, key=key, dx=dx)
        self._text(
            arrival.at_s,
            y,
            arrival.target,
            dx=dx + 13,
            dy=1,
            ha="left",
            va="bottom",
            size=9.5,
            weight="bold",
        )
        self._text(
            arrival.at_s,
            y,
            arrival.reason,
            dx=dx + 13,
            dy=-2,
            ha="left",
            va="top",
            size=_SMALL_PT,
            color=marks.SOFT_INK,
        )

    def limit(self, lanes: Sequence[tuple[float, Lane]], maximum: int, text: str) -> None:
        """A dashed line after the last attempt that the settings allow."""
        reached = [
            (y, self._scale.position(lane.attempts[-1].end_s))
            for y, lane in lanes
            if len(lane.attempts) + len(lane.phantoms) >= maximum and lane.attempts
        ]
        for y, x in reached:
            self._ax.plot(
                [x, x],
                [y - 0.47, y + 0.47],
                color=marks.LIMIT,
                lw=1.6,
                ls=(0, (4, 2)),
                zorder=3,
                transform=self._offset(17, 0),
            )
        if reached:
            y, x = reached[0]
            self._text_at(
                x,
                y - 0.47,
                text,
                dx=17,
                dy=2,
                va="bottom",
                ha="center",
                size=8.5,
                color=marks.LIMIT,
                weight="bold",
            )

    def _mark(
        self, at_s: float, y: float, look: Look, *, key: str, is_hollow: bool = False, dx: float = 0
    ) -> None:
        self.used[key] = look
        edge = look.ink if is_hollow else marks.INK
        style = {"linestyle": "none", "clip_on": False, "zorder": 4 if is_hollow else 5}
        self._ax.plot(
            [self._scale.position(at_s)],
            [y],
            marker=look.marker,
            ms=look.size,
            mfc=look.face,
            mec=edge,
            mew=1.6 if is_hollow else 1.0,
            transform=self._offset(dx, 0),
            **style,
        )

    def _x_in(self, at_s: float) -> float:
        return self._scale.position(at_s) * self._inches_per_x

    def _offset(self, dx: float, dy: float):
        return offset_copy(self._ax.transData, fig=self._ax.figure, x=dx, y=dy, units="points")

    def _text(self, at_s: float, y: float, text: str, **style) -> None:
        self._text_at(self._scale.position(at_s), y, text, **style)

    def _text_at(self, x: float, y: float, text: str, *, dx: float = 0, dy: float = 0, **style):
        if not text:
            return
        style = {
            "ha": "center",
            "va": "center",
            "size": _SMALL_PT,
            "color": marks.INK,
            "zorder": 5,
            "clip_on": False,
            "linespacing": 1.05,
        } | style
        self._ax.annotate(
            text,
            (x, y),
            xytext=(dx, dy),
            textcoords="offset points",
            annotation_clip=False,
            **style,
        )


def legend_handle(look: Look, is_hollow: bool) -> Line2D:
    """The entry of one kind of mark in the legend."""
    edge = look.ink if is_hollow else marks.INK
    return Line2D(
        [],
        [],
        ls="none",
        marker=look.marker,
        ms=min(look.size, 11),
        mfc=look.face,
        mec=edge,
        mew=1.2,
        label=look.word,
    )
