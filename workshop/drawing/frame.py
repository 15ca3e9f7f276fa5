"""What surrounds the lanes: the Axes, the time axis with its breaks, headline, legend."""

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from workshop import palette
from workshop.drawing import marks
from workshop.drawing.pen import Pen, figure_of, legend_handle
from workshop.drawing.scale import Break
from workshop.evidence.lanes import Lane, spoken_s
from workshop.target.waiting import Waited

# Inches above and below the lanes.
_TOP_IN, _BOTTOM_IN = 0.95, 1.1
# Inches beside them: the least and the most, per letter (bold on the left), and for marks.
_LEFT_IN, _MOST_LEFT_IN, _LETTER_IN, _SENT_IN = 1.3, 3.2, 0.108, 0.5
_RIGHT_IN, _MOST_RIGHT_IN, _TARGET_LETTER_IN, _REASON_LETTER_IN = 1.3, 3.0, 0.092, 0.068
_END_IN, _END_BESIDE_IN = 0.35, 0.95
_LANE_IN, _COMPACT_LANE_IN = 1.0, 0.5
COMPACT_FROM = 7
# Share of a lane that is left free between the last lane and the axis.
FLOOR = 0.2
_LEGEND_ORDER = [*marks.OUTCOMES, "phantom", "batch", "predicted"]
_HOLLOW = ("predicted", "phantom")


def new_axes(lanes: Sequence[Lane], width_in: float, *, headings: float = 0.0) -> Axes:
    """Axes on a new figure with room for these lanes and the texts beside them.

    Args:
        lanes: all that will be drawn.
        width_in: of the figure.
        headings: room for headings between the lanes, in lanes.
    """
    left_in, right_in = _left_in(lanes), _right_in(lanes)
    lane_in = _COMPACT_LANE_IN if len(lanes) >= COMPACT_FROM else _LANE_IN
    lanes_in = (len(lanes) + headings + FLOOR) * lane_in
    height_in = _TOP_IN + lanes_in + _BOTTOM_IN
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
    longest = max(len(lane.label) for lane in lanes)
    return min(max(_LEFT_IN, _SENT_IN + _LETTER_IN * longest), _MOST_LEFT_IN)


def _right_in(lanes: Sequence[Lane]) -> float:
    """Room for what is written beside the last marks."""
    needed = [_RIGHT_IN]
    for lane in lanes:
        if lane.arrival and lane.arrival.at_s > 0.5 * max(other.end_s for other in lanes):
            target_in = _TARGET_LETTER_IN * len(lane.arrival.target)
            text_in = max(target_in, _REASON_LETTER_IN * len(lane.arrival.reason))
            follows = lane.attempts and lane.arrival.at_s - lane.attempts[-1].end_s < 1
            needed.append(text_in + (_END_BESIDE_IN if follows else _END_IN))
    return min(max(needed), _MOST_RIGHT_IN)


def legend(pen: Pen) -> None:
    """One entry for each kind of mark that was drawn, below the figure's middle."""
    ax, used = pen.ax, pen.used
    figure_width_in = figure_of(ax).get_figwidth()
    order = ["sent", *sorted(used.keys() - {"sent"}, key=_legend_rank)]
    handles = [legend_handle(used[key], key in _HOLLOW) for key in order]
    needed_in = sum(0.45 + 0.075 * len(look.word) for look in used.values())
    rows = math.ceil(needed_in / (figure_width_in - 0.3))
    box = ax.get_position()
    middle = (0.5 - box.x0) / box.width
    ax.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(middle, 0),
        ncol=math.ceil(len(handles) / rows),
        frameon=False,
        fontsize=8.5,
        handletextpad=0.3,
        columnspacing=1.4,
        borderaxespad=4.4,
    )


def _legend_rank(key: str) -> int:
    return _LEGEND_ORDER.index(key) if key in _LEGEND_ORDER else len(marks.OUTCOMES)


def time_axis(pen: Pen, lanes: Sequence[Lane]) -> None:
    """Ticks at what happened, not at round numbers; breaks with their length."""
    moments = {a.start_s for lane in lanes for a in lane.attempts} | {0.0}
    moments |= {phantom.at_s for lane in lanes for phantom in lane.phantoms}
    moments |= {lane.arrival.at_s for lane in lanes if lane.arrival}
    ax = pen.ax
    ticks: list[tuple[float, str]] = []
    for at_s in sorted(moments):
        x = pen.x(at_s)
        if not ticks or pen.inches_of(x - ticks[-1][0]) > 0.38:
            ticks.append((x, f"{at_s:.0f}" if at_s >= 9.95 else f"{at_s:.1f}".removesuffix(".0")))
    ax.set_xticks([x for x, _ in ticks], [text for _, text in ticks], fontsize=9)
    for broken in pen.scale.breaks:
        _axis_break(ax, broken)
    ax.set_yticks([])
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(palette.SOFT_INK)
    ax.grid(axis="x", color=palette.RULE, lw=0.8, zorder=0)
    ax.set_axisbelow(True)


def _axis_break(ax: Axes, broken: Break) -> None:
    """Two strokes through the axis, with the length of what was left out."""
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
    ax.annotate(
        spoken_s(broken.length_s),
        (broken.middle, 0),
        xycoords=ax.get_xaxis_transform(),
        xytext=(0, -8),
        textcoords="offset points",
        ha="center",
        va="top",
        size=8,
        style="italic",
        color=palette.SOFT_INK,
    )


def head(ax: Axes, title: str, payoff: str) -> None:
    """The headline, and below it in large type where all messages are."""
    figure = figure_of(ax)
    height_in, width_in = figure.get_figheight(), figure.get_figwidth()

    def write(text: str, from_top_in: float, largest_pt: float, **style: Any) -> None:
        size = min(largest_pt, (width_in - 0.4) * 72 / (0.62 * len(text)))
        y = 1 - from_top_in / height_in
        figure.text(0.2 / width_in, y, text, size=size, va="center", **style)

    write(title, 0.28, 11, color=palette.SOFT_INK)
    write(payoff, 0.62, 17, weight="bold", color=palette.INK)


def foot(ax: Axes, true_scale: bool, waited: Waited | None, hidden: int) -> None:
    """What the axis counts, in whose time, and what is not drawn."""
    note = "seconds since the message was sent"
    note += ", true scale" if true_scale else ""
    if waited and waited.is_virtual:
        note += f" (virtual time; {waited.aws_s:.0f} s of it took {waited.real_s:.1f} s)"
    if hidden > 0:
        note += f"; {hidden} more messages are in the table"
    ax.set_xlabel(note, fontsize=9, color=palette.SOFT_INK)
