"""The misconfiguration clinic: red as it is, green after each solution, told what is wrong else."""

import re
from collections.abc import Callable

import pytest
from nbformat import NotebookNode

from tests.notebooks.plans import CLINIC, EXERCISES, NO_CURES, solutions
from tests.notebooks.running import shown


@pytest.fixture(scope="module")
def clinic(rehearsed: Callable[[str], NotebookNode]) -> NotebookNode:
    return rehearsed(CLINIC)


def results(clinic: NotebookNode, again: str = "") -> list[str]:
    return [shown(clinic, f"change-{number}{again}")[-1] for number in EXERCISES]


def has_word(word: str, text: str) -> bool:
    """Whether it stands there by itself: names of resources end with chance digits."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def test_as_it_is_nothing_passes_and_nothing_breaks(clinic: NotebookNode) -> None:
    answers = [line.partition(" = ")[2] for line in solutions().values()]
    # A nudge, and no more, however often nobody changes anything; the first line gives nothing away
    for result in [*results(clinic), *results(clinic, "-again")]:
        first, *more = result.splitlines()
        assert first.startswith("not yet")
        assert [line.partition(":")[0] for line in more] == ["nudge"]
        assert [answer for answer in answers if has_word(answer, first)] == []
    assert "0 of 6 checks pass" in shown(clinic, "check")[0]
    assert shown(clinic, "clear-again")[-1].endswith(" 0 left'")
    assert "observed: 1" in shown(clinic, "compare")[0]
    # And a visibility timeout that was lowered later makes two runs of one order
    assert "beside one that still ran" in shown(clinic, "later-runs")[0]
    assert "observed: 2" in shown(clinic, "later-compare")[0]


def test_each_solution_turns_its_check_green(clinic: NotebookNode) -> None:
    assert len(solutions()) == len(EXERCISES)
    solved = results(clinic, "-solved")
    assert [result for result in solved if not result.startswith("passed")] == []
    assert "all 6 checks pass" in shown(clinic, "check-solved")[0]
    # And with enough time to hide, an order is processed once
    assert "observed: 1" in shown(clinic, "later-compare-solved")[0]


def test_values_that_aws_does_not_take_and_dangerous_ones_are_told(clinic: NotebookNode) -> None:
    # Nothing ended in an error: each cell went on
    for result, (_, word, told) in zip(results(clinic, "-wrong"), NO_CURES, strict=True):
        assert result.startswith(word)
        assert told in result
    assert "0 of 6 checks pass" in shown(clinic, "check-wrong")[0]
