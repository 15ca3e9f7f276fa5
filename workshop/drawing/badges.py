"""A mark within text, for a figure on a narrow page: the looks of `marks`, as shapes of a page."""

from dataclasses import dataclass

from workshop import palette
from workshop.drawing.marks import PREDICTION, Look

# matplotlib's marker -> the shape's name in the style sheet of the guides.
_SHAPES = {"o": "round", "s": "square", "^": "triangle", "8": "octagon", "D": "diamond"}


@dataclass(frozen=True)
class Badge:
    """One mark.

    Attributes:
        shape: round, square, triangle, octagon or diamond; "round ring" goes around another mark.
        text: the number in it, or "".
        face: its colour, of the page where that has one.
        ink: of the number, and of the edge of a hollow mark.
        is_hollow: only its edge is drawn.
    """

    shape: str
    text: str
    face: str
    ink: str
    is_hollow: bool = False


def badge(look: Look, text: str = "", *, is_hollow: bool = False) -> Badge:
    """What a mark of the figure looks like in a line of text."""
    shape, ink = _SHAPES[look.marker], look.face if is_hollow else look.ink
    # A ring has no face: its ink is its edge.
    ink = look.ink if look.face == "none" else ink
    face = palette.PAPER if is_hollow or look.face == "none" else look.face
    if look is PREDICTION:
        shape = "round ring"
    return Badge(
        shape,
        text,
        palette.of_page(face),
        palette.of_page(ink),
        is_hollow or look.face == "none",
    )
