"""Draws a picture as PNG with matplotlib, for places that show no SVG."""

from hashlib import sha256
from io import BytesIO
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Circle as CirclePatch
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from images.geometry import CORNER, arrowhead, shortened, towards
from images.shapes import PAPER, Circle, Line, Picture, Rect, Shape, Text
from images.svg import svg

DOTS_PER_UNIT = 2
# matplotlib's own font is wider than the SVG's; this makes both equally wide.
FONT_SCALE = 0.875
# One typographic point is 1/72 inch, our canvas has 100 units per inch.
UNITS_PER_INCH = 100
SOURCE = "Source"
POINTS_PER_UNIT = 72 / UNITS_PER_INCH


def png(picture: Picture) -> bytes:
    """The picture as PNG bytes, two dots per unit."""
    size = (picture.width / UNITS_PER_INCH, picture.height / UNITS_PER_INCH)
    figure = Figure(figsize=size, dpi=UNITS_PER_INCH * DOTS_PER_UNIT, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, picture.width)
    axes.set_ylim(picture.height, 0)
    axes.axis("off")
    for order, shape in enumerate(shape for group in picture.groups for shape in group.shapes):
        _draw(axes, shape, order)
    target = BytesIO()
    # No version of matplotlib; instead what was drawn, so that a test can tell an old picture.
    metadata = {"Software": None, "Title": picture.title, SOURCE: fingerprint(picture)}
    figure.savefig(target, format="png", metadata=metadata)
    return target.getvalue()


def fingerprint(picture: Picture) -> str:
    """Changes whenever the picture does; stored in the PNG under `SOURCE`."""
    return sha256(svg(picture).encode()).hexdigest()


def _draw(axes: Any, shape: Shape, order: int) -> None:
    match shape:
        case Rect():
            _draw_rect(axes, shape, order)
        case Circle():
            _draw_circle(axes, shape, order)
        case Line():
            _draw_line(axes, shape, order)
        case Text():
            _draw_text(axes, shape, order)


def _draw_rect(axes: Any, rect: Rect, order: int) -> None:
    style = f"round,pad=0,rounding_size={rect.radius}" if rect.radius else "square,pad=0"
    axes.add_patch(
        FancyBboxPatch(
            (rect.x, rect.y),
            rect.width,
            rect.height,
            boxstyle=style,
            facecolor=rect.fill,
            edgecolor=rect.stroke,
            linewidth=rect.stroke_width * POINTS_PER_UNIT,
            linestyle=(0, (4, 3)) if rect.dashed else "solid",
            zorder=order,
        )
    )


def _draw_circle(axes: Any, circle: Circle, order: int) -> None:
    axes.add_patch(
        CirclePatch(
            (circle.x, circle.y),
            circle.radius,
            facecolor=circle.fill,
            edgecolor=circle.stroke,
            linewidth=circle.stroke_width * POINTS_PER_UNIT,
            zorder=order,
        )
    )


def _draw_line(axes: Any, line: Line, order: int) -> None:
    points = shortened(line)
    vertices, codes = [points[0]], [Outline.MOVETO]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = towards(corner, before, CORNER), towards(corner, after, CORNER)
        vertices += [enter, corner, leave]
        codes += [Outline.LINETO, Outline.CURVE3, Outline.CURVE3]
    vertices.append(points[-1])
    codes.append(Outline.LINETO)
    axes.add_patch(
        PathPatch(
            Outline(vertices, codes),
            fill=False,
            edgecolor=line.stroke,
            linewidth=line.stroke_width * POINTS_PER_UNIT,
            linestyle=(0, (4, 3)) if line.dashed else "solid",
            capstyle="round",
            zorder=order,
        )
    )
    if line.arrow:
        axes.add_patch(
            Polygon(arrowhead(line), facecolor=line.stroke, edgecolor="none", zorder=order)
        )


def _draw_text(axes: Any, text: Text, order: int) -> None:
    axes.text(
        text.x,
        text.y,
        text.text,
        fontsize=text.size * POINTS_PER_UNIT * FONT_SCALE,
        color=text.fill,
        fontweight="bold" if text.bold else "normal",
        ha={"start": "left", "middle": "center", "end": "right"}[text.anchor],
        va="baseline",
        path_effects=[withStroke(linewidth=3, foreground=text.halo)] if text.halo else None,
        zorder=order,
    )
