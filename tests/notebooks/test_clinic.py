"""The misconfiguration clinic: red as it is, green after each solution, told what is wrong else."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from tests.notebooks.running import run, shown
from workshop.target.target import PROJECT

NAME = "12-misconfiguration-clinic"
EXERCISES = range(1, 7)


def results(notebook: NotebookNode) -> list[str]:
    return [shown(notebook, f"change-{number}")[-1] for number in EXERCISES]


def solutions() -> dict[str, str]:
    """Cell id -> the line that the folded solution gives."""
    notebook = nbformat.read(PROJECT / "notebooks" / f"{NAME}.ipynb", as_version=4)
    folded = {cell.id: cell.source for cell in notebook.cells if cell.id.startswith("solution-")}
    code = {cell_id: re.findall(r"```python\n(.*?)\n```", text) for cell_id, text in folded.items()}
    return {cell_id.replace("solution", "change"): line for cell_id, [line] in code.items()}


def test_as_it_is_nothing_passes_and_nothing_breaks(project: Path) -> None:
    notebook = run(project, NAME, twice=True)
    for result in [
        *results(notebook),
        *[shown(notebook, f"change-{n}-again")[-1] for n in EXERCISES],
    ]:
        assert result.startswith("not yet")
        assert "hint: " in result.lower()
    assert "0 of 6 checks pass" in shown(notebook, "check")[0]
    assert shown(notebook, "clear-again")[-1].endswith(" 0 left'")
    assert "observed: 1" in shown(notebook, "compare")[0]
    # And a visibility timeout that was lowered later makes two runs of one order
    assert "beside one that still ran" in shown(notebook, "later-runs")[0]
    assert "observed: 2" in shown(notebook, "later-compare")[0]


def test_each_solution_turns_its_check_green(project: Path) -> None:
    assert len(solutions()) == len(EXERCISES)
    notebook = run(project, NAME, solutions() | {"later-run": "lowered_to_s = 120"})
    assert [result for result in results(notebook) if not result.startswith("passed")] == []
    assert "all 6 checks pass" in shown(notebook, "check")[0]
    # And with enough time to hide, an order is processed once
    assert "observed: 1" in shown(notebook, "later-compare")[0]


@pytest.mark.parametrize(
    "wrong",
    [
        [
            ("visibility_timeout_s = 30", "AWS advises 6 times the function timeout"),
            ("max_receive_count = 3", "3 is not enough"),
            ('policy = {"deadLetterTargetArn": third.queue.arn, "maxReceiveCount": 3}', "another"),
            ('principal = "sqs.amazonaws.com"', "sqs.amazonaws.com may invoke the function now"),
            ('qualifier = "1"', "version 1 has a configuration now"),
            ("maximum_event_age_s = 90", "one more attempt than before"),
        ]
    ],
)
def test_a_wrong_change_gets_a_hint_about_itself(
    project: Path, wrong: list[tuple[str, str]]
) -> None:
    changes = {f"change-{n}": line for n, (line, _) in enumerate(wrong, start=1)}
    notebook = run(project, NAME, changes)
    for result, (_, hint) in zip(results(notebook), wrong, strict=True):
        assert result.startswith("not yet")
        assert hint in result
