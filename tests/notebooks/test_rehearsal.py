"""A rehearsal leaves no cell out: the other tests look at what it has run."""

import nbformat
import pytest
from nbformat import NotebookNode

from tests.notebooks.plans import NAMES, PLANS, plan_of
from tests.notebooks.rehearsal import MAKING, REMOVING, RUNS, turns
from workshop.target.target import PROJECT


def cells_of(name: str) -> list[NotebookNode]:
    cells: list[NotebookNode] = nbformat.read(
        PROJECT / "notebooks" / f"{name}.ipynb", as_version=4
    ).cells
    return cells


def test_plans_are_those_of_notebooks() -> None:
    assert PLANS.keys() <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_has_all_its_turns(name: str) -> None:
    cells, plan = cells_of(name), plan_of(name)
    stored = {cell.id: cell.source for cell in cells if cell.cell_type == "code"}
    done = {cell.id: cell.source for cell in turns(cells, plan) if cell.cell_type == "code"}
    # In any order and when the experiment is gone, but for what clears it away and what makes it
    kept = {cell_id for cell_id, source in stored.items() if ".clear()" not in source}
    needing = {cell_id for cell_id in kept if not MAKING.search(stored[cell_id])}
    for suffix, ids in {"shuffled": kept, "gone": needing, "alone": set(stored)}.items():
        run = {key.removesuffix(f"-{suffix}") for key in done if key.endswith(f"-{suffix}")}
        run -= {key for key in run if key.startswith("forget-")}
        assert run == ids
        assert {
            cell_id for cell_id in ids if done[f"{cell_id}-{suffix}"] != stored[cell_id]
        } == set()
    # To the end as often as the plan says, with what a learner writes there
    for suffix in RUNS[: plan.runs]:
        assert {f"{cell_id}{suffix}" for cell_id in stored} <= done.keys()
    written = {cell_id for cell_id in stored if done[cell_id] != stored[cell_id]}
    assert written == plan.changes.keys()


@pytest.mark.parametrize("name", PLANS)
def test_what_is_tried_is_written_and_run_when_all_has_run(name: str) -> None:
    cells, plan = cells_of(name), plan_of(name)
    order = [cell.id for cell in turns(cells, plan)]
    last = [f"{cell.id}{RUNS[plan.runs - 1]}" for cell in cells if cell.id not in REMOVING]
    done = {cell.id: cell.source for cell in turns(cells, plan)}
    for word, one in plan.tries.items():
        for cell_id in one.cells:
            place = order.index(f"{cell_id}-{word}")
            # Before anything is cleared away or has its turn out of order
            assert max(map(order.index, last)) < place
            assert place < min(n for n, other in enumerate(order) if other.endswith("-shuffled"))
        for cell_id, line in one.changes.items():
            assert line in done[f"{cell_id}-{word}"].splitlines()
