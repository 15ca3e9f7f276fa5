"""The picture of notebook 10: two message groups of a FIFO queue, and payments made once."""

from diagrams.parts import Card, arrow, frame, label
from diagrams.shapes import Group, Picture, Rect, Text
from workshop.palette import (
    BLUE,
    GREEN,
    GREEN_TEXT,
    PAPER,
    SHADE,
    SOFT_INK,
    VERMILLION,
    VERMILLION_TEXT,
    behind_letters,
    letters_on,
)

ROWS = {"A": 92, "B": 218}
SIZE, STEP = 46, 62
QUEUE_X, QUEUE_Y, QUEUE_HEIGHT = 20, 20, 300
# How wide the queue is drawn; on a phone it is as wide as that.
QUEUE_WIDTH, NARROW_WIDTH = 400, 320


def message_groups(_: object, *, is_narrow: bool = False) -> Picture:
    """One group stands behind its bad message, the other goes on."""
    width = NARROW_WIDTH if is_narrow else QUEUE_WIDTH
    head_x = QUEUE_X + width - 90
    function = Card("function", "Function", 552, 128, ("takes payments",), "function", 186)
    records = Card("records", "Records", 806, 60, ("is it done already?",), "notebook", 184)
    payments = Card("payments", "Payments", 806, 196, ("one per order",), "done", 184)
    dlq_y = 372
    dlq = Card("dlq", "Source queue's DLQ", 194, dlq_y, ("after three receives",), "dead letters",
               226)  # fmt: skip
    head = head_x + SIZE
    middle = {name: y + SIZE / 2 for name, y in ROWS.items()}
    return Picture(
        "Two message groups",
        "A FIFO queue holds orders of customers A and B, each a message group. A's first order is "
        "bad: while it is tried again, A's second and third order wait. B's orders do not wait "
        "for A. After three receives the bad order goes to the DLQ. The function asks its records "
        "whether an order is done before it takes a payment.",
        width=1010,
        height=476,
        groups=(
            frame("queue", "FIFO queue", QUEUE_X, QUEUE_Y, width, QUEUE_HEIGHT),
            *_row("A", 3, head_x, ("wait until A1 is gone",), VERMILLION_TEXT),
            *_row("B", 2, head_x, ("do not wait for A",), GREEN_TEXT),
            *(card.drawn() for card in (function, records, payments, dlq)),
            arrow("first-a", (head, middle["A"]), (486, middle["A"]), (486, 158),
                  (function.x, 158), colour=VERMILLION,
                  labels=label(454, middle["A"] - 10, "fails", fill=VERMILLION_TEXT)),
            arrow("first-b", (head, middle["B"]), (486, middle["B"]), (486, 184),
                  (function.x, 184), colour=GREEN,
                  labels=label(454, middle["B"] - 10, "succeeds", fill=GREEN_TEXT)),
            arrow("moved", (head_x + 23, ROWS["A"] + SIZE), (head_x + 23, ROWS["A"] + 64),
                  (404, ROWS["A"] + 64), (404, dlq_y), colour=VERMILLION, dashed=True),
            arrow("ask", (function.right[0], 152), (772, 152), (772, 102), (records.x, 102),
                  step=(1, (772, 127))),
            arrow("pay", (function.right[0], 188), (772, 188), (772, 238), (payments.x, 238),
                  step=(2, (772, 213)), colour=GREEN),
        ),
    )  # fmt: skip


def _row(
    name: str, orders: int, head_x: float, words: tuple[str, ...], colour: str
) -> tuple[Group, ...]:
    """A group's orders, the first one on the right."""
    y = ROWS[name]
    told = Text(40, y + 28, f"customer {name}", 13, SOFT_INK, bold=True)
    boxes = tuple(_order(name, number, head_x, y) for number in range(1, orders + 1))
    waiting = label(head_x - 16, y + SIZE + 22, *words, fill=colour, anchor="end", ground=SHADE)
    return (Group(f"group-{name.lower()}", (told, *waiting)), *boxes)


def _order(name: str, number: int, head_x: float, y: float) -> Group:
    x = head_x - STEP * (number - 1)
    is_bad, is_first = (name, number) == ("A", 1), number == 1
    colour = VERMILLION if is_bad else GREEN if name == "B" else BLUE
    fill = behind_letters(colour) if is_first or name == "B" else PAPER
    ink = letters_on(colour) if fill != PAPER else SOFT_INK
    return Group(
        f"order-{name.lower()}{number}",
        (
            Rect(x, y, SIZE, SIZE, radius=6, fill=fill, stroke=colour, stroke_width=2),
            Text(x + SIZE / 2, y + 28, f"{name}{number}", 15, ink, bold=True, anchor="middle"),
        ),
    )
