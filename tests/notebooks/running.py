"""Runs a notebook of the copied project, as it is or as a learner changed it."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.copied_project import environment_of
from workshop.guides.execute import SILENCE_LIMIT_S, execute
from workshop.player.widget import FACTS


def run(
    project: Path,
    name: str,
    changes: Mapping[str, str] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
) -> NotebookNode:
    """Execute a notebook.

    Args:
        project: the copy.
        name: the notebook's name without suffix.
        changes: cell id -> the line to write instead of the one that sets the same name.
        environment: what the kernel runs with; by default what every process of the copy does.
    """
    notebook = nbformat.read(project / "notebooks" / f"{name}.ipynb", as_version=4)
    write(notebook.cells, changes or {})
    return executed(project, f"{name}-run", notebook, environment or environment_of(project))


def executed(
    project: Path,
    name: str,
    notebook: NotebookNode,
    environment: Mapping[str, str],
    silence_s: float = SILENCE_LIMIT_S,
) -> NotebookNode:
    """The cells with their outputs, run in a kernel among the notebooks of the copy."""
    path = project / "notebooks" / f"{name}.ipynb"
    nbformat.write(notebook, path)
    try:
        return execute(path, environment=environment, silence_s=silence_s)
    finally:
        path.unlink()


def write(cells: Iterable[NotebookNode], changes: Mapping[str, str]) -> None:
    """Write as a learner would: cell id -> the line, in place of the one that sets its name."""
    by_id = {cell.id: cell for cell in cells}
    for cell_id, line in changes.items():
        by_id[cell_id].source = changed(by_id[cell_id].source, line)


def changed(source: str, line: str) -> str:
    """The cell with the line that sets the same name replaced."""
    name = line.partition("=")[0]
    lines = source.splitlines()
    [place] = [n for n, old in enumerate(lines) if old.startswith(name)]
    return "\n".join([*lines[:place], line, *lines[place + 1 :]])


def shown(notebook: NotebookNode, cell_id: str) -> list[str]:
    """What a cell shows, as text; not the players, which replay what the figures above them say."""
    [cell] = [cell for cell in notebook.cells if cell.id == cell_id]
    return [
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
        if FACTS not in output.get("data", {})
    ]


def seconds_of_attempts(notebook: NotebookNode, cell_id: str, order: str) -> list[float]:
    """When the attempts at an order were made, as the timeline tells those who cannot see it."""
    [words] = shown(notebook, cell_id)
    [story] = re.findall(rf"Message {order}-\d+-[a-z]+: (.*?)(?:\. Message|$)", words)
    return [float(number) for number in re.findall(r"attempt \d at ([\d.]+) s", story)]
