"""What surrounds the lanes: the Axes, the time axis with its breaks, headline, legend."""

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from workshop.drawing import marks
from workshop.drawing.lanes import Lane, spoken_s
from workshop.drawing.pen import Pen, figure_of, legend_handle
from workshop.waiting import Waited

# Inches around the lanes: order ids on the left, where the message ended on the right.
_LEFT_IN, RIGHT_IN, _TOP_IN, _BOTTOM_IN = 1.3, 2.65, 0.95, 1.1
# The left margin of a lane's label: per letter in bold, and for the mark of sending beside it.
_LETTER_IN, _SENT_IN, _MOST_LEFT_IN = 0.108, 0.5, 3.2
_LANE_IN, _COMPACT_LANE_IN = 1.0, 0.5
COMPACT_FROM = 7
# Share of a lane that is left free between the last lane and the axis.
FLOOR = 0.12
_LEGEND_ORDER = [*marks.OUTCOMES, "phantom", "predicted"]
_HOLLOW = ("predicted", "phantom")


def new_axes(lanes: int, width_in: float, longest_label: str = "") -> Axes:
    """Axes on a new figure with room for this many lanes, and for their labels on the left."""
    label_in = _SENT_IN + _LETTER_IN * len(longest_label)
    left_in = min(max(_LEFT_IN, label_in), _MOST_LEFT_IN)
    lane_in = _COMPACT_LANE_IN if lanes >= COMPACT_FROM else _LANE_IN
    height_in = _TOP_IN + (lanes + FLOOR) * lane_in + _BOTTOM_IN
    # Not pyplot's: its figures are displayed a second time by the notebook, and stay in memory.
    figure = Figure(figsize=(width_in, height_in), facecolor="white")
    FigureCanvasAgg(figure)
    return figure.add_axes(
        (
            left_in / width_in,
            _BOTTOM_IN / height_in,
            (width_in - left_in - RIGHT_IN) / width_in,
            (lanes + FLOOR) * lane_in / height_in,
        )
    )


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
    moments |= {lane.arrival.at_s for lane in lanes if lane.arrival}
    ax = pen.ax
    ticks: list[tuple[float, str]] = []
    for at_s in sorted(moments):
        x = pen.x(at_s)
        if not ticks or pen.inches_of(x - ticks[-1][0]) > 0.38:
            ticks.append((x, f"{at_s:.0f}" if at_s >= 9.95 else f"{at_s:.1f}".removesuffix(".0")))
    ax.set_xticks([x for x, _ in ticks], [text for _, text in ticks], fontsize=9)
    for broken in pen.scale.breaks:
        for dx in (-2.0, 2.0):
            place = offset_copy(ax.get_xaxis_transform(), fig=figure_of(ax), x=dx, units="points")
            ax.plot(
                [broken.middle],
                [0],
                marker=(2, 0, -25),
                ms=9,
                mew=1.2,
                color=marks.SOFT_INK,
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
            color=marks.SOFT_INK,
        )
    ax.set_yticks([])
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(marks.SOFT_INK)
    ax.grid(axis="x", color="#e6e6e6", lw=0.8, zorder=0)
    ax.set_axisbelow(True)


def head(ax: Axes, title: str, payoff: str) -> None:
    """The headline, and below it in large type where all messages are."""
    figure = figure_of(ax)
    height_in, width_in = figure.get_figheight(), figure.get_figwidth()

    def write(text: str, from_top_in: float, largest_pt: float, **style: Any) -> None:
        size = min(largest_pt, (width_in - 0.4) * 72 / (0.62 * len(text)))
        y = 1 - from_top_in / height_in
        figure.text(0.2 / width_in, y, text, size=size, va="center", **style)

    write(title, 0.28, 11, color=marks.SOFT_INK)
    write(payoff, 0.62, 17, weight="bold", color=marks.INK)


def foot(ax: Axes, true_scale: bool, waited: Waited | None, hidden: int) -> None:
    """What the axis counts, in whose time, and what is not drawn."""
    note = "seconds since the message was sent"
    note += ", true scale" if true_scale else ""
    if waited and waited.is_virtual:
        note += f" (virtual time; {waited.aws_s:.0f} s of it took {waited.real_s:.1f} s)"
    if hidden > 0:
        note += f"; {hidden} more messages are in the table"
    ax.set_xlabel(note, fontsize=9, color=marks.SOFT_INK)
