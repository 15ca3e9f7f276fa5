"""What a notebook says to who runs it, a page says to who reads it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode

from tests.guides.notebook import code, display, markdown, notebook
from workshop import html
from workshop.guides.export import export
from workshop.guides.voice import spoken
from workshop.lessons.checks import equal
from workshop.lessons.lesson import Blank, lesson
from workshop.lessons.recall import recall
from workshop.target.target import PROJECT

LESSONS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
# Whoever reads a page can do none of it.
TO_WHO_RUNS = re.compile(
    r"[Ww]rite (down )?your guess|You wrote down|where the dots|each of the dots|answers land in|"
    r"\b(Later (change|run|try)|[Rr]un (the (next|cell)|this cell|that cell|a cell|both|it again)|"
    r"run every cell|run the notebook from|Send what you like|a button runs|come back today|"
    r"you have left|If you close|whenever you come back|You may leave it out|read on meanwhile|"
    r"this computer|your machine|How far you have come|a copy of your own|shows it as done)\b"
)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_page_speaks_to_who_runs_the_notebook(path: Path) -> None:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    told = [match[0] for text in texts for match in TO_WHO_RUNS.finditer(spoken(text))]
    assert told == []


def outputs_of(folder: Path, *results: object) -> str:
    shown = [display(text__html=one._repr_html_()) for one in results]  # type: ignore[attr-defined]
    cells = notebook(markdown("# A\n\n## Run"), *(code("it", one) for one in shown))
    written = export(cells, folder / "12-a.ipynb", folder).path
    page = BeautifulSoup(written.read_text("utf-8"), "html.parser")
    return "\n".join(" ".join(one.get_text().split()) for one in page.select(".output"))


def test_what_a_cell_says_to_who_runs_it_is_not_on_a_page(tmp_path: Path) -> None:
    told = outputs_of(tmp_path, recall("01", []), Blank("Write a plan."))
    assert "1. " in told
    assert "left as an exercise: Write a plan." in told
    assert not re.search("where the dots|run the cell again|both cells", told)


def test_what_nobody_has_tried_is_an_exercise_and_did_not_fail(tmp_path: Path) -> None:
    made = lesson("12-a", ["waits", "receives"], file=tmp_path / "progress.json")
    red = equal("it works", expected=1, seen=2, evidence="cell", hint="look")
    untouched = made.check("waits", replace(red, is_untouched=True))
    told = outputs_of(tmp_path, untouched, made)
    assert "◌ left as an exercise: it works" in told
    assert "seen: 2" in told
    assert "12-a: 2 left as exercises" in told
    assert "◌ waits: left as an exercise" in told
    assert "not yet" not in told
    # What somebody tried is told as it is
    told = outputs_of(tmp_path, made.check("waits", red), made)
    assert "✗ not yet: it works" in told
    assert "0 of 2 checks pass, 1 does not yet" in told


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Only once? Later change the number, and run the next five cells again.", "Only once?"),
        ("Five. (Later run the next four cells with 20.)\n\n**Predict:**", "Five.\n\n**Predict:**"),
        ("It goes. (If you close it before, [14](14-x.ipynb) finds it.)", "It goes."),
        (
            "Write down your guess, then send them to `partial` and draw the timeline.",
            "Make a guess before you read the solution.",
        ),
        (
            "Send what you like with the controls, then run the cell below them: it draws "
            "everything that was sent. The code that a button runs is shown beside it. Others:",
            "In the notebook you send what you like, with controls; the cell after them draws "
            "everything that was sent. Others:",
        ),
        (
            "Run the cell: it asks. Press *Play* and answer; your answers land in `said`.",
            'Answer for yourself first<span class="on-screen">; the player below asks you</span>.',
        ),
        (
            "Read it. Below a card its runs can be watched, side by side, as far as AWS tells it.",
            'Read it.<span class="on-screen"> Below a card its runs can be watched, side by side, '
            "as far as AWS tells it.</span>",
        ),
    ],
)
def test_what_to_do_with_cells_is_left_out_and_the_rest_stays(said: str, read: str) -> None:
    assert spoken(said) == read


def test_a_result_speaks_of_the_machine_that_ran_it_and_paper_of_no_player(tmp_path: Path) -> None:
    place = "connected to the embedded AWS on this machine"
    wait = "waited until it ended (you are asked why, in the player below): 17 s"
    shown = [notebook_line(place), notebook_line(wait)]
    cells = notebook(markdown("# A\n\n## Run"), *(code("it", one) for one in shown))
    written = export(cells, tmp_path / "01-a.ipynb", tmp_path).path
    page = BeautifulSoup(written.read_text("utf-8"), "html.parser")
    first, second = page.select(".output")
    assert "connected to the embedded AWS, on the machine that ran this" in first.get_text()
    # On a screen the sentence is as it was
    assert wait in second.get_text()
    for one in second.select(".on-screen"):
        one.decompose()
    assert "waited until it ended: 17 s" in second.get_text()


def notebook_line(text: str) -> NotebookNode:
    return display(text__html=str(html.paragraph(text)))


def test_the_clinic_does_not_send_a_reader_to_its_cells() -> None:
    path = next(path for path in LESSONS if path.stem.startswith("12"))
    cells = json.loads(path.read_text("utf-8"))["cells"]
    texts = [spoken("".join(one["source"])) for one in cells if one["cell_type"] == "markdown"]
    assert not any("*not yet*" in text for text in texts)
    assert any("before you read the solution" in text for text in texts)


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
