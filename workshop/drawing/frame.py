"""What surrounds the lanes: the Axes, the time axis with its breaks, headline."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from workshop import palette
from workshop.drawing import marks
from workshop.drawing.letters import fitted, width_pt
from workshop.drawing.pen import SMALL_PT, Pen, figure_of
from workshop.drawing.scale import TOGETHER_S, Break, TimeScale, WideMoment
from workshop.evidence.lanes import Lane
from workshop.target.waits import Waited, in_seconds

# Inches above the headline and below the lanes; of a line of the headline, and of another one.
_TOP_IN, _BOTTOM_IN = 0.4, 1.0
_BIG_IN, _LINE_IN = 0.29, 0.22
_BIG_PT, _SUM_PT, _TITLE_PT = 15.0, 10.5, 10.5
# Inches beside the lanes: the least and the most, and for marks.
_LEFT_IN, _MOST_LEFT_IN, _SENT_IN = 1.0, 2.3, 0.1
_RIGHT_IN, _MOST_RIGHT_IN = 1.3, 2.8
_END_IN = 0.15
_LANE_IN, _COMPACT_LANE_IN = 1.15, 0.5
COMPACT_FROM = 7
# From the middle of an attempt's mark to the words of an open end.
OPEN_END_PT = 15.0
LABEL_PT, TARGET_PT, _TICK_PT = 11.0, 9.5, 9.0
# Share of a lane that is left free between the last lane and the axis.
FLOOR = 0.2


@dataclass(frozen=True)
class Headline:
    """What stands above the lanes: a title if there is one, the finding, the sum of all, guesses.

    Each is broken into lines that fit the figure's width.
    """

    finding: str
    payoff: str
    title: str
    width_in: float
    guesses: str = ""

    @property
    def lines(self) -> list[tuple[str, float, float]]:
        """Text, size in points and height in inches, from the top."""
        lines: list[tuple[str, float, float]] = []
        for text, size, height_in in (
            (self.title, _TITLE_PT, _LINE_IN),
            (self.finding, _BIG_PT, _BIG_IN),
            (self.payoff, _SUM_PT, _LINE_IN),
            (self.guesses, _SUM_PT, _LINE_IN),
        ):
            is_bold = size == _BIG_PT
            # A number stays with its unit.
            text = re.sub(r"(?<=\d) (?=(?:s|min|h)\b)", "\u00a0", text)
            room_in = self.width_in - (0.4 if is_bold else 0.8)
            told = fitted(text, room_in * 72, size, 3, is_bold=is_bold)
            lines += [(line, size, height_in) for line in told.split("\n") if line]
        return lines

    @property
    def height_in(self) -> float:
        """How high it is, with the room around it."""
        return _TOP_IN + sum(height_in for *_, height_in in self.lines)


def new_axes(
    lanes: Sequence[Lane], width_in: float, headline: Headline, *, headings: float = 0.0
) -> Axes:
    """Axes on a new figure with room for these lanes and the texts beside them.

    Args:
        lanes: all that will be drawn.
        width_in: of the figure.
        headline: what stands above them.
        headings: room for headings between the lanes, in lanes.
    """
    left_in, right_in = _left_in(lanes), _right_in(lanes)
    lane_in = _COMPACT_LANE_IN if len(lanes) >= COMPACT_FROM else _LANE_IN
    lanes_in = (len(lanes) + headings + FLOOR) * lane_in
    height_in = headline.height_in + lanes_in + _BOTTOM_IN
    # Not pyplot's: its figures are displayed a second time by the notebook, and stay in memory.
    figure = Figure(figsize=(width_in, height_in), facecolor=palette.PAPER)
    FigureCanvasAgg(figure)
    return figure.add_axes(
        (
            left_in / width_in,
            _BOTTOM_IN / height_in,
            (width_in - left_in - right_in) / width_in,
            lanes_in / height_in,
        )
    )


def _left_in(lanes: Sequence[Lane]) -> float:
    """Room for the lanes' labels."""
    longest_pt = max(width_pt(lane.label, LABEL_PT, is_bold=True) for lane in lanes)
    longest_pt = max(longest_pt, *(width_pt(lane.caption, SMALL_PT) for lane in lanes))
    return min(max(_LEFT_IN, _SENT_IN + 0.2 + longest_pt / 72), _MOST_LEFT_IN)


def _right_in(lanes: Sequence[Lane]) -> float:
    """Room for what is written beside the last marks."""
    needed = [_RIGHT_IN]
    for lane in lanes:
        if lane.arrival and lane.arrival.at_s > 0.5 * max(other.end_s for other in lanes):
            target_pt = width_pt(lane.arrival.target, TARGET_PT, is_bold=True)
            text_in = max(target_pt, width_pt(lane.arrival.reason, SMALL_PT)) / 72
            needed.append(text_in + 0.1 + _END_IN)
        if lane.is_unsought:
            needed.append((width_pt(lane.open_end, TARGET_PT) + OPEN_END_PT) / 72 + _END_IN)
    return min(max(needed), _MOST_RIGHT_IN)


def time_axis(pen: Pen, lanes: Sequence[Lane], also_s: Sequence[float] = ()) -> None:
    """Ticks at what happened, not at round numbers; breaks with their length.

    What was only said has one where what happened leaves room. Where all is one moment there is
    none: `foot` says how long it was.
    """
    happened = {a.start_s for lane in lanes for a in lane.attempts} | {0.0, *also_s}
    happened |= {phantom.at_s for lane in lanes for phantom in lane.phantoms}
    happened |= {lane.arrival.at_s for lane in lanes if lane.arrival}
    said = {at_s for lane in lanes for at_s in lane.predicted_s} - happened
    ax = pen.ax
    wider = () if pen.scale.is_one_moment else pen.scale.moments
    # First those that say what of the axis is wider than it was.
    ticks = [_moment(pen, one) for one in wider]
    inside = [(one.start, one.end) for one in pen.scale.moments]
    majors = [(one.start, "") for one in wider]
    for at_s in [*sorted(happened), *sorted(said)]:
        x, text = pen.x(at_s), _tick(at_s)
        room_in = (width_pt(text, _TICK_PT) + 26) / 72
        is_free = not any(left <= x <= right for left, right in inside)
        if is_free and all(pen.inches_of(abs(x - other)) > room_in for other, _ in ticks):
            ticks.append((x, text))
            majors.append((x, text))
    majors.sort()
    ax.set_xticks([x for x, _ in majors], [text for _, text in majors], fontsize=_TICK_PT)
    moments = ticks[: len(wider)]
    ax.set_xticks([x for x, _ in moments], [t for _, t in moments], minor=True, fontsize=_TICK_PT)
    ax.tick_params(axis="x", which="minor", length=0, pad=7)
    for broken in pen.scale.breaks:
        _axis_break(ax, broken)
    ax.set_yticks([])
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(palette.SOFT_INK)
    if pen.scale.is_one_moment:
        ax.spines["bottom"].set_bounds(0, pen.scale.end)
    ax.grid(axis="x", color=palette.RULE, lw=0.8, zorder=0)
    ax.set_axisbelow(True)


def _tick(at_s: float) -> str:
    return f"{at_s:.0f}" if at_s >= 9.95 else f"{at_s:z.1f}".removesuffix(".0")


def _moment(pen: Pen, moment: WideMoment) -> tuple[float, str]:
    """A thick stretch of the axis, all of which is one moment; where it is named, and its name."""
    across: Any = {"transform": pen.ax.get_xaxis_transform(), "clip_on": False}
    ends = [moment.start, moment.end]
    pen.ax.plot(ends, [0, 0], lw=4, color=palette.SOFT_INK, solid_capstyle="butt", **across)
    pen.used["moment"] = marks.MOMENT
    first, last = f"{moment.start_s:.0f}", f"{moment.end_s:.0f}"
    name = first if moment.end_s - moment.start_s < TOGETHER_S else f"{first} to {last}"
    return sum(ends) / 2, name


def _axis_break(ax: Axes, broken: Break) -> None:
    """Two strokes through the axis; the lanes that wait meanwhile say how long."""
    for dx in (-2.0, 2.0):
        place = offset_copy(ax.get_xaxis_transform(), fig=figure_of(ax), x=dx, units="points")
        ax.plot(
            [broken.middle],
            [0],
            marker=(2, 0, -25),
            ms=9,
            mew=1.2,
            color=palette.SOFT_INK,
            clip_on=False,
            transform=place,
        )


def head(ax: Axes, headline: Headline) -> None:
    """What was found, in large type, and below it where all messages are."""
    figure = figure_of(ax)
    height_in, width_in = figure.get_figheight(), figure.get_figwidth()
    y_in = 0.12
    for text, size, line_in in headline.lines:
        is_big = size == _BIG_PT
        style: dict[str, Any] = {
            "weight": "bold" if is_big else "normal",
            "color": palette.INK if is_big else palette.SOFT_INK,
        }
        y_in += line_in
        at = (0.2 / width_in, 1 - (y_in - line_in / 2) / height_in)
        figure.text(*at, text, size=size, va="center", **style)


def foot(ax: Axes, scale: TimeScale, true_scale: bool, waited: Waited | None, hidden: int) -> None:
    """What the axis counts, in whose time, and what is not drawn."""
    note = "seconds since the message was sent"
    if scale.is_one_moment:
        # Rounded up, so that it is true.
        within_s = math.ceil(round(100 * scale.seconds[-1], 6)) / 100
        note = f"all within {within_s:g} s of sending the message"
    note += ", true scale" if true_scale else ""
    if waited and waited.is_virtual:
        # Where outputs are to be the same in each run, nobody's own seconds are known.
        took = f"; {in_seconds(waited.aws_s)} of it took {waited.real_s:.1f} s"
        note += f" (virtual time{took if waited.real_s else ''})"
    if hidden > 0:
        note += f"; {hidden} more messages are in the table"
    box, figure = ax.get_position(), figure_of(ax)
    begin = box.x0 if scale.is_one_moment else 0.0
    room_pt = (figure.get_figwidth() * (1 - begin) - 0.4) * 72
    ax.set_xlabel(fitted(note, room_pt, _TICK_PT, 2), fontsize=_TICK_PT, color=palette.SOFT_INK)
    if scale.is_one_moment:
        # It says what the short line above it is.
        ax.xaxis.label.set(x=_share(ax, 0.0), ha="left")
        return
    # In the middle of the figure: it may be longer than the axis.
    ax.xaxis.label.set_x((0.5 - box.x0) / box.width)


def _share(ax: Axes, x: float) -> float:
    """How far along the Axes a position is."""
    begin, end = ax.get_xlim()
    return (x - begin) / (end - begin)
