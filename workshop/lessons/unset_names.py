"""An IPython extension: after a NameError it says which section of the notebook sets the name.

Notebooks are run in any order, and kernels are restarted. Then a cell in the middle ends with
"name 'lab' is not defined", which says nothing about what to do. `workshop.cli.jupyter` makes
kernels of the workshop load this file.
"""

import difflib
import json
import os
import re
import symtable
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Jupyter Server tells a kernel its notebook's path in this variable.
NOTEBOOK_VARIABLE = "JPY_SESSION_NAME"


@dataclass(frozen=True)
class Cell:
    """A code cell, the heading above it, and the names it sets for other cells."""

    id: str
    source: str
    section: str
    names: frozenset[str]


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython when a kernel starts."""

    def tell(result: Any) -> None:
        # Help that fails must never come between a learner and the error itself.
        with suppress(Exception):
            if hint := _hint_for(shell, result):
                # In one piece: between two writes a kernel may send what it has, as two outputs.
                sys.stdout.write(f"{hint}\n")

    shell.events.register("post_run_cell", tell)


def hint(name: str, cells: list[Cell], place: int) -> str:
    """What to do about a name that is not defined; empty when nothing useful can be said.

    Args:
        name: the name.
        cells: the notebook's code cells, in order.
        place: index of the cell that needed the name; their number, if it is none of them.
    """
    if above := [cell for cell in cells[:place] if name in cell.names]:
        return (
            f"{_is_set(name, above[-1])}\n"
            "Select this cell, then choose Run > Run All Above Selected Cell in the menu."
        )
    if below := [cell for cell in cells[place + 1 :] if name in cell.names]:
        return f"{_is_set(name, below[0])}\nIt stands further down: run that cell first."
    known = set().union(*(cell.names for cell in cells))
    if close := difflib.get_close_matches(name, known, n=1):
        return f"No cell of this notebook sets `{name}`. Did you mean `{close[0]}`?"
    return ""


def code_cells(notebook: dict[str, Any], plain: Callable[[str], str] = str) -> list[Cell]:
    """The code cells of a notebook.

    Args:
        notebook: the file's content, in Jupyter's format 4.5.
        plain: makes plain Python of a cell with IPython's `%` and `!` lines.
    """
    section, cells = "", []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            section = next(iter(_headings(source)[::-1]), section)
        elif cell["cell_type"] == "code":
            names = frozenset(_names_set_by(plain(source)))
            cells.append(Cell(cell["id"], source, section, names))
    return cells


def _hint_for(shell: Any, result: Any) -> str:
    error = result.error_in_exec
    # Exactly: an UnboundLocalError is a mistake within one function.
    if type(error) is not NameError or not error.name:
        return ""
    if not _is_raised_in_a_cell(error, shell.user_ns):
        return ""
    notebook = json.loads(Path(os.environ[NOTEBOOK_VARIABLE]).read_text(encoding="utf-8"))
    cells = code_cells(notebook, shell.transform_cell)
    # Not every frontend tells the cell's id, and a cell that was just changed is not saved yet.
    ran = result.info.cell_id, result.info.raw_cell.strip()
    places = [
        n for n, cell in enumerate(cells) if cell.id == ran[0] or cell.source.strip() == ran[1]
    ]
    return hint(error.name, cells, next(iter(places), len(cells)))


def _is_raised_in_a_cell(error: NameError, namespace: dict[str, Any]) -> bool:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals is namespace


def _names_set_by(code: str) -> Iterator[str]:
    """The names that a cell assigns, imports or defines for other cells."""
    with suppress(SyntaxError):
        for symbol in symtable.symtable(code, "cell", "exec").get_symbols():
            if symbol.is_assigned() or symbol.is_imported():
                yield symbol.get_name()


def _headings(markdown: str) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ +(.+?) *$", prose, re.MULTILINE)


def _is_set(name: str, cell: Cell) -> str:
    where = f'in the section "{cell.section}"' if cell.section else "in another cell"
    return (
        f"`{name}` is set {where}, in a cell that has not run to its end since the kernel started."
    )
