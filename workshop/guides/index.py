"""The page that lists the guides."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from workshop.guides.page import PAGE, POLICY, Guide

TITLE = "How AWS Lambda handles failure"
SUMMARY = (
    "Each guide is a notebook of the workshop as it ran: what was sent, what AWS did with it, "
    "attempt by attempt, and where every message ended."
)


def write_index(guides: Sequence[Guide], out: Path, style: str) -> Path:
    """Write `out`/index.html; returns its path."""
    entries = "".join(_entry(guide) for guide in guides)
    content = f"<h1>{TITLE}</h1><p>{SUMMARY}</p><ol class='guides'>{entries}</ol>"
    page = PAGE.substitute(
        policy=POLICY,
        title=TITLE,
        summary=SUMMARY,
        style=style,
        top="",
        content=f'<div class="prose">{content}</div>',
        bottom="",
    )
    path = out / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


def _entry(guide: Guide) -> str:
    link = f'<a href="{quote(guide.path.name)}">{escape(guide.title)}</a>'
    return f"<li>{link}<p>{escape(guide.summary)}</p></li>"
