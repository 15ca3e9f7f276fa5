"""Notebooks 01 to 03 show AWS's waits, also when their stacks have been used before.

That every notebook runs from its first to its last cell is seen in tests/guides.
"""

import re
from pathlib import Path

import pytest
from nbformat import NotebookNode

from tests.notebooks.running import run, shown


def seconds_of_attempts(notebook: NotebookNode, cell_id: str, order: str) -> list[float]:
    """When the attempts at an order were made, as the timeline tells those who cannot see it."""
    [words] = shown(notebook, cell_id)
    [story] = re.findall(rf"Message {order}-\d+: (.*?)(?:\. Message|$)", words)
    return [float(number) for number in re.findall(r"attempt \d at ([\d.]+) s", story)]


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("01-sqs-dead-letter-queue", [0, 30, 60]),
        ("02-lambda-destinations", [0, 60, 180]),
        ("03-lambda-dead-letter-queue", [0, 60, 180]),
    ],
)
def test_the_bad_order_is_tried_when_aws_would_try_it(
    project: Path, name: str, seconds: list[int]
) -> None:
    # When it runs, and again among the messages of the run before
    notebook = run(project, name, twice=True)
    # Then only what an environment takes to start on this machine comes on top
    for cell_id in ("timeline", "timeline-again"):
        assert seconds_of_attempts(notebook, cell_id, "bad") == pytest.approx(seconds, abs=5)
    [checks] = shown(notebook, "check-again")
    assert re.search(r"all \d checks pass$", checks)
