"""The pictures of notebooks 08 and 09: waits that grow, and three ways through an outage.

Both notebooks make their own queues and functions for a while, with settings of their own: those
of `Growing` are written in notebook 08 (a test compares), those of 09 are where its sliders begin.
"""

from diagrams.async_patterns import RETRY_WAITS
from diagrams.parts import Card, arrow, label, moved_by_sqs
from diagrams.resources import duration
from diagrams.shapes import Group, Picture
from workshop.outage.plan import FUNCTION_TIMEOUT_S, Plan
from workshop.palette import GREEN, GREEN_TEXT, SOFT_INK, VERMILLION, VERMILLION_TEXT

# What the queues of notebook 08 are set to: its cell `rigs`.
GROWING_VISIBILITY_S, GROWING_RECEIVES = 40, 5

# The two rows and three columns of notebook 08, and the middle of the gap between the last two.
UPPER, LOWER = 34, 286
LEFT, MIDDLE, RIGHT = 20, 306, 752
GAP_X = 642
# The rows and columns of notebook 09.
ROW, TOP, HEIGHT = 140, 20, 84
SOURCE_X, FUNCTION_X, END_X = 212, 530, 762


def growing_waits(_: object) -> Picture:
    """Notebook 08: the function makes a message that failed wait."""
    first_s, receives = GROWING_VISIBILITY_S, GROWING_RECEIVES
    doubled = f"{first_s}, {2 * first_s}, {4 * first_s} s and so on"
    you = Card("notebook", "You", LEFT, UPPER, ("send orders",), "notebook", 156)
    source = Card("source-queue", "Source queue", MIDDLE, UPPER,
                  (f"visibility timeout {first_s} s",), "queue", 226)  # fmt: skip
    sees = (f"timeout {FUNCTION_TIMEOUT_S} s", "sees receive_count")
    function = Card("function", "Function", RIGHT, UPPER, sees, "function", 228)
    dlq = Card("source-queue-dlq", "Source queue's DLQ", MIDDLE, LOWER,
               (f"after {receives} receives",), "dead letters", 226)  # fmt: skip
    shop = Card("database", "A shop's database", RIGHT, LOWER, ("is down for 240 s",), "alarm", 228)
    bottom, y = UPPER + HEIGHT, UPPER + HEIGHT + 66
    return Picture(
        "Waits that grow",
        "You send orders to the source queue. An event source mapping invokes the function, which "
        f"needs a database that is down. Behind the first queue a message that failed waits for "
        f"{first_s} s, its visibility timeout, each time. Behind the second one the function "
        f"itself makes it wait: {doubled}. After {receives} receives SQS moves it to the source "
        "queue's DLQ.",
        width=1000,
        height=396,
        groups=(
            *(card.drawn() for card in (you, source, function, dlq, shop)),
            arrow("send", you.right, source.left, step=(1, _between(you, source)),
                  labels=label(_between(you, source)[0], you.right[1] - 20, "SendMessage")),
            arrow("event-source-mapping", (source.right[0], UPPER + 28), (function.x, UPPER + 28),
                  step=(2, (GAP_X, UPPER + 28)),
                  labels=label(GAP_X, UPPER + 8, "event source mapping")),
            arrow("return", (function.x + 60, bottom), (function.x + 60, y), (source.x + 170, y),
                  (source.x + 170, bottom), step=(3, (GAP_X, y)), colour=VERMILLION, dashed=True,
                  labels=label(GAP_X, y - 34, f"failed: hidden for {first_s} s, each time;",
                               "or the function says how long:", fill=VERMILLION_TEXT)
                  + label(GAP_X, y + 26, doubled, fill=VERMILLION_TEXT)),
            arrow("need", (function.x + 160, bottom), (function.x + 160, LOWER),
                  labels=label(function.x + 172, (bottom + LOWER) / 2 + 30, "needs",
                               anchor="start")),
            arrow("redrive-policy", (source.x + 70, bottom), (source.x + 70, LOWER),
                  step=(4, (source.x + 70, (bottom + LOWER) / 2)), colour=VERMILLION,
                  labels=label(source.x + 50, (bottom + LOWER) / 2 - 3,
                               f"received {receives} times, still there:",
                               "SQS moves it to the DLQ", fill=VERMILLION_TEXT, anchor="end")),
        ),
    )  # fmt: skip


def three_ways(_: object) -> Picture:
    """Notebook 09: the same order on three ways, with the settings where the sliders begin."""
    plan = Plan()
    waits_s = [plan.visibility_s * 2**n for n in range(plan.receives)]
    doubled = f"waits {', '.join(map(str, waits_s))} s"
    receives = f"after {plan.receives} receives SQS moves it to the DLQ"
    you = Card("notebook", "You", 16, TOP + ROW, ("one order",), "notebook", 152)
    rows = (
        ("Queue", "queue", (f"waits {plan.visibility_s} s each time",), receives,
         "Source queue's DLQ"),
        ("Queue, doubled", "queue", (doubled,), receives, "Source queue's DLQ"),
        ("Event queue", "event queue",
         (f"waits {' and '.join(RETRY_WAITS[: plan.retries])}", f"at most {duration(plan.age_s)}"),
         f"{plan.retries + 1} attempts", "On-failure destination"),
    )  # fmt: skip
    drawn = [group for n, row in enumerate(rows) for group in _way(n, you, *row)]
    return Picture(
        "Three ways through an outage",
        f"The same order on three ways. In a queue it waits for {plan.visibility_s} s after each "
        f"receive and may be received {plan.receives} times. In a queue whose function doubles the "
        f"waits it waits for {', '.join(map(str, waits_s))} s. An asynchronous event is tried "
        f"{plan.retries + 1} times, with waits of {' and '.join(RETRY_WAITS)}. It survives an "
        "outage if one of its attempts comes when that is over; else SQS moves it from its queue "
        "to the DLQ, or Lambda sends a record to the destination.",
        width=1000,
        height=TOP + 2 * ROW + HEIGHT + TOP,
        groups=(you.drawn(), *drawn),
    )


def _way(
    number: int, you: Card, source: str, kind: str, waits: tuple[str, ...], limit: str, end: str
) -> tuple[Group, ...]:
    y = TOP + number * ROW
    first = Card(f"source-{number}", source, SOURCE_X, y, waits, kind, 232)
    function = Card(f"function-{number}", "Function", FUNCTION_X, y, (), "function", 132)
    last = Card(f"end-{number}", end, END_X, y, ("given up",), "dead letters", 226)
    x, middle = SOURCE_X - 22, y + HEIGHT / 2
    points = ((x, you.right[1]), (x, middle)) if number != 1 else ()
    between = (FUNCTION_X + 132 + END_X) / 2
    labels = label(between, middle - 10, f"{limit},", fill=VERMILLION_TEXT)
    labels += label(between, middle + 22, "all failed", fill=VERMILLION_TEXT)
    given_up = (
        moved_by_sqs(f"given-up-{number}", first, last, limit)
        if kind == "queue"
        else arrow(
            f"given-up-{number}", function.right, last.left, labels=labels, colour=VERMILLION
        )
    )
    return (
        first.drawn(),
        arrow(f"send-{number}", you.right, *points, first.left, colour=SOFT_INK),
        function.drawn(),
        arrow(f"attempt-{number}", first.right, function.left, colour=GREEN,
              labels=label((first.right[0] + FUNCTION_X) / 2, middle - 10, "attempts",
                           fill=GREEN_TEXT)),
        last.drawn(),
        given_up,
    )  # fmt: skip


def _between(one: Card, other: Card) -> tuple[float, float]:
    return ((one.right[0] + other.left[0]) / 2, one.right[1])
