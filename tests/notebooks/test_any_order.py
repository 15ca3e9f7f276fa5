"""Cells run out of order: each works again, or says what to do."""

import copy
import random
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from tests.notebooks.guessing import expect_judged, with_guesses
from tests.notebooks.running import seconds_of_attempts, shown
from workshop.cli.jupyter import jupyter_environment
from workshop.errors import WorkshopError
from workshop.guides.execute import execute
from workshop.target.target import PROJECT

NAMES = sorted(path.stem for path in (PROJECT / "notebooks").glob("[0-9]*.ipynb"))
SEED = 4
# Longer than any queue of the workshop keeps a message.
LATER_S = 15 * 24 * 3600
LATER = f"lab.clock.sleep({LATER_S}, 'the DLQs keep nothing that long')"
# When the bad order of a pattern's notebook is tried; of 01, whose orders get other settings in
# another order, test_awss_waits tells.
TRIED_S = {
    "02-lambda-destinations": [0, 60, 180],
    "03-lambda-dead-letter-queue": [0, 60, 180],
}
# Its settings are wrong on purpose, and let messages be tried again all that time.
TRY_FOR_EVER = ("12-misconfiguration-clinic",)
# Makes temporary resources, or all of an experiment anew.
MAKING = re.compile(
    r"temporary\.(behind_|asynchronous|table|queue|function)|payer\(|measured\(|stage\.show|gallery\.(show|try)"
)
REMOVING = ("clear", "teardown-temporary")
# What a restarted kernel has: IPython's own names, and modules that are imported faster.
FORGET = """
for name in [name for name in globals() if name not in born_with]:
    del globals()[name]
"""


@pytest.mark.parametrize("name", NAMES)
def test_cells_in_any_order(project: Path, name: str) -> None:
    notebook = nbformat.read(project / "notebooks" / f"{name}.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    # Given a notebook that has run to its end, and what it made is still there
    # When its cells run once more, weeks later, in another order; then when the experiment is
    # cleared away; then each in a kernel that knows nothing
    notebook.cells = [
        cell("before", "born_with = {*globals(), 'born_with', 'name'}"),
        *with_guesses([one for one in notebook.cells if one.id not in REMOVING]),
        *([] if name in TRY_FOR_EVER else [cell("later", LATER)]),
        *copies(shuffled(code), "again"),
        *(one for one in code if one.id in REMOVING),
        *copies(without_makers(code), "gone"),
        cell("plain", "%xmode Minimal"),
        *alone(code),
    ]
    done = run(project, name, notebook)
    # Then all work a second time, for they ask AWS how things stand; and whatever fails, here
    # because of a setting that another cell has changed, says what to do
    assert problems(done) == {}
    # And the bad order was tried when AWS would try it, also among the messages of the run before
    if name in TRIED_S:
        for cell_id in ("timeline", "timeline-again"):
            # Only what an environment takes to start on this machine comes on top.
            assert seconds_of_attempts(done, cell_id, "bad") == pytest.approx(TRIED_S[name], abs=5)
        [checks] = shown(done, "check")
        assert re.search(r"all \d checks pass$", checks)
    # And who guessed wrongly the first time was told so, in the sentence of that mistake
    expect_judged(name.partition("-")[0], done)


def run(project: Path, name: str, notebook: NotebookNode) -> NotebookNode:
    path = project / "notebooks" / f"{name}-any-order.ipynb"
    nbformat.write(notebook, path)
    try:
        return execute(path, environment=jupyter_environment(project), silence_s=120)
    finally:
        path.unlink()


def cell(cell_id: str, source: str) -> NotebookNode:
    return nbformat.v4.new_code_cell(source, id=cell_id)


def copies(cells: Iterable[NotebookNode], suffix: str) -> Iterable[NotebookNode]:
    for one in copy.deepcopy(list(cells)):
        one.id += f"-{suffix}"
        one.metadata["tags"] = ["raises-exception"]
        yield one


def shuffled(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Without the cells that take away what the others need; last those that put things back."""
    kept = [cell for cell in cells if ".clear()" not in cell.source]
    return sorted(random.Random(SEED).sample(kept, len(kept)), key=lambda c: c.id.endswith("back"))


def without_makers(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Those that need what an experiment made, in the order of the notebook."""
    return [cell for cell in shuffled(cells) if not MAKING.search(cell.source)]


def alone(cells: list[NotebookNode]) -> Iterable[NotebookNode]:
    for one in copies(cells, "alone"):
        yield from (cell(f"forget-{one.id}", FORGET), one)


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
