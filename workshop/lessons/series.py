"""The index of the series, with progress."""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

from workshop.lessons.lesson import spoken
from workshop.lessons.store import ProgressFile
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

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries

    def __repr__(self) -> str:
        lines = [
            f"{entry.name}: {entry.title} ({_minutes(entry)}) - {entry.progress}"
            for entry in self.entries
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        cells = 'style="text-align:left"'
        rows = "".join(
            f'<tr><td {cells}><a href="{entry.name}.ipynb">{entry.name[:2]}</a></td>'
            f"<td {cells}>{html.escape(entry.title)}</td><td {cells}>{_minutes(entry)}</td>"
            f"<td {cells}>{html.escape(entry.progress)}</td></tr>"
            for entry in self.entries
        )
        names = ("notebook", "title", "time", "your progress")
        head = "".join(f"<th {cells}>{name}</th>" for name in names)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def series(*, file: Path | None = None, folder: Path = PROJECT / "notebooks") -> Series:
    """The notebooks of the workshop: title, minutes, checks passed, what is open.

    Args:
        file: where progress is kept; default `.workshop/progress.json` in the project.
        folder: where the notebooks are.
    """
    store = ProgressFile(file)
    return Series([_entry(path, store) for path in sorted(folder.glob("[0-9]*.ipynb"))])


def _entry(path: Path, store: ProgressFile) -> Entry:
    first = "".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"])
    title = first.splitlines()[0].lstrip("# ")
    minutes = _MINUTES.search(first)
    standings = store.read(path.stem)
    progress = spoken(standings) if standings else "not opened yet"
    return Entry(path.stem, title, int(minutes[1]) if minutes else None, progress)


def _minutes(entry: Entry) -> str:
    return f"{entry.minutes} min" if entry.minutes else "?"
