"""How each thing looks: shape, colour, sign and word, never colour alone.

The shapes and signs carry the meaning of the colours in a grey print.
"""

import textwrap
from dataclasses import dataclass

from workshop import palette
from workshop.palette import INK, PAPER, SOFT_INK


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
    "ok": Look("o", 17, palette.GREEN, PAPER, "✓", "ok"),
    "error": Look("s", 15.5, palette.VERMILLION, PAPER, "✗", "error"),
    "shared": Look("s", 15.5, palette.PEACH, INK, "✓✗", "done, but its batch failed"),
    "timeout": Look("^", 21, palette.YELLOW, INK, "◷", "timeout"),
    "crash": Look("8", 18, palette.PURPLE, INK, "✗", "crash"),
    "running": Look("o", 17, PAPER, INK, "…", "running"),
    "not known yet": Look("o", 17, PAPER, SOFT_INK, "?", "over, but its log is not complete yet"),
}
SENT = Look("o", 9, PAPER, INK, "", "sent")
ARRIVED_FAILURE = Look("D", 12, INK, PAPER, "", "end: given up")
ARRIVED_SUCCESS = Look("D", 12, palette.SKY, INK, "", "end: success")
PHANTOM = Look("s", 15.5, "none", SOFT_INK, "?", "received without a log line")
BATCH = Look("s", 14, palette.RULE, INK, "", "one invocation (batch)")
PREDICTION = Look("o", 26, "none", palette.BLUE, "", "you said")
# Behind the marks of one batch, wide enough to be seen beside them.
BATCH_BAND = {
    "color": palette.LINE,
    "lw": 24,
    "solid_capstyle": "round",
    "alpha": 0.55,
    "zorder": 0.8,
}


def fitted(text: str, width_in: float, size_pt: float, max_lines: int) -> str:
    """The text broken into lines that fit, shortened with an ellipsis; "" when nothing fits."""
    # DejaVu Sans is about half an em wide on average; measuring every candidate would cost more
    # than drawing the figure.
    columns = int(width_in * 72 / (0.5 * size_pt))
    if columns < 3:
        return ""
    lines = textwrap.wrap(text, columns, max_lines=max_lines, placeholder="…")
    return "" if lines == ["…"] else "\n".join(lines)
