"""How far a room is: one small file for each person who wants to be seen, and a page of all.

A person shares by a call of their own, each time anew; nothing is sent by itself. What is shared is
counts: which answers somebody tried, and how often, stays with them.
"""

import contextlib
import hashlib
import json
import stat
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workshop import html
from workshop.counting import counted
from workshop.errors import UsageError
from workshop.lessons.store import ProgressFile

_BEGINNING, _ENDING = "workshop-progress-", ".json"
# More than thirty lessons' counts; whatever is larger was not written here.
_LARGEST_BYTES = 20_000
_LONGEST_NAME = 40

# Of the checks of one lesson: how many passed at the last try, and how many there are.
Counts = tuple[int, int]


@dataclass(frozen=True)
class Person:
    """What somebody shared.

    Attributes:
        name: as they typed it.
        lessons: lesson -> counts; a lesson that was not opened is not there.
        at: when.
    """

    name: str
    lessons: Mapping[str, Counts]
    at: datetime

    @property
    def when(self) -> str:
        """The minute in which it was shared, by the clock on the wall."""
        return f"{self.at.astimezone():%Y-%m-%d %H:%M}"


class SharedProgress:
    """What was written, where; shows all of it, so that nobody shares more than they know.

    Attributes:
        file: where it is; None when it was withdrawn.
        was_there: whether there was one before.
    """

    def __init__(self, person: Person, folder: Path, file: Path | None, was_there: bool) -> None:
        self._person, self._folder, self.file, self.was_there = person, folder, file, was_there

    def __repr__(self) -> str:
        name = self._person.name
        if self.file is None and not self.was_there:
            return f"{self._folder} has nothing of {name}, and had not before. Is that the name?"
        if self.file is None:
            return f"{self._folder} has nothing of {name} any more."
        told = [f"{lesson}: {_spoken(one)}" for lesson, one in self._person.lessons.items()]
        return "\n".join(
            [
                f"Shared in {self._folder}, as {name}, until you withdraw it:",
                *(told or ["nothing yet"]),
            ]
        )


class Room:
    """Everybody who shared, with the lessons that anybody has begun; displays as a table.

    Attributes:
        people: by name.
        strange: how many files of that kind could not be read.
    """

    def __init__(self, people: list[Person], strange: int) -> None:
        self.people, self.strange = people, strange

    @property
    def lessons(self) -> list[str]:
        """What anybody has begun, in the order of the series."""
        return sorted({lesson for person in self.people for lesson in person.lessons})

    def __repr__(self) -> str:
        told = [
            f"{person.name}, at {person.when}: "
            + (
                "; ".join(f"{lesson[:2]} {_spoken(one)}" for lesson, one in person.lessons.items())
                or "nothing yet"
            )
            for person in self.people
        ]
        return "\n".join([*told, self._counted()])

    def _repr_html_(self) -> str:
        rows = [
            (
                person.name,
                person.when,
                *(
                    _spoken(person.lessons[one]) if one in person.lessons else ""
                    for one in self.lessons
                ),
            )
            for person in self.people
        ]
        head = ("who", "shared at", *(lesson[:2] for lesson in self.lessons))
        return html.joined(html.table(head, rows), html.paragraph(self._counted()))

    def _counted(self) -> str:
        told = f"{counted(len(self.people), 'person has', 'people have')} shared how far they are."
        if self.strange:
            told += f" {counted(self.strange, 'file')} beside theirs could not be read."
        return told


def share(folder: Path | str, name: str, *, withdraw: bool, store: ProgressFile) -> SharedProgress:
    """Write how far this person is into a folder that others can read; or take it away again.

    Args:
        folder: where the instructor looks.
        name: what the instructor shall read.
        withdraw: remove what was shared.
        store: where this person's progress is.

    Raises:
        UsageError: there is no such folder, or somebody else has shared by that name.
    """
    if not str(folder).strip():
        raise UsageError("No folder is named.", "Name the one that your instructor looks into.")
    place, called = Path(folder), " ".join(name.split())
    if not called or len(called) > _LONGEST_NAME:
        raise UsageError(
            f"{name!r} is no name to be shown: it needs 1 to {_LONGEST_NAME} characters.",
            "Give another one, or a nickname.",
        )
    lessons = {lesson: _counts(store, lesson) for lesson in store.lessons()}
    person = Person(called, lessons, datetime.now(UTC))
    # Ada and ada are one person.
    key = hashlib.sha256(called.casefold().encode()).hexdigest()[:12]
    file = place / f"{_BEGINNING}{key}{_ENDING}"
    try:
        was_there = file.exists()
        if withdraw:
            file.unlink(missing_ok=True)
            return SharedProgress(person, place, None, was_there)
        _replace(file, json.dumps({"name": called, "lessons": person.lessons}))
    except OSError as error:
        raise UsageError(
            f"{place} takes no file about {called}: {error.strerror}.",
            "Ask your instructor for the folder; where somebody else has that name, add a letter.",
        ) from None
    return SharedProgress(person, place, file, was_there)


def _replace(file: Path, text: str) -> None:
    """In one step; the draft has a name that nobody in the folder can have taken before."""
    draft = file.with_suffix(f".{uuid.uuid4().hex}.tmp")
    try:
        with draft.open("x", encoding="utf-8") as opened:
            opened.write(text)
        # For the instructor, who is another user of a hub.
        draft.chmod(0o644)
        draft.replace(file)
    except OSError:
        # Somebody else's file stays where the folder says so; and nothing of ours beside it.
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def room(folder: Path | str) -> Room:
    """What was shared in a folder, as a page for the instructor.

    Args:
        folder: where `series().share` wrote to.

    Raises:
        UsageError: the folder cannot be read.
    """
    try:
        files = sorted(Path(folder).glob(f"{_BEGINNING}*{_ENDING}"))
        if not files:
            # `glob` finds nothing in a folder that is not there.
            list(Path(folder).iterdir())
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be read: {error.strerror}.", "Name the folder that people share in."
        ) from None
    people = list(_people(files))
    return Room(sorted(people, key=lambda one: one.name.casefold()), len(files) - len(people))


def _people(files: list[Path]) -> Iterator[Person]:
    """Of the files those that are what they should be: anybody may have put them there."""
    for file in files:
        try:
            found = file.lstat()
            if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST_BYTES:
                continue
            told = json.loads(file.read_text(encoding="utf-8"))
            lessons = {
                str(lesson): (int(passed), int(number))
                for lesson, (passed, number) in told["lessons"].items()
            }
            at = datetime.fromtimestamp(found.st_mtime, UTC)
            yield Person(str(told["name"])[:_LONGEST_NAME], lessons, at)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue


def _counts(store: ProgressFile, lesson: str) -> Counts:
    standings = store.read(lesson).values()
    return sum(one.passed is True for one in standings), len(standings)


def _spoken(counts: Counts) -> str:
    return f"{counts[0]} of {counts[1]}"
