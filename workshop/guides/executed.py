"""Notebooks that somebody ran: read as they are, and refused where nothing ran."""

from collections.abc import Collection
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workshop.errors import WorkshopError
from workshop.masking import known
from workshop.masking.mask import Mask
from workshop.target.target import PROJECT, Target


def read_executed(path: Path) -> NotebookNode:
    """A notebook with the outputs that were saved in it.

    Raises:
        WorkshopError: it cannot be read, or none of its cells has been run.
    """
    notebook = read(path)
    expect_run(notebook, str(path))
    return notebook


def expect_run(notebook: NotebookNode, name: str) -> None:
    """See that there is something to show.

    Raises:
        WorkshopError: none of its cells has been run.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if code and not any(cell.outputs or cell.execution_count for cell in code):
        raise WorkshopError(
            f"No cell of {name} has been run: there is nothing to show.",
            "Run it and save it; `guides` without --from runs it for you.",
        )


def learn_of_own_run(mask: Mask, target: Target, words: Collection[str]) -> None:
    """Have a mask know what such a notebook may show of its target and this machine.

    Args:
        mask: learns it.
        target: where it was run, as far as is known.
        words: of the notebooks, which name something else, too.
    """
    mask.learn(known.of_account(target.account or ""))
    mask.learn(known.of_profile(target.profile or "", words))
    mask.learn(known.of_endpoint(target.endpoint_url or ""))
    mask.learn(known.of_machine(PROJECT, words))


def read(path: Path) -> NotebookNode:
    """A notebook as it is stored.

    Raises:
        WorkshopError: it cannot be read.
    """
    try:
        notebook: NotebookNode = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        _ = notebook.cells
    except OSError as error:
        happened = f"{path} cannot be read: {error.strerror}."
        raise WorkshopError(happened, "Check the path.") from None
    except (ValueError, AttributeError, nbformat.validator.ValidationError):
        happened = f"{path} is no notebook."
        raise WorkshopError(happened, "Name a file that ends in .ipynb.") from None
    return notebook
