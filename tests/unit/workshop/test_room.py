"""What a person shares of their progress, and what an instructor sees of a room."""

import errno
import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from workshop.errors import UsageError
from workshop.lessons.room import room
from workshop.lessons.series import Series
from workshop.lessons.store import ProgressFile, Standing


def series_of(folder: Path, name: str, *passed: bool | None) -> Series:
    store = ProgressFile(folder / f"{name}.progress")
    standings = {f"check {number}": Standing(one, 3) for number, one in enumerate(passed)}
    store.write("01-sqs-dead-letter-queue", standings)
    return Series([], store)


def test_a_room_shows_the_counts_of_those_who_shared(tmp_path: Path) -> None:
    # Given two who share, one of them again when further
    shared = tmp_path / "room"
    shared.mkdir()
    series_of(tmp_path, "bob", False, None).share(shared, "Bob")
    series_of(tmp_path, "bob", True, None).share(shared, "Bob")
    told = series_of(tmp_path, "ada", True, True).share(shared, " Ada  L ")
    # Then each has one file, and is told what is in it
    assert "as Ada L" in repr(told)
    assert "01-sqs-dead-letter-queue: 2 of 2" in repr(told)
    assert len(list(shared.iterdir())) == 2
    found = Series.room(shared)
    ada, bob = found.people
    assert repr(found).splitlines() == [
        f"Ada L, at {ada.when}: 01 2 of 2",
        f"Bob, at {bob.when}: 01 1 of 2",
        "2 people have shared how far they are.",
    ]
    assert "1 of 2" in found._repr_html_()


def test_only_counts_are_shared(tmp_path: Path) -> None:
    told = series_of(tmp_path, "ada", True, False).share(tmp_path, "Ada")
    assert told.file
    written = json.loads(told.file.read_text())
    assert written == {"name": "Ada", "lessons": {"01-sqs-dead-letter-queue": [1, 2]}}
    # Another user of a hub, the instructor, may read it
    assert os.name == "nt" or told.file.stat().st_mode & 0o777 == 0o644


def test_what_was_shared_can_be_withdrawn(tmp_path: Path) -> None:
    mine = series_of(tmp_path, "ada", True)
    mine.share(tmp_path, "Ada")
    assert "nothing of Ada" in repr(mine.share(tmp_path, "Ada", withdraw=True))
    assert room(tmp_path).people == []
    # And a second time, where a name that was never there is no success
    assert "Is that the name?" in repr(mine.share(tmp_path, "Ada", withdraw=True))


def test_a_room_says_when_somebody_shared(tmp_path: Path) -> None:
    told = series_of(tmp_path, "ada", True).share(tmp_path, "Ada")
    assert told.file
    noon = datetime(2026, 11, 29, 12, 34).astimezone()
    os.utime(told.file, (noon.timestamp(), noon.timestamp()))
    assert "Ada, at 2026-11-29 12:34: 01" in repr(room(tmp_path))
    assert "2026-11-29 12:34" in room(tmp_path)._repr_html_()


def test_a_name_in_other_letters_is_the_same_person(tmp_path: Path) -> None:
    mine = series_of(tmp_path, "ada", True)
    mine.share(tmp_path, "Ada")
    mine.share(tmp_path, "ada")
    assert [one.name for one in room(tmp_path).people] == ["ada"]


def test_without_a_folder_nothing_is_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="No folder is named"):
        series_of(tmp_path, "ada", True).share("", "Ada")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"name": "x"}',
        '{"name": "x", "lessons": {"01": 3}}',
        '{"name": "x", "lessons": {"01": ["a", 2]}}',
        "{",
        '"' + "x" * 30_000 + '"',
    ],
)
def test_a_strange_file_is_counted_and_not_believed(tmp_path: Path, text: str) -> None:
    series_of(tmp_path, "ada", True).share(tmp_path, "Ada")
    (tmp_path / "workshop-progress-000000000000.json").write_text(text)
    found = room(tmp_path)
    assert [one.name for one in found.people] == ["Ada"]
    assert "1 file beside theirs could not be read" in repr(found)


@pytest.mark.skipif(os.name == "nt", reason="a link needs a privilege there")
def test_a_link_to_somebodys_file_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"name": "secret", "lessons": {}}')
    (tmp_path / "workshop-progress-111111111111.json").symlink_to(secret)
    assert room(tmp_path).people == []


def test_a_name_that_somebody_else_has_stays_theirs_and_nothing_is_left_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a folder in which nobody replaces another one's file, as /tmp is
    theirs = series_of(tmp_path, "ada", True).share(tmp_path, "Ada").file
    assert theirs
    before = theirs.read_text(), sorted(tmp_path.iterdir())

    def refuse(*_: object) -> Path:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "replace", refuse)
    another = Series([], ProgressFile(tmp_path / "ada.progress"))
    with pytest.raises(UsageError, match=r"Operation not permitted\.\n.*add a letter"):
        another.share(tmp_path, "Ada")
    assert (theirs.read_text(), sorted(tmp_path.iterdir())) == before


def test_a_name_with_tags_is_shown_as_text(tmp_path: Path) -> None:
    series_of(tmp_path, "x", True).share(tmp_path, "<script>alert(1)</script>")
    assert "<script>" not in room(tmp_path)._repr_html_()


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name to be shown"):
        series_of(tmp_path, "x", True).share(tmp_path, name)


def test_a_folder_that_is_not_there_is_told_as_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file or directory"):
        room(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="takes no file about Ada"):
        series_of(tmp_path, "x", True).share(tmp_path / "nowhere", "Ada")
