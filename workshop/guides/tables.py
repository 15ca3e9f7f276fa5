"""Tables for readers: without what only pandas says, and as cards where a phone has no room.

Of a table that is too wide for a phone each row is a card there, with its columns' names. The style
sheet does it; here it is decided for which tables, and each cell learns what its column is called,
since the head of the table is above the first card only.
"""

import re
from copy import copy

from bs4 import BeautifulSoup, Tag

# Letters that a phone of 360 px shows side by side, and what a cell has around them.
_ROOM, _AROUND = 40, 2
# The same of letters that no line can break, and pixels that it has for a table.
_UNBROKEN, _ROOM_PX = 34, 290
# With wide letters a table scrolls where it has fewer.
_SCROLLS = 0.7
# Letters that a sheet of paper shows side by side, in the letters that tables have there.
_PAPER = 125
# A text of more letters is broken into lines.
_LINE = 14
_LEAST_PX = re.compile(r"min-width:\s*([0-9]+)px")
# How pandas writes that there is nothing.
_NOTHING = ("NaN", "NaT", "<NA>", "None")


def without_pandas(soup: BeautifulSoup) -> None:
    """What is missing is a dash, rows without a name have no number, and there is one row of heads.

    pandas writes what the rows are called into a second row, and above it what the columns are.
    """
    for table in soup.select("table.dataframe"):
        _one_head(table)
        for cell in table.find_all("td"):
            if _text(cell) in _NOTHING:
                cell.string = "-"
        rows = [row.find_all("th", recursive=False) for row in table.select("tbody > tr")]
        heads = table.select("thead > tr")
        if len(heads) != 1 or not rows or any(len(names) != 1 for names in rows):
            continue
        corner = heads[0].find(["th", "td"])
        if corner and not _text(corner) and all(_text(name).isdigit() for [name] in rows):
            for cell in (corner, *(name for [name] in rows)):
                cell.decompose()


def without_empty_heads(soup: BeautifulSoup) -> None:
    """A head that says nothing is none: a screen reader would announce it."""
    for cell in soup.find_all("th"):
        if not _text(cell):
            cell.name = "td"


def _one_head(table: Tag) -> None:
    rows = table.select("thead > tr")
    heads = [row.find_all(["th", "td"], recursive=False) for row in rows]
    if len(heads) != 2 or len(heads[0]) != len(heads[1]):
        return
    named = [bool(_text(cell)) for cell in heads[1]]
    names = named.index(False) if False in named else 0
    if names and not any(named[names:]):
        for above, below in zip(heads[0][:names], heads[1], strict=False):
            above.string = _text(below)
        rows[1].decompose()


def stack_wide_tables(soup: BeautifulSoup) -> None:
    """Mark the tables that a phone would have to scroll, and name their cells."""
    for table in soup.find_all("table"):
        rows = [list(row.find_all(["th", "td"], recursive=False)) for row in table.find_all("tr")]
        width = _width(rows) if rows else 0
        if width <= _ROOM and _unbroken(rows) <= _UNBROKEN and _least_px(table) <= _ROOM_PX:
            continue
        classes = [name for name in table.get_attribute_list("class") if name]
        # Words are broken only where the paper would else cut columns off.
        names_of_width = ["stacks", *(["beyond-paper"] if width > _PAPER else [])]
        table["class"] = " ".join([*classes, *names_of_width])
        _repeat_spanning(rows)
        rows = [list(row.find_all(["th", "td"], recursive=False)) for row in table.find_all("tr")]
        names = [_text(cell) for cell in rows[0]] if table.find("thead") else []
        for cells in rows[1:] if names else rows:
            for name, cell in zip(names, cells, strict=False):
                if name:
                    cell["data-name"] = name


def _repeat_spanning(rows: list[list[Tag]]) -> None:
    """A cell that stands for several rows is in each of their cards; only there it is seen."""
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            if "again" in cell.get_attribute_list("class"):
                continue
            for later in rows[number + 1 : number + int(str(cell.get("rowspan", "1")))]:
                again = copy(cell)
                again.attrs = {"class": "again"}
                if place < len(later):
                    later[place].insert_before(again)
                else:
                    later[-1].insert_after(again)
                later.insert(place, again)


def let_tables_scroll(soup: BeautifulSoup) -> None:
    """On a page that is not narrow a table scrolls by itself, by the keyboard too if it is wide."""
    for table in soup.select(".prose table, table.dataframe"):
        frame = soup.new_tag("div", attrs={"class": "wide"})
        rows = [list(row.find_all(["th", "td"], recursive=False)) for row in table.find_all("tr")]
        if rows and _width(rows) > _SCROLLS * _ROOM:
            frame.attrs |= {"tabindex": "0", "role": "group", "aria-label": "Table"}
        table.wrap(frame)


def _width(rows: list[list[Tag]]) -> int:
    """How many letters its lines need, when long texts are broken between words."""
    columns = max(len(cells) for cells in rows)
    return sum(
        _AROUND + max((_least(_text(cells[n])) for cells in rows if n < len(cells)), default=0)
        for n in range(columns)
    )


def _unbroken(rows: list[list[Tag]]) -> int:
    """How many letters its longest words need."""
    columns = max((len(cells) for cells in rows), default=0)
    return sum(
        _AROUND
        + max((_longest_word(_text(cells[n])) for cells in rows if n < len(cells)), default=0)
        for n in range(columns)
    )


def _least_px(table: Tag) -> int:
    """How wide it says that it is at least."""
    said = _LEAST_PX.search(str(table.get("style", "")))
    return int(said[1]) if said else 0


def _least(text: str) -> int:
    return max(_longest_word(text), min(len(text), _LINE))


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _text(cell: Tag) -> str:
    return " ".join(cell.get_text(" ").split())
