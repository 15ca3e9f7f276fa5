"""Every notebook runs from its first to its last cell, and shows what its lesson says."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from workshop import embedded
from workshop.guides.execute import execute

PROJECT = Path(__file__).parents[2]
PARTS = ("app.py", "cdk.json", "requirements.txt", "infra", "lambda", "localaws", "notebooks")
NAMES = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the project: its embedded AWS is not the one that a person may be working with."""
    copy = tmp_path_factory.mktemp("project")
    for part in (*PARTS, "workshop"):
        source, target = PROJECT / part, copy / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    yield copy
    embedded.stop(copy)


def run(project: Path, name: str) -> NotebookNode:
    environment = {**os.environ, "PYTHONPATH": str(project)}
    return execute(project / "notebooks" / f"{name}.ipynb", environment=environment, timeout_s=120)


def shown(notebook: NotebookNode, cell_id: str) -> list[str]:
    """What a cell shows, as text."""
    [cell] = [cell for cell in notebook.cells if cell.id == cell_id]
    return [
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    ]


def seconds_of_attempts(notebook: NotebookNode, order: str) -> list[int]:
    """When the attempts at an order were made, as the timeline tells those who cannot see it."""
    [words] = shown(notebook, "timeline")
    [story] = re.findall(rf"Message {order}-\d+: (.*?)(?:\. Message|$)", words)
    return [int(number) for number in re.findall(r"attempt \d at (\d+) s", story)]


@pytest.mark.parametrize("name", NAMES)
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
