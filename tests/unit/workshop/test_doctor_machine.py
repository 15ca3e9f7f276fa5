"""What `doctor` says of a machine that gives too little."""

from pathlib import Path

import pytest

from workshop.cli import doctor_machine
from workshop.cli.doctor_machine import examine_machine, files, folders, memory
from workshop.cli.machine import Machine
from workshop.errors import WorkshopError


@pytest.mark.parametrize(
    ("most", "states"),
    [(24, ["blocks"]), (96, ["blocks"]), (200, ["note"]), (1024, ["ok"]), (None, [])],
)
def test_few_files_are_told_with_the_way_to_more(most: int | None, states: list[str]) -> None:
    found = list(files(most))
    assert [one.state for one in found] == states
    for one in found:
        assert str(most) in one.found
        assert ("ulimit -n 1024" in one.found) is (one.state != "ok")


@pytest.mark.parametrize(("free_mb", "state"), [(200, "blocks"), (500, "note"), (900, "ok")])
def test_little_memory_is_told(free_mb: int, state: str) -> None:
    found = memory(Machine(2, 16_000, free_mb))
    assert found.state == state
    assert ("700 MB" in found.found) is (state != "ok")


def test_folders_that_can_be_written_need_no_word(tmp_path: Path) -> None:
    assert list(folders(lambda: tmp_path / "made" / "anew", tmp_path)) == []


def test_folders_that_cannot_be_written_are_told_with_their_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()  # no folder can be made there, whoever tries
    found = list(folders(lambda: tmp_path / "file" / "state", tmp_path / "file" / "temporary"))
    assert [(one.about, one.state) for one in found] == [
        ("state", "blocks"),
        ("temporary", "blocks"),
    ]
    assert "WORKSHOP_HOME" in found[0].found
    assert "TMPDIR" in found[1].found


def test_a_disk_that_is_nearly_full_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_machine, "_ROOM_MB", 10**12)
    found = list(folders(lambda: tmp_path, tmp_path))
    assert [one.state for one in found] == ["blocks", "blocks"]
    assert str(tmp_path) in found[0].found


def test_a_person_without_a_folder_is_told_elsewhere(tmp_path: Path) -> None:
    def none() -> Path:
        raise WorkshopError("no folder", "name one")

    assert list(folders(none, tmp_path)) == []


def test_a_stopped_aws_is_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_machine, "stopped", lambda: "It is stopped.")
    last = list(examine_machine(for_one=True))[-1]
    assert (last.about, last.state, last.found) == ("AWS", "blocks", "It is stopped.")


@pytest.mark.parametrize("for_one", [True, False])
def test_the_memory_of_a_class_is_reckoned_elsewhere(for_one: bool) -> None:
    about = [one.about for one in examine_machine(for_one=for_one)]
    assert ("memory" in about) is for_one
