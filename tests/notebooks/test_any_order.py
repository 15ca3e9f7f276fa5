"""Cells run out of order: each works again, or says what to do."""

import re
from collections.abc import Callable, Iterable

import pytest
from nbformat import NotebookNode

from tests.notebooks.guessing import expect_judged
from tests.notebooks.plans import NAMES
from tests.notebooks.running import seconds_of_attempts, shown
from workshop.errors import WorkshopError

# When the bad order of a pattern's notebook is tried; of 01, whose orders get other settings in
# another order, test_awss_waits tells.
TRIED_S = {
    "02-lambda-destinations": [0, 60, 180],
    "03-lambda-dead-letter-queue": [0, 60, 180],
}


@pytest.mark.parametrize("name", NAMES)
def test_cells_in_any_order(rehearsed: Callable[[str], NotebookNode], name: str) -> None:
    # Given a notebook that has run to its end
    # When its cells run once more in another order, without the experiment, and alone
    done = rehearsed(name)
    # Then all work a second time, for they ask AWS how things stand; and whatever fails, here
    # because of a setting that another cell has changed, says what to do
    assert problems(done) == {}
    # And the bad order was tried when AWS would try it, also among the messages of the run before
    if name in TRIED_S:
        for cell_id in ("timeline", "timeline-shuffled"):
            # Only what an environment takes to start on this machine comes on top.
            assert seconds_of_attempts(done, cell_id, "bad") == pytest.approx(TRIED_S[name], abs=5)
        [checks] = shown(done, "check")
        assert re.search(r"all \d checks pass$", checks)
    # And who guessed wrongly the first time was told so, in the sentence of that mistake
    expect_judged(name.partition("-")[0], done)


def problems(notebook: NotebookNode) -> dict[str, str]:
    """Cell id -> the error of a cell that failed, and did not say what to do."""
    return {
        cell.id: f"{output.ename}: {output.evalue}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error" and not is_helpful(output, cell)
    }


def is_helpful(error: NotebookNode, cell: NotebookNode) -> bool:
    if error.ename == "NameError":
        return "is set in the section" in cell.outputs[-1].get("text", "")
    if "from the section" in error.traceback[-1]:
        return True
    return error.ename in {kind.__name__ for kind in kinds(WorkshopError)}


def kinds(error: type[Exception]) -> Iterable[type[Exception]]:
    yield error
    for kind in error.__subclasses__():
        yield from kinds(kind)
