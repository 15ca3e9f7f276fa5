"""Controls that keep their words: rows that wrap, buttons as wide as what is written on them."""

from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from workshop import html


def button(description: str, **options: Any) -> widgets.Button:
    """A button that is never narrower than its words, as in a small notebook: "S…"."""
    layout = widgets.Layout(width="auto", min_width="max-content", flex="0 0 auto")
    return widgets.Button(description=description, layout=layout, **options)


def row(*controls: widgets.Widget) -> widgets.HBox:
    """Controls side by side, those that have no room below."""
    return widgets.HBox(list(controls), layout=widgets.Layout(flex_flow="row wrap"))


def after_restart() -> html.Markup:
    """What to do about controls whose kernel is gone; they themselves cannot say it."""
    return html.notebook_only(
        "Nothing happens at a click? Then the kernel was restarted, and these controls are from "
        "before: run the cells from the top to this one again. What was sent stays sent."
    )
