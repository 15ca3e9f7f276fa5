"""Every colour, once: of figures and diagrams, of what a cell shows, of the pages of a guide.

Okabe and Ito's colours stand for what happened, since people with colour blindness tell them apart;
a shape, a sign or a word always says the same. Most of them are too light for letters on white:
those marked TEXT are the same hues, dark enough to be read there. On a dark page it is the bright
ones that can be read.

No colour can be read on white *and* on a dark page (that would take a contrast of 4.5 to both),
and JupyterLab does not tell what it shows which of the two it is. So what a cell shows leaves its
letters in the page's own colour, and has these only in bars, which are seen on either (3 to 1).
"""

import re

BLUE, GREEN, VERMILLION, AMBER = "#0072B2", "#009E73", "#D55E00", "#E69F00"
SKY, YELLOW, PURPLE, PEACH = "#56B4E9", "#F0E442", "#CC79A7", "#F7CFA8"
# Marks with a number in them: the same hues, dark enough for light letters (4.5 to 1), and light
# enough to be seen on a dark page.
GREEN_MARK, VERMILLION_MARK = "#007F5C", "#BF5300"
# Letters on a mark keep their colour in a dark page, where ink and paper change places.
ON_DARK, ON_BRIGHT = "#FEFEFE", "#111820"
GREEN_TEXT, VERMILLION_TEXT, AMBER_TEXT, PURPLE_TEXT = "#00694D", "#A84300", "#8A4B00", "#7A2F8F"

# From letters to paper. GREY is the lightest that is seen for sure: what says nothing is lighter.
INK, SOFT_INK, GREY, LINE, RULE = "#1B2733", "#51606E", "#7C8894", "#C5CED6", "#DFE3E9"
SHADE, PAPER = "#F4F7FA", "#FFFFFF"

# What a guide's style sheet calls them: in a light and in a dark page.
PAGE = {
    "paper": (PAPER, "#14181F"),
    "ink": (INK, "#E4E8EE"),
    "soft-ink": (SOFT_INK, "#A7B1BF"),
    "line": (RULE, "#2D3541"),
    "panel": (SHADE, "#1C222B"),
    "accent": (BLUE, SKY),
    "accent-soft": ("#E8F2F8", "#18303F"),
    "warm": (VERMILLION_TEXT, PEACH),
    "keyword": (PURPLE_TEXT, PURPLE),
    "string": (GREEN_TEXT, GREEN),
    "number": (AMBER_TEXT, AMBER),
}


def behind_letters(colour: str) -> str:
    """The same hue, dark enough for light letters on it."""
    return {GREEN: GREEN_MARK, VERMILLION: VERMILLION_MARK}.get(colour, colour)


def letters_on(colour: str) -> str:
    """White letters; on ink those of the paper, with which it changes places in a dark page."""
    return PAPER if colour in (INK, SOFT_INK) else ON_DARK


# Neutral colours of a figure -> what the page calls them: JupyterLab, VS Code, a guide.
_OF_PAGE = {
    INK: ("jp-content-font-color0", "vscode-editor-foreground", "ink"),
    SOFT_INK: ("jp-content-font-color1", "vscode-editor-foreground", "soft-ink"),
    GREY: ("jp-content-font-color2", "vscode-editor-foreground", "soft-ink"),
    LINE: ("jp-border-color1", "vscode-editorWidget-border", "line"),
    RULE: ("jp-border-color2", "vscode-editorWidget-border", "line"),
    SHADE: ("jp-layout-color2", "vscode-editorWidget-background", "panel"),
    VERMILLION_TEXT: ("jp-content-font-color1", "vscode-editor-foreground", "warm"),
    GREEN_TEXT: ("jp-content-font-color1", "vscode-editor-foreground", "string"),
    PAPER: ("jp-layout-color0", "vscode-editor-background", "paper"),
}


def of_page(style: str) -> str:
    """A style whose neutral colours are those of the page; another page has them as they are."""
    for colour, names in _OF_PAGE.items():
        value = colour
        for name in reversed(names):
            value = f"var(--{name},{value})"
        style = re.sub(colour, value, style, flags=re.IGNORECASE)
    return style


def named_of_page(style: str) -> str:
    """A style that names the colours of a guide, for a page that calls them otherwise."""
    for name, (colour, _) in PAGE.items():
        style = style.replace(f"var(--{name})", of_page(colour))
    return style


def accent_of_page() -> str:
    """Lines and rings of ours, to be seen on the page's paper, light or dark."""
    return f"var(--accent, var(--jp-brand-color1, {BLUE}))"


def of_scheme() -> str:
    """A style sheet for a drawing of its own: what is neutral or written, on a dark page."""
    paper, ink, soft = (PAGE[name][True] for name in ("paper", "ink", "soft-ink"))
    panel, line = PAGE["panel"][True], PAGE["line"][True]
    letters = {
        INK: ink,
        SOFT_INK: soft,
        VERMILLION_TEXT: PEACH,
        GREEN_TEXT: GREEN,
        AMBER_TEXT: AMBER,
    }
    rules = [f'text[fill="{one}"]{{fill:{other}}}' for one, other in letters.items()]
    rules += [f'[stroke="{one}"]{{stroke:{other}}}' for one, other in letters.items()]
    rules += [f'polygon[fill="{one}"]{{fill:{other}}}' for one, other in letters.items()]
    rules += [
        f'rect[fill="{one}"]{{fill:{other}}}' for one, other in {PAPER: paper, SHADE: panel}.items()
    ]
    # The halo of a label, and of a frame's.
    rules += [
        f'text[stroke="{one}"]{{stroke:{other}}}'
        for one, other in {PAPER: paper, SHADE: panel}.items()
    ]
    rules += [f'rect[stroke="{LINE}"]{{stroke:{line}}}']
    return f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}"
