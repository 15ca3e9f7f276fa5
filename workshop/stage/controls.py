"""Controls that keep their words: rows that wrap, buttons as wide as what is written on them.

And that are controls only where somebody is: a page that a program makes has a sentence instead.
"""

from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from workshop import html
from workshop.player.widget import WIDGET
from workshop.progress import is_attended

# Stands where controls would be, and nothing could be clicked; the pages of a guide know it.
CONTROL = "application/vnd.lambda-failure-workshop.control+json"
_TOLD = "Here are controls, for whoever has the notebook open."


def button(description: str, **options: Any) -> widgets.Button:
    """A button that is never narrower than its words, as in a small notebook: "S…"."""
    layout = widgets.Layout(width="auto", min_width="max-content", flex="0 0 auto")
    return widgets.Button(description=description, layout=layout, **options)


def row(*controls: widgets.Widget) -> widgets.HBox:
    """Controls side by side, those that have no room below."""
    return widgets.HBox(list(controls), layout=widgets.Layout(flex_flow="row wrap"))


def bundle(box: widgets.Widget) -> dict[str, Any]:
    """What is displayed of controls: never their source, which is the text form of a widget."""
    if not is_attended():
        return {CONTROL: {}, "text/plain": _TOLD}
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    return {WIDGET: view, "text/plain": _TOLD}


def after_restart() -> html.Markup:
    """What to do about controls whose kernel is gone; they themselves cannot say it."""
    if not is_attended():
        return html.Markup("")
    return html.notebook_only(
        "Nothing happens at a click, or an error stands where controls should be? Then the kernel "
        "was restarted, and these controls are from before: run the cells from the top to this one "
        "again. What was sent stays sent."
    )
