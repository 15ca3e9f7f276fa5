"""The README's moving picture: three orders in pattern 1, from their sending to their ends.

The file is one SVG, moved by its own style sheet alone: three times, then it stands. Where motion
is not wanted it stands from the beginning, and shows how the run ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from diagrams.parts import Card, arrow
from diagrams.shapes import Circle, Group, Line, Picture, Point, Rect, Shape, Text
from diagrams.sqs_pattern import Pattern
from infra.template import Template
from workshop.counting import counted
from workshop.palette import (
    GREEN,
    INK,
    PAPER,
    SOFT_INK,
    VERMILLION,
    behind_letters,
    letters_on,
)

WIDTH, HEIGHT = 960, 470
_CARD, _COLUMNS, _UPPER, _LOWER = 196, (16, 262, 508, 748), 66, 186
# The timeline: where its axis begins and ends, and its rows.
_AXIS, _ROWS, _TICKS = (170, 800), (326, 366, 406), 446
# One turn in seconds, how often it is shown, and which share of it each thing takes.
_TURN_S, _TURNS = 16, 3
_DONE, _FAILED = behind_letters(GREEN), behind_letters(VERMILLION)
_SENT, _FIRST, _WAITS, _RUNS, _GOES = 5.0, 12.0, 15.0, 7.0, 4.0
# What is seen for a while only is not seen where nothing moves.
_AT_REST = "#clock text:nth-of-type(n+3),#waiting{opacity:0}"


@dataclass(frozen=True)
class Stay:
    """Where a message is from one moment on, in per cent of a turn."""

    at: float
    place: str
    is_hidden: bool = False


@dataclass(frozen=True)
class Order:
    """One of the three: its attempts that fail, and whether one follows that does not."""

    name: str
    failures: int
    is_good: bool


def moving(template: Template) -> Picture:
    """The picture and its motion, with the numbers of the template."""
    pattern = Pattern.of(template)
    receives = pattern.receives
    orders = (
        Order("good", 0, True),
        Order("flaky", receives - 1, True),
        Order("bad", receives, False),
    )
    stays = [_stays(order, receives) for order in orders]
    cards = _cards(pattern)
    visibility_s = int(pattern.source_queue["VisibilityTimeout"])
    times = [_moment(n, receives) for n in range(receives + 1)]
    spots = [_spot(cards, where[-1].place, n) for n, where in enumerate(stays)]
    marks = [mark for n, order in enumerate(orders) for mark in _marks(order, n, receives)]
    clock = [("+0 s", 0.0), *((f"+{n * visibility_s} s", at) for n, at in enumerate(times))]
    clock_rules, clock_shapes = _clock(clock)
    style = "".join(
        (
            *(_path(n, cards, where) for n, where in enumerate(stays)),
            *(f"#mark-{n}{{animation-name:mark-{n}}}{_from(f'mark-{n}', at)}"
              for n, (_, at) in enumerate(marks)),
            clock_rules,
            _waiting([(at + _RUNS, later) for at, later in pairwise(times)]),
        )
    )  # fmt: skip
    return Picture(
        "Three orders and a dead-letter queue",
        "A good order is processed at once. One that fails "
        f"{counted(receives - 1, 'time')} is tried again after each visibility timeout of "
        f"{visibility_s} s, and processed. One that always fails is moved to the DLQ after "
        f"{receives} receives.",
        width=WIDTH,
        height=HEIGHT,
        groups=(
            *(card.drawn() for card in cards.values()),
            *_arrows(cards),
            Group("clock", clock_shapes),
            _wait_label(visibility_s),
            *_lanes(orders, receives, visibility_s),
            *(Group(f"mark-{n}", shapes) for n, (shapes, _) in enumerate(marks)),
            *(
                Group(f"token-{n}", _token(*spot, n + 1, order))
                for n, (spot, order) in enumerate(zip(spots, orders, strict=True))
            ),
        ),
        style=f"{_AT_REST}@media (prefers-reduced-motion:no-preference){{{_timed()}{style}}}",
    )


# --- What happens, when -------------------------------------------------------------------------


def _moment(number: int, receives: int) -> float:
    """When the n-th receive comes, n counted from 0; the last one moves the message."""
    return _FIRST + number * (_RUNS + _WAITS) * 3 / receives


def _stays(order: Order, receives: int) -> list[Stay]:
    found = [Stay(0, "you"), Stay(_SENT, "queue")]
    for n in range(order.failures):
        found.append(Stay(_moment(n, receives), "function"))
        found.append(Stay(_moment(n, receives) + _RUNS, "queue", is_hidden=True))
    last = _moment(order.failures, receives)
    if order.is_good:
        return [*found, Stay(last, "function"), Stay(last + _RUNS, "processed")]
    return [*found, Stay(last, "dlq")]


# --- What is seen ---------------------------------------------------------------------------------


def _cards(pattern: Pattern) -> dict[str, Card]:
    you, queue, function, done = _COLUMNS
    told = (f"visibility timeout {pattern.visibility}",)
    return {
        "you": Card("you", "You", you, _UPPER, ("send three orders",), "notebook", _CARD),
        "queue": Card("queue", "Source queue", queue, _UPPER, told, "queue", _CARD),
        "function": Card("function", "Function", function, _UPPER, (), "function", _CARD),
        "processed": Card("processed", "Processed", done, _UPPER, (), "done", _CARD),
        "dlq": Card("dlq", "Source queue's DLQ", queue, _LOWER, (), "dead letters", _CARD + 12),
    }


def _arrows(cards: dict[str, Card]) -> tuple[Group, ...]:
    def level(name: str, card: Card, other: Card, *, colour: str = INK) -> Group:
        (x0, y0), (x1, y1) = card.right, other.left
        return arrow(name, (x0, y0), (x1, y1), colour=colour)

    you, queue, function, done = (cards[name] for name in ("you", "queue", "function", "processed"))
    x = queue.x + _CARD / 2
    return (
        level("send", you, queue),
        level("invoke", queue, function),
        level("succeed", function, done, colour=GREEN),
        arrow("give-up", (x, queue.bottom[1]), (x, cards["dlq"].y), colour=VERMILLION),
    )


def _spot(cards: dict[str, Card], place: str, number: int) -> Point:
    """Where a message lies at a card: on its lower edge, beside the others."""
    card = cards[place]
    return (card.x + 96 + 34 * number, card.y + card.height - 6)


def _token(x: float, y: float, number: int, order: Order) -> tuple[Shape, ...]:
    colour, fill = (GREEN, _DONE) if order.is_good else (VERMILLION, _FAILED)
    return _mark(Circle(x, y, 13, fill, PAPER, 3), number, colour)


def _x(number: int, receives: int) -> float:
    left, right = _AXIS
    return left + 30 + number * (right - left - 60) / receives


def _lanes(orders: Sequence[Order], receives: int, visibility_s: int) -> tuple[Group, ...]:
    rows = tuple(
        Group(
            f"lane-{n}",
            (
                Text(20, y + 5, f"{n + 1}  {order.name}", 15, INK, bold=True),
                Circle(_AXIS[0], y, 5, stroke=INK),
            ),
        )
        for n, (order, y) in enumerate(zip(orders, _ROWS, strict=True))
    )
    ticks = (
        Text(_x(n, receives), _TICKS, f"+{n * visibility_s} s", 13, SOFT_INK, anchor="middle")
        for n in range(receives + 1)
    )
    return (*rows, Group("ticks", tuple(ticks)))


def _marks(order: Order, lane: int, receives: int) -> list[tuple[tuple[Shape, ...], float]]:
    """Attempts and the end of an order, with the way to each, and when it is uncovered."""
    y, begin = _ROWS[lane], _AXIS[0] + 5.0
    found: list[tuple[tuple[Shape, ...], float]] = []
    for n in range(order.failures + 1):
        x, at = _x(n, receives), _moment(n, receives) + _RUNS
        way = Line(((begin, y), (x - 11, y)), SOFT_INK, 1.5, dashed=n > 0)
        if n < order.failures:
            shown = _mark(Rect(x - 11, y - 11, 22, 22, 2, _FAILED, INK), n + 1, VERMILLION)
        elif order.is_good:
            told = Text(x + 20, y + 5, "processed", 14, INK)
            shown = (*_mark(Circle(x, y, 11, _DONE, INK), n + 1, GREEN), told)
        else:
            corners = ((x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y), (x, y - 5))
            shown = (Line(corners, INK, 8), Text(x + 20, y + 5, "in the DLQ", 14, INK))
            at = _moment(n, receives) + _GOES
        found.append(((way, *shown), at))
        begin = x + 11
    return found


def _mark(shape: Rect | Circle, number: int, colour: str) -> tuple[Shape, ...]:
    x = shape.x + (shape.width / 2 if isinstance(shape, Rect) else 0)
    y = shape.y + (shape.height / 2 if isinstance(shape, Rect) else 0)
    return (shape, Text(x, y + 5, str(number), 14, letters_on(colour), bold=True, anchor="middle"))


def _clock(moments: Sequence[tuple[str, float]]) -> tuple[str, tuple[Shape, ...]]:
    """AWS's clock: one text for each moment, of which one is seen."""
    title = Text(20, 34, "AWS's clock", 17, SOFT_INK)
    last, at = moments[-1]
    rules = [f"#clock text:nth-of-type(2){{animation-name:clock}}{_from('clock', at)}"]
    shapes: list[Shape] = [title, Text(130, 34, last, 20, INK, bold=True)]
    for n, ((told, begin), (_, end)) in enumerate(pairwise(moments)):
        name = f"clock-{n}"
        rules.append(f"#clock text:nth-of-type({n + 3}){{animation-name:{name}}}")
        rules.append(_during(name, begin, end))
        shapes.append(Text(130, 34, told, 20, INK, bold=True))
    return "".join(rules), tuple(shapes)


def _wait_label(visibility_s: int) -> Group:
    told = f"hidden by the visibility timeout for {visibility_s} s"
    return Group("waiting", (Text(262, 34, told, 15, INK),))


# --- How it moves ---------------------------------------------------------------------------------


def _timed() -> str:
    """All motion has one length, so that it stays together."""
    return (
        f"[id^=token],[id^=mark],#clock text:nth-of-type(n+2),#waiting"
        f"{{animation:{_TURN_S}s linear {_TURNS}}}"
    )


def _path(number: int, cards: dict[str, Card], stays: Sequence[Stay]) -> str:
    """From place to place; a message that is hidden is pale."""
    end_x, end_y = _spot(cards, stays[-1].place, number)
    frames = []
    for n, stay in enumerate(stays):
        x, y = _spot(cards, stay.place, number)
        until = stays[n + 1].at if n + 1 < len(stays) else 100.0
        opacity = 0.45 if stay.is_hidden else 1
        look = f"transform:translate({x - end_x:g}px,{y - end_y:g}px);opacity:{opacity}"
        begin = min(stay.at + _GOES, until) if n else 0.0
        frames.append(f"{begin:g}%,{until:g}%{{{look}}}")
    name = f"token-{number}"
    return f"#{name}{{animation-name:{name}}}@keyframes {name}{{{''.join(frames)}}}"


def _from(name: str, at: float) -> str:
    return f"@keyframes {name}{{0%,{at:g}%{{opacity:0}}{at + 0.5:g}%,100%{{opacity:1}}}}"


def _during(name: str, begin: float, end: float) -> str:
    first = "" if begin <= 0 else f"0%,{begin:g}%{{opacity:0}}"
    return (
        f"@keyframes {name}{{{first}{begin + 0.5:g}%,{end:g}%{{opacity:1}}"
        f"{end + 0.5:g}%,100%{{opacity:0}}}}"
    )


def _waiting(spans: Sequence[tuple[float, float]]) -> str:
    frames = ["0%{opacity:0}"]
    for begin, end in spans:
        frames.append(
            f"{begin:g}%,{end + 0.5:g}%{{opacity:0}}{begin + 0.5:g}%,{end:g}%{{opacity:1}}"
        )
    frames.append("100%{opacity:0}")
    return f"#waiting{{animation-name:waiting}}@keyframes waiting{{{''.join(frames)}}}"
