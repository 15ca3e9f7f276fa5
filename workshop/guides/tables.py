"""Tables that are too wide for a phone: there each row is a card, with its columns' names.

The style sheet does it; here it is decided for which tables, and each cell learns what its column
is called, since the head of the table is above the first card only.
"""

from bs4 import BeautifulSoup, Tag

# Letters that a phone of 360 px shows side by side, and what a cell has around them.
_ROOM, _AROUND = 40, 2
# A text of more letters is broken into lines.
_LINE = 14


def stack_wide_tables(soup: BeautifulSoup) -> None:
    """Mark the tables that a phone would have to scroll, and name their cells."""
    for table in soup.find_all("table"):
        rows = [list(row.find_all(["th", "td"], recursive=False)) for row in table.find_all("tr")]
        if not rows or _width(rows) <= _ROOM:
            continue
        classes = [name for name in table.get_attribute_list("class") if name]
        table["class"] = " ".join([*classes, "stacks"])
        names = [_text(cell) for cell in rows[0]] if table.find("thead") else []
        for cells in rows[1:] if names else rows:
            for name, cell in zip(names, cells, strict=False):
                if name:
                    cell["data-name"] = name


def _width(rows: list[list[Tag]]) -> int:
    """How many letters its lines need, when long texts are broken between words."""
    columns = max(len(cells) for cells in rows)
    return sum(
        _AROUND + max((_least(_text(cells[n])) for cells in rows if n < len(cells)), default=0)
        for n in range(columns)
    )


def _least(text: str) -> int:
    longest_word = max(map(len, text.split()), default=0)
    return max(longest_word, min(len(text), _LINE))


def _text(cell: Tag) -> str:
    return " ".join(cell.get_text(" ").split())
