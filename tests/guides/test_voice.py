"""What a notebook says to who runs it, a page says to who reads it."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.guides.notebook import code, display, markdown, notebook
from workshop import html
from workshop.guides.export import export
from workshop.guides.voice import spoken
from workshop.target.target import PROJECT

LESSONS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
# Whoever reads a page can do none of it.
TO_WHO_RUNS = re.compile(
    r"[Ww]rite (down )?your guess|You wrote down|where the dots|each of the dots|answers land in"
)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_page_speaks_to_who_runs_the_notebook(path: Path) -> None:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    told = [match[0] for text in texts for match in TO_WHO_RUNS.finditer(spoken(text))]
    assert told == []


def test_a_page_says_on_top_that_it_ran_and_nothing_of_somebodys_progress(tmp_path: Path) -> None:
    table = html.table(("title", "your progress"), [("One", "not opened yet")])
    cells = notebook(markdown("# A\n\nText."), code("series", display(text__html=str(table))))
    written = export(cells, tmp_path / "00.ipynb", tmp_path, footer="Made on a day, on AWS.")
    page = BeautifulSoup(written.path.read_text("utf-8"), "html.parser")
    line = page.select_one("h1 + p")
    assert line is not None
    assert line.get_text() == "A notebook as it ran, exported as a page. Made on a day, on AWS."
    assert written.summary == "Text."
    shown = page.select_one("main")
    assert shown is not None
    assert "One" in shown.get_text()
    assert "progress" not in shown.get_text()
    assert "not opened yet" not in shown.get_text()
