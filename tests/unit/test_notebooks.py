"""The notebooks as files: what a reader, a diff and the export rely on."""

import ast
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST_CELL = 12
# What every lesson has, in this order; the first notebook is an overture with its own rhythm.
RHYTHM = ["Predict", "Run", "Evidence", "Compare", "Explain", "Change one thing", "Check", "Recap"]
IMPORTABLE = {"workshop", "json"}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Any:
    return nbformat.read(request.param, as_version=4)


def cells(notebook: Any, cell_type: str) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == cell_type]


def headings(notebook: Any) -> list[tuple[int, str]]:
    found = re.findall(r"^(#+) (.+)$", "\n".join(cells(notebook, "markdown")), re.MULTILINE)
    return [(len(marks), text) for marks, text in found]


def test_there_are_notebooks() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS][:4] == ["00", "01", "02", "03"]


def test_it_is_stored_without_outputs_in_the_current_format(notebook: Any) -> None:
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_cells_have_stable_ids_that_say_what_they_are(notebook: Any) -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", cell.id) for cell in notebook.cells)


def test_cells_are_short(notebook: Any) -> None:
    too_long = [
        source.splitlines()[0]
        for source in cells(notebook, "code")
        if len(source.splitlines()) > LONGEST_CELL
    ]
    assert too_long == []


def test_only_the_workshop_package_is_imported(notebook: Any) -> None:
    names: set[str | None] = set()
    for node in ast.walk(ast.parse("\n".join(cells(notebook, "code")))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    assert names <= IMPORTABLE


def test_it_has_one_title_and_headings_that_descend_by_one(notebook: Any) -> None:
    levels = [level for level, _ in headings(notebook)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_it_says_question_objectives_and_minutes_first(notebook: Any) -> None:
    opening = notebook.cells[0].source
    assert "**Question.**" in opening
    assert "you can**" in opening
    assert re.search(r"\*\*Time:\*\* about \d+ minutes", opening)


def test_links_and_pictures_exist_and_pictures_are_described(notebook: Any) -> None:
    text = "\n".join(cells(notebook, "markdown"))
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
    assert pictures
    assert all(len(alt) > 40 for alt, _ in pictures), "a picture needs words for those who listen"
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert target.startswith("https://docs.aws.amazon.com/") or (FOLDER / target).exists()


def test_a_lesson_keeps_the_rhythm(notebook: Any) -> None:
    titles = [text.split(":")[0] for _, text in headings(notebook)]
    if "Change one thing" in titles and "Predict" in titles:
        assert [title for title in titles if title in RHYTHM] == RHYTHM


def test_no_account_is_named(notebook: Any) -> None:
    assert not re.search(r"\b\d{12}\b", "\n".join(cell.source for cell in notebook.cells))
