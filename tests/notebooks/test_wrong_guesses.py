"""Who guesses wrongly is told so, in the sentence of that mistake, by what the run has shown."""

import json
from pathlib import Path

import nbformat
import pytest

from tests.copied_project import environment_of
from tests.notebooks.test_guesses import LESSONS
from workshop.guides.execute import execute
from workshop.lessons.questions import questions

# Judges every answer in turn by what the notebook itself compares with.
_GUESSING = """
from workshop.lessons import predictions as _predictions

_kept, _judge = workshop.compare, _predictions.compare
_heard = {}


def _listening(made, observed, name):
    asked = _predictions.question(name)
    answers = [*asked.wrong, asked.common.strip('"'), *asked.words, "?"]
    numbers = [] if asked.words else [asked.low, asked.high, -7, 10**9]
    for one in [*answers, *numbers]:
        if one is not None:
            said = one if asked.words else _number(one)
            found = _judge(said, observed, name)
            _heard.setdefault(name, {})[str(one)] = (found.verdict.name, found.told, str(observed))
    return _judge(made, observed, name)


def _number(text):
    try:
        return float(text)
    except ValueError:
        return text


workshop.compare = _listening
"""
_TELLING = "import json as _json\nprint(_json.dumps(_heard))"


def heard(project: Path, name: str) -> dict[str, dict[str, list[str]]]:
    """Question -> answer -> how it was judged, what was said about it, and what the run showed."""
    notebook = nbformat.read(project / "notebooks" / f"{name}.ipynb", as_version=4)
    first = next(n for n, cell in enumerate(notebook.cells) if "import workshop" in cell.source)
    notebook.cells.insert(first + 1, nbformat.v4.new_code_cell(_GUESSING, id="guessing"))
    notebook.cells.append(nbformat.v4.new_code_cell(_TELLING, id="telling"))
    path = project / "notebooks" / f"{name}-wrong.ipynb"
    nbformat.write(notebook, path)
    try:
        done = execute(path, environment=environment_of(project))
    finally:
        path.unlink()
    found: dict[str, dict[str, list[str]]] = json.loads(done.cells[-1].outputs[0]["text"])
    return found


@pytest.mark.parametrize("name", [path.stem for path in LESSONS])
def test_every_wrong_guess_is_told_why_by_what_the_run_shows(project: Path, name: str) -> None:
    asked = {key: one for key, one in questions().items() if key.startswith(name[:2])}
    if not asked:
        pytest.skip("it asks nothing")
    found = heard(project, name)
    # Every question was judged, by what this run has shown
    assert set(found) == set(asked)
    for key, answers in found.items():
        for written, meaning in asked[key].wrong.items():
            assert answers[written][:2] == ["WRONG", meaning], (key, written)
        right = asked[key].words or (asked[key].low, asked[key].high)
        for one in right:
            if one is not None:
                assert answers[str(one)][0] == "RIGHT", (key, one)
        # And what is no answer is told kindly, what nobody thought of is wrong
        assert answers["?"][0] == "MISFIT"
        assert asked[key].words or {answers["-7"][0], answers["1000000000"][0]} == {"WRONG"}
