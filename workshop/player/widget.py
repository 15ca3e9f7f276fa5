"""The player in JupyterLab: an anywidget, which needs no extension of our own."""

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from workshop.player import look

# What a stored notebook keeps of a player, so that a page can be made of it without a kernel.
FACTS = "application/vnd.lambda-failure-workshop.player+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
_TOLD = "In JupyterLab and in the guides this run can be watched, step by step."


class Player(anywidget.AnyWidget):
    """A run that can be watched; shows itself.

    Attributes:
        facts: of the run, as docs/player.md tells.
        answers: question -> what was answered last, in whichever view: the number that was typed,
            the index of what was chosen, or None for "show me".
    """

    _esm = look.module()
    _css = look.style()
    facts = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def bundle(self) -> dict[str, Any]:
        """What is displayed: the widget, and for others its facts and a sentence."""
        view = {"version_major": 2, "version_minor": 1, "model_id": self.model_id}
        return {WIDGET: view} | facts_alone(self.facts)

    def _repr_mimebundle_(self, **_: Any) -> Any:
        return self.bundle(), {}

    def __repr__(self) -> str:
        return _TOLD


def facts_alone(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is displayed where nobody can play: a guide makes its own player of it."""
    return {FACTS: facts, "text/plain": _TOLD}
