"""Every notebook runs from its first to its last cell, and shows what its lesson says."""

import re
from pathlib import Path

import pytest
from nbformat import NotebookNode

from .running import PROJECT, run, shown

# The glossary has nothing to run.
NAMES = sorted(path.stem for path in (PROJECT / "notebooks").glob("[0-9]*.ipynb"))
# Its checks stay red until the learner has changed something: see test_clinic.
CLINIC = "08-misconfiguration-clinic"


def seconds_of_attempts(notebook: NotebookNode, order: str) -> list[int]:
    """When the attempts at an order were made, as the timeline tells those who cannot see it."""
    [words] = shown(notebook, "timeline")
    [story] = re.findall(rf"Message {order}-\d+: (.*?)(?:\. Message|$)", words)
    return [int(number) for number in re.findall(r"attempt \d at (\d+) s", story)]


@pytest.mark.parametrize("name", [name for name in NAMES if name != CLINIC])
def test_it_runs_and_its_checks_pass(project: Path, name: str) -> None:
    notebook = run(project, name)
    checks = shown(notebook, "check")
    assert checks
    assert [check for check in checks if not check.startswith("passed")] == []


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("01-sqs-dead-letter-queue", [0, 30, 60]),
        ("02-lambda-destinations", [0, 60, 180]),
        ("03-lambda-dead-letter-queue", [0, 60, 180]),
    ],
)
def test_it_runs_a_second_time_and_shows_awss_waits(
    project: Path, name: str, seconds: list[int]
) -> None:
    # Given messages of the runs before, in the same queues; when it runs in a new kernel
    notebook = run(project, name)
    # Then the bad order was tried when AWS would try it
    assert seconds_of_attempts(notebook, "bad") == pytest.approx(seconds, abs=2)
