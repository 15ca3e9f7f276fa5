"""Which folders on PYTHONPATH stand in the way of Python's own modules, and which do not."""

import os
from pathlib import Path

import pytest

from setting_up.foreign import foreign_module


@pytest.mark.parametrize("entry", ["enum.py", "typing/__init__.py"])
def test_what_takes_the_place_of_pythons_own_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    put(tmp_path / entry, monkeypatch, tmp_path)
    assert foreign_module().startswith(f"{Path(entry).parts[0].removesuffix('.py')} in {tmp_path} ")


@pytest.mark.parametrize("entry", ["test/__init__.py", "test.py", "shop.py", "json/data.txt"])
def test_a_project_of_ones_own_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    put(tmp_path / entry, monkeypatch, tmp_path)
    assert foreign_module() == ""


def test_pythons_own_library_is_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(os.__file__).parent))
    assert foreign_module() == ""


def put(path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch()
    monkeypatch.setenv("PYTHONPATH", str(folder))
