"""Notebooks that somebody ran: read as they are, and refused where nothing ran."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workshop.errors import WorkshopError


def read_executed(path: Path) -> NotebookNode:
    """A notebook with the outputs that were saved in it.

    Raises:
        WorkshopError: it cannot be read, or none of its cells has been run.
    """
    notebook = read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if code and not any(cell.outputs or cell.execution_count for cell in code):
        raise WorkshopError(
            f"No cell of {path} has been run: there is nothing to show.",
            "Run it and save it, or leave out --from, and `guides` runs it for you.",
        )
    return notebook


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
