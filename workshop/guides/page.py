"""The HTML page around the cells of a guide: head, navigation, contents, clean headings."""

import base64
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import nbformat
from bs4 import BeautifulSoup

from workshop import html
from workshop.errors import WorkshopError
from workshop.player import look


@dataclass(frozen=True)
class Guide:
    """One written page.

    Attributes:
        path: its file.
        title: its heading.
        summary: its first paragraph as text.
        undescribed: how many of its pictures have no alternative text.
    """

    path: Path
    title: str
    summary: str
    undescribed: int = 0


@dataclass(frozen=True)
class Neighbours:
    """The pages before and after, as (file name, title); None at the ends of the series."""

    before: tuple[str, str] | None = None
    after: tuple[str, str] | None = None


def make_page(
    cells: str, path: Path, neighbours: Neighbours, *, style: str, pictures: Path
) -> tuple[str, Guide]:
    """The whole page, and what the index needs to know about it.

    Args:
        cells: the rendered cells.
        path: where the page will be written.
        neighbours: the pages before and after.
        style: the style sheet.
        pictures: the folder that the addresses of pictures are relative to.
    """
    soup = BeautifulSoup(cells, features="html.parser")
    # pandas brings a style for each table, which would win over ours.
    for element in soup.find_all(["script", "style"]):
        if element.name == "script" or element.has_attr("scoped"):
            element.decompose()
    _embedded_pictures(soup, pictures)
    _one_main_heading(soup, path.stem)
    contents = _anchored_headings(soup)
    _links_to_pages(soup)
    # On a narrow screen a table scrolls by itself; an output does so anyway.
    for table in soup.select(".prose table"):
        table.wrap(soup.new_tag("div", attrs={"class": "wide"}))
    undescribed = _described_pictures(soup)
    heading = soup.find("h1")
    paragraph = heading.find_next("p") if heading else None
    guide = Guide(path, _text(heading), _text(paragraph), undescribed)
    has_player = soup.select_one("[data-player-facts]") is not None
    page = html.rendered(
        "guide.html.j2",
        style=html.Markup(style + (look.style() if has_player else "")),
        # Once, however many runs are replayed on the page.
        script=html.Markup(look.script()) if has_player else "",
        script_hash=html.Markup(look.script_hash()),
        guide=guide,
        contents=[(f"#{quote(anchor)}", text) for anchor, text in contents],
        cells=html.Markup(soup),
        neighbours=[
            (relation, quote(other[0]), other[1])
            for relation, other in (("Previous", neighbours.before), ("Next", neighbours.after))
            if other
        ],
    )
    return page, guide


def title_of(notebook: Path) -> str:
    """The heading that a notebook begins with; its file name when it has none."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        heading = re.match(r"#\s+(.+)", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            return heading.group(1).strip()
    return notebook.stem.replace("-", " ")


def _one_main_heading(soup: BeautifulSoup, name: str) -> None:
    """Exactly one h1, the first; others step down, a missing one becomes the notebook's name."""
    headings = soup.find_all("h1")
    for heading in headings[1:]:
        heading.name = "h2"
    if not headings:
        heading = soup.new_tag("h1")
        heading.string = name.replace("-", " ")
        soup.insert(0, heading)


def _anchored_headings(soup: BeautifulSoup) -> list[tuple[str, str]]:
    """Give headings unique ids; returns (id, text) of the sections.

    The ids are those of JupyterLab, so that a link to a heading of another notebook works in both.
    """
    taken: set[str] = {"content"}
    contents = []
    for heading in soup.find_all(["h1", "h2", "h3", "h4"]):
        base = re.sub(r"\s+", "-", _text(heading)) or "section"
        anchor, number = base, 2
        while anchor in taken:
            anchor, number = f"{base}-{number}", number + 1
        taken.add(anchor)
        heading["id"] = anchor
        if heading.name == "h2":
            contents.append((anchor, _text(heading)))
    return contents


def _embedded_pictures(soup: BeautifulSoup, folder: Path) -> None:
    """Put pictures that lie beside the notebook into the page.

    nbconvert's own way (`embed_images`) tears a `<details>` with several paragraphs apart.
    """
    for picture in soup.find_all("img", src=re.compile(r"^(?!data:)")):
        source = str(picture["src"])
        file = folder / unquote(source)
        if not file.is_file():
            raise WorkshopError(
                f"The picture {source} is not beside the notebook.",
                "A guide holds its pictures: use a path relative to the notebook, not an address.",
            )
        mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        data = base64.b64encode(file.read_bytes()).decode("ascii")
        picture["src"] = f"data:{mimetype};base64,{data}"


def _links_to_pages(soup: BeautifulSoup) -> None:
    """A link from notebook to notebook becomes one from page to page."""
    for link in soup.find_all("a", href=re.compile(r"^[^:]+\.ipynb(#.*)?$")):
        link["href"] = re.sub(r"\.ipynb(?=#|$)", ".html", str(link["href"]))


def _described_pictures(soup: BeautifulSoup) -> int:
    """Count pictures without a description; they are announced as such, not skipped."""
    missing = soup.find_all("img", alt=lambda alt: not alt or alt.startswith("No description"))
    for picture in missing:
        picture["alt"] = "Picture without a description"
    return len(missing)


def _text(element: Any) -> str:
    return " ".join(element.get_text().split()) if element is not None else ""
