"""The folder of an endpoint: gone after it, and nobody waits for it."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localaws import work_folder as module
from localaws.work_folder import work_folder


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """The processes that remove folders, waited for at the end."""
    processes: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*arguments: Any, **options: Any) -> "subprocess.Popen[bytes]":
        processes.append(start(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    yield processes
    for process in processes:
        process.wait()


def fill(folder: Path) -> None:
    for number in range(5):
        deep = folder / f"code-{number}" / "task"
        deep.mkdir(parents=True)
        (deep / "index.py").write_text("")


def test_a_small_folder_is_gone_at_once(
    parent: Path, started: list["subprocess.Popen[bytes]"]
) -> None:
    with work_folder() as folder:
        fill(folder)
    assert list(parent.iterdir()) == []
    assert started == []


def test_a_large_folder_is_removed_by_a_process_that_ends_with_it(
    parent: Path, started: list["subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUICKLY_REMOVED", 4)
    with work_folder() as folder:
        fill(folder)
    (removal,) = started
    assert removal.wait() == 0
    assert list(parent.iterdir()) == []


def test_a_large_folder_that_was_left_behind_delays_no_start(
    parent: Path, started: list["subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(left := parent / "localaws-killed")
    (left / "in-use").touch()
    monkeypatch.setattr(module, "_QUICKLY_REMOVED", 4)
    with work_folder() as folder:
        (removal,) = started
        removal.wait()
        assert list(parent.iterdir()) == [folder]
