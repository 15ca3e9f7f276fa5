"""The message-flow picture, as a notebook shows it."""

from collections.abc import Callable, Iterable
from typing import Any

from IPython.display import display

from workshop import html
from workshop.accounting.evidence import Evidence
from workshop.accounting.fates import fates
from workshop.accounting.gathering import gather
from workshop.accounting.passages import Passages, count
from workshop.drawing.vector import element
from workshop.errors import DataError
from workshop.evidence.arrivals import SUCCESS
from workshop.lab import Lab
from workshop.stage.diagram import with_counts
from workshop.target.target import PROJECT
from workshop.target.waiting import Waited

_DIAGRAMS = {
    "SqsDlq": "sqs-dlq.svg",
    "LambdaDestinations": "lambda-dest.svg",
    "LambdaDlq": "lambda-dlq.svg",
}
_WIDTH_PX = 900


class FlowPicture:
    """A pattern's diagram with counters and messages; made by `flow`.

    Shows itself as a still picture with numbers; moving messages are folded below it, so that
    nothing moves unless somebody asks for it. No JavaScript, so a guide shows the same.

    Attributes:
        passages: the numbers: `arrows`, `cards`, `sent`, `processed`, `lost`.
        alt_text: the picture in words.
    """

    def __init__(
        self,
        lab: Lab,
        pattern: str,
        order_ids: Iterable[str] | None,
        evidence: Evidence | None = None,
    ) -> None:
        if pattern not in _DIAGRAMS:
            raise DataError(
                f"The message flow of {pattern!r} cannot be drawn: counters are placed on three "
                f"diagrams only, those of {', '.join(_DIAGRAMS)}.",
                "Use one of these, or workshop.timeline and workshop.ledger, which know all "
                "patterns.",
            )
        self._lab, self._pattern = lab, pattern
        ids = [order_ids] if isinstance(order_ids, str) else order_ids
        self._order_ids = None if ids is None else list(ids)
        self._handle: Any = None
        self.passages = self._count(gather(lab, pattern) if evidence is None else evidence)

    def _count(self, evidence: Evidence) -> Passages:
        found = fates(evidence, self._order_ids)
        orders = {fate.order_id for fate in found}
        arrivals = evidence.arrivals
        is_ours = arrivals["order_id"].isin(orders)
        return count(evidence, found, int((is_ours & (arrivals["reason"] == SUCCESS)).sum()))

    def refresh(self) -> "FlowPicture":
        """Read AWS again, and redraw where it is displayed."""
        self.passages = self._count(gather(self._lab, self._pattern))
        if self._handle is not None:
            self._handle.update(self._bundle(), raw=True)
        return self

    def wait_until(self, condition: Callable[[], Any], what: str, **options: Any) -> Waited:
        """`lab.wait_until` with the picture beside it, redrawn whenever something happened."""
        if self._handle is None:
            self._ipython_display_()

        def watched() -> Any:
            self.refresh()
            return condition()

        return self._lab.wait_until(watched, what, **options)

    @property
    def alt_text(self) -> str:
        shown = self.svg()
        arrows = self.passages.arrows.items()
        cards = self.passages.cards.items()
        ways = [f"{name} {number}" for name, number in arrows if f'id="{name}"' in shown]
        places = [f"{name} {number}" for name, number in cards if f'id="{name}"' in shown]
        return (
            f"Message flow of {self._pattern}: sent {self.passages.sent}, processed "
            f"{self.passages.processed}, lost {self.passages.lost}. How often messages went each "
            f"way: {', '.join(ways)}. Messages there now: {', '.join(places)}."
        )

    def svg(self, *, is_moving: bool = False, is_narrow: bool = False) -> str:
        """The picture as SVG text; for a page that is too narrow for it, its cards upright."""
        folder = PROJECT / "images" / ("narrow" if is_narrow else "")
        drawing = (folder / _DIAGRAMS[self._pattern]).read_text("utf-8")
        return with_counts(drawing, self.passages, is_moving=is_moving)

    def __repr__(self) -> str:
        return self.alt_text

    def _repr_html_(self) -> str:
        # The numbers on the arrows are text; a name of all of them would not be listened to.
        alt = self.alt_text.partition(". ")[0]
        return html.joined(
            self._figure(alt, is_moving=False),
            html.details(
                "Show the messages on their way",
                self._figure("The same, with moving messages", is_moving=True),
            ),
        )

    def _figure(self, alt: str, *, is_moving: bool) -> html.Markup:
        wide, narrow = (
            element(self.svg(is_moving=is_moving, is_narrow=is_narrow))
            for is_narrow in (False, True)
        )
        return html.figure(wide, alt, _WIDTH_PX, html.Markup(narrow))

    def _bundle(self) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}

    def _ipython_display_(self) -> None:
        self._handle = display(self._bundle(), raw=True, display_id=True)  # type: ignore[no-untyped-call]


def flow(
    lab: Lab,
    pattern: str,
    order_ids: Iterable[str] | None = None,
    *,
    evidence: Evidence | None = None,
) -> FlowPicture:
    """The pattern's diagram with live counters, and dots that move the way the messages went.

    Everything is counted from logs, queues and records. For readers who prefer reduced motion the
    dots stand still; the numbers say the same.

    Args:
        lab: the target.
        pattern: "SqsDlq", "LambdaDestinations" or "LambdaDlq".
        order_ids: only these orders; default all of which AWS shows a trace.
        evidence: what was read already; default reads AWS.

    Raises:
        DataError: there is no diagram of this pattern.
    """
    return FlowPicture(lab, pattern, order_ids, evidence)
