"""The HTML page around the cells of a guide: head, navigation, contents, clean headings."""

import base64
import mimetypes
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from bs4 import BeautifulSoup, Tag

from workshop import html
from workshop.errors import WorkshopError
from workshop.guides import scripts
from workshop.guides.answers import repeat_answers_at_the_end
from workshop.guides.code_lines import let_lines_break
from workshop.guides.guide import (
    Guide,
    Neighbours,
    line_of,
    minutes_of,
    numbered,
    objectives_of,
)
from workshop.guides.tables import (
    let_tables_scroll,
    stack_wide_tables,
    without_empty_heads,
    without_pandas,
)
from workshop.guides.terms import GLOSSARY, Glossary, add_terms
from workshop.guides.unplayed import say_once_on_paper
from workshop.guides.voice import say_what_it_is, speak_in_results, without_own_columns
from workshop.masking.pictures import without_notes
from workshop.player import look
from workshop.target.target import PROJECT

# The pages on which a picture's drawing of the folder `narrow` is shown, if it has one.
NARROW_PAGE = "screen and (max-width: 60rem)"

# A drawing has no other one in it.
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_SHEET = re.compile(r"<(?:style|script)\b")
_KEPT = re.compile(r'<svg data-drawing="([0-9]+)"></svg>')


def make_page(
    cells: str,
    path: Path,
    neighbours: Neighbours,
    *,
    style: str,
    pictures: Path,
    glossary: Glossary,
    footer: str = "",
) -> tuple[str, Guide]:
    """The whole page, and what the index needs to know about it.

    Args:
        cells: the rendered cells.
        path: where the page will be written.
        neighbours: the pages before and after.
        style: the style sheet.
        pictures: the folder that the addresses of pictures are relative to.
        glossary: the words that are told at the end, where the page uses them.
        footer: with what the page was made, and where its cells ran.
    """
    drawings: list[str] = []
    soup = BeautifulSoup(_without_drawings(cells, drawings), features="html.parser")
    # pandas brings a style for each table, which would win over ours; a figure one for notebooks.
    for element in soup.find_all(["script", "style"]):
        is_ours = element.has_attr("scoped") or element.find_parent("figure")
        if element.name == "script" or is_ours:
            element.decompose()
    # Without scripts nobody asks; as somebody ran it in JupyterLab it is folded.
    for told in soup.select("details.whole-picture"):
        told["open"] = ""
    _embedded_pictures(soup, pictures)
    _one_main_heading(soup, path.stem)
    contents = _anchored_headings(soup)
    if path.stem != GLOSSARY:
        add_terms(soup, glossary)
    _links_to_pages(soup)
    without_own_columns(soup)
    speak_in_results(soup)
    say_once_on_paper(soup)
    without_pandas(soup)
    without_empty_heads(soup)
    stack_wide_tables(soup)
    let_tables_scroll(soup)
    let_lines_break(soup)
    undescribed = _described_pictures(soup)
    # When all is as a screen shows it.
    repeat_answers_at_the_end(soup, drawings)
    heading = soup.find("h1")
    if isinstance(heading, Tag):
        title = line_of(heading)
        heading.insert(0, numbered(path.stem, title).removesuffix(title))
    paragraph = heading.find_next("p") if heading else None
    guide = Guide(
        path,
        line_of(heading),
        line_of(paragraph),
        undescribed,
        minutes_of(soup),
        objectives_of(soup),
    )
    say_what_it_is(soup, footer)
    has_player = soup.select_one("[data-player-facts]") is not None
    page = html.rendered(
        "guide.html.j2",
        style=html.Markup(style + (look.style() if has_player else "")),
        # Once, however many runs are replayed on the page.
        scripts=scripts.of_page(has_player=has_player),
        guide=guide,
        contents=[(f"#{quote(anchor)}", text) for anchor, text in contents],
        cells=html.Markup(_KEPT.sub(lambda place: drawings[int(place[1])], str(soup))),
        footer=footer,
        neighbours=neighbours.links,
    )
    return page, guide


def _without_drawings(cells: str, drawings: list[str]) -> str:
    """The cells with an empty place for each drawing, so that nobody has to take it to pieces.

    Args:
        cells: as they were rendered.
        drawings: gets those that were taken out; one with a style sheet of its own stays.
    """

    def place(drawing: re.Match[str]) -> str:
        if _SHEET.search(drawing[0]):
            return drawing[0]
        drawings.append(drawing[0])
        return f'<svg data-drawing="{len(drawings) - 1}"></svg>'

    return _DRAWING.sub(place, cells)


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
        base = re.sub(r"\s+", "-", line_of(heading)) or "section"
        anchor, number = base, 2
        while anchor in taken:
            anchor, number = f"{base}-{number}", number + 1
        taken.add(anchor)
        heading["id"] = anchor
        if heading.name == "h2":
            contents.append((anchor, line_of(heading)))
        if heading.name != "h1" and not heading.find("a"):
            _as_link_to_itself(soup, heading, anchor)
    return contents


def _as_link_to_itself(soup: BeautifulSoup, heading: Any, anchor: str) -> None:
    link = soup.new_tag("a", attrs={"class": "here", "href": f"#{quote(anchor)}"})
    link.extend(list(heading.contents))
    heading.append(link)


def _embedded_pictures(soup: BeautifulSoup, folder: Path) -> None:
    """Put pictures that lie beside the notebook into the page.

    nbconvert's own way (`embed_images`) tears a `<details>` with several paragraphs apart.
    """
    for picture in soup.find_all("img", src=re.compile(r"^(?!data:)")):
        source = str(picture["src"])
        # A lesson that somebody ran elsewhere has the series' own pictures.
        places = [one / unquote(source) for one in (folder, PROJECT / "notebooks")]
        file = next((one for one in places if one.is_file()), None)
        if file is None:
            raise WorkshopError(
                f"The picture {source} is not beside the notebook.",
                "A guide holds its pictures: use a path relative to the notebook, not an address.",
            )
        picture["src"] = _address(file)
        narrow = file.parent / "narrow" / file.name
        if narrow.is_file():
            choice = {"media": NARROW_PAGE, "srcset": _address(narrow)}
            picture.wrap(soup.new_tag("picture")).insert(0, soup.new_tag("source", attrs=choice))


def _address(file: Path) -> str:
    """A file as an address that holds all of it."""
    mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    data = base64.b64encode(without_notes(file.read_bytes())).decode("ascii")
    return f"data:{mimetype};base64,{data}"


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
