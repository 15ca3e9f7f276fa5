"""The legend: one entry for each kind of mark that was drawn, with the sign of the picture."""

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.legend_handler import HandlerBase
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from workshop import palette
from workshop.drawing import marks
from workshop.drawing.letters import width_pt
from workshop.drawing.marks import Look
from workshop.drawing.pen import SMALL_PT, Pen, figure_of

_ORDER = [*marks.OUTCOMES, "phantom", "passed", "batch", "predicted", "moment"]
_HOLLOW = ("predicted", "phantom", "passed")
# Of a mark: its largest size, in points. Below the last row: what stays free, in inches.
_MOST_PT, _FREE_IN = 11.0, 0.06
# In letters' sizes: so much that marks of two rows do not touch, though they are higher than words.
_BETWEEN_ROWS = 1.0


def legend(pen: Pen) -> None:
    """Draw it below the figure's middle; a figure that lacks room for its rows becomes higher."""
    ax, used = pen.ax, pen.used
    room_in = figure_of(ax).get_figwidth() - 0.3
    order = ["sent", *sorted(used.keys() - {"sent"}, key=_rank)]
    handles = [_handle(used[key], key in _HOLLOW) for key in order]
    widths_in = [0.5 + width_pt(used[key].word, SMALL_PT) / 72 for key in order]
    box = ax.get_position()
    middle = (0.5 - box.x0) / box.width
    ax.legend(
        handles=handles,
        handler_map={DashedBox: _DashedBoxHandler()},
        loc="upper center",
        bbox_to_anchor=(middle, 0),
        ncol=columns_for(widths_in, room_in),
        frameon=False,
        fontsize=SMALL_PT,
        labelspacing=_BETWEEN_ROWS,
        handletextpad=0.3,
        columnspacing=1.4,
        borderaxespad=4.6,
    )
    _make_room(ax)


def columns_for(widths_in: Sequence[float], room_in: float) -> int:
    """In how many columns entries stand in as few rows as have room, in inches; at least one.

    As Matplotlib deals them out: one column after the other, each as wide as its widest entry.
    """
    for rows in range(1, len(widths_in)):
        columns = math.ceil(len(widths_in) / rows)
        if sum(max(column) for column in np.array_split(widths_in, columns)) <= room_in:
            return columns
    return 1


def bottom_in(ax: Axes) -> float:
    """How far the legend is above the lower edge of its figure; negative where it is cut."""
    figure, drawn = figure_of(ax), ax.get_legend()
    if drawn is None:
        return math.inf
    renderer = cast(Any, FigureCanvasAgg(figure)).get_renderer()
    return float(drawn.get_window_extent(renderer).y0 / figure.dpi)


def _make_room(ax: Axes) -> None:
    """More paper below, so that nothing above changes its size."""
    figure = figure_of(ax)
    missing_in = _FREE_IN - bottom_in(ax)
    if missing_in <= 0 or len(figure.axes) > 1:
        return
    box, height_in = ax.get_position(), figure.get_figheight()
    higher_in = height_in + missing_in
    figure.set_figheight(higher_in)
    y0 = (box.y0 * height_in + missing_in) / higher_in
    ax.set_position((box.x0, y0, box.width, box.height * height_in / higher_in))


class DashedBox(Rectangle):
    """A box as a receive without an attempt is drawn: only its edge, dashed, and a sign in it."""

    def __init__(self, look: Look) -> None:
        style: dict[str, Any] = {"fc": palette.PAPER, "ec": palette.INK, "ls": marks.DASHES}
        super().__init__((0, 0), 1, 1, label=look.word, **style)
        self.sign = look.sign


class _DashedBoxHandler(HandlerBase):
    def create_artists(
        self,
        legend: Any,
        orig_handle: Artist,
        xdescent: float,
        ydescent: float,
        width: float,
        height: float,
        fontsize: float,
        trans: Any,
    ) -> list[Artist]:
        assert isinstance(orig_handle, DashedBox)
        middle = (width / 2 - xdescent, height / 2 - ydescent)
        corner = (middle[0] - _MOST_PT / 2, middle[1] - _MOST_PT / 2)
        box = Rectangle(corner, _MOST_PT, _MOST_PT, lw=1.0, transform=trans)
        box.set(facecolor=orig_handle.get_facecolor(), edgecolor=orig_handle.get_edgecolor())
        box.set_linestyle(marks.DASHES)
        style: dict[str, Any] = {"ha": "center", "va": "center", "weight": "bold"}
        sign = Text(*middle, orig_handle.sign, fontsize=SMALL_PT, transform=trans, **style)
        return [box, sign]


def _rank(key: str) -> int:
    return _ORDER.index(key) if key in _ORDER else len(marks.OUTCOMES)


def _handle(look: Look, is_hollow: bool) -> Artist:
    """The entry of one kind of mark."""
    if look.word in (marks.PHANTOM.word, marks.PASSED_OVER.word):
        return DashedBox(look)
    # A line has no face: its edge is all of it.
    is_line = look.marker in ("|", "_")
    return Line2D(
        [],
        [],
        ls="none",
        marker=look.marker,
        ms=min(look.size, _MOST_PT),
        mfc=look.face,
        mec=look.ink if is_hollow or is_line else palette.INK,
        mew={"|": 1.8, "_": 4.0}.get(look.marker, 1.2),
        label=look.word,
    )
