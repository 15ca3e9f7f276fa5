"""A picture for a phone: its cards below each other, and below each the arrows that leave it.

It is made from the picture itself, so both say the same. What a card's arrow leads to is written,
since no line could be drawn there without crossing others.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from diagrams.shapes import Circle, Group, Line, Picture, Point, Rect, Shape, Text
from diagrams.svg import HELVETICA
from workshop.drawing.letters import fitted
from workshop.palette import PAPER

WIDTH, MARGIN, GAP = 340.0, 10.0, 14.0
# The line that arrows leave a card on, and where their words begin: with a step and without.
TRUNK, WORDS, WORDS_WITH_STEP = 32.0, 64.0, 84.0
SIZE, LEADING, HEADING = 13.0, 18.0, 15.0
# How far from a border an arrow or a number may end that belongs to it.
NEAR = 4.0


@dataclass
class _Place:
    """A card, or a frame with what is drawn in it, and what leaves it."""

    groups: list[Group]
    box: Rect
    arrows: list[Group] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    heading: str = ""

    @property
    def title(self) -> str:
        """What it is called: its first text."""
        return next((t.text for group in self.groups for t in _texts(group)), "")

    def touches(self, point: Point, near: float = NEAR) -> bool:
        """Whether a point lies in it or on its border."""
        x, y = point
        return (
            self.box.x - near <= x <= self.box.x + self.box.width + near
            and self.box.y - near <= y <= self.box.y + self.box.height + near
        )


def narrow(picture: Picture) -> Picture:
    """The same, as wide as a phone."""
    places, notes = _places(picture.groups)
    numbers = _numbered(picture.groups, places)
    drawn: list[Group] = []
    y = MARGIN
    headings = dict(picture.headings)
    for place in places:
        place.heading = headings.get(place.groups[0].id, "")
    for place in places:
        if place.heading:
            shapes = (Text(MARGIN, y + 18, place.heading, size=HEADING, bold=True),)
            drawn.append(Group(f"{place.groups[0].id}-heading", shapes))
            y += 30
        y = _drawn(place, places, numbers, y, drawn) + GAP
    for note in notes:
        first = note.shapes[0]
        assert isinstance(first, Circle)
        drawn.append(_moved(note, 26 - first.x, y + 12 - first.y))
        y += 40 + LEADING * (len(note.shapes) - 3)
    return replace(picture, width=WIDTH, height=y - GAP + MARGIN, groups=tuple(drawn))


def _places(groups: Sequence[Group]) -> tuple[list[_Place], list[Group]]:
    """Cards and frames in the order of drawing; notes are what stands for itself, with a number."""
    places: list[_Place] = []
    frames = [g for g in groups if isinstance(g.shapes[0], Rect) and g.shapes[0].dashed]
    cards = [g for g in groups if isinstance(g.shapes[0], Rect) and g not in frames]
    for frame in frames:
        made = _Place([frame], _box(frame))
        inside = [g for g in groups if g is not frame and _is_in(g, made)]
        # A frame around cards is the service that they belong to; they stand alone.
        if not any(g in cards and _box(g).width > WIDTH / 3 for g in inside):
            made.groups += inside
            places.append(made)
    taken = {id(group) for place in places for group in place.groups}
    places += [_Place([card], _box(card)) for card in cards if id(card) not in taken]
    notes = [g for g in groups if isinstance(g.shapes[0], Circle) and len(g.shapes) > 2]
    return places, notes


def _is_in(group: Group, place: _Place) -> bool:
    first = group.shapes[0]
    if isinstance(first, Line) or not isinstance(first, Rect | Text):
        return False
    return place.touches((first.x, first.y), 0)


def _box(group: Group) -> Rect:
    first = group.shapes[0]
    assert isinstance(first, Rect)
    return first


def _numbered(groups: Sequence[Group], places: Sequence[_Place]) -> dict[str, list[str]]:
    """Give each arrow to where it begins; returns the numbers that stand on arrows, by its id."""
    arrows = [g for g in groups if isinstance(g.shapes[0], Line) and g.shapes[0].arrow]
    for arrow in arrows:
        begin = _line(arrow).points[0]
        next(place for place in places if place.touches(begin)).arrows.append(arrow)
    numbers: dict[str, list[str]] = {}
    for group in groups:
        first = group.shapes[0]
        if isinstance(first, Circle) and len(group.shapes) == 2:
            at, [told] = (first.x, first.y), [t.text for t in _texts(group)]
            on = [arrow for arrow in arrows if _distance(_line(arrow), at) < NEAR]
            if on:
                numbers.setdefault(on[0].id, []).append(told)
            else:
                next(place for place in places if place.touches(at)).numbers.append(
                    (told, first.fill)
                )
    return numbers


def _line(arrow: Group) -> Line:
    first = arrow.shapes[0]
    assert isinstance(first, Line)
    return first


def _distance(line: Line, point: Point) -> float:
    """From a point to the nearest part of a line whose parts are level or upright."""
    return min(
        math.dist(point, (min(max(point[0], min(a[0], b[0])), max(a[0], b[0])),
                          min(max(point[1], min(a[1], b[1])), max(a[1], b[1]))))
        for a, b in pairwise(line.points)
    )  # fmt: skip


def _drawn(
    place: _Place, places: Sequence[_Place], numbers: dict[str, list[str]], y: float,
    drawn: list[Group],
) -> float:  # fmt: skip
    """Add a card and its arrows; returns where they end."""
    dx, dy = MARGIN - place.box.x, y - place.box.y
    wide = replace(place.box, width=WIDTH - 2 * MARGIN)
    first, *others = place.groups
    card = replace(first, shapes=(wide, *first.shapes[1:]))
    drawn += [_moved(group, dx, dy) for group in (card, *others)]
    for n, (number, colour) in enumerate(sorted(place.numbers, reverse=True)):
        x = WIDTH - MARGIN - 22 - 30 * n
        drawn.append(Group(f"{first.id}-{number}", _circle(x, y, number, colour)))
    bottom = y + place.box.height
    rows: list[Group] = []
    top = bottom
    for arrow in place.arrows:
        end = _line(arrow).points[-1]
        target = next((p for p in places if p is not place and p.touches(end)), None)
        group, bottom = _arrow(arrow, target, numbers.get(arrow.id, []), top, bottom)
        rows.append(group)
    # The first one lies on top where all have the same line.
    drawn += reversed(rows)
    return bottom


def _arrow(
    arrow: Group, target: _Place | None, numbers: Sequence[str], top: float, y: float
) -> tuple[Group, float]:
    """One arrow with its words, from the card's lower edge."""
    line, texts = _line(arrow), _texts(arrow)
    steps = [t for t in texts if t.halo is None]
    words = [t for t in texts if t.halo is not None]
    shown = [*(t.text for t in steps), *numbers]
    x = WORDS + (WORDS_WITH_STEP - WORDS) * len(shown) + (6 * (len(shown) - 1) if shown else 0)
    middle = y + 26
    elbow = ((TRUNK, top), (TRUNK, middle), (x - 8 - 20 * len(shown) - 4, middle))
    shapes: list[Shape] = [replace(line, points=elbow)]
    circles = [s for s in arrow.shapes if isinstance(s, Circle)]
    for n, number in enumerate(shown):
        colour = circles[0].fill if circles else line.stroke
        at = WORDS_WITH_STEP - 16 + 26 * n
        shapes += _circle(at, middle, number, colour)
    below = middle + 4.5
    if target:
        shapes.append(Text(x, below, target.heading or target.title, size=SIZE, bold=True))
        below += LEADING
    for told, fill in _joined(words):
        for piece in _broken(told, WIDTH - MARGIN - x):
            shapes.append(Text(x, below, piece, size=SIZE, fill=fill))
            below += LEADING
    return Group(arrow.id, tuple(shapes)), max(below - LEADING + 4, middle + 8)


def _joined(words: Sequence[Text]) -> Iterator[tuple[str, str]]:
    """Lines of one colour are one sentence."""
    told: list[str] = []
    for n, word in enumerate(words):
        told.append(word.text)
        if n + 1 == len(words) or words[n + 1].fill != word.fill:
            yield " ".join(told), word.fill
            told = []


def _broken(text: str, room: float) -> list[str]:
    return fitted(text, room / HELVETICA, SIZE, 5).split("\n")


def _circle(x: float, y: float, number: str, colour: str) -> tuple[Shape, Shape]:
    return (
        Circle(x, y, 10.5, fill=colour, stroke=PAPER, stroke_width=3),
        Text(x, y + 4.5, number, 12.5, PAPER, bold=True, anchor="middle"),
    )


def _texts(group: Group) -> list[Text]:
    return [shape for shape in group.shapes if isinstance(shape, Text)]


def _moved(group: Group, dx: float, dy: float) -> Group:
    return replace(group, shapes=tuple(_shifted(shape, dx, dy) for shape in group.shapes))


def _shifted(shape: Shape, dx: float, dy: float) -> Shape:
    if isinstance(shape, Line):
        return replace(shape, points=tuple((x + dx, y + dy) for x, y in shape.points))
    return replace(shape, x=shape.x + dx, y=shape.y + dy)
