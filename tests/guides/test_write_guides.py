"""`guides` keeps two cores busy: a page is made while the next notebook runs."""

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.guides import notebook
from workshop.cli import guide_writing
from workshop.cli.guide_writing import write_guides
from workshop.cli.progress import Progress
from workshop.guides import export
from workshop.guides.execute import NotebookError
from workshop.guides.unfulfilled import unfulfilled
from workshop.lessons.checks import equal
from workshop.lessons.lesson import lesson
from workshop.masking import known
from workshop.masking.gate import LeakError
from workshop.masking.mask import Mask

_PATIENCE_S = 20


def stored(folder: Path) -> list[Path]:
    return [
        notebook.write(folder / f"{name}.ipynb", notebook.markdown(f"# {name}\n\nA summary."))
        for name in ("one", "two")
    ]


def read(path: Path) -> Any:
    """In the place of running a notebook."""
    return notebook.nbformat.read(path, as_version=4)


def test_the_next_notebook_runs_while_a_page_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given pages that are only ready once the second notebook runs
    second_runs, written = threading.Event(), export.export

    def run(path: Path) -> Any:
        if path.stem == "two":
            second_runs.set()
        return read(path)

    def make(*arguments: Any) -> Any:
        assert second_runs.wait(_PATIENCE_S), "the second notebook waits for the first one's page"
        return written(*arguments)

    monkeypatch.setattr(guide_writing, "export", make)
    # When both are written
    out = tmp_path / "out"
    paths = write_guides(stored(tmp_path), out, run, Progress(), Mask())
    # Then all pages are there, in order
    assert [path.name for path in paths] == ["index.html", "one.html", "two.html"]
    assert all(path.exists() for path in paths)


def test_after_a_failure_all_pages_are_as_they_were(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "one.html").write_text("as it was")

    def run(path: Path) -> Any:
        if path.stem == "two":
            raise NotebookError("two.ipynb failed")
        return read(path)

    with pytest.raises(NotebookError):
        write_guides(stored(tmp_path), out, run, Progress(), Mask())
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [("one.html", "as it was")]


def test_what_must_not_be_given_away_is_never_written(
    tmp_path: Path,
) -> None:
    # Given a cell that hides an account id from the mask
    split = "<b>2109</b><i>87654321</i>"

    def run(path: Path) -> Any:
        cells = [notebook.markdown("# A"), notebook.code("x", notebook.display(text__html=split))]
        return notebook.notebook(*cells)

    mask, out = Mask(known.of_account("210987654321")), tmp_path / "out"
    # When it is exported, then the page is named, with the line
    with pytest.raises(LeakError, match=r"one\.html, line \d+: an account id"):
        write_guides(stored(tmp_path), out, run, Progress(), mask)
    # And there is nothing
    assert not out.exists()


def shown(text: str) -> Any:
    return notebook.code("lesson", notebook.display(text__plain=text))


def test_whoever_lets_a_notebook_run_is_told_what_did_not_come_out_as_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a wait in vain, and a lesson of which one check does not pass
    found = {
        name: equal(f"they are {name}", expected=1, seen=seen, evidence="a table")
        for name, seen in (("equal", 1), ("true", 2))
    }
    checked = lesson("two", [*found, "your own"], file=tmp_path / "progress").check_all(found)
    paths = stored(tmp_path)
    in_vain = "✗ did not happen: a record is there"
    notebook.write(paths[1], notebook.markdown("# two"), shown(in_vain), shown(repr(checked)))
    write_guides(paths, tmp_path / "out", read, Progress(), Mask())
    told = [line for line in capsys.readouterr().err.splitlines() if ".html: " in line]
    assert told[0] == "two.html: a wait was in vain: a record is there"
    assert told[1].startswith("two.html: a check did not pass: they are true. Expected 1, seen 2")
    assert len(told) == 2
    # But an exercise that is alone is for a reader to solve, and a wait that came true is none
    open_ = notebook.notebook(shown(str(found["true"])), shown("✓ a record is there"))
    assert unfulfilled(open_) == []
