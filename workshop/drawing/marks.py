"""How each thing looks: shape, colour, sign and word, never colour alone.

Colours are Okabe and Ito's, which people with colour blindness tell apart; the shapes and signs
carry the same meaning in a grey print.
"""

import textwrap
from dataclasses import dataclass

INK = "#1a1a1a"
SOFT_INK = "#4d4d4d"
LINE = "#9a9a9a"
LIMIT = "#8a1c1c"
PREDICTED = "#0072B2"


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
    "ok": Look("o", 17, "#009E73", "white", "✓", "ok"),
    "error": Look("s", 15.5, "#D55E00", "white", "✗", "error"),
    "shared": Look("s", 15.5, "#f7cfa8", INK, "✓✗", "done, but its batch failed"),
    "timeout": Look("^", 21, "#F0E442", INK, "◷", "timeout"),
    "crash": Look("8", 18, "#CC79A7", INK, "✗", "crash"),
    "running": Look("o", 17, "white", INK, "…", "running"),
    "not known yet": Look("o", 17, "white", SOFT_INK, "?", "over, but its log is not complete yet"),
}
SENT = Look("o", 9, "white", INK, "", "sent")
ARRIVED_FAILURE = Look("D", 12, INK, "white", "", "end: given up")
ARRIVED_SUCCESS = Look("D", 12, "#56B4E9", INK, "", "end: success")
PHANTOM = Look("s", 15.5, "none", SOFT_INK, "?", "received without a log line")
BATCH = Look("s", 14, "#dbe1e7", INK, "", "one invocation (batch)")
PREDICTION = Look("o", 26, "none", PREDICTED, "", "you said")
# Behind the marks of one batch, wide enough to be seen beside them.
BATCH_BAND = {
    "color": "#b8c4cf",
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
