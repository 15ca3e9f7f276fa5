"""Small notebooks, one behaviour each, for the tests of executing and exporting."""

import base64
import hashlib
import re
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


def scripts_of(page: str) -> list[str]:
    """What runs in a page: all that stands in it, and its policy allows that and no more."""
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)[0]
    assert policy.startswith("default-src 'none'")
    allowed = re.findall(r"'([^']+)'", policy.partition("script-src")[2])
    found = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    assert page.count("<script") == len(found) + page.count('<script type="application/json"')
    digests = [hashlib.sha256(one.encode()).digest() for one in found]
    assert allowed == [f"sha256-{base64.b64encode(one).decode()}" for one in digests]
    return found


def exported(folder: Path, *cells: NotebookNode, name: str = "00-start-here") -> str:
    """The page of a notebook with these cells, as it is, without running it."""
    out = folder / "guides"
    out.mkdir(exist_ok=True)
    source = folder / "notebooks" / f"{name}.ipynb"
    return export(notebook(*cells), source, out).path.read_text(encoding="utf-8")
