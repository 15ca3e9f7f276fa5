"""The misconfiguration clinic: red as it is, green after each solution, told what is wrong else."""

import re
from pathlib import Path

import nbformat
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


def has_word(word: str, text: str) -> bool:
    """Whether it stands there by itself: names of resources end with chance digits."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def test_as_it_is_nothing_passes_and_nothing_breaks(project: Path) -> None:
    notebook = run(project, NAME, twice=True)
    answers = [line.partition(" = ")[2] for line in solutions().values()]
    # A nudge, and no more, however often nobody changes anything; the first line gives nothing away
    for result in [
        *results(notebook),
        *[shown(notebook, f"change-{n}-again")[-1] for n in EXERCISES],
    ]:
        first, *more = result.splitlines()
        assert first.startswith("not yet")
        assert [line.partition(":")[0] for line in more] == ["nudge"]
        assert [answer for answer in answers if has_word(answer, first)] == []
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


def test_values_that_aws_does_not_take_and_dangerous_ones_are_told(project: Path) -> None:
    answers = [
        ("visibility_timeout_s = 99999", "not yet", "AWS refused the change"),
        ('max_receive_count = "many"', "not yet", "AWS refused the change"),
        (
            'policy = {"deadLetterTargetArn": third.dlq.arn, "maxReceiveCount": 1}',
            "dangerous",
            "What is wrong: with one receive",
        ),
        ('principal = "*"', "dangerous", "everybody"),
        ("qualifier = None", "not yet", "boto3 did not send the change"),
        ("maximum_event_age_s = None", "not yet", "boto3 did not send the change"),
    ]
    changes = {f"change-{n}": line for n, (line, _, _) in enumerate(answers, start=1)}
    # Nothing ends in an error: each cell goes on
    notebook = run(project, NAME, changes)
    for result, (_, word, told) in zip(results(notebook), answers, strict=True):
        assert result.startswith(word)
        assert told in result
    assert "0 of 6 checks pass" in shown(notebook, "check")[0]
