"""Search over the series: what each section of each page says, for the script of the index."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from workshop import html
from workshop.guides.guide import line_of

# What nobody looks for: pictures, facts of the player and what stands in its place, words that the
# glossary tells, answers that stand at their place as well.
_PASSED_OVER = (
    "svg, script, style, template, [data-player-facts], .unplayed, details.terms, .answers"
)
# Folded until the reader has an answer of their own.
_ANSWERS = "details.answer"
_WITHIN_WORDS = frozenset(
    ("a", "abbr", "b", "code", "del", "em", "i", "kbd", "s", "span", "strong", "sub", "sup")
)
# Most of a page is drawings, none of which has another one in it, and the colours of code: a block
# ends with the first tag of three letters.
_UNREAD = re.compile(r'<(svg|script|style)\b.*?</\1>|(?P<block>"highlight">.*?</\w{3}>)', re.DOTALL)
_COLOUR = re.compile(r"</?(?:span|wbr)\b[^>]*>")


def sections_as_json(pages: Sequence[Path]) -> html.Markup:
    """The sections of all pages, as the script reads them; safe within a page's `<script>`."""
    found = [section for page in pages for section in sections_of(page)]
    return html.Markup(json.dumps(found, ensure_ascii=False).replace("<", "\\u003c"))


def sections_of(page: Path) -> list[dict[str, str]]:
    """What stands under each heading of a page: {"page", "heading", "address", "text", "folded"}.

    Answers are found as well, but a search gives none of them away: they are apart, as "folded".
    """
    text = _UNREAD.sub(
        lambda one: _COLOUR.sub("", one["block"] or ""), page.read_text(encoding="utf-8")
    )
    soup = BeautifulSoup(text, features="html.parser")
    content = soup.find(id="content")
    if not isinstance(content, Tag):
        return []
    for element in content.select(_PASSED_OVER):
        element.decompose()
    # What stands beside each other in a figure are several words.
    for drawn in content.select("figure .narrow"):
        for words in drawn.find_all(string=True):
            words.replace_with(f" {words} ")
    title = line_of(soup.title)
    sections: list[dict[str, str]] = []
    told: list[tuple[list[str], list[str]]] = []
    answers = {id(text) for one in content.select(_ANSWERS) for text in one.find_all(string=True)}
    block = None
    for node in _in_order(content):
        if isinstance(node, Tag):
            address = f"{quote(page.name)}#{quote(str(node['id']))}"
            heading = title if node.name == "h1" else line_of(node)
            sections.append({"page": title, "heading": heading, "address": address})
            told.append(([], []))
        elif sections:
            # A word may consist of several texts, and ends with what it stands in.
            block, before = _block_of(node), block
            told[-1][id(node) in answers].append(f" {node}" if block is not before else str(node))
    return [
        section | {"text": _in_a_line(texts), "folded": _in_a_line(folded)}
        for section, (texts, folded) in zip(sections, told, strict=True)
    ]


def _in_a_line(texts: list[str]) -> str:
    return " ".join("".join(texts).split())


def _block_of(text: NavigableString) -> Any:
    return next(one for one in text.parents if one.name not in _WITHIN_WORDS)


def _in_order(content: Tag) -> Iterator[Any]:
    """Headings, and the texts that are not in one, as they follow each other."""
    said: set[int] = set()
    for node in content.descendants:
        if isinstance(node, Tag):
            if node.name in ("h1", "h2", "h3", "h4") and node.get("id"):
                said = {id(text) for text in node.find_all(string=True)}
                yield node
        # Comments are of another type.
        elif type(node) is NavigableString and id(node) not in said:
            yield node
