"""Ctrl-C while something starts is told, as in every command; later it is how it ends."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

from workshop.cli import lab, local, stage, target_use
from workshop.target import embedded


@contextmanager
def interrupted(*_: Any, **__: Any) -> Iterator[None]:
    raise KeyboardInterrupt
    yield


@pytest.mark.parametrize("command", [lab, local, stage], ids=lambda one: one.__name__)
def test_a_start_that_was_interrupted_did_not_end_well(
    command: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((target_use, "connected"), (target_use, "ready"), (embedded, "own")):
        monkeypatch.setattr(module, name, interrupted)
    monkeypatch.setattr(lab, "_notebooks", lambda *_: None)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(KeyboardInterrupt):
        command.run(parser.parse_args([]))
