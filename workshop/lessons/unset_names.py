"""An IPython extension: after a NameError it says which section of the notebook sets the name.

Notebooks are run in any order, and kernels are restarted. Then a cell in the middle ends with
"name 'lab' is not defined", which says nothing about what to do. `workshop.cli.jupyter` makes
kernels of the workshop load this file.
"""

import ast
import difflib
import json
import os
import re
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from workshop.lessons.menus import in_menu
from workshop.lessons.needed_cells import Cell, needed
from workshop.target.announcement import announced

# Jupyter Server tells a kernel its notebook's path in this variable.
NOTEBOOK_VARIABLE = "JPY_SESSION_NAME"
# What is handed a list of answers.
_ASKING = ("recall", "decide")


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython when a kernel starts."""

    def tell(result: Any) -> None:
        # Help that fails must never come between a learner and the error itself.
        with suppress(Exception):
            if hint := _hint_for(shell, result):
                # In one piece: between two writes a kernel may send what it has, as two outputs.
                sys.stdout.write(f"{hint}\n")

    shell.events.register("post_run_cell", tell)


def hint(
    name: str,
    cells: list[Cell],
    place: int,
    *,
    is_account: bool = False,
    known: Collection[str] = (),
) -> str:
    """What to do about a name that is not defined; empty when nothing useful can be said.

    Args:
        name: the name.
        cells: the notebook's code cells, in order.
        place: index of the cell that needed the name; their number, if it is none of them.
        is_account: whether waits take their time here, and orders cost something.
        known: the names that are set.
    """
    if above := [cell for cell in cells[:place] if name in cell.names]:
        if is_account:
            return f"{_is_set(name, above[-1])}\n{_few(needed(name, cells, place, known))}"
        told = in_menu(
            "Select this cell, then choose Run > Run All Above Selected Cell in the menu.",
            "Run the notebook from its first cell.",
        )
        return f"{_is_set(name, above[-1])}\n{told}"
    if below := [cell for cell in cells[place + 1 :] if name in cell.names]:
        return f"{_is_set(name, below[0])}\nIt stands further down: run that cell first."
    known = set().union(*(cell.names for cell in cells))
    if close := difflib.get_close_matches(name, known, n=1):
        return f"No cell of this notebook sets `{name}`. Did you mean `{close[0]}`?"
    return ""


def answer_hint(name: str, code: str) -> str:
    """What to do about an answer without quotes: a word of Python, which is none; else empty.

    Args:
        name: the name that is not defined.
        code: the cell that needed it, as plain Python.
    """
    answers = [
        word.id
        for node in ast.walk(ast.parse(code))
        for given in _given_as_answers(node)
        for word in ast.walk(given)
        if isinstance(word, ast.Name)
    ]
    if name not in answers:
        return ""
    what = "letter" if len(name) == 1 else "word"
    return f'An answer is text: write the {what} in quotes: "{name}".'


def _given_as_answers(node: ast.AST) -> list[ast.expr]:
    """The answers of a list of recall questions or cases, and what is set as a guess."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _ASKING:
        return node.args
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith("_guess"):
        return [node.value]
    return []


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
            cells.append(Cell(cell["id"], source, section, plain))
    return cells


def _hint_for(shell: Any, result: Any) -> str:
    error = result.error_in_exec
    # Exactly: an UnboundLocalError is a mistake within one function.
    if type(error) is not NameError or not error.name:
        return ""
    if not _is_raised_in_a_cell(error, shell.user_ns):
        return ""
    if told := answer_hint(error.name, shell.transform_cell(result.info.raw_cell)):
        return told
    notebook = json.loads(Path(os.environ[NOTEBOOK_VARIABLE]).read_text(encoding="utf-8"))
    cells = code_cells(notebook, shell.transform_cell)
    # Not every frontend tells the cell's id, and a cell that was just changed is not saved yet.
    ran = result.info.cell_id, result.info.raw_cell.strip()
    places = [
        n for n, cell in enumerate(cells) if cell.id == ran[0] or cell.source.strip() == ran[1]
    ]
    target = announced()
    return hint(
        error.name,
        cells,
        next(iter(places), len(cells)),
        is_account=target is not None and not target.is_embedded,
        known=set(shell.user_ns),
    )


def _is_raised_in_a_cell(error: NameError, namespace: dict[str, Any]) -> bool:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals is namespace


def _headings(markdown: str) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ +(.+?) *$", prose, re.MULTILINE)


def _is_set(name: str, cell: Cell) -> str:
    where = f'in the section "{cell.section}"' if cell.section else "in another cell"
    return (
        f"`{name}` is set {where}, in a cell that has not run to its end since the kernel started."
    )


def _few(cells: list[Cell]) -> str:
    """Which cells to run on an account, where running all of them is no small thing."""
    listed = [f"  {cell.section or 'at the top'}: {cell.first_line}" for cell in cells]
    told = [
        "Run these cells, in this order, and then this one (section: first line):",
        *listed,
        "Not all cells above: on an account they send their orders again, and wait for minutes.",
    ]
    if any("connect(" in cell.source for cell in cells):
        told.append(
            "Read what workshop.connect() says: a lesson that was interrupted may have left "
            "settings changed, and lab.put_back() restores them."
        )
    return "\n".join(told)
