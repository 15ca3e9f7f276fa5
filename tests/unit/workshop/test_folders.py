"""Whose AWS and working copies: the folder of each person, and what is shared on purpose."""

import errno
import os
import stat
import tempfile
from pathlib import Path

import pytest

from workshop.__main__ import _guarded
from workshop.errors import EndpointError, UsageError, WorkshopError
from workshop.lessons.working_copies import WorkingCopies
from workshop.stacks import cloud_assembly
from workshop.target import embedded, folders
from workshop.target.folders import embedded_folder, home_of, share, state_of
from workshop.target.run_state import RunState
from workshop.target.target import Target

needs_owners = pytest.mark.skipif(os.name == "nt", reason="Windows tells no numbers of owners")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the system keeps what persons have; nothing is chosen otherwise."""
    data = tmp_path / "data"
    for name in (folders.HOME_VARIABLE, folders.SHARE_VARIABLE, folders.HUB_USER_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, **_: data / name)
    return data


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "workshop"
    project.mkdir()
    return project


def become_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    number = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: number)


def test_who_owns_the_project_has_everything_in_it(project: Path, data: Path) -> None:
    assert home_of(project) == project
    assert RunState(project).folder == project / ".workshop"
    assert not data.exists()


@needs_owners
def test_another_user_of_the_same_folder_has_an_aws_of_their_own(
    project: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    become_another_user(monkeypatch)
    home = home_of(project)
    assert home.parent == data / "lambda-failure-workshop"
    assert RunState(project).folder == home / ".workshop"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    # And nothing of the owner's: neither the target nor what is remembered of accounts
    Target(participant="ada").save(project / ".workshop" / "target.toml")
    assert Target.chosen(project) == Target()


@needs_owners
def test_what_somebody_else_left_in_ones_own_folder_is_not_used(
    project: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a project whose .workshop was made by another user, as by `sudo`
    state = project / ".workshop"
    state.mkdir()
    stat_of = Path.stat

    def stat(path: Path, **options: bool) -> os.stat_result:
        found = list(stat_of(path, **options))
        found[4] += path == state
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", stat)
    assert data in state_of(project).parents


def test_a_file_that_may_not_be_written_is_told_in_a_sentence(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".workshop").mkdir()
    # A folder in a file's place cannot be written to by anybody
    (project / ".workshop" / "embedded.log").mkdir()
    with pytest.raises(EndpointError, match=r"embedded.log cannot be written .*\nSomebody else"):
        embedded._start(RunState(project), project)

    def refused() -> int:
        raise PermissionError(errno.EACCES, "Permission denied", "/theirs/file")

    assert _guarded(refused) == 1
    assert "You may not use /theirs/file (Permission denied)" in capsys.readouterr().err


def test_code_that_nobody_may_change_is_shared(
    project: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != project)
    assert data in state_of(project).parents


def test_two_copies_of_the_code_have_two_folders(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "is_own", lambda _: False)
    one, other = (home_of(tmp_path / name / "workshop") for name in ("one", "other"))
    assert one != other
    assert {one.parent, other.parent} == {data / "lambda-failure-workshop"}


def test_users_of_a_hub_are_kept_apart_though_the_system_takes_them_for_one(
    project: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set[Path]()
    for user in ("ada", "grace"):
        monkeypatch.setenv(folders.HUB_USER_VARIABLE, user)
        found.add(RunState(project).folder)
    assert len(found) == 2
    assert all(data in folder.parents for folder in found)


def test_a_folder_can_be_named(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(folders.HOME_VARIABLE, str(tmp_path / "mine"))
    assert state_of(project) == tmp_path / "mine" / ".workshop"


def test_no_folder_at_all_is_told_in_a_sentence(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a file in the place of the folder, which stops even the system's administrator
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(folders.HOME_VARIABLE, str(tmp_path / "file" / "mine"))
    with pytest.raises(WorkshopError, match=r"cannot be written to .*\nName a folder of your own"):
        home_of(project)


def test_sharing_is_by_name_for_this_user_alone_and_is_shown(
    project: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(folders.SHARE_VARIABLE, "")
    assert embedded_folder(project) == project / ".workshop"
    share("pair-1")
    assert str(Target()) == "the embedded AWS on this machine, shared as 'pair-1'"
    first = embedded_folder(project)
    # Another copy of the code, another user of the hub: the same AWS
    monkeypatch.setenv(folders.HUB_USER_VARIABLE, "grace")
    assert embedded_folder(tmp_path) == first == RunState(project).folder
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700 or os.name == "nt"
    share("pair-2")
    assert embedded_folder(project) != first


@needs_owners
def test_nothing_is_shared_in_a_folder_that_others_may_enter(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(folders.SHARE_VARIABLE, "pair")
    embedded_folder(project).parent.chmod(0o755)
    with pytest.raises(WorkshopError, match="not a folder of yours alone"):
        embedded_folder(project)


@pytest.mark.parametrize("name", ["", "a b", "../up", "x" * 21])
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be shared as"):
        share(name)


def test_working_copies_of_shared_code_bring_their_pictures(
    project: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "notebooks").mkdir()
    (project / "notebooks" / "01-a.ipynb").write_text('{"cells": [], "metadata": {}}')
    (project / "notebooks" / "workshop.py").write_text("# helps")
    (project / "images").mkdir()
    (project / "images" / "a.svg").write_text("<svg/>")
    monkeypatch.setattr(folders, "is_own", lambda _: False)
    copies = WorkingCopies(project)
    copies.bring()
    home = home_of(project)
    assert copies.first == home / "workspace" / "01-a.ipynb"
    assert (home / "workspace" / "workshop.py").read_text() == "# helps"
    assert (home / "images" / "a.svg").exists()
    assert not (project / "workspace").exists()


def test_what_was_prepared_with_shared_code_is_used_as_it_is(
    project: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("app.py", "cdk.json", "requirements.txt"):
        (project / name).write_text("")
    prepared = project / ".workshop" / "cdk.out"
    prepared.mkdir(parents=True)
    (prepared / "fingerprint").write_text(cloud_assembly._fingerprint(project))
    monkeypatch.setattr(folders, "is_own", lambda _: False)
    told: list[str] = []
    assert cloud_assembly.synthesized(Target(), project, told.append) == prepared
    assert told == []
