"""The player's module and style sheet, as they are put into a page or a widget."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from workshop import palette

_HERE = Path(__file__).resolve().parent
# Whoever imports another one comes after it.
_FILES = (
    *("steps", "clock", "seen"),
    *("elements", "picture", "lanes", "evidence"),
    *("controls", "telling", "asking", "sight", "player", "where"),
)
_IMPORT = re.compile(r'^import .* from "\.[\w./]*/\w+\.js";\n', re.MULTILINE)
# What the style sheet calls the colours of the palette.
_COLOURS = {
    "ink": palette.INK,
    "soft": palette.SOFT_INK,
    "line": palette.LINE,
    "shade": palette.SHADE,
    "paper": palette.PAPER,
    "accent-mark": palette.BLUE,
    "failed": palette.VERMILLION,
    "failed-mark": palette.VERMILLION_MARK,
    "good": palette.GREEN,
    "good-mark": palette.GREEN_MARK,
    "timeout": palette.YELLOW,
    "crash": palette.PURPLE,
    "shared": palette.PEACH,
    "success": palette.SKY,
    "on-dark": palette.ON_DARK,
    "on-bright": palette.ON_BRIGHT,
}


@cache
def module() -> str:
    """All of `js/` as one ES module, which imports nothing."""
    return joined(_HERE / "js", _FILES)


def joined(folder: Path, names: Iterable[str]) -> str:
    """Modules of a folder, one after the other, without what they import of each other."""
    texts = ((folder / f"{name}.js").read_text(encoding="utf-8") for name in names)
    return "\n".join(_IMPORT.sub("", text) for text in texts)


@cache
def style() -> str:
    """The style sheet: neutral colours are those of the page, light or dark."""
    named = [f"--pl-{name}: {palette.of_page(colour)};" for name, colour in _COLOURS.items()]
    named.append(f"--pl-accent: {palette.accent_of_page()};")
    sheet = (_HERE / "player.css").read_text(encoding="utf-8")
    return f".workshop-player {{ {' '.join(named)} }}\n{sheet}"


@cache
def script() -> str:
    """The module as a page runs it: every player of the page begins."""
    return f"{module()}\nplayAll(document);\n"


@cache
def script_hash() -> str:
    """By which a page's policy allows that script and no other."""
    return hash_of(script())


def hash_of(text: str) -> str:
    """How a Content-Security-Policy names an inline script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
