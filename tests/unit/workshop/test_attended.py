"""Controls are for whoever could click; a page that a program makes has a sentence instead."""

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
import pytest

from tests.guides.notebook import display
from workshop.guides.static import CONTROL_NOTE, StaticOutputs
from workshop.player.widget import WIDGET
from workshop.progress import is_attended
from workshop.stage.controls import CONTROL, after_restart, bundle

Kernel = Callable[..., None]


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """Makes this process look like a kernel whose front end can, or cannot, ask for input."""

    def become(**told: bool) -> None:
        shell = SimpleNamespace(kernel=SimpleNamespace(**told))
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))

    return become


@pytest.mark.parametrize(
    ("told", "attended"),
    [({"_allow_stdin": True}, True), ({"_allow_stdin": False}, False), ({}, True)],
)
def test_somebody_is_there_unless_the_kernel_was_told_otherwise(
    kernel: Kernel, told: dict[str, bool], attended: bool
) -> None:
    kernel(**told)
    assert is_attended() is attended


def test_outside_of_notebooks_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert is_attended()


def shown() -> dict[str, Any]:
    return bundle(widgets.VBox([widgets.Button(description="bad")]))


def test_controls_are_shown_to_whoever_could_click(kernel: Kernel) -> None:
    kernel(_allow_stdin=True)
    assert shown()[WIDGET]["model_id"]
    assert "Box(" not in shown()["text/plain"]
    assert "kernel was restarted" in after_restart()


def test_a_program_gets_a_sentence_and_a_guide_its_note(kernel: Kernel) -> None:
    kernel(_allow_stdin=False)
    assert shown().keys() == {CONTROL, "text/plain"}
    assert after_restart() == ""
    cell = SimpleNamespace(cell_type="code", outputs=[display(**shown())])
    StaticOutputs().preprocess_cell(cell, {}, 0)
    assert CONTROL_NOTE in cell.outputs[0].data["text/html"]
