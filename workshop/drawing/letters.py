"""How wide a text is, in the font that it is drawn with. Pure.

The font comes with matplotlib. A browser that lacks it takes another: the SVG tells it the width
that was measured here, so that what fits fits everywhere.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font

# In units of the font's size, of letters that the font lacks: emoji and East Asian ones are wide.
_WIDE, _NARROW = 1.3, 0.65
_MEASURED_AT_PT = 100
_ELLIPSIS = "…"


def width_pt(text: str, size_pt: float, *, is_bold: bool = False) -> float:
    """How wide one line is, in points."""
    return size_pt * sum(_advance(letter, is_bold) for letter in text)


def fitted(
    text: str,
    room_pt: float,
    size_pt: float,
    most_lines: int,
    *,
    is_bold: bool = False,
    has_whole_words: bool = False,
) -> str:
    """The text broken into lines that fit, shortened with an ellipsis; "" when nothing fits.

    Args:
        text: what is to be written.
        room_pt: how wide a line may be.
        size_pt: of the letters.
        most_lines: how many lines there may be.
        is_bold: of the letters.
        has_whole_words: a word that is wider than a line ends the text; else it is cut.
    """

    def fits(line: str) -> bool:
        return width_pt(line, size_pt, is_bold=is_bold) <= room_pt

    lines: list[str] = []
    # Words, and whether a space goes before: ids that fill more than a line have breaks in them.
    rest = [
        (part, n == 0)
        for word in text.split(" ")
        for n, part in enumerate([word] if fits(word) else re.findall(r"[^-]*-+|[^-]+", word))
    ]
    while rest and len(lines) < most_lines:
        line, _ = rest.pop(0)
        if fits(line):
            while rest and fits(line + " " * rest[0][1] + rest[0][0]):
                part, has_space = rest.pop(0)
                line += " " * has_space + part
        elif has_whole_words:
            rest.insert(0, (line, True))
            break
        else:
            head = _begin(line, fits)
            if not head:
                return ""
            rest.insert(0, (line[len(head) :], False))
            line = head
        lines.append(line)
    if rest and lines:
        last = lines[-1]
        while last and not fits(last.rstrip() + _ELLIPSIS):
            last = last[:-1]
        lines[-1] = last.rstrip() + _ELLIPSIS
    return "" if lines == [_ELLIPSIS] else "\n".join(lines)


def fitted_name(name: str, room_pt: float, size_pt: float, most_lines: int) -> str:
    """A name of a program, e.g. of an error, broken before its capital letters and nowhere else.

    Where a word of it has no room the words before it are shown with an ellipsis: the rest of a
    word on a line of its own would be read as another word.
    """
    lines: list[str] = []
    for part in re.split(r"(?<=[a-z0-9])(?=[A-Z])|(?<=_)", name.rpartition(".")[2]):
        if lines and width_pt(lines[-1] + part, size_pt) <= room_pt:
            lines[-1] += part
        else:
            lines.append(part)
    fit = 0
    while fit < min(len(lines), most_lines) and width_pt(lines[fit], size_pt) <= room_pt:
        fit += 1
    if fit == len(lines):
        return "\n".join(lines)
    while fit and width_pt(lines[fit - 1] + _ELLIPSIS, size_pt) > room_pt:
        fit -= 1
    return (
        "\n".join(lines[:fit]) + _ELLIPSIS if fit else fitted("".join(lines), room_pt, size_pt, 1)
    )


def _begin(word: str, fits: Callable[[str], bool]) -> str:
    """As much of a word as fits; of a few letters nothing, as they would say nothing."""
    length = len(word)
    while length and not fits(word[:length]):
        length -= 1
    # Not within an emoji that consists of several signs.
    while length and (_is_joined(word[length]) or _is_joined(word[length - 1])):
        length -= 1
    return word[:length] if length >= 3 else ""


def _is_joined(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Me", "Cf")


@cache
def _advance(letter: str, is_bold: bool) -> float:
    font = _font("DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf")
    if font.get_char_index(ord(letter)):
        return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536 / _MEASURED_AT_PT
    if _is_joined(letter):
        return 0.0
    is_wide = unicodedata.east_asian_width(letter) in "WF" or unicodedata.category(letter) == "So"
    return _WIDE if is_wide else _NARROW


@cache
def _font(name: str) -> FT2Font:
    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts/ttf" / name))
    font.set_size(_MEASURED_AT_PT, 72)
    return font
