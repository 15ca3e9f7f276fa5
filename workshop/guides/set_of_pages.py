"""The pages that are handed out together: their index, their links, and an archive of them."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from workshop import html
from workshop.guides.guide import Guide, Neighbours, guide_of, head_of
from workshop.guides.index import write_index
from workshop.guides.links import linked

INDEX = "index.html"
_SERIES = re.compile(r'<nav\b[^>]*"series".*?<.nav>\n?', re.DOTALL)
ARCHIVE = "guides.zip"
# All pages in one file; none of them.
SINGLE = "all-guides.html"
_OURS = 'name="generator" content="Lambda failure workshop"'
# The earliest moment that a ZIP archive can tell: the same pages make the same archive.
_SOME_TIME = (1980, 1, 1, 0, 0, 0)


def complete(draft: Path, out: Path, order: Sequence[str], style: str) -> list[Guide]:
    """Write the index of what will be there, and let links lead to it.

    Args:
        draft: the pages that were made; the index, and pages of `out` whose links change, are
            written there too.
        out: where they go; pages that are there and were not made anew stay.
        order: names of notebooks in their order; others come after them.
        style: the style sheet.

    Returns:
        All pages, in order.
    """
    there = {path.name: path for path in out.glob("*.html") if _is_ours(path)}
    there |= {path.name: path for path in draft.glob("*.html")}
    for name in (INDEX, SINGLE):
        there.pop(name, None)
    places = {f"{name}.html": place for place, name in enumerate(order)}
    names = sorted(there, key=lambda name: (places.get(name, len(places)), name))
    present = {INDEX, *names}
    # Those of the series that are there, whatever lies between them.
    row = [name for name in names if name in places]
    for name in names:
        page = there[name].read_text(encoding="utf-8")
        leading = linked(_between(page, name, row, there, places), present)
        if leading != page:
            (draft / name).write_text(leading, encoding="utf-8")
    guides = [guide_of(draft / name if (draft / name).exists() else there[name]) for name in names]
    write_index(guides, draft, style)
    return guides


def _between(
    page: str,
    name: str,
    row: Sequence[str],
    there: Mapping[str, Path],
    places: Mapping[str, int],
) -> str:
    """A page that leads to those of the series that are there, before it and after it."""
    if name not in row:
        return page
    ends = [None, *((one, guide_of(there[one]).title) for one in row), None]
    place = row.index(name)
    # The text of a page names the one that comes after it in the whole series.
    steps = [places[after] - places[before] for before, after in pairwise(row)]
    is_skip = [False, *(step > 1 for step in steps), False]
    links = Neighbours(
        ends[place],
        ends[place + 2],
        is_before_skip=is_skip[place],
        is_after_skip=is_skip[place + 1],
    ).links
    told = html.rendered("neighbours.html.j2", neighbours=links)
    return _SERIES.sub(lambda _: str(told), page, count=1)


def pack(draft: Path, out: Path, names: Sequence[str]) -> Path:
    """Write an archive of the index and these pages; in it they are in a folder."""
    path = draft / ARCHIVE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (INDEX, *names):
            file = draft / name if (draft / name).exists() else out / name
            entry = zipfile.ZipInfo(f"guides/{name}", _SOME_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, file.read_bytes())
    return path


def _is_ours(path: Path) -> bool:
    return _OURS in head_of(path)
