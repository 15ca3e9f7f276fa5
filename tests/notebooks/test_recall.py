"""Recall questions close a notebook: unset as guesses are, one answer for each question."""

import ast
import json
from pathlib import Path

import pytest

from workshop.lessons.recall import CASES, FOLDER, recall_questions

LESSONS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))


def calls(path: Path, method: str) -> list[ast.Call]:
    """What is called by this name in the cells of a notebook."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
    ]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_question_is_asked_with_dots_for_its_answer(path: Path) -> None:
    for method, folder in {"recall": FOLDER, "decide": CASES}.items():
        for call in calls(path, method):
            [answers] = call.args
            dots = ["..."] * len(recall_questions(path.stem[:2], folder))
            assert isinstance(answers, ast.List)
            assert [ast.unparse(one) for one in answers.elts] == dots


def test_every_question_is_asked_by_its_notebook() -> None:
    asking = {path.stem[:2] for path in LESSONS if calls(path, "recall")}
    assert asking == {path.stem for path in FOLDER.glob("*.toml")}
    # Who leads a workshop is asked nothing: 13 is the instructor's.
    assert asking == {f"{number:02}" for number in range(15)} - {"13"}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_blank_exercise_is_declared_and_stays_blank(path: Path) -> None:
    for call in calls(path, "exercise"):
        name, blank = ast.literal_eval(call.args[0]), ast.unparse(call.args[1])
        text = path.read_text("utf-8").replace('\\"', '"')
        # In the lesson's list of checks, and asked for
        assert text.count(f'"{name}"') == 2
        assert f"{blank} = ...  #" in text
