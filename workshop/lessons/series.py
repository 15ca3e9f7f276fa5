"""The index of the series, with progress."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from workshop import html
from workshop.lessons.lesson import spoken
from workshop.lessons.room import Room, SharedProgress, room, share
from workshop.lessons.store import ProgressFile
from workshop.lessons.unset_names import NOTEBOOK_VARIABLE
from workshop.lessons.working_copies import Fresh, fresh_copy
from workshop.target.target import PROJECT

_MINUTES = re.compile(r"\*\*Time:\*\* about (\d+) minutes")


@dataclass(frozen=True)
class Entry:
    """One notebook: its file name without suffix, title, minutes, and progress in words."""

    name: str
    title: str
    minutes: int | None
    progress: str


class Series:
    """All notebooks with minutes and progress; displays as a table with links.

    Attributes:
        entries: one `Entry` per notebook, in order.
    """

    def __init__(self, entries: list[Entry], store: ProgressFile | None = None) -> None:
        self.entries = entries
        self._store = store or ProgressFile()

    def __repr__(self) -> str:
        lines = [
            f"{entry.name}: {entry.title} ({_minutes(entry)}) - {entry.progress}"
            for entry in self.entries
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [
            (_link(entry), entry.title, _minutes(entry), entry.progress) for entry in self.entries
        ]
        return html.table(("notebook", "title", "time", "your progress"), rows)

    def share(self, folder: Path | str, name: str, *, withdraw: bool = False) -> SharedProgress:
        """Let an instructor see how far you are: the counts of your checks, by the name you give.

        Nothing of it is sent by itself; call it again when you are further.

        Args:
            folder: one that your instructor named, and that both of you reach.
            name: what the instructor shall read.
            withdraw: take away again what you shared.

        Raises:
            UsageError: the folder takes no file, or somebody else has shared by that name.
        """
        return share(folder, name, withdraw=withdraw, store=self._store)

    @staticmethod
    def room(folder: Path | str) -> Room:
        """What people have shared in a folder, as a page for the instructor.

        Raises:
            UsageError: the folder cannot be read.
        """
        return room(folder)

    @staticmethod
    def fresh(name: str = "") -> Fresh:
        """Make a notebook as it was at first; the one that you worked in is kept beside it.

        Args:
            name: its name or the beginning of it, such as "01"; default: this notebook.

        Raises:
            WorkshopError: no notebook has that name, or several do.
        """
        return fresh_copy(name)


def series(*, file: Path | None = None, folder: Path = PROJECT / "notebooks") -> Series:
    """The notebooks of the workshop: title, minutes, checks passed, what is open.

    Args:
        file: where progress is kept; default `.workshop/progress.json` in the project.
        folder: where the notebooks are.
    """
    store = ProgressFile(file)
    entries = [_entry(path, store) for path in sorted(folder.glob("[0-9]*.ipynb"))]
    return Series(entries, store)


def _entry(path: Path, store: ProgressFile) -> Entry:
    first = "".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"])
    title = first.splitlines()[0].lstrip("# ")
    minutes = _MINUTES.search(first)
    standings = store.read(path.stem)
    unseen = "open here, no check made yet" if path.stem == _open_here() else "not opened yet"
    progress = spoken(standings) if standings else unseen
    return Entry(path.stem, title, int(minutes[1]) if minutes else None, progress)


def _open_here() -> str:
    """The notebook of this kernel, as far as Jupyter tells."""
    return Path(os.environ.get(NOTEBOOK_VARIABLE, "")).stem


def _link(entry: Entry) -> html.Markup:
    return html.link(f"{entry.name}.ipynb", entry.name[:2])


def _minutes(entry: Entry) -> str:
    return f"{entry.minutes} min" if entry.minutes else "?"
