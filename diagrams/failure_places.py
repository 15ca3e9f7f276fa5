"""Where a message can fail, as a picture: the map of the failure gallery.

It is about every pattern at once, so its words come from no template.
"""

from diagrams.parts import Card, arrow
from diagrams.shapes import Circle, Group, Picture, Text
from workshop.palette import INK, PAPER, SOFT_INK, VERMILLION

UPPER, LOWER = 40, 202
PLACES = (
    ("in the function", "it runs, and fails:", "bad input, exception,", "timeout, memory"),
    ("at its door", "Lambda may not run it:", "throttled, deleted,", "no concurrency"),
    ("on the way to it", "SNS cannot reach it:", "no permission,", "no function"),
    ("at a role", "Lambda may not read", "the queue, or write", "to the outlet"),
    ("in time", "event too old,", "message kept", "not long enough"),
)


def failure_places(_: object) -> Picture:
    """Five places between a message and its end."""
    you = Card("you", "You", 20, UPPER, ("send an order",), "notebook", 156)
    way = Card("way", "Queue or topic", 232, UPPER, ("keeps or hands over",), "queue", 200)
    function = Card("function", "Function", 566, UPPER, ("works on the order",), "function", 190)
    kept = ("DLQ, destination",)
    outlet = Card("outlet", "Outlet", 814, UPPER, kept, "dead letters", 166)
    return Picture(
        "Five places where a message can fail",
        "A message goes from you to a queue or topic, to the function, and to an outlet: a DLQ or "
        "a destination. It can fail in five places. " + _in_words(),
        width=1000,
        height=316,
        groups=(
            *(card.drawn() for card in (you, way, function, outlet)),
            arrow("send", you.right, way.left),
            arrow("deliver", way.right, function.left),
            arrow("give-up", function.right, outlet.left),
            _number("place-1", 1, *function.bottom),
            _number("place-2", 2, function.x, UPPER + 12),
            _number("place-3", 3, 514, UPPER + 42),
            _number("place-4-reading", 4, 466, UPPER + 42),
            _number("place-4-writing", 4, 782, UPPER + 42),
            _number("place-5-message", 5, *way.bottom),
            _number("place-5-event", 5, *function.top),
            *(_place(number) for number in range(1, 6)),
        ),
    )


def _in_words() -> str:
    told = (f"{n}, {title}: {' '.join(lines)}." for n, (title, *lines) in enumerate(PLACES, 1))
    return " ".join(told)


def _number(group_id: str, number: int, x: float, y: float) -> Group:
    return Group(
        group_id,
        (
            Circle(x, y, 12, fill=VERMILLION, stroke=PAPER, stroke_width=3),
            Text(x, y + 4.5, str(number), 13, PAPER, bold=True, anchor="middle"),
        ),
    )


def _place(number: int) -> Group:
    title, *lines = PLACES[number - 1]
    x = 34 + 194 * (number - 1)
    return Group(
        f"legend-{number}",
        (
            Circle(x, LOWER - 5, 12, fill=VERMILLION, stroke=PAPER, stroke_width=3),
            Text(x, LOWER - 0.5, str(number), 13, PAPER, bold=True, anchor="middle"),
            Text(x + 20, LOWER, title, 15, INK, bold=True),
            *(
                Text(x + 20, LOWER + 24 + 19 * n, line, 13, SOFT_INK)
                for n, line in enumerate(lines)
            ),
        ),
    )
