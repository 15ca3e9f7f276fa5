"""The building blocks of the diagrams: cards with an icon, arrows with a step number."""

from collections.abc import Callable
from dataclasses import dataclass

from diagrams.shapes import Anchor, Circle, Group, Line, Point, Rect, Shape, Text
from workshop.palette import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    LINE,
    PAPER,
    SHADE,
    SOFT_INK,
    VERMILLION,
    VERMILLION_TEXT,
    behind_letters,
    letters_on,
)

ICON_SIZE = 36.0
# How far below a row of cards the arrow goes that passes one of them.
MOVED_BELOW = 28.0
Icon = Callable[[float, float], tuple[Shape, ...]]


@dataclass(frozen=True)
class Card:
    """A resource: where it is, what it is called, what its settings are."""

    id: str
    title: str
    x: float
    y: float
    lines: tuple[str, ...] = ()
    kind: str = "queue"
    width: float = 208
    height: float = 84

    @property
    def left(self) -> Point:
        return (self.x, self.y + self.height / 2)

    @property
    def right(self) -> Point:
        return (self.x + self.width, self.y + self.height / 2)

    @property
    def top(self) -> Point:
        return (self.x + self.width / 2, self.y)

    @property
    def bottom(self) -> Point:
        return (self.x + self.width / 2, self.y + self.height)

    def drawn(self) -> Group:
        """The card's shapes."""
        colour, icon = KINDS[self.kind]
        icon_x, icon_y = self.x + 12, self.y + (self.height - ICON_SIZE) / 2
        text_x = icon_x + ICON_SIZE + 12
        # Title and lines together stand in the middle of the card.
        first_y = self.y + self.height / 2 - 9 * len(self.lines) + 5
        return Group(
            self.id,
            (
                Rect(self.x, self.y, self.width, self.height, stroke=colour, stroke_width=2),
                Rect(icon_x, icon_y, ICON_SIZE, ICON_SIZE, radius=7, fill=colour, stroke=colour),
                *icon(icon_x, icon_y),
                Text(text_x, first_y, self.title, size=15, bold=True),
                *(
                    Text(text_x, first_y + 19 + 17 * n, line, size=12.5, fill=SOFT_INK)
                    for n, line in enumerate(self.lines)
                ),
            ),
        )


def arrow(
    arrow_id: str,
    *points: Point,
    labels: tuple[Text, ...] = (),
    step: tuple[int, Point] | None = None,
    colour: str = INK,
    dashed: bool = False,
    ground: str = PAPER,
) -> Group:
    """An arrow through points.

    Args:
        arrow_id: its id in the SVG.
        points: from start to tip.
        labels: see `label`.
        step: the number of the step that the arrow stands for, and where the number is written.
        colour: of line and number.
        dashed: whether the line is.
        ground: the colour behind the arrow.
    """
    shapes: list[Shape] = [Line(points, stroke=colour, dashed=dashed, arrow=True)]
    if step is not None:
        number, (x, y) = step
        shapes.append(
            Circle(x, y, 10.5, fill=behind_letters(colour), stroke=ground, stroke_width=3)
        )
        shapes.append(
            Text(x, y + 4.5, str(number), 12.5, letters_on(colour), bold=True, anchor="middle")
        )
    return Group(arrow_id, (*shapes, *labels))


def moved_by_sqs(arrow_id: str, queue: Card, dlq: Card, words: str) -> Group:
    """The way into a source queue's DLQ in the same row: from the queue, past the function.

    SQS moves the message. No function sends it there, so no arrow of one may say so.
    """
    x, end, y = queue.bottom[0], dlq.bottom[0], queue.bottom[1] + MOVED_BELOW
    return arrow(
        arrow_id,
        queue.bottom,
        (x, y),
        (end, y),
        dlq.bottom,
        labels=label((x + end) / 2, y - 8, words, fill=VERMILLION_TEXT),
        colour=VERMILLION,
    )


def label(
    x: float,
    y: float,
    *lines: str,
    fill: str = INK,
    anchor: Anchor = "middle",
    ground: str = PAPER,
) -> tuple[Text, ...]:
    """Lines of text below each other, readable where they touch an arrow."""
    return tuple(
        Text(x, y + 16 * n, line, size=12.5, fill=fill, anchor=anchor, halo=ground)
        for n, line in enumerate(lines)
    )


def frame(frame_id: str, title: str, x: float, y: float, width: float, height: float) -> Group:
    """A dashed frame around the parts of one service."""
    return Group(
        frame_id,
        (
            Rect(x, y, width, height, radius=14, fill=SHADE, stroke=LINE, dashed=True),
            Text(x + 16, y + 24, title, size=13, fill=SOFT_INK, bold=True),
        ),
    )


# --- Icons: white on the colour of the card, 36 units wide ---------------------------------------


def _queue(x: float, y: float) -> tuple[Shape, ...]:
    slots = (x + 6.5, x + 14.5, x + 22.5)
    return tuple(Rect(slot, y + 10, 7, 16, radius=1.5, stroke="none") for slot in slots)


def _dead_letters(x: float, y: float) -> tuple[Shape, ...]:
    # An envelope with a cross, so that it differs from a queue without colour.
    middle = (x + 18, y + 19)
    return (
        Rect(x + 6, y + 10, 24, 16, radius=2, stroke="none"),
        Line(((x + 12.5, y + 13.5), (x + 23.5, y + 24)), stroke=VERMILLION, stroke_width=3),
        Line(((x + 12.5, y + 24), (x + 23.5, y + 13.5)), stroke=VERMILLION, stroke_width=3),
        Circle(*middle, 1, fill=VERMILLION),
    )


def _done(x: float, y: float) -> tuple[Shape, ...]:
    return (
        Rect(x + 6, y + 9, 24, 18, radius=2, stroke="none"),
        Line(((x + 12, y + 18), (x + 16.5, y + 22.5), (x + 24.5, y + 13.5)), GREEN, 3),
    )


def _topic(x: float, y: float) -> tuple[Shape, ...]:
    ends = ((x + 27, y + 9), (x + 29, y + 18), (x + 27, y + 27))
    lines = tuple(Line(((x + 11, y + 18), end), stroke=PAPER, stroke_width=2) for end in ends)
    return (*lines, Circle(x + 10, y + 18, 5), *(Circle(*end, 3.2) for end in ends))


def _function(x: float, y: float) -> tuple[Shape, ...]:
    return (
        Line(((x + 10, y + 9), (x + 14, y + 9), (x + 25, y + 27), (x + 28, y + 27)), PAPER, 3.2),
        Line(((x + 17.5, y + 16.5), (x + 10, y + 27)), PAPER, 3.2),
    )


def _clock(x: float, y: float) -> tuple[Shape, ...]:
    return (
        Circle(x + 18, y + 18, 10.5, fill="none", stroke=PAPER, stroke_width=2.5),
        Line(((x + 18, y + 12), (x + 18, y + 18), (x + 22.5, y + 21)), PAPER, 2.5),
    )


def _alarm(x: float, y: float) -> tuple[Shape, ...]:
    return (
        Line(((x + 18, y + 8.5), (x + 18, y + 21)), PAPER, 4.5),
        Circle(x + 18, y + 27, 2.7),
    )


def _notebook(x: float, y: float) -> tuple[Shape, ...]:
    lines = tuple(
        Line(((x + 14, y + dy), (x + 24, y + dy)), SOFT_INK, 2) for dy in (13.0, 18.0, 23.0)
    )
    return (Rect(x + 9, y + 7, 19, 22, radius=2, stroke="none"), *lines)


KINDS: dict[str, tuple[str, Icon]] = {
    "notebook": (SOFT_INK, _notebook),
    "queue": (BLUE, _queue),
    "topic": (BLUE, _topic),
    "function": (BLUE, _function),
    "event queue": (BLUE, _clock),
    "done": (GREEN, _done),
    "dead letters": (VERMILLION, _dead_letters),
    "alarm": (AMBER, _alarm),
}
