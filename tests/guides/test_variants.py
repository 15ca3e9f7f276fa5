"""Sheets hold no answer, and pages for an instructor hold every one."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.guides import notebook
from tests.unit.workshop.player.runs import three_orders
from workshop.guides.export import export
from workshop.guides.notebooks import notebooks
from workshop.guides.variants import ASKS, for_instructors, sheet
from workshop.lessons.questions import questions
from workshop.lessons.recall import CASES, FOLDER, recall_questions
from workshop.player.questions import what_next
from workshop.player.widget import FACTS
from workshop.target.target import PROJECT

LESSONS = [path for path in notebooks(PROJECT / "notebooks") if path.stem[:2].isdigit()]
by_name = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def asked_at_the_end(number: str) -> Iterator[str]:
    for folder in (FOLDER, CASES):
        if (folder / f"{number}.toml").exists():
            yield from (one.ask for one in recall_questions(number, folder))


@by_name
def test_an_instructor_reads_what_to_expect_at_every_question(path: Path) -> None:
    number = path.stem.partition("-")[0]
    made = for_instructors(read(path), path.stem)
    notes = [
        BeautifulSoup(cell.source, "html.parser").get_text()
        for cell in made.cells
        if cell.cell_type == "markdown" and 'class="instructor"' in cell.source
    ]
    told = "\n".join(notes)
    # The right answer to each question of the notebook, and what each wrong one means
    own = [one for name, one in questions().items() if name.startswith(f"{number}/")]
    assert [one.name for one in own if one.why not in told] == []
    assert [one.name for one in own if not all(why in told for why in one.wrong.values())] == []
    # And those to be answered from memory
    assert [ask for ask in asked_at_the_end(number) if ask not in told] == []
    # And minutes, before anything else
    assert re.match(r"For the instructor\. About \d+ minutes\.", notes[0])
    nbformat.validate(made)


def test_an_instructor_reads_what_a_player_asks() -> None:
    # Given a run with questions, as a notebook stores it
    facts = three_orders()
    asked = what_next(facts, "bad")
    output = notebook.display(text__plain="A player.")
    output.data[FACTS] = facts | {"questions": asked}
    made = for_instructors(notebook.notebook(notebook.code("run", output)), "01-x")
    told = BeautifulSoup(made.cells[-1].source, "html.parser").get_text()
    assert f"{asked[0]['text']} Right: It stays in the queue, hidden" in told
    assert "later. It was never taken out" in told
    assert all(choice["told"] in told for choice in asked[0]["choices"])
    assert f"{asked[1]['text']} Right: 30 s. {asked[1]['told']}" in told


def test_a_sheet_asks_what_a_player_would() -> None:
    path = next(path for path in LESSONS if path.stem.startswith("01"))
    text = "\n".join(cell.source for cell in sheet(read(path), path.stem).cells)
    assert "What happens after its first attempt, and when?" in text
    assert "it asks" not in text


@by_name
def test_a_sheet_is_headings_code_and_questions(path: Path) -> None:
    given, made = read(path), sheet(read(path), path.stem)
    code = [c.source for c in given.cells if c.cell_type == "code"]
    kept = [c.source for c in made.cells if c.cell_type == "code"]
    # All of it but what checks, which tells the answers, and what asks, which is written out
    left_out = [one for one in code if one not in kept]
    assert [one for one in left_out if not re.search(r"\.(check|recall|decide)", one)] == []
    assert not re.search(r"\.check(_all)?\(", "\n".join(kept))
    told = "\n".join(c.source for c in made.cells if c.cell_type == "markdown")
    assert [ask for ask in asked_at_the_end(path.stem[:2]) if ask not in told] == []
    assert all(not c.outputs for c in made.cells if c.cell_type == "code")
    for cell in made.cells:
        is_question = cell.id.startswith("questions-") or ASKS in cell.metadata.get("tags", [])
        if cell.cell_type == "markdown" and not is_question:
            assert all(line.startswith("#") for line in cell.source.splitlines() if line)


@by_name
def test_what_is_asked_is_tagged(path: Path) -> None:
    # Given a cell in which somebody is to write a guess or an answer, then the text before it stays
    # on a sheet
    cells = read(path).cells
    for before, cell in pairwise(cells):
        is_asking = re.search(r"^\w+ = \.\.\.|\.(recall|decide)\(", cell.source, re.MULTILINE)
        if cell.cell_type == "code" and before.cell_type == "markdown" and is_asking:
            assert ASKS in before.metadata.get("tags", []), before.id


def test_a_note_is_a_frame_on_the_page_with_letters_as_they_are(tmp_path: Path) -> None:
    # Given a question with an answer in quotes
    given = notebook.notebook(
        notebook.markdown("# One\n\n**Time:** about 5 minutes"),
        notebook.code("body_guess = ..."),
        notebook.code('workshop.compare(body_guess, ", ".join(a) or "nothing", "01/body")'),
    )
    page = export(for_instructors(given, "01-one"), tmp_path / "01-one.ipynb", tmp_path).path
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    first, second = soup.select("div.instructor")
    assert "Questions that you can ask on the way: 1." in first.get_text()
    assert "Right: the source queue." in second.get_text()
    assert '"the error": The error was told to Lambda' in second.get_text()
    # It stands where the guess is made, before the answer
    assert second.find_previous("pre").get_text().strip() == "body_guess = ..."  # type: ignore[union-attr]
