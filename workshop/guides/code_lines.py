"""Code on a narrow page: a line goes on further in, and ends between two names."""

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

# Behind these a line may end, where a page is too narrow for it.
_BEFORE_A_BREAK = (".", "=", "(", "[", "{", ",")


def let_lines_break(soup: BeautifulSoup) -> None:
    """Make a block of each line of code, and let it end behind signs; its text stays the same.

    So the style sheet can indent what a line goes on with. A colour never spans lines: Pygments
    ends it with the line.
    """
    for code in soup.select(".highlight > pre"):
        line = _line(soup)
        lines = [line]
        for part in list(code.children):
            for piece in _pieces(part):
                line.append(piece)
                if piece.get_text().endswith("\n"):
                    line = _line(soup)
                    lines.append(line)
                elif isinstance(piece, Tag) and piece.get_text().endswith(_BEFORE_A_BREAK):
                    line.append(soup.new_tag("wbr"))
        code.clear()
        code.extend(one for one in lines if one.contents)
        for one in lines:
            text = one.get_text()
            if deep := len(text) - len(text.lstrip(" ")):
                one["style"] = f"--deep:{deep}ch"


def _line(soup: BeautifulSoup) -> Tag:
    return soup.new_tag("span", attrs={"class": "line"})


def _pieces(part: object) -> list[Tag | NavigableString]:
    """A part of code; where it is a text without a colour, each of its lines."""
    if isinstance(part, NavigableString):
        return [NavigableString(one) for one in part.splitlines(keepends=True)]
    return [part] if isinstance(part, Tag) else []
