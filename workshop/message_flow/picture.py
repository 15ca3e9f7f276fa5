"""The message-flow picture."""

from collections.abc import Callable, Iterable
from typing import Any

from workshop.lab import Lab
from workshop.waiting import Waited


class FlowPicture:
    """A pattern's diagram with counters and messages; made by `flow`.

    Attributes:
        counts: passages by arrow and messages by resource, as drawn.
        alt_text: the picture in words.
    """

    counts: dict[str, int]
    alt_text: str

    def refresh(self) -> "FlowPicture":
        """Read AWS again, and redraw where it is displayed."""
        raise NotImplementedError

    def wait_until(self, condition: Callable[[], Any], what: str, **options: Any) -> Waited:
        """`lab.wait_until` with the picture redrawn at every step; displays the picture."""
        raise NotImplementedError


def flow(lab: Lab, pattern: str, order_ids: Iterable[str] | None = None) -> FlowPicture:
    """The pattern's diagram with live counters, and dots that move the way the messages went.

    Everything is counted from logs, queues and records. For readers who prefer reduced motion the
    dots stand still; the numbers say the same.

    Args:
        lab: the target.
        pattern: "SqsDlq", "LambdaDestinations" or "LambdaDlq".
        order_ids: only these orders; default all of which AWS shows a trace.
    """
    raise NotImplementedError
