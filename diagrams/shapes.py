"""What a picture consists of; `svg` and `png` draw it."""

from dataclasses import dataclass, field
from typing import Literal

from workshop.palette import INK, LINE, PAPER

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    radius: float = 8
    fill: str = PAPER
    stroke: str = LINE
    stroke_width: float = 1.5
    dashed: bool = False


@dataclass(frozen=True)
class Circle:
    x: float
    y: float
    radius: float
    fill: str = PAPER
    stroke: str = "none"
    stroke_width: float = 1.5


@dataclass(frozen=True)
class Line:
    """A line through points; corners are rounded, the end may carry an arrowhead."""

    points: tuple[Point, ...]
    stroke: str = INK
    stroke_width: float = 2
    dashed: bool = False
    arrow: bool = False


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str
    size: float = 13
    fill: str = INK
    bold: bool = False
    anchor: Anchor = "start"
    halo: str | None = None


Shape = Rect | Circle | Line | Text


@dataclass(frozen=True)
class Group:
    """Shapes that are one thing, with an id by which it can be found in the SVG."""

    id: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Picture:
    """A picture with the words for readers who cannot see it."""

    title: str
    description: str
    width: float
    height: float
    groups: tuple[Group, ...] = field(default_factory=tuple)
    # Id of a card -> what stands above it where the cards are below each other.
    headings: tuple[tuple[str, str], ...] = ()
    # Rules of its own, of a picture that moves.
    style: str = ""
