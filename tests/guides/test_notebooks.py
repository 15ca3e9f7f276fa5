"""Notebooks are taken in the order of their names; people name them as they like."""

from pathlib import Path

import pytest

from tests.guides.notebook import code, markdown, write
from workshop.errors import WorkshopError
from workshop.guides.guide import title_of
from workshop.guides.notebooks import has_code, notebooks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("01-sqs", "00-start", "02-destinations"):
        write(tmp_path / f"{name}.ipynb", markdown(f"# The {name}\n\nText."))
    return tmp_path


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def test_all_in_order(folder: Path) -> None:
    assert names(notebooks(folder)) == ["00-start", "01-sqs", "02-destinations"]


@pytest.mark.parametrize("name", ["01", "1", "01-sqs", "01-sqs.ipynb", "notebooks/01-sqs.ipynb"])
def test_one_by_name_or_its_beginning(folder: Path, name: str) -> None:
    assert names(notebooks(folder, [name])) == ["01-sqs"]


def test_a_number_means_its_notebook_and_not_all_that_begin_with_it(folder: Path) -> None:
    write(folder / "10-order.ipynb", markdown("# Order"))
    assert names(notebooks(folder, ["1"])) == ["01-sqs"]
    assert names(notebooks(folder, ["0"])) == ["00-start"]
    assert names(notebooks(folder, ["10"])) == ["10-order"]


def test_several_stay_in_the_order_of_the_series(folder: Path) -> None:
    assert names(notebooks(folder, ["02", "00"])) == ["00-start", "02-destinations"]


def test_an_unknown_name_tells_the_known_ones(folder: Path) -> None:
    with pytest.raises(WorkshopError, match=r"'07'(?s:.)*00-start, 01-sqs, 02-destinations"):
        notebooks(folder, ["07"])


def test_a_notebook_without_code_need_not_run(tmp_path: Path) -> None:
    assert not has_code(write(tmp_path / "a.ipynb", markdown("# A"), code(" ")))
    assert has_code(write(tmp_path / "b.ipynb", markdown("# A"), code("x = 1")))


def test_title(folder: Path, tmp_path: Path) -> None:
    assert title_of(folder / "00-start.ipynb") == "00 · The 00-start"
    assert title_of(write(tmp_path / "x-y.ipynb", markdown("text"))) == "x y"
