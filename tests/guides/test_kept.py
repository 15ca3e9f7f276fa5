"""An export that was stopped goes on: what it ran is not run again, and makes the same pages."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.guides import notebook
from workshop import __main__ as workshop_main
from workshop.errors import WorkshopError
from workshop.guides import kept as kept_notebooks
from workshop.guides.execute import NotebookError
from workshop.guides.kept import FOLDER, Kept, maker_of
from workshop.masking import known
from workshop.masking.mask import Mask
from workshop.target.folders import HOME_VARIABLE, STATE
from workshop.target.target import Target

NAMES = ("01-a", "02-b", "03-c")


class Series:
    """Three notebooks that are run as if: each shows its AWS's address, and that of a function."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = folder / "home"
        self.notebooks = folder / "notebooks"
        self.ran: list[str] = []
        self.fails: dict[str, BaseException] = {}
        self._ports = iter(range(40_001, 50_000))
        self._port = 0
        for name in NAMES:
            self.write(name, "print(1)")
        notebook.write(self.notebooks / "glossary.ipynb", notebook.markdown("# Glossary"))
        monkeypatch.setenv(HOME_VARIABLE, str(self.home))
        monkeypatch.setattr("workshop.cli.guide_kernels.kernels", self._kernels)
        monkeypatch.setattr("workshop.guides.execute.execute", self._execute)

    @property
    def kept(self) -> list[str]:
        """Of which notebooks something is kept."""
        folder = self.home / STATE / FOLDER
        return sorted(file.name[:4] for file in folder.iterdir()) if folder.exists() else []

    def write(self, name: str, source: str) -> None:
        notebook.write(
            self.notebooks / f"{name}.ipynb",
            notebook.markdown(f"# {name}\n\nWhat it is."),
            notebook.code(source),
        )

    def export(self, out: Path, *options: str) -> int:
        """The command; what it ran is in `ran`."""
        self.ran.clear()
        given = ["guides", "--notebooks", str(self.notebooks), "--out", str(out), *options]
        return workshop_main.main(given)

    @contextmanager
    def _kernels(self, *given: Any, **_: Any) -> Iterator[Callable[[], Any]]:
        mask: Mask = given[3]

        def fresh() -> Any:
            self._port = next(self._ports)
            mask.learn(known.of_endpoint(f"http://127.0.0.1:{self._port}"))
            mask.learn(known.of_keys(secret_key=f"secret-of-{self._port}-{'x' * 20}"))
            return nullcontext({})

        yield fresh

    def _execute(self, path: Path, **_: Any) -> Any:
        if error := self.fails.get(path.stem):
            raise error
        self.ran.append(path.stem)
        made = notebook.nbformat.read(path, as_version=4)
        address = f"http://127.0.0.1:{self._port}/secret-of-{self._port}-{'x' * 20}"
        url = f"https://{path.stem[-1] * 12}.lambda-url.us-east-1.on.aws"
        shown = notebook.nbformat.v4.new_output("stream", text=f"{address} {url}")
        made.cells[1].outputs, made.cells[1].execution_count = [shown], 1
        return made


@pytest.fixture
def series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Series:
    return Series(tmp_path, monkeypatch)


def test_what_a_stopped_export_ran_is_not_run_again_and_makes_the_same_pages(
    series: Series, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given pages as they come out when nobody stops them
    assert series.export(tmp_path / "whole") == 0
    assert series.kept == []
    # And an export that was stopped in the third notebook
    series.fails["03-c"] = KeyboardInterrupt()
    assert series.export(tmp_path / "my out", "--zip") == 130
    assert series.kept == ["01-a", "02-b"]
    told = capsys.readouterr().err.splitlines()[-2:]
    assert told[0] == "2 of 3 notebooks ran to the end; without these this goes on:"
    assert told[1].endswith(f"guides --resume --out '{tmp_path / 'my out'}' --zip")
    # When it goes on
    series.fails.clear()
    assert series.export(tmp_path / "my out", "--resume") == 0
    # Then only the rest is run, the pages are the same, and nothing is kept any more
    assert series.ran == ["03-c"]
    whole, resumed = (
        {one.name: one.read_bytes() for one in (tmp_path / name).iterdir()}
        for name in ("whole", "my out")
    )
    assert resumed == whole
    assert series.kept == []


def test_a_notebook_that_fails_loses_none_of_the_others(
    series: Series, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series.fails["02-b"] = NotebookError("02-b.ipynb: code cell 1 of 1 failed.")
    assert series.export(tmp_path / "out") == 1
    assert "1 of 3 notebooks ran to the end" in capsys.readouterr().err
    # Mended, it is run; the first one is not
    series.fails.clear()
    series.write("02-b", "print(2)")
    assert series.export(tmp_path / "out", "--resume") == 0
    assert series.ran == ["02-b", "03-c"]


def test_what_would_run_differently_now_is_run(
    series: Series, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    series.fails["03-c"] = KeyboardInterrupt()
    series.export(tmp_path / "out")
    series.fails.clear()
    # Changed meanwhile, and another one's file is damaged
    series.write("01-a", "print(2)")
    [file] = (series.home / STATE / FOLDER).glob("02-b-*")
    file.write_text("{", encoding="utf-8")
    assert series.export(tmp_path / "out", "--resume") == 0
    assert series.ran == list(NAMES)


def test_without_being_asked_to_an_export_runs_all(series: Series, tmp_path: Path) -> None:
    series.fails["03-c"] = KeyboardInterrupt()
    series.export(tmp_path / "out")
    # Whoever asks for a sheet, which runs nothing, takes nothing away
    assert series.export(tmp_path / "sheet", "--clean") == 0
    assert series.kept == ["01-a", "02-b"]
    series.fails.clear()
    assert series.export(tmp_path / "out") == 0
    assert series.ran == list(NAMES)


def test_where_nothing_had_run_there_is_nothing_to_go_on_with(
    series: Series, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series.fails["01-a"] = KeyboardInterrupt()
    assert series.export(tmp_path / "out") == 130
    assert "--resume" not in capsys.readouterr().err


def test_what_is_kept_is_its_owners_alone_and_holds_what_a_mask_needs(tmp_path: Path) -> None:
    path = notebook.write(tmp_path / "01-a.ipynb", notebook.code("1"))
    kept, shown = Kept(tmp_path / "kept", "me"), notebook.notebook(notebook.code("1"))
    here = known.of_endpoint("http://127.0.0.1:1234")
    kept.keep(path, shown, here)
    [file] = (tmp_path / "kept").iterdir()
    assert os.name == "nt" or file.stat().st_mode & 0o077 == 0
    assert json.loads(file.read_text("utf-8"))["known"][0]["value"] == "127.0.0.1:1234"
    assert kept.of(path) == (shown, here)
    assert Kept(tmp_path / "kept", "another").of(path) is None
    kept.forget([path])
    assert not (tmp_path / "kept").exists()


def test_a_disk_without_room_ends_no_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    path = notebook.write(tmp_path / "01-a.ipynb", notebook.code("1"))
    kept = Kept(tmp_path / "kept", "me")
    kept.keep(path, notebook.notebook())
    assert kept.of(path) is None


def test_other_code_another_target_and_another_lateness_make_other_notebooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "code.py"
    file.write_text("1", encoding="utf-8")
    monkeypatch.setattr(kept_notebooks, "_CODE", (tmp_path,))
    account = Target("aws", "p", "us-east-1", "123456789012")
    made = [maker_of(Target(), None), maker_of(Target(), 7), maker_of(account, None)]
    file.write_text("2", encoding="utf-8")
    assert len({*made, maker_of(Target(), None)}) == 4


def test_an_error_that_a_person_can_put_right_has_its_notes_below_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def failing() -> int:
        error = WorkshopError("It failed.", "Mend it.")
        error.add_note("And this goes on.")
        raise error

    assert workshop_main._guarded(failing) == 1
    assert capsys.readouterr().err == "\nstart.py: It failed.\nMend it.\nAnd this goes on.\n"
