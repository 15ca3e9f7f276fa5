"""All HTML that the workshop shows; other modules hold facts and call these functions.

What is given is text and gets escaped, wherever it comes from; what is returned is `Markup`, which
is put into other parts as it is. The tags are in `templates/`: the parts of what a cell shows, one
macro for each function here, and the pages of a guide.

Letters keep the colour of the page that they stand on, light or dark. `workshop.palette` says why;
the colours of the figures are in bars only, beside a sign and words that say the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup as Markup
from markupsafe import escape

from workshop import palette

if TYPE_CHECKING:
    import pandas as pd
    from jinja2 import Environment


@dataclass(frozen=True)
class Tone:
    """What something is said with: a sign, and the colour of the bar beside it."""

    sign: str
    colour: str


GOOD = Tone("✓", palette.GREEN)
BAD = Tone("✗", palette.VERMILLION)
# The sign of the figures for a message that was given up and lies somewhere.
KEPT = Tone("◆", "currentColor")
# Whatever is done there is done to somebody's account.
ACCOUNT = Tone("⚠", palette.VERMILLION)
REFUSED = Tone("↩", palette.BLUE)
WAITING = Tone("…", palette.GREY)
NOT_DONE = Tone("◌", palette.GREY)


def rendered(template: str, **facts: object) -> Markup:
    """One of the files in `templates/`, filled in."""
    return Markup(_environment().get_template(template).render(facts))


def joined(*parts: object, by: str = "") -> Markup:
    """Parts, one after the other, with something between them."""
    return escape(by).join(map(escape, parts))


def lines(*parts: object) -> Markup:
    """Parts, each on a line of its own."""
    return _part("lines", parts)


def paragraph(*parts: object) -> Markup:
    """A paragraph; its parts follow each other."""
    return _part("paragraph", joined(*parts))


def notebook_only(text: object) -> Markup:
    """A paragraph that the pages of a guide do not show."""
    return _part("notebook_only", text)


def on_screen(text: object) -> Markup:
    """Words that a printed page does not have."""
    return _part("on_screen", text)


def line(sign: str, text: object) -> Markup:
    """One sentence that says it all, behind a sign that is for the eye alone."""
    return _part("line", sign, text)


def strong(text: object, *, is_big: bool = False) -> Markup:
    """What is read first; big for a number or an equation that everything else explains."""
    return _part("strong", text, is_big)


def marked(tone: Tone, text: object) -> Markup:
    """A few words with their sign and its bar, within a table or a sentence."""
    return _part("marked", tone, text)


def note(
    tone: Tone,
    title: object,
    *told: object,
    is_alert: bool = False,
    is_untouched: bool = False,
) -> Markup:
    """A verdict with its bar, and what there is to say about it, line by line.

    Args:
        tone: good, bad or another.
        title: one or two words, said with the tone's sign.
        told: the lines below; the first one follows the title.
        is_alert: read aloud at once, for what went wrong beside a control.
        is_untouched: of an exercise that nobody has tried: a page says so.
    """
    return _part("note", tone, title, told, is_alert, is_untouched)


def table(
    head: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    caption: str = "",
    has_row_heads: bool = False,
    widths: Sequence[int] = (),
    least_px: int = 0,
) -> Markup:
    """A table, flush left whatever the page does with tables; a narrow page scrolls it.

    Args:
        head: above the columns; empty for a table without.
        rows: the cells.
        caption: what the table is about.
        has_row_heads: whether the first cell of a row says what the row is.
        widths: of the columns in per cent, for long words that would squeeze the others.
        least_px: how wide it is at least.
    """
    return _part("table", head, rows, caption, has_row_heads, widths, least_px)


def frame(shown: "pd.DataFrame") -> Markup:
    """A DataFrame as a table, without its index and with nothing where nothing is known."""
    known = shown.astype("object").where(shown.notna(), "")
    return table(list(shown.columns), known.itertuples(index=False))


def details(summary: object, *parts: object, is_open: bool = False) -> Markup:
    """Something to unfold."""
    return _part("details", summary, joined(*parts), is_open)


def items(texts: Iterable[object], *, is_ordered: bool = False) -> Markup:
    """A list."""
    return _part("items", texts, is_ordered)


def code(text: object) -> Markup:
    """Code or a value within a sentence or a cell."""
    return _part("code", text)


def block(text: object) -> Markup:
    """Code, log lines or a traceback, with their own line breaks."""
    return _part("block", text)


def link(address: str, text: object) -> Markup:
    """A link."""
    return _part("link", address, text)


def figure(svg: str, alt: str, width_px: int, narrow: Markup | str = "") -> Markup:
    """A drawing within the page: its texts can be found, copied and read aloud.

    It is as wide as it was drawn, so that its letters stay as large. A narrower page shows the
    narrow drawing instead, by the style sheet of the guides or, in a notebook, by its own; where
    there is none the page scrolls.

    Args:
        svg: the drawing, with ids and styles that no other picture has.
        alt: what it shows, in a sentence.
        width_px: how wide it is.
        narrow: the same for a narrow page, hidden elsewhere; see `narrow`.
    """
    style = Markup(palette.named_of_page(narrow_style())) if narrow else ""
    return _part("figure", Markup(svg), alt, width_px, narrow, style)


@cache
def narrow_style() -> str:
    """The style sheet of what is drawn for a narrow page, without its comments."""
    style = (Path(__file__).parent / "templates" / "narrow.css").read_text("utf-8")
    return re.sub(r"/\*.*?\*/\s*", "", style, flags=re.DOTALL)


def narrow(name: str, *facts: object) -> Markup:
    """What is drawn for a narrow page: a macro of `templates/narrow.html.j2`, filled in."""
    return _part(name, *facts, file="narrow.html.j2")


def player(facts: str, unplayed: str) -> Markup:
    """Where a page's script plays a run.

    Args:
        facts: of the run, as JSON.
        unplayed: what stands there without scripts, and on paper.
    """
    return _part("player", facts, unplayed)


def whole_picture(content: object, *, is_open: bool) -> Markup:
    """A figure below a player that asks, folded: it tells the answers.

    A page of a guide has it open for who reads without scripts; its script folds it.
    """
    return _part("whole_picture", content, is_open)


def player_in_notebook() -> Markup:
    """What JupyterLab shows where a widget was whose kernel is gone: a sentence, no error."""
    return _part("player_in_notebook")


def enlarged(factor: float, *parts: object) -> Markup:
    """Parts, drawn larger for the last row of a room."""
    return _part("enlarged", factor, joined(*parts))


@cache
def _environment() -> "Environment":
    # Here, so that the command line does not wait for it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        autoescape=True,
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def _part(name: str, *facts: Any, file: str = "parts.html.j2") -> Markup:
    """What a macro of one of the templates makes of the facts."""
    return Markup(getattr(_environment().get_template(file).module, name)(*facts))
