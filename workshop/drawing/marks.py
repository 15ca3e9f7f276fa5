"""How each thing looks: shape, colour, sign and word, never colour alone.

The shapes and signs carry the meaning of the colours in a grey print.
"""

from dataclasses import dataclass

from workshop import palette
from workshop.evidence.lanes import Phantom
from workshop.palette import INK, ON_BRIGHT, ON_DARK, PAPER, SOFT_INK


@dataclass(frozen=True)
class Look:
    """One kind of mark: matplotlib marker, its size in points, colours, sign and word."""

    marker: str
    size: float
    face: str
    ink: str
    sign: str
    word: str


OUTCOMES = {
    "ok": Look("o", 17, palette.GREEN_MARK, ON_DARK, "✓", "ok"),
    "error": Look("s", 15.5, palette.VERMILLION_MARK, ON_DARK, "✗", "error"),
    "shared": Look("s", 15.5, palette.PEACH, ON_BRIGHT, "✓✗", "done, but its batch failed"),
    "timeout": Look("^", 21, palette.YELLOW, ON_BRIGHT, "◷", "timeout"),
    "crash": Look("8", 18, palette.PURPLE, ON_BRIGHT, "✗", "crash"),
    "running": Look("o", 17, PAPER, INK, "…", "running"),
    "not known yet": Look("o", 17, PAPER, SOFT_INK, "?", "over, but its log is not complete yet"),
}
SENT = Look("o", 9, PAPER, INK, "", "sent")
ARRIVED_FAILURE = Look("D", 12, INK, PAPER, "", "end: given up")
ARRIVED_SUCCESS = Look("D", 12, palette.SKY, INK, "", "end: success")
PHANTOM = Look("s", 15.5, "none", SOFT_INK, "?", "received without a log line")
PASSED_OVER = Look("s", 15.5, "none", SOFT_INK, "-", "received in the batch, not tried")
BATCH = Look("s", 14, palette.RULE, INK, "", "one invocation (batch)")
PREDICTION = Look("o", 26, "none", palette.BLUE, "", "you said")
OUTAGE_OVER = Look("o", 9, PAPER, SOFT_INK, "", "no longer down")
LIMIT = Look("|", 11, palette.VERMILLION, palette.VERMILLION, "", "limit")
# Of the axis, where the marks of a moment stand beside each other.
MOMENT = Look("_", 11, SOFT_INK, SOFT_INK, "", "one moment, drawn wider")
# The edge of a box in which nothing ran.
DASHES = (0, (2, 1.5))
# Behind the marks of one batch, wide enough to be seen beside them.
BATCH_BAND = {
    "color": palette.LINE,
    "lw": 24,
    "solid_capstyle": "round",
    "alpha": 0.55,
    "zorder": 0.8,
}


def without_a_run(phantom: Phantom) -> Look:
    """Of a receive without an attempt: whether anything tells why."""
    return PASSED_OVER if phantom.batch else PHANTOM
