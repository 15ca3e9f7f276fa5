"""Draws a picture as SVG text: small, sharp at any size, the same on every machine."""

from xml.sax.saxutils import escape, quoteattr

from diagrams.geometry import CORNER, arrowhead, shortened, towards
from diagrams.shapes import Circle, Group, Line, Picture, Point, Rect, Shape, Text
from workshop.drawing.letters import width_pt
from workshop.palette import PAPER, of_scheme

FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
# Helvetica's widths to those of DejaVu Sans.
HELVETICA, _BOLD_SHARE = 0.89, 0.83


def svg(picture: Picture) -> str:
    """The picture as an SVG document."""
    width, height = _number(picture.width), _number(picture.height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-labelledby="title description" '
        f'font-family="{FONTS}">',
        f'<title id="title">{escape(picture.title)}</title>',
        f'<desc id="description">{escape(picture.description)}</desc>',
        f"<style>{of_scheme()}{picture.style}</style>",
        f'<rect width="{width}" height="{height}" rx="12" fill="{PAPER}"/>',
        *(line for group in picture.groups for line in _group(group)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _group(group: Group) -> list[str]:
    return [f"<g id={quoteattr(group.id)}>", *map(_shape, group.shapes), "</g>"]


def _shape(shape: Shape) -> str:
    match shape:
        case Rect():
            return _rect(shape)
        case Circle():
            return (
                f'<circle cx="{_number(shape.x)}" cy="{_number(shape.y)}" '
                f'r="{_number(shape.radius)}" fill="{shape.fill}" stroke="{shape.stroke}" '
                f'stroke-width="{_number(shape.stroke_width)}"/>'
            )
        case Line():
            return _line(shape)
        case Text():
            return _text(shape)


def _rect(rect: Rect) -> str:
    dashes = ' stroke-dasharray="6 5"' if rect.dashed else ""
    return (
        f'<rect x="{_number(rect.x)}" y="{_number(rect.y)}" width="{_number(rect.width)}" '
        f'height="{_number(rect.height)}" rx="{_number(rect.radius)}" fill="{rect.fill}" '
        f'stroke="{rect.stroke}" stroke-width="{_number(rect.stroke_width)}"{dashes}/>'
    )


def _line(line: Line) -> str:
    dashes = ' stroke-dasharray="6 5"' if line.dashed else ""
    points = shortened(line)
    path = (
        f'<path d="{_path(points)}" fill="none" stroke="{line.stroke}" '
        f'stroke-width="{_number(line.stroke_width)}" stroke-linecap="round"{dashes}/>'
    )
    if not line.arrow:
        return path
    head = " ".join(f"{_number(x)},{_number(y)}" for x, y in arrowhead(line))
    return f'{path}<polygon points="{head}" fill="{line.stroke}"/>'


def _path(points: tuple[Point, ...]) -> str:
    parts = ["M{} {}".format(*map(_number, points[0]))]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = towards(corner, before, CORNER), towards(corner, after, CORNER)
        parts.append("L{} {}".format(*map(_number, enter)))
        parts.append("Q{} {} {} {}".format(*map(_number, (*corner, *leave))))
    parts.append("L{} {}".format(*map(_number, points[-1])))
    return " ".join(parts)


def text_width(text: Text) -> float:
    """How wide a text is drawn, in whatever font: each is fitted to the width of Helvetica.

    DejaVu Sans, whose widths are known here, is wider by the same share for all letters.
    """
    share = _BOLD_SHARE if text.bold else HELVETICA
    return share * width_pt(text.text, text.size, is_bold=text.bold)


def _text(text: Text) -> str:
    weight = ' font-weight="700"' if text.bold else ""
    # A halo in the colour below keeps a label readable where it touches a line.
    halo = f' stroke="{text.halo}" stroke-width="4" paint-order="stroke"' if text.halo else ""
    return (
        f'<text x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size)}" '
        f'fill="{text.fill}" text-anchor="{text.anchor}" textLength="{_number(text_width(text))}" '
        f'lengthAdjust="spacingAndGlyphs"{weight}{halo}>{escape(text.text)}</text>'
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
