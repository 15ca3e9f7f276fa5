"""The stage's pages, their style sheet and their script."""

from functools import cache
from pathlib import Path

from workshop import html, palette
from workshop.player import look

_HERE = Path(__file__).resolve().parent


@cache
def stage() -> str:
    """What the audience sees."""
    return str(html.rendered("stage.html.j2"))


@cache
def presenter() -> str:
    """What the presenter alone sees."""
    return str(html.rendered("presenter.html.j2"))


def door(address: str) -> str:
    """A page that leads to another one."""
    return str(html.rendered("door.html.j2", address=address))


@cache
def script() -> str:
    """The player's modules, then the stage's own."""
    return f"{look.module()}\n{look.joined(_HERE / 'js', 'screen')}"


@cache
def style() -> str:
    """Light and dark, as the system has it."""
    schemes = [
        " ".join(f"--{name}: {pair[number]};" for name, pair in palette.PAGE.items())
        for number in (0, 1)
    ]
    light, dark = (f":root {{ {names} }}" for names in schemes)
    sheet = (_HERE / "stage.css").read_text(encoding="utf-8")
    scheme = f"@media (prefers-color-scheme: dark) {{ {dark} }}"
    return f"{light}\n{scheme}\n{look.style()}\n{sheet}"
