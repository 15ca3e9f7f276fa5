"""What cards say about a resource's settings."""

from diagrams.parts import Card
from infra.template import Properties


def function_card(function: Properties, x: float, y: float, *, width: float) -> Card:
    """The card of a function: its timeout and its runtime."""
    lines = (f"timeout {function['Timeout']} s", function["Runtime"])
    return Card("function", "Function", x, y, lines, "function", width)


def retention(queue: Properties) -> str:
    """How long a queue keeps messages, e.g. "14 days"."""
    return duration(queue["MessageRetentionPeriod"])


def duration(seconds: int) -> str:
    """Seconds in the largest unit that divides them, e.g. "1 h"."""
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
