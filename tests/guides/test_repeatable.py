"""The same notebooks make the same pages, byte for byte: who compares two sees what was changed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.copied_project import environment_of

# Retries by SQS, and by Lambda with a time-out: ids, clocks, orders and figures of both.
NOTEBOOKS = ("00", "02")


@pytest.fixture(scope="module")
def exports(project: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two exports that knew nothing of each other."""
    folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    command = [sys.executable, "-m", "workshop", "guides", "--notebook", *NOTEBOOKS, "--out"]
    for folder in folders:
        done = subprocess.run(
            [*command, str(folder)],
            cwd=project,
            env=environment_of(project),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    return folders


def test_two_exports_are_the_same_byte_for_byte(exports: list[Path]) -> None:
    first, second = ({path.name: path.read_bytes() for path in one.iterdir()} for one in exports)
    assert len(first) > len(NOTEBOOKS)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_time_begins_at_the_same_moment_for_each_notebook(exports: list[Path]) -> None:
    pages = [path.read_text() for path in exports[0].glob("0*.html")]
    assert all("2026-01-05" in page or "09:0" in page for page in pages)
    assert not any(" s of yours" in page for page in pages)
