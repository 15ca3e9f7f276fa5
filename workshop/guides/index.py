"""The page that lists the guides."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from workshop import html
from workshop.guides import scripts, search
from workshop.guides.guide import Guide

TITLE = "How AWS Lambda handles failure"
SUMMARY = (
    "Each guide is a notebook of the workshop as it ran: what was sent, what AWS did with it, "
    "attempt by attempt, and where every message ended."
)


def write_index(guides: Sequence[Guide], out: Path, style: str) -> Path:
    """Write `out`/index.html; returns its path."""
    page = html.rendered(
        "index.html.j2",
        style=html.Markup(style),
        title=TITLE,
        summary=SUMMARY,
        guides=[(quote(guide.path.name), guide) for guide in guides],
        sections=search.sections_as_json([guide.path for guide in guides]),
        scripts=scripts.of_index(),
    )
    path = out / "index.html"
    path.write_text(page, encoding="utf-8")
    return path
