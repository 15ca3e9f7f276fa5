"""`guides` keeps two cores busy: a page is made while the next notebook runs."""

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.guides import notebook
from workshop.cli.guides import write_guides
from workshop.cli.progress import Progress
from workshop.guides import execute, export
from workshop.guides.execute import NotebookError
from workshop.guides.unfulfilled import unfulfilled
from workshop.lessons.checks import equal
from workshop.lessons.lesson import lesson

_PATIENCE_S = 20


def stored(folder: Path) -> list[Path]:
    return [
        notebook.write(folder / f"{name}.ipynb", notebook.markdown(f"# {name}\n\nA summary."))
        for name in ("one", "two")
    ]


def read(path: Path, **_: Any) -> Any:
    """In the place of running a notebook."""
    return notebook.nbformat.read(path, as_version=4)


def test_the_next_notebook_runs_while_a_page_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given pages that are only ready once the second notebook runs
    second_runs, written = threading.Event(), export.export

    def run(path: Path, **_: Any) -> Any:
        if path.stem == "two":
            second_runs.set()
        return read(path)

    def make(*arguments: Any) -> Any:
        assert second_runs.wait(_PATIENCE_S), "the second notebook waits for the first one's page"
        return written(*arguments)

    monkeypatch.setattr(execute, "execute", run)
    monkeypatch.setattr(export, "export", make)
    # When both are written
    out = tmp_path / "out"
    paths = write_guides(stored(tmp_path), out, {}, Progress())
    # Then all pages are there, in order
    assert [path.name for path in paths] == ["index.html", "one.html", "two.html"]
    assert all(path.exists() for path in paths)


def test_the_pages_before_a_failure_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(path: Path, **_: Any) -> Any:
        if path.stem == "two":
            raise NotebookError("two.ipynb failed")
        return read(path)

    monkeypatch.setattr(execute, "execute", run)
    with pytest.raises(NotebookError):
        write_guides(stored(tmp_path), tmp_path / "out", {}, Progress())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["one.html"]


def shown(text: str) -> Any:
    return notebook.code("lesson", notebook.display(text__plain=text))


def test_whoever_lets_a_notebook_run_is_told_what_did_not_come_out_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a wait in vain, and a lesson of which one check does not pass
    found = {
        name: equal(f"they are {name}", expected=1, seen=seen, evidence="a table")
        for name, seen in (("equal", 1), ("true", 2))
    }
    checked = lesson("two", [*found, "your own"], file=tmp_path / "progress").check_all(found)
    monkeypatch.setattr(execute, "execute", read)
    paths = stored(tmp_path)
    in_vain = "✗ did not happen: a record is there"
    notebook.write(paths[1], notebook.markdown("# two"), shown(in_vain), shown(repr(checked)))
    write_guides(paths, tmp_path / "out", {}, Progress())
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "two.html: a wait was in vain: a record is there"
    assert told[1].startswith("two.html: a check did not pass: they are true. Expected 1, seen 2")
    assert len(told) == 2
    # But an exercise that is alone is for a reader to solve, and a wait that came true is none
    open_ = notebook.notebook(shown(str(found["true"])), shown("✓ a record is there"))
    assert unfulfilled(open_) == []
