"""Learners work in copies: what they write is kept, and what they did not touch stays current."""

import datetime as dt
import json
from pathlib import Path

import pytest

from workshop.errors import UsageError
from workshop.lessons.unset_names import NOTEBOOK_VARIABLE
from workshop.lessons.working_copies import WorkingCopies, fresh_copy

NAME = "01-queue"
NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "notebooks").mkdir()
    write(tmp_path / "notebooks", "guess = ...")
    return tmp_path


def write(folder: Path, source: str, *outputs: str, name: str = NAME) -> None:
    """Set a notebook's one cell; in a copy as JupyterLab saves it, with its metadata."""
    path = folder / f"{name}.ipynb"
    metadata = json.loads(path.read_text())["metadata"] if path.exists() else {"language": "python"}
    cell = {"cell_type": "code", "id": "guess", "source": [source], "outputs": list(outputs)}
    path.write_text(json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4}))


def source(project: Path, name: str = NAME) -> str:
    [cell] = json.loads((project / "workspace" / f"{name}.ipynb").read_text())["cells"]
    return "".join(cell["source"])


def test_what_is_missing_is_made_and_what_a_learner_wrote_is_kept(project: Path) -> None:
    copies = WorkingCopies(project)
    assert copies.bring() == []
    assert source(project) == "guess = ..."
    write(copies.folder, "guess = 3")
    assert copies.bring() == []
    assert source(project) == "guess = 3"
    # And the workshop's own knows nothing of it
    assert "guess = 3" not in (project / "notebooks" / f"{NAME}.ipynb").read_text()


def test_a_copy_that_was_only_run_follows_an_update(project: Path) -> None:
    copies = WorkingCopies(project)
    copies.bring()
    write(copies.folder, "guess = ...", "3 attempts")
    write(project / "notebooks", "guess = ...  # updated")
    [told] = copies.bring()
    assert "newer now" in told
    assert source(project) == "guess = ...  # updated"
    assert copies.bring() == []


def test_a_copy_that_was_changed_outlives_an_update_and_the_learner_is_told(project: Path) -> None:
    copies = WorkingCopies(project)
    copies.bring()
    write(copies.folder, "guess = 3")
    write(project / "notebooks", "guess = ...  # updated")
    [told] = copies.bring()
    assert "you changed yours" in told
    assert "--fresh 01" in told
    assert source(project) == "guess = 3"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cells": []}'])
def test_a_broken_copy_is_kept_until_a_fresh_one_is_asked_for(project: Path, text: str) -> None:
    copies = WorkingCopies(project)
    copies.bring()
    (copies.folder / f"{NAME}.ipynb").write_text(text)
    assert "--fresh 01" in copies.bring()[0]
    kept = copies.fresh("01", NOON).kept
    assert kept is not None
    assert kept.read_text() == text
    assert source(project) == "guess = ..."


def test_a_fresh_copy_keeps_each_one_before_it(project: Path) -> None:
    copies = WorkingCopies(project)
    assert copies.fresh("01", NOON).kept is None
    for text in ("guess = 3", "guess = 4"):
        write(copies.folder, text)
        fresh = copies.fresh("01", NOON)
        assert fresh.kept is not None
        assert text in fresh.kept.read_text()
        assert fresh.kept.name in repr(fresh)
        assert source(project) == "guess = ..."
    assert len(list(copies.folder.glob("*.ipynb"))) == 3
    # And what is opened first is the fresh one
    assert copies.first == copies.folder / f"{NAME}.ipynb"


def test_a_number_is_a_notebooks_own_and_no_beginning(project: Path) -> None:
    write(project / "notebooks", "x = 1", name="10-order")
    copies = WorkingCopies(project)
    assert copies.fresh("1", NOON).notebook.stem == NAME
    assert copies.fresh("10", NOON).notebook.stem == "10-order"


def test_a_fresh_copy_keeps_nothing_that_nobody_wrote(project: Path) -> None:
    copies = WorkingCopies(project)
    copies.bring()
    write(copies.folder, "guess = ...", "3 attempts")
    assert copies.fresh("01", NOON).kept is None
    assert [path.name for path in copies.folder.glob("*.ipynb")] == [f"{NAME}.ipynb"]
    assert "3 attempts" not in (copies.folder / f"{NAME}.ipynb").read_text()


def test_a_notebook_can_ask_for_itself(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NOTEBOOK_VARIABLE, str(project / "workspace" / f"{NAME}.ipynb"))
    assert fresh_copy(project=project).notebook == project / "workspace" / f"{NAME}.ipynb"


@pytest.mark.parametrize("name", ["", "9", "0"])
def test_a_name_that_is_none_or_not_enough(project: Path, name: str) -> None:
    write(project / "notebooks", "x = 1", name="02-other")
    with pytest.raises(UsageError, match=f"'{name}' is the beginning of .* notebooks") as error:
        WorkingCopies(project).fresh(name, NOON)
    assert NAME in str(error.value)
