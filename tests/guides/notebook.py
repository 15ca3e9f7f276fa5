"""Small notebooks, one behaviour each, for the tests of executing and exporting."""

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workshop.guides.export import export


def markdown(source: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def code(source: str, *outputs: NotebookNode, tags: Sequence[str] = ()) -> NotebookNode:
    metadata = {"tags": list(tags)} if tags else {}
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def display(**data: str) -> NotebookNode:
    """An output; mimetypes are written with `__` for `/`."""
    return nbformat.v4.new_output(
        "display_data", data={name.replace("__", "/"): value for name, value in data.items()}
    )


def write(path: Path, *cells: NotebookNode) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook(*cells), path)
    return path


def notebook(*cells: NotebookNode) -> NotebookNode:
    return nbformat.v4.new_notebook(
        cells=list(cells), metadata={"language_info": {"name": "python"}}
    )


def exported(folder: Path, *cells: NotebookNode, name: str = "00-start-here") -> str:
    """The page of a notebook with these cells, as it is, without running it."""
    out = folder / "guides"
    out.mkdir(exist_ok=True)
    source = folder / "notebooks" / f"{name}.ipynb"
    return export(notebook(*cells), source, out).path.read_text(encoding="utf-8")
