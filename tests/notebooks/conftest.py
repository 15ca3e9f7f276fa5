"""What tests of notebooks share: each one's rehearsal, made by whichever process needs it first."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from tests.notebooks.plans import plan_of
from tests.notebooks.rehearsal import rehearse
from workshop.target import locks

# Of one rehearsal, on a machine that has a lot to do.
_BUSY_S = 1800.0


@pytest.fixture(scope="session")
def rehearsed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], NotebookNode]:
    """Give a notebook's rehearsal: the cells with what they showed, once for the whole run."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "rehearsals"

    @cache
    def give(name: str) -> NotebookNode:
        with locks.acquire(folder / f"{name}.lock", _BUSY_S):
            kept = folder / f"{name}.ipynb"
            if not kept.exists():
                project: Path = request.getfixturevalue("project")
                done = rehearse(project, name, plan_of(name))
                nbformat.write(done, made := kept.with_suffix(".made"))
                made.rename(kept)
        return nbformat.read(kept, as_version=4)

    return give
