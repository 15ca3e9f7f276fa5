"""Judges every documented answer by what a run shows: cells for a notebook that runs anyway."""

import json

import nbformat
from nbformat import NotebookNode

from workshop.lessons.questions import questions

# Judges every answer in turn by what the notebook itself compares with.
_GUESSING = """
from workshop.lessons import predictions as _predictions

_kept, _judge = workshop.compare, _predictions.compare
_heard = {}


def _listening(made, observed, name, tried=""):
    asked = _predictions.question(name, tried)
    answers = [*asked.wrong, asked.common.strip('"'), *asked.words, "?"]
    numbers = [] if asked.words else [asked.low, asked.high, -7, 10**9]
    for one in [*answers, *numbers]:
        if one is not None:
            said = one if asked.words else _number(one)
            found = _judge(said, observed, name, tried)
            _heard.setdefault(name, {})[str(one)] = (found.verdict.name, found.told, str(observed))
    return _judge(made, observed, name, tried)


def _number(text):
    try:
        return float(text)
    except ValueError:
        return text


workshop.compare = _listening
"""
# And from here on a guess is judged as ever.
_TELLING = "import json as _json\nprint(_json.dumps(_heard))\nworkshop.compare = _kept"


def with_guesses(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells of a notebook, which try all answers at each question, and tell them at the end."""
    first = next(n for n, cell in enumerate(cells) if "import workshop" in cell.source)
    return [
        *cells[: first + 1],
        nbformat.v4.new_code_cell(_GUESSING, id="guessing"),
        *cells[first + 1 :],
        nbformat.v4.new_code_cell(_TELLING, id="telling"),
    ]


def expect_judged(number: str, done: NotebookNode) -> None:
    """Each wrong answer is told its own sentence, each right one is right; no run confirms another.

    Args:
        number: of the notebook.
        done: that ran `with_guesses`.
    """
    [telling] = [cell for cell in done.cells if cell.id == "telling"]
    found: dict[str, dict[str, list[str]]] = json.loads(telling.outputs[0]["text"])
    asked = {key: one for key, one in questions().items() if key.startswith(f"{number}/")}
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
