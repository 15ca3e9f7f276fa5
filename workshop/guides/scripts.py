"""The scripts of pages: each stands in its page, whose policy knows it by its hash."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workshop import html
from workshop.player import look

_FOLDER = Path(__file__).resolve().parent / "js"
_START = """
markWords(document, new URLSearchParams(location.search).get("find"));
offerCopies(document);
offerFolding(document);
"""


@dataclass(frozen=True)
class PageScript:
    """One module.

    Attributes:
        text: imports nothing, and ends no `<script>`.
        hash: allows it and no other.
    """

    text: html.Markup
    hash: html.Markup


@cache
def of_page(*, has_player: bool = False) -> tuple[PageScript, ...]:
    """What a page needs: code is copied or folded, what was looked for is marked, runs are
    replayed."""
    own = _script(look.joined(_FOLDER, "landing", "copying", "folding") + _START)
    return (own, _script(look.script())) if has_player else (own,)


@cache
def of_index() -> tuple[PageScript, ...]:
    """The search."""
    return (_script(look.joined(_FOLDER, "search")),)


def _script(text: str) -> PageScript:
    return PageScript(html.Markup(text), html.Markup(look.hash_of(text)))
