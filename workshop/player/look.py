"""The player's module and style sheet, as they are put into a page or a widget."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from workshop import palette

_HERE = Path(__file__).resolve().parent
_IMPORT = re.compile(r'^import .* from "(\.[\w./]*/\w+\.js)";\n', re.MULTILINE)
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
    return joined(_HERE / "js", "where")


def joined(folder: Path, *names: str) -> str:
    """Modules of a folder as one text, which imports nothing.

    Each comes after those of the folder that it imports; what it imports from elsewhere stands
    before the whole text.
    """
    texts: dict[Path, str] = {}

    def add(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for imported in _IMPORT.findall(text):
            found = (folder / imported).resolve()
            if found.parent == folder and found not in texts:
                add(found)
        texts[path] = _IMPORT.sub("", text)

    for name in names:
        add(folder / f"{name}.js")
    return "\n".join(texts.values())


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
