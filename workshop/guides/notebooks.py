"""Which notebooks there are, in which order, and which of them somebody asked for."""

from collections.abc import Sequence
from pathlib import Path

import nbformat

from workshop.errors import UsageError, WorkshopError
from workshop.lessons.working_copies import beginning


def notebooks(folder: Path, wanted: Sequence[str] = ()) -> list[Path]:
    """The notebooks of a folder in the order of their names.

    Args:
        folder: usually the project's `notebooks/`.
        wanted: names such as "01-sqs-dead-letter-queue", with or without ".ipynb", or just their
            beginning ("01"), or their number ("1"); default all.

    Raises:
        UsageError: there is no such notebook.
        WorkshopError: there are none at all.
    """
    every = sorted(folder.glob("*.ipynb"))
    if not every:
        raise WorkshopError(f"There are no notebooks in {folder}.", "Check out the project again.")
    if not wanted:
        return every
    chosen = [path for path in every if any(_is_meant(path, name) for name in wanted)]
    for name in wanted:
        if not any(_is_meant(path, name) for path in every):
            names = ", ".join(path.stem for path in every)
            raise UsageError(f"There is no notebook {name!r}.", f"Name one of: {names}.")
    return chosen


def has_code(path: Path) -> bool:
    """Whether there is anything to run in a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    return any(cell.cell_type == "code" and cell.source.strip() for cell in cells)


def _is_meant(path: Path, name: str) -> bool:
    return path.stem.startswith(beginning(Path(name).name.removesuffix(".ipynb")))
