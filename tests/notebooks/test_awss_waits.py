"""Notebook 01 shows AWS's waits, also when its stack has been used before.

Those of 02 and 03 are seen in test_any_order; that every notebook runs from its first to its last
cell is seen in tests/guides.
"""

import re
from collections.abc import Callable

import pytest
from nbformat import NotebookNode

from tests.notebooks.running import seconds_of_attempts, shown


def test_the_bad_order_is_tried_when_aws_would_try_it(
    rehearsed: Callable[[str], NotebookNode],
) -> None:
    # When it runs, and again among the messages of the run before
    notebook = rehearsed("01-sqs-dead-letter-queue")
    # Then only what an environment takes to start on this machine comes on top
    for cell_id in ("timeline", "timeline-again"):
        assert seconds_of_attempts(notebook, cell_id, "bad") == pytest.approx([0, 30, 60], abs=5)
    [checks] = shown(notebook, "check-again")
    assert re.search(r"all \d checks pass$", checks)
