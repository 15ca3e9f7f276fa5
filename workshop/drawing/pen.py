"""The pen: one mark or one text at a place given by time and lane.

Offsets and sizes are in points, so that they look the same however long the time is that is drawn.
"""

from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Transform, offset_copy

from workshop import palette
from workshop.drawing.marks import Look
from workshop.drawing.scale import TimeScale

SMALL_PT = 8.5


class Pen:
    """Draws on one Axes, whose data limits are already set.

    Args:
        ax: where to draw.
        scale: seconds -> x.
        inches_per_x: how wide one unit of x is, to know which texts fit.

    Attributes:
        used: the looks drawn so far by key, for the legend.
    """

    def __init__(self, ax: Axes, scale: TimeScale, inches_per_x: float) -> None:
        self.ax = ax
        self.scale = scale
        self.used: dict[str, Look] = {}
        self._inches_per_x = inches_per_x

    def x(self, at_s: float) -> float:
        """Where a moment is drawn."""
        return self.scale.position(at_s)

    def inches(self, at_s: float) -> float:
        """How far right of the moment of sending a moment is drawn."""
        return self.inches_of(self.x(at_s))

    def inches_of(self, x: float) -> float:
        """A stretch of x in inches."""
        return x * self._inches_per_x

    def wide(self, points: float) -> float:
        """A stretch of x that is so many points wide."""
        return points / 72 / self._inches_per_x

    def mark(
        self,
        at_s: float,
        y: float,
        look: Look,
        *,
        key: str,
        is_hollow: bool = False,
    ) -> None:
        """Draw a mark at its time."""
        self.used[key] = look
        self.ax.plot(
            [self.x(at_s)],
            [y],
            marker=look.marker,
            ms=look.size,
            mfc=look.face,
            mec=look.ink if is_hollow else palette.INK,
            mew=1.8 if is_hollow else 1.0,
            ls="none",
            clip_on=False,
            zorder=4 if is_hollow else 5,
        )

    def offset(self, dx: float, dy: float) -> Transform:
        """Data coordinates, moved by points."""
        return offset_copy(self.ax.transData, fig=figure_of(self.ax), x=dx, y=dy, units="points")

    def text(self, at_s: float, y: float, text: str, **style: Any) -> None:
        """Write at a moment; `dx`, `dy` in points, the rest as matplotlib's annotate takes it."""
        self.text_at(self.x(at_s), y, text, **style)

    def text_at(
        self, x: float, y: float, text: str, *, dx: float = 0, dy: float = 0, **style: Any
    ) -> None:
        """The same at a position of the scale; an empty text writes nothing."""
        if not text:
            return
        defaults: dict[str, Any] = {
            "ha": "center",
            "va": "center",
            "size": SMALL_PT,
            "color": palette.INK,
            "zorder": 5,
            "clip_on": False,
            "linespacing": 1.05,
        }
        self.ax.annotate(
            text,
            (x, y),
            xytext=(dx, dy),
            textcoords="offset points",
            annotation_clip=False,
            **(defaults | style),
        )


def figure_of(ax: Axes) -> Figure:
    """The figure that an Axes belongs to, also inside subfigures."""
    return cast(Figure, ax.get_figure(root=True))
