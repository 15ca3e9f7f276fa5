"""All that a learner may do with a notebook, one after the other in one kernel.

It runs to its end, once more, with exercises done well and badly, weeks later in any order, and
anew cell by cell. Whatever is seen of it later is seen in the one run: `rehearse` is what takes
the time, and `tests/notebooks/conftest.py` sees to it that each notebook is rehearsed once.
"""

import copy
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.copied_project import environment_of
from tests.notebooks.guessing import with_guesses
from tests.notebooks.running import executed, write

SEED = 4
SILENCE_LIMIT_S = 120
# Longer than any queue of the workshop keeps a message.
LATER_S = 15 * 24 * 3600
LATER = f"lab.clock.sleep({LATER_S}, 'the DLQs keep nothing that long')"
# Makes temporary resources, or all of an experiment anew.
MAKING = re.compile(
    r"temporary\.(behind_|asynchronous|table|queue|function)|payer\(|measured\(|stage\.show|gallery\.(show|try)"
)
RUNS = ("", "-again", "-anew")
REMOVING = ("clear", "teardown-temporary")
# What a restarted kernel has: IPython's own names, and modules that are imported faster.
FORGET = """
for name in [name for name in globals() if name not in born_with]:
    del globals()[name]
"""


@dataclass(frozen=True)
class Plan:
    """What a notebook's rehearsal has beside what all have.

    Attributes:
        runs: how often it runs to its end, at most three times; its cells' ids then end as `RUNS`
            tells. Before it runs once more, what it made is cleared away as the notebook says;
            after the last time it is still there until all that needs it has run.
        changes: cell id -> the line that a learner writes there before the first cell runs.
        tries: what learners write there afterwards; each then runs these cells once more, in the
            notebook's order, and their ids end with `-` and the name of the try.
        for_ever: its settings are wrong on purpose, and let messages be tried again for weeks.
    """

    runs: int = 1
    changes: Mapping[str, str] = field(default_factory=dict)
    tries: Mapping[str, "Try"] = field(default_factory=dict)
    for_ever: bool = False


@dataclass(frozen=True)
class Try:
    """Cells that a learner runs once more.

    Attributes:
        changes: cell id -> the line to write there.
        cells: the ids of all that is run.
    """

    changes: Mapping[str, str]
    cells: Sequence[str]


def rehearse(project: Path, name: str, plan: Plan) -> NotebookNode:
    """Run a notebook of the copied project as the plan says."""
    notebook = nbformat.read(project / "notebooks" / f"{name}.ipynb", as_version=4)
    notebook.cells = turns(notebook.cells, plan)
    return executed(
        project, f"{name}-rehearsed", notebook, environment_of(project), silence_s=SILENCE_LIMIT_S
    )


def turns(cells: list[NotebookNode], plan: Plan) -> list[NotebookNode]:
    """A notebook's cells as often as they are run.

    To the end, with all guesses tried the first time; those of each try; weeks later in another
    order (their ids end with `-shuffled`); when the experiment is cleared away (`-gone`); each in a
    kernel that knows nothing (`-alone`). Cells of these last three may fail.
    """
    stored = [cell for cell in cells if cell.cell_type == "code"]
    written = copy.deepcopy(cells)
    write(written, plan.changes)
    # What the last run made is still there for what comes then.
    kept = [cell for cell in written if cell.id not in REMOVING]
    suffixes = RUNS[: plan.runs]
    last = suffixes[-1]
    first, *others = (copies(kept if one == last else written, one) for one in suffixes)
    return [
        code("before", "born_with = {*globals(), 'born_with', 'name'}"),
        *with_guesses(first),
        *chain(*others),
        *chain(*(tried(stored, word, one) for word, one in plan.tries.items())),
        *([] if plan.for_ever else [code("later", LATER)]),
        *may_fail(copies(shuffled(stored), "-shuffled")),
        *copies([cell for cell in stored if cell.id in REMOVING], last),
        *may_fail(copies(without_makers(stored), "-gone")),
        code("plain", "%xmode Minimal"),
        *alone(stored),
    ]


def tried(cells: list[NotebookNode], word: str, one: Try) -> list[NotebookNode]:
    again = copies([cell for cell in cells if cell.id in one.cells], f"-{word}")
    write(again, {f"{cell_id}-{word}": line for cell_id, line in one.changes.items()})
    return again


def code(cell_id: str, source: str) -> NotebookNode:
    return nbformat.v4.new_code_cell(source, id=cell_id)


def copies(cells: Iterable[NotebookNode], suffix: str) -> list[NotebookNode]:
    made = copy.deepcopy(list(cells))
    for one in made:
        one.id += suffix
    return made


def may_fail(cells: list[NotebookNode]) -> list[NotebookNode]:
    for one in cells:
        one.metadata["tags"] = ["raises-exception"]
    return cells


def shuffled(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Without the cells that take away what the others need; last those that put things back."""
    kept = [cell for cell in cells if ".clear()" not in cell.source]
    return sorted(random.Random(SEED).sample(kept, len(kept)), key=lambda c: c.id.endswith("back"))


def without_makers(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Those that need what an experiment made, in the order of the notebook."""
    return [cell for cell in shuffled(cells) if not MAKING.search(cell.source)]


def alone(cells: list[NotebookNode]) -> Iterable[NotebookNode]:
    for one in may_fail(copies(cells, "-alone")):
        yield from (code(f"forget-{one.id}", FORGET), one)
