"""The functions' code, as it lies in `lambda/`: wherever a notebook is, and whoever's copy."""

from pathlib import Path

from workshop.errors import DataError
from workshop.target.folders import PROJECT

FOLDER = PROJECT / "lambda"


def source(file: str, folder: Path = FOLDER) -> str:
    """The text of a file with a handler.

    Args:
        file: its name within `lambda/`, such as "orders/handler.py".
        folder: in which it is looked for.

    Raises:
        DataError: there is no such file.
    """
    there = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*.py"))
    if file not in there:
        raise DataError(f"No handler is in a file {file!r}.", f"There are {', '.join(there)}.")
    return (folder / file).read_text(encoding="utf-8")
