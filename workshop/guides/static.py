"""Make an executed notebook's outputs stand alone: no live widgets, no scripts."""

import json
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from workshop import html
from workshop.guides.unplayed import unplayed
from workshop.player.widget import FACTS, WIDGET
from workshop.stage.controls import CONTROL

# What a page without scripts and without Jupyter cannot show.
LIVE_ONLY = (WIDGET, "application/javascript", "text/vnd.mermaid")
STATIC = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg")

CONTROL_NOTE = (
    "Here the notebook has an interactive control. The code in this guide does the same, and the "
    "results shown were produced by running it."
)


class StaticOutputs(Preprocessor):
    """Replaces each live output by its static form, or by a sentence that says what was there."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Called by nbconvert for each cell."""
        if cell.cell_type == "code":
            is_told = any(_has_still_form(output) for output in cell.outputs)
            outputs = [_static(output, is_told=is_told) for output in cell.outputs]
            cell.outputs = _joined([output for output in outputs if _shows_something(output)])
        return cell, resources


def _has_still_form(output: NotebookNode) -> bool:
    """Whether it shows without scripts what a player beside it plays."""
    data = output.get("data", {})
    return FACTS not in data and any(kind in data for kind in STATIC)


def _static(output: NotebookNode, *, is_told: bool) -> NotebookNode:
    data = output.get("data", {})
    if FACTS in data:
        facts = json.dumps(data[FACTS], separators=(",", ":"))
        instead = unplayed(data[FACTS], is_told=is_told)
        output.data = {"text/html": html.player(facts, instead)}
        return output
    if CONTROL in data:
        output.data = {"text/html": _note()}
        return output
    if not any(mimetype in data for mimetype in LIVE_ONLY):
        return output
    live_widget = WIDGET in data
    for mimetype in LIVE_ONLY:
        data.pop(mimetype, None)
    # The text form of a widget is its source ("Button(description=...)"): no use to a reader.
    if live_widget and not any(mimetype in data for mimetype in STATIC):
        output.data = {"text/html": _note()}
    return output


def _shows_something(output: NotebookNode) -> bool:
    """False for what was only a script."""
    return "data" not in output or any(kind in output.data for kind in (*STATIC, "text/plain"))


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Merge neighbouring prints, and neighbouring notes about controls, into one."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
        elif not (_is_note(output) and _is_note(last)):
            joined.append(output)
    return joined


def _note() -> str:
    return html.rendered("control_note.html.j2", text=CONTROL_NOTE)


def _is_note(output: Any) -> bool:
    return bool(output.get("data", {}).get("text/html") == _note())
