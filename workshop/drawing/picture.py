"""A drawn figure with its words: it shows itself as figure, sentence and table."""

import io
import warnings
from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workshop import html, palette
from workshop.drawing import vector
from workshop.drawing.pen import figure_of

# The font comes with matplotlib and has the signs that we draw; a fixed salt gives the same file
# for the same data.
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    # Letters stay letters; `vector` says how wide they are.
    "svg.fonttype": "none",
    "svg.hashsalt": "timeline",
    "text.color": palette.INK,
    "xtick.color": palette.INK,
}


class DrawnFigure:
    """A figure for a page: its texts can be found, copied and read aloud.

    Attributes:
        axes: the matplotlib Axes, to add to or to save.
        figure: its Figure (`picture.figure.savefig("picture.svg")`).
        finding: what the figure shows, in a sentence: its headline.
        alt_text: the picture in one breath, under 300 characters.
        description: all of it in words.
        table: the picture as a table.
        narrow: the same for a narrow page, as a part of a page; guides show it on a phone.
    """

    def __init__(
        self,
        axes: Axes,
        alt_text: str,
        description: str,
        table: pd.DataFrame,
        finding: str = "",
        narrow: str = "",
    ) -> None:
        self.axes = axes
        self.figure: Figure = figure_of(axes)
        self.finding = finding
        self.alt_text = alt_text
        self.description = description
        self.table = table
        self.narrow = html.Markup(narrow)

    def __repr__(self) -> str:
        return self.description

    def svg(self) -> str:
        """The figure as an SVG document; its texts are texts, as wide as drawn in any font."""
        buffer = io.StringIO()
        with rc_context(STYLE), warnings.catch_warnings():
            # Of emoji: the browser has a font for them.
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            self.figure.savefig(buffer, format="svg", metadata={"Date": None})
        return vector.document(buffer.getvalue())

    def html(self, shown_in: float | None = None) -> str:
        """Figure, and folded below it its words and its table, as HTML.

        Args:
            shown_in: how wide the figure is shown where there is room, in inches; default as it
                was drawn. A figure that is shown wider has larger letters.
        """
        width_px = round((shown_in or self.figure.get_figwidth()) * 96)
        return html.joined(
            html.figure(vector.element(self.svg()), self.alt_text, width_px, self.narrow),
            html.details(
                "The same in words and as a table",
                html.paragraph(self.description),
                html.frame(self.table),
            ),
        )

    def _repr_html_(self) -> str:
        return self.html()
