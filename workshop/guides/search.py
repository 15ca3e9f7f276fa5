"""Search over the series: what each section of each page says, for the script of the index."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from workshop import html
from workshop.player.look import hash_of

_SCRIPT = Path(__file__).resolve().parent / "js" / "search.js"
_EXPORT = re.compile(r"^export ", re.MULTILINE)
# What nobody looks for: pictures, facts of the player, words that the glossary tells, answers that
# stand at their place as well.
_PASSED_OVER = "svg, script, style, template, [data-player-facts], details.terms, .answers"
# Most of a page is drawings, none of which has another one in it, and the colours of code.
_UNREAD = re.compile(r"<(svg|script|style)\b.*?</\1>|</?span\b[^>]*>", re.DOTALL)


@cache
def script() -> str:
    """What searches, as it stands in the page."""
    return _EXPORT.sub("", _SCRIPT.read_text(encoding="utf-8"))


def script_hash() -> str:
    """By which the page's policy knows it."""
    return hash_of(script())


def sections_as_json(pages: Sequence[Path]) -> html.Markup:
    """The sections of all pages, as the script reads them; safe within a page's `<script>`."""
    found = [section for page in pages for section in sections_of(page)]
    return html.Markup(json.dumps(found, ensure_ascii=False).replace("<", "\\u003c"))


def sections_of(page: Path) -> list[dict[str, str]]:
    """What stands under each heading of a page: {"page", "heading", "address", "text"}."""
    text = _UNREAD.sub("", page.read_text(encoding="utf-8"))
    soup = BeautifulSoup(text, features="html.parser")
    content = soup.find(id="content")
    if not isinstance(content, Tag):
        return []
    for element in content.select(_PASSED_OVER):
        element.decompose()
    title = _text(soup.title)
    sections: list[dict[str, str]] = []
    texts: list[str] = []
    for node in _in_order(content):
        if isinstance(node, Tag):
            texts = []
            address = f"{quote(page.name)}#{quote(str(node['id']))}"
            heading = title if node.name == "h1" else _text(node)
            sections.append({"page": title, "heading": heading, "address": address})
            # Filled when the section is whole.
            sections[-1]["text"] = ""
        elif sections:
            texts.append(str(node))
            sections[-1]["text"] = " ".join(" ".join(texts).split())
    return sections


def _in_order(content: Tag) -> Iterator[Any]:
    """Headings, and the texts that are not in one, as they follow each other."""
    heading: Any = None
    for node in content.descendants:
        if isinstance(node, Tag):
            if node.name in ("h1", "h2", "h3", "h4") and node.get("id"):
                heading = node
                yield node
        # Comments are of another type.
        elif type(node) is NavigableString and not any(one is heading for one in node.parents):
            yield node


def _text(element: Any) -> str:
    return " ".join(element.get_text().split()) if element is not None else ""
