"""An IPython extension: what to do when AWS has no such queue, refuses a value, or does not answer.

Experiments remove in the end what they made. Who then runs one of their cells again would read
AWS's own error under forty lines of boto3's, which says nothing about the notebook. So would who
sets what AWS does not take, in a cell that asks for other values.
`workshop.cli.jupyter` makes kernels of the workshop load this file.
"""

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from workshop.lessons.menus import in_menu
from workshop.lessons.needed_cells import Cell
from workshop.lessons.unset_names import NOTEBOOK_VARIABLE, code_cells
from workshop.target.announcement import announced
from workshop.target.commands import start_command
from workshop.target.gone import code_of, is_gone
from workshop.target.target import Target
from workshop.target.unanswered import UNANSWERED, is_local, unanswered

# Of what is being deleted, too.
_BUSY = re.compile(r"InUse")
# InvalidParameterValue, InvalidAttributeValue, ValidationException ...: of a value in a request.
_VALUE = re.compile(r"Invalid\w*Value|^ValidationException$")
_ANOTHER = "AWS does not take that. Change it where it is set, and run the cell again."
# The line that every experiment begins with.
_BEGIN = "bench.Bench("
_LATER = (
    "AWS is still changing it: run this cell again in a minute. Or it is being deleted, then that "
    "does not help."
)


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython when a kernel starts."""
    from botocore.exceptions import ClientError, ParamValidationError

    def rendered(error: Any) -> list[str]:
        """What IPython shows of an error of AWS."""
        # Help that fails must never come between a learner and the error itself.
        with suppress(Exception):
            if is_gone(error) or is_busy(error):
                notebook = json.loads(Path(os.environ[NOTEBOOK_VARIABLE]).read_text("utf-8"))
                cells = code_cells(notebook, shell.transform_cell)
                told = remedy(cells, announced() or Target())
                return [str(error), f"{_LATER} {told}" if is_busy(error) else told]
            if is_about_a_value(error):
                return [str(error), _ANOTHER]
        trace = shell.InteractiveTB.structured_traceback
        return list(trace(type(error), error, error.__traceback__))

    def unanswered_here(error: Any) -> list[str]:
        """What IPython shows where a client of one's own reaches nobody."""
        if is_local(error):
            return unanswered(error)._render_traceback_()
        return rendered(error)

    # IPython asks an error for this, as it asks those of `workshop.errors`.
    ClientError._render_traceback_ = rendered  # type: ignore[attr-defined]
    # What botocore itself refuses, before it asks AWS.
    ParamValidationError._render_traceback_ = lambda error: [  # type: ignore[attr-defined]
        str(error),
        _ANOTHER,
    ]
    for kind in UNANSWERED:
        setattr(kind, "_render_traceback_", unanswered_here)  # noqa: B010 - as above, for two


def is_busy(error: Any) -> bool:
    """Whether AWS answered that something is being changed or deleted."""
    return bool(_BUSY.search(code_of(error)))


def is_about_a_value(error: Any) -> bool:
    """Whether AWS answered that a value in the request cannot be."""
    return bool(_VALUE.search(code_of(error)))


def remedy(cells: list[Cell], target: Target) -> str:
    """What to do in a notebook when something is not there.

    Args:
        cells: its code cells, in order.
        target: what the notebook works on.
    """
    begins = [cell for cell in cells if _BEGIN in cell.source]
    if not begins:
        above = in_menu(
            "select this cell, then choose Run > Run All Above Selected Cell in the menu",
            "run the notebook from its first cell",
        )
        if target.is_embedded:
            # Its first cell makes stacks as well.
            return f"It was deleted, or another cell makes it: {above}."
        return (
            f"It was deleted with its stack: run `{start_command(target, 'deploy')}` in a "
            f"terminal, then {above}. Or the stack is there, and another cell makes it: only "
            "the second is needed."
        )
    how = in_menu(" (select it, then Run > Run Selected Cell and All Below in the menu)")
    begin = next(line for line in begins[0].source.splitlines() if _BEGIN in line)
    return (
        "This cell needs what the notebook makes for a while and removes in the end. Make it anew: "
        f'run the notebook from the section "{begins[0].section}" on, from the cell with '
        f"`{begin.strip()}`{how}."
    )
