"""The solution of an exercise: never in the cell below its task, folded on a page."""

import tomllib
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.guides import notebook
from workshop.guides.export import export
from workshop.guides.variants import for_instructors
from workshop.lessons.checks import equal
from workshop.lessons.exercises import help_with
from workshop.lessons.lesson import Blank, lesson
from workshop.target.target import PROJECT

LESSONS = sorted((PROJECT / "notebooks").glob("[0-9]*.ipynb"))
HELPS = tomllib.loads((PROJECT / "workshop/lessons/exercises.toml").read_text("utf-8"))
NAME = "09-designing-it"
HELP = help_with(NAME, "your own design")
ASKED = 'lesson.exercise(\n    "your own design", own_plan, judge, task="Write a plan."\n)'


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_cell_holds_help_with_its_exercise(path: Path) -> None:
    code = [one.source for one in nbformat.read(path, 4).cells if one.cell_type == "code"]
    told = [text for one in HELPS.values() for text in one.values()]
    checking = [one for one in code if ".check(" in one or ".exercise(" in one]
    assert [text for text in told if any(text in one for one in checking)] == []
    assert [one for one in code if "solution" in one] == []
    # And what there is help with is checked by that name
    names = [name[3:] for name in HELPS if name.startswith(path.stem[:2])]
    assert [name for name in names if not any(f'"{name}"' in one for one in code)] == []


def test_a_check_finds_its_help_by_its_name(tmp_path: Path) -> None:
    made = lesson(NAME, ["your own design"], file=tmp_path / "progress.json")
    red = equal("it survives", expected=1, seen=2, evidence="cell")
    helps = [dict(made.check("your own design", red).help) for _ in range(3)]
    assert helps[0] == {"nudge": HELP.nudge}
    assert helps[2] == {"nudge": HELP.nudge, "hint": HELP.hint, "solution": HELP.solution}


@pytest.mark.parametrize("number", ["01", "02", "03"])
def test_a_setting_that_was_not_put_back_names_the_cell_that_does_it(
    tmp_path: Path, number: str
) -> None:
    # Given a check that finds the setting of an experiment
    [path] = [path for path in LESSONS if path.stem.startswith(number)]
    made = lesson(path.stem, ["put back"], file=tmp_path / "progress.json")
    red = equal("as deployed", expected=2, seen=1, evidence="AWS", hint="attempts and retries")
    # Then its first help is the words above a code cell of the notebook, and nothing else
    [(_, told)] = made.check("put back", red).help
    words = told.split('"')[1]
    cells = nbformat.read(path, 4).cells
    [below] = [n + 1 for n, one in enumerate(cells) if words in one.source]
    assert cells[below].cell_type == "code"


def exported(folder: Path, blank: Blank | str) -> BeautifulSoup:
    shown = notebook.display(text__plain=str(blank), text__html=f"<div>{blank}</div>")
    cells = notebook.notebook(notebook.markdown("# A\n\n## Yours"), notebook.code(ASKED, shown))
    page = export(cells, folder / f"{NAME}.ipynb", folder).path
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def test_a_page_folds_the_solution_of_what_nobody_has_done(tmp_path: Path) -> None:
    page = exported(tmp_path, Blank("Write a plan."))
    folded = page.select_one("details.answer")
    assert folded
    assert "open" not in folded.attrs
    assert HELP.solution in folded.get_text()
    assert HELP.hint in folded.get_text()
    # Paper has it at the end
    assert HELP.solution in page.select_one(".answers").get_text()  # type: ignore[union-attr]
    for one in page.select("details.answer, .answers"):
        one.decompose()
    assert HELP.solution not in page.get_text()


def test_who_solved_it_needs_no_solution(tmp_path: Path) -> None:
    assert exported(tmp_path, "passed: it survives.").select("details.answer") == []


def test_an_instructor_has_it_as_a_note() -> None:
    made = for_instructors(notebook.notebook(notebook.code(ASKED)), NAME)
    told = BeautifulSoup(made.cells[-1].source, "html.parser").get_text()
    assert f"The solutionWrite a plan. Right: {HELP.solution}. {HELP.hint}" in told
