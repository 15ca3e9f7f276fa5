"""Takes a machine's own seconds out of what cells showed there.

On the embedded AWS waits are skipped, so sentences tell AWS's time and, beside it, what passed for
whoever ran the notebook. The first is the same in each run and stays; of the second no figure does.
"""

import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

# As `workshop.target.waits`, `workshop.target.telling`, notebook 00 and the stage's reset say it,
# and what stands there instead: no figure, and a word where the sentence would lose its point.
_SENTENCES = (
    (re.compile(r"[,;]? ?(?:and )?\b[0-9]+(?:\.[0-9]+)? s of yours(?: so far)?"), ""),
    # A comparison of clocks. Ten seconds and more were no moment: then it tells of AWS's alone.
    (re.compile(r"(?<=, your clock: )[0-9](?:\.[0-9]+)? s"), "a moment"),
    (re.compile(r", your clock: [0-9.]+ s"), ""),
    (re.compile(r"(?<=\bReset: )([0-9]+ messages? deleted) in [0-9.]+ s"), r"\1"),
)


def without_own_seconds(notebook: NotebookNode) -> NotebookNode:
    """The same notebook, changed: only AWS's seconds are left in its outputs."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for name in ("text", "data"):
                if name in output:
                    output[name] = _without(output[name])
    return notebook


def _without(told: Any) -> Any:
    if isinstance(told, Mapping):
        return {kind: _without(value) for kind, value in told.items()}
    if isinstance(told, str):
        for sentence, instead in _SENTENCES:
            told = sentence.sub(instead, told)
    return told
