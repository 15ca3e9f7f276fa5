"""Predictions are the learner's: unset, in cells of their own, before anything tells the answer."""

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from workshop.lessons.questions import questions

LESSONS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))
QUESTION = re.compile(r"compare\(\s*(\w+),.*?f?\"(\d\d/[\w{}\[\]-]+)\"", re.DOTALL)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def guesses(source: str) -> list[ast.Assign]:
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assign)]
    return [node for node in found if ast.unparse(node.targets[0]).endswith("_guess")]


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request: pytest.FixtureRequest) -> Any:
    return read(request.param)


def test_guesses_are_unset_and_alone(lesson: Any) -> None:
    for cell in lesson.cells:
        if cell.cell_type != "code" or not (found := guesses(cell.source)):
            continue
        assert len(found) == len(ast.parse(cell.source).body), cell.id
        assert all(ast.unparse(node.value) == "..." for node in found), cell.id


def test_the_first_guesses_stand_before_anything_that_tells(lesson: Any) -> None:
    places = [n for n, cell in enumerate(lesson.cells) if cell.cell_type == "code"]
    asked = [n for n in places if guesses(lesson.cells[n].source)]
    if not asked:  # the instructor's panel asks the group
        return
    # No picture and no table, and nothing has run
    assert asked[0] == places[0]
    before = "\n".join(cell.source for cell in lesson.cells[: asked[0]])
    assert "![" not in before
    assert "\n|" not in before


@pytest.mark.parametrize(
    ("guess", "receives", "told"),
    [
        (8, 8, ""),
        (8.0, 8, ""),
        (..., 7, "There is no guess above: "),
        (None, 7, "There is no guess above: "),
        (7.5, 7, "7.5 is no whole number from 1 to 20, without quotes: "),
        ("8", 7, "'8' is no whole number from 1 to 20, without quotes: "),
        (21, 7, "21 is no whole number from 1 to 20, without quotes: "),
    ],
)
def test_a_guess_that_cannot_be_run_is_named(
    capsys: pytest.CaptureFixture[str], guess: Any, receives: int, told: str
) -> None:
    [path] = [path for path in LESSONS if path.stem.startswith("04")]
    [cell] = [cell for cell in read(path).cells if cell.id == "tweak-receives"]
    known: dict[str, Any] = {"receives_guess": guess}
    exec(cell.source, known)
    assert known["receives"] == receives
    assert capsys.readouterr().out == (told and f"{told}this runs with 7, a common one.\n")


# Pictures that say how often, when and where: the answers to their lessons' first guesses.
TELLING = ("sqs-dlq", "lambda-dest", "lambda-dlq", "four-paths", "batches", "repair", "retry-spans")


def test_a_picture_that_tells_the_answer_is_folded_until_the_guesses_are_judged(
    lesson: Any,
) -> None:
    is_asked = False
    for cell in lesson.cells:
        if cell.cell_type == "code":
            is_asked = (is_asked or bool(guesses(cell.source))) and "compare(" not in cell.source
        elif is_asked:
            seen = re.sub(r"<details>.*?</details>", "", cell.source, flags=re.DOTALL)
            shown = re.findall(r"!\[.*?\]\(\S*/([\w-]+)\.svg\)", seen)
            assert not set(shown) & set(TELLING), cell.id


def test_every_guess_is_judged_below_and_every_question_is_asked() -> None:
    used = set()
    for path in LESSONS:
        code = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
        made = {ast.unparse(node.targets[0]) for cell in code for node in guesses(cell)}
        text = "\n".join(code)
        for name in made:
            assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{path.stem}: {name} is not used"
        for _, name in QUESTION.findall(text):
            assert name.startswith(path.stem[:2])
            used.add(name)
    # One cell asks for each of four paths
    used = used - {"04/{path}"} | {
        f"04/{path}" for path in ("queue", "destinations", "dlq", "unreachable")
    }
    assert used == set(questions())


def test_who_is_told_to_run_both_cells_again_needs_no_third(lesson: Any) -> None:
    # A compare cell names the guesses that it judges: none of them is kept by a cell between
    made = [cell.source for cell in lesson.cells if cell.cell_type == "code"]
    made = [source for source in made if "workshop.compare(" in source]
    unset = {
        ast.unparse(node.targets[0])
        for cell in lesson.cells
        if cell.cell_type == "code"
        for node in guesses(cell.source)
    }
    for source in made:
        tree = ast.parse(source)
        judged = [
            ast.unparse(node.args[0])
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "workshop.compare"
        ]
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & unset
        assert named, source
        assert set(judged) <= named or len(named) > len(judged), source


def test_what_runs_with_another_guess_than_the_learners_says_so(lesson: Any) -> None:
    for cell in lesson.cells:
        if cell.cell_type != "code":
            continue
        chosen = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.IfExp)]
        if any("_guess" in ast.unparse(node) for node in chosen):
            assert re.search(r"print\(.*this runs with \d", cell.source), cell.id


def test_all_checks_count(lesson: Any) -> None:
    text = "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "code")
    assert re.search(r"workshop\.lesson\(\s*\"\d\d-", text)
    # None is shown without being recorded
    assert not re.search(r"display\(\s*(workshop\.)?checks\.", text)


def test_a_lesson_records_under_its_own_name() -> None:
    for path in LESSONS:
        assert f'lesson("{path.stem}"' in path.read_text("utf-8").replace("\\", "").replace(
            'lesson(\n    "', 'lesson("'
        ) or f'"{path.stem}"' in path.read_text("utf-8").replace("\\", "")
