"""The whole series in one file: each page is a chapter, and links lead from chapter to chapter."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from bs4 import BeautifulSoup, Tag

from workshop import html
from workshop.guides import scripts
from workshop.guides.guide import Guide
from workshop.guides.index import SUMMARY, TITLE
from workshop.guides.set_of_pages import SINGLE as SINGLE
from workshop.player import look

_PAGE = re.compile(r"^([^:/#?]+)\.html(?:#(.*))?$")
# Attributes that name ids of the same page, and how an id stands in them.
_NAMED = ("for", "aria-labelledby", "aria-describedby", "aria-controls")


def write_single(guides: Sequence[Guide], draft: Path, out: Path, style: str) -> Path:
    """Write all pages as chapters of one; returns its path.

    Args:
        guides: the pages, in order.
        draft: where they are, those that were not made anew being in `out`.
        out: see `draft`.
        style: the style sheet.
    """
    chapters = {guide.path.stem for guide in guides}
    told = []
    for guide in guides:
        name = guide.path.name
        file = draft / name if (draft / name).exists() else out / name
        page = BeautifulSoup(file.read_text(encoding="utf-8"), features="html.parser")
        content = page.find(id="content")
        assert isinstance(content, Tag)
        _as_chapter(content, guide.path.stem, chapters)
        told.append((guide, html.Markup(content.decode_contents())))
    has_player = any("data-player-facts" in cells for _, cells in told)
    page_of_all = html.rendered(
        "single.html.j2",
        style=html.Markup(style + (look.style() if has_player else "")),
        # Once, for the players of all chapters.
        scripts=scripts.of_page(has_player=has_player),
        title=TITLE,
        summary=SUMMARY,
        chapters=told,
    )
    path = draft / SINGLE
    path.write_text(page_of_all, encoding="utf-8")
    return path


def _as_chapter(content: Tag, name: str, chapters: set[str]) -> None:
    """Ids get the chapter's name before them, headings step down, links lead within the file."""
    own = {str(one["id"]) for one in content.find_all(id=True)}
    for one in content.find_all(True):
        if one.name in ("h1", "h2", "h3", "h4", "h5"):
            one.name = f"h{int(one.name[1]) + 1}"
        if "id" in one.attrs:
            one["id"] = f"{name}--{one['id']}"
        for attribute, value in one.attrs.items():
            one.attrs[attribute] = _leading(attribute, value, name, own, chapters)


def _leading(attribute: str, value: Any, name: str, own: set[str], chapters: set[str]) -> Any:
    if not isinstance(value, str):
        return value
    if attribute in ("href", "data-page") and (page := _PAGE.match(value)):
        chapter, anchor = unquote(page[1]), page[2]
        if chapter not in chapters:
            return "#content" if chapter == "index" else value
        return f"#{quote(chapter)}--{anchor}" if anchor else f"#{quote(chapter)}"
    if attribute in ("href", "xlink:href") and unquote(value[1:]) in own and value[0] == "#":
        return f"#{quote(name)}--{value[1:]}"
    if attribute in _NAMED:
        return " ".join(f"{name}--{one}" if one in own else one for one in value.split())
    return re.sub(
        r"url\(#([^)]+)\)",
        lambda url: f"url(#{name}--{url[1]})" if url[1] in own else url[0],
        value,
    )
