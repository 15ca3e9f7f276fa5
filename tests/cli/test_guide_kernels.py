"""Each notebook of `guides` has an embedded AWS of its own, which begins at the same moment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workshop.cli import guide_kernels
from workshop.cli.guide_kernels import START_S, kernels
from workshop.cli.progress import Progress
from workshop.masking import known
from workshop.masking.mask import Mask
from workshop.target.repeatable import SEED_VARIABLE, own_now_s
from workshop.target.run_state import FOLDER_VARIABLE, RunState
from workshop.target.target import Target


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, float]]:
    """Where each AWS keeps its files, and when it begins, in the place of starting one."""
    found: list[tuple[Path, float]] = []

    @contextmanager
    def ready(*_: Any, start_s: float) -> Iterator[Any]:
        found.append((RunState().folder, start_s))
        yield SimpleNamespace(session=SimpleNamespace(environment=os.environ.copy))

    monkeypatch.setattr(guide_kernels, "ready", ready)
    monkeypatch.setattr(
        guide_kernels, "own_values", lambda *_: known.of_endpoint(f"http://127.0.0.1:{len(found)}")
    )
    return found


def test_a_notebook_meets_nothing_that_another_one_left(
    started: list[tuple[Path, float]],
) -> None:
    mask = Mask()
    with kernels(Target(), [], Progress(), mask) as kernel:
        for _ in range(2):
            with kernel() as environment:
                assert environment[FOLDER_VARIABLE] == str(started[-1][0])
                assert environment[SEED_VARIABLE]
    (first, begins_s), (second, _) = started
    assert first != second
    assert begins_s == START_S
    assert not first.exists()
    assert FOLDER_VARIABLE not in os.environ
    # Ports differ, and are told alike.
    assert mask.text("127.0.0.1:1 127.0.0.1:2") == "ENDPOINT-1 ENDPOINT-1"


def test_own_seconds_stand_where_outputs_are_to_be_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert own_now_s() > 0
    monkeypatch.setenv(SEED_VARIABLE, "1")
    assert own_now_s() == 0
