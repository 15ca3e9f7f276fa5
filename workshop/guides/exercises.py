"""A page offers the solution of an exercise that nobody has done: a reader cannot fail three times.

In a notebook the check does it, the more often it failed. So no cell holds the solution.
"""

import re
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat import NotebookNode

from workshop import html
from workshop.lessons.exercises import Help, help_with
from workshop.lessons.lesson import YOURS

_CHECKED = re.compile(r'\.(?:check|exercise)\(\s*"([^"]+)"')
_TASK = re.compile(r'\btask ?= ?"([^"]+)"')


def solved_by(source: str, name: str) -> Iterator[tuple[str, Help]]:
    """What a cell asks to be done, with the help, for all of which there is a solution.

    Args:
        source: of a code cell.
        name: of its notebook.
    """
    task = _TASK.search(source)
    for check in _CHECKED.findall(source):
        found = help_with(name, check)
        if found.solution:
            yield task[1] if task else f"{check}.", found


def with_solutions(notebook: NotebookNode, name: str) -> NotebookNode:
    """The notebook with a folded solution below each exercise that is asked; it is changed."""
    cells: list[Any] = []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type == "code" and _is_asked(cell):
            cells += [_folded(one, len(cells)) for _, one in solved_by(cell.source, name)]
    notebook.cells = cells
    return notebook


def _is_asked(cell: Any) -> bool:
    texts = (output.get("data", {}).get("text/plain", "") for output in cell.outputs)
    return any(text.startswith(YOURS) for text in texts)


def _folded(found: Help, place: int) -> NotebookNode:
    told = [html.paragraph(found.hint)] if found.hint else []
    folded = html.details("Solution", *told, html.block(found.solution))
    cell: NotebookNode = nbformat.v4.new_markdown_cell(str(folded))
    # The same notebook makes the same page.
    cell.id = f"solution-{place}"
    return cell
