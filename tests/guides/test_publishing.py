"""Pages take their place together or not at all, and never among somebody's other files."""

import errno
import os
from pathlib import Path

import pytest

from workshop.guides.index import TITLE
from workshop.guides.publishing import PublishingError, expect_usable, published


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_what_was_written_replaces_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("old")
    (tmp_path / "b.html").write_text("kept")
    with published(tmp_path) as draft:
        (draft / "a.html").write_text("new")
        (draft / "c.html").write_text("more")
        assert (tmp_path / "a.html").read_text() == "old"
    assert contents(tmp_path) == {"a.html": "new", "b.html": "kept", "c.html": "more"}


@pytest.mark.parametrize("ending", [KeyboardInterrupt, ValueError])
def test_whatever_ends_it_early_leaves_all_as_it_was(
    tmp_path: Path, ending: type[BaseException]
) -> None:
    (tmp_path / "a.html").write_text("old")
    for out in (tmp_path, tmp_path / "new" / "deep"):
        with pytest.raises(ending), published(out) as draft:
            _write_and_raise(draft / "a.html", ending)
    assert contents(tmp_path) == {"a.html": "old"}


def _write_and_raise(path: Path, ending: type[BaseException]) -> None:
    path.write_text("new")
    raise ending


def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PublishingError, match="disk is full"), published(tmp_path / "out"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_something_else_is_not_told_as_the_folder_s(tmp_path: Path) -> None:
    with pytest.raises(ConnectionRefusedError), published(tmp_path / "out"):
        raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
    assert list(tmp_path.iterdir()) == []


def test_new_empty_and_our_own_folders_can_be_used(tmp_path: Path) -> None:
    expect_usable(tmp_path / "not" / "there")
    assert list(tmp_path.iterdir()) == []
    expect_usable(tmp_path)
    (tmp_path / "index.html").write_text(f"<h1>{TITLE}</h1>")
    (tmp_path / "01.html").write_text("")
    expect_usable(tmp_path)


def test_a_folder_of_somebody_is_refused_by_name_and_contents(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("")
    (tmp_path / "index.html").write_text("my home page")
    with pytest.raises(PublishingError, match=r"holds no guides, but index\.html, thesis\.odt"):
        expect_usable(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(PublishingError, match="is a file"):
        expect_usable(tmp_path / "out")
    with pytest.raises(PublishingError, match="cannot be written to: Not a directory"):
        expect_usable(tmp_path / "out" / "below")


def test_a_folder_that_nobody_may_write_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    # Not by its mode: an administrator may write anywhere.
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(PublishingError, match="cannot be written to: Permission denied"):
        expect_usable(tmp_path)


def test_what_a_killed_export_left_goes(tmp_path: Path) -> None:
    (tmp_path / ".being-written-abc").mkdir()
    expect_usable(tmp_path)
    assert list(tmp_path.iterdir()) == []
