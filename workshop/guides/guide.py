"""What a page is to the others: its title, what it is about, the pages before and after it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from bs4 import BeautifulSoup

_HEAD_LENGTH = 4000
_CAN = re.compile(r"^After this notebook you can")


@dataclass(frozen=True)
class Guide:
    """One written page.

    Attributes:
        path: its file.
        title: its heading.
        summary: its first paragraph as text.
        undescribed: how many of its pictures have no alternative text.
        minutes: how long the notebook takes, as it says itself.
        objectives: what one can do after it.
    """

    path: Path
    title: str
    summary: str
    undescribed: int = 0
    minutes: int | None = None
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Neighbours:
    """The pages before and after, as (file name, title); None at the ends of the series.

    Where `is_after_skip` or `is_before_skip` others of the series lie between, which are not there.
    """

    before: tuple[str, str] | None = None
    after: tuple[str, str] | None = None
    is_before_skip: bool = False
    is_after_skip: bool = False

    @property
    def links(self) -> list[tuple[str, str, str, str]]:
        """What each is to the page, how that is said, its address, its title."""
        pairs = (
            ("Previous", self.before, self.is_before_skip),
            ("Next", self.after, self.is_after_skip),
        )
        return [
            (relation, f"{relation}{' in this set' * is_skip}", quote(other[0]), other[1])
            for relation, other, is_skip in pairs
            if other
        ]


def head_of(path: Path) -> str:
    """Where a page says what it is: before its style sheet."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_HEAD_LENGTH)


def guide_of(path: Path) -> Guide:
    """What the head of a page that was written says of it."""
    soup = BeautifulSoup(head_of(path), features="html.parser")
    said: dict[str, list[str]] = {}
    for meta in soup.find_all("meta", attrs={"name": True}):
        said.setdefault(str(meta["name"]), []).append(str(meta["content"]))
    minutes = said.get("minutes", [""])[0]
    return Guide(
        path,
        numbered(path.stem, line_of(soup.title)),
        said.get("description", [""])[0],
        minutes=int(minutes) if minutes else None,
        objectives=tuple(said.get("objective", ())),
    )


def title_of(notebook: Path) -> str:
    """The heading that a notebook begins with; its file name when it has none."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        heading = re.match(r"#\s+(.+)", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            return numbered(notebook.stem, heading.group(1).strip())
    return notebook.stem.replace("-", " ")


def numbered(name: str, title: str) -> str:
    """A title behind the number of its notebook, by which all texts call it."""
    number = re.match(r"\d\d(?=-)", name)
    return f"{number[0]} · {title}" if number and not title.startswith(number[0]) else title


def minutes_of(soup: BeautifulSoup) -> int | None:
    """How long a notebook takes, as its cells say."""
    found = soup.find(string="Time:")
    told = re.search(r"about (\d+) minutes", line_of(found.find_parent("p"))) if found else None
    return int(told[1]) if told else None


def objectives_of(soup: BeautifulSoup) -> tuple[str, ...]:
    """The list after "After this notebook you can"."""
    found = soup.find(string=_CAN)
    listed = found.find_next("ul") if found else None
    return tuple(line_of(one).rstrip(";.") for one in listed.find_all("li")) if listed else ()


def line_of(element: Any) -> str:
    """What an element says, in one line; "" of none."""
    return " ".join(element.get_text().split()) if element is not None else ""
