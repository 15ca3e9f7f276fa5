"""Reads files that are to be given away, and names what is left in them that nobody gives away.

It reads them in more ways than a mask writes: with HTML's entities, percent signs and escapes read,
without tags, with base64 decoded, with what pictures hold beside their pixels. It trusts no mask.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop.errors import WorkshopError
from workshop.masking.encodings import base64_in, decoded, decodings, readings, text_of
from workshop.masking.finding import find
from workshop.masking.known import Known
from workshop.masking.pictures import is_picture, notes_of

_DATA = re.compile(r"data:[\w.+/-]+;base64,([A-Za-z0-9+/=%\s]+)")
# Entities within base64 within an escape: nobody reads deeper, neither does this.
_DEPTH = 3
_TOLD = 12


class LeakError(WorkshopError):
    """Something that nobody gives away is in a file that was to be given away."""


@dataclass(frozen=True, order=True)
class Leak:
    """One thing in one file; what it is, never its value.

    Attributes:
        file: its name.
        line: from 1.
        words: what it is, and in what it was.
    """

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.words}"


def check(files: Iterable[Path], known: Sequence[Known] = ()) -> None:
    """Read all of them.

    Raises:
        LeakError: something is left in one of them; names file, line and kind.
    """
    leaks = sorted(leak for file in files for leak in leaks_in(file, known))
    if leaks:
        lines = [str(leak) for leak in leaks[:_TOLD]]
        if len(leaks) > _TOLD:
            lines.append(f"and {len(leaks) - _TOLD} more")
        raise LeakError(
            "\n    ".join(["This cannot be given away, and was not written:", *lines]),
            "Change the cells that show it, and export again.",
        )


def leaks_in(file: Path, known: Sequence[Known] = ()) -> set[Leak]:
    """What is left in one file."""
    return {
        Leak(file.name, line, words) for line, words in _FileReader(known).of(file.read_bytes())
    }


class _FileReader:
    """Reads one file in all ways, what stands in it several times once.

    Args:
        known: what the run knows by value.
    """

    def __init__(self, known: Sequence[Known]) -> None:
        self._known = known
        # In other bytes everything looks like something: of them only what is known.
        self._values = [
            (one.value.encode(), one.words)
            for one in known
            if not one.is_a_word and len(one.value) > 7
        ]
        self._in_base64: dict[tuple[str, int], list[str]] = {}

    def of(self, data: bytes) -> set[tuple[int, str]]:
        """The line of each thing, and what it is."""
        try:
            return set(self._in_text(data.decode("utf-8")))
        except UnicodeDecodeError:
            return set(self._in_bytes(data))

    def _in_text(self, text: str, depth: int = _DEPTH) -> Iterator[tuple[int, str]]:
        for match in _DATA.finditer(text):
            for words in self._in_data(match[1], depth):
                yield _line(text, match.start()), words
        # Without these long rows nothing is missed, and everything below has less to read.
        rest = _DATA.sub(lambda match: "data:," + "\n" * match[0].count("\n"), text)
        for found in find(rest, self._known):
            yield _line(rest, found.start), found.words
        if not depth:
            return
        for start, run in base64_in(rest):
            for words in self._in_run(run, depth):
                yield _line(rest, start), f"{words}, in base64"
        *alone, together = [*readings(rest)] or [rest]
        for read in alone:
            for found in find(read, self._known):
                yield _line(read, found.start), found.words
        if together != rest:
            yield from self._in_text(together, depth - 1)

    def _in_run(self, run: str, depth: int) -> list[str]:
        """What is in letters that may be base64: words, none where they are no such thing."""
        if (run, depth) not in self._in_base64:
            self._in_base64[run, depth] = [
                words for data in decodings(run) for _, words in self._in_bytes(data, depth - 1)
            ]
        return self._in_base64[run, depth]

    def _in_data(self, base64: str, depth: int) -> Iterator[str]:
        data = decoded("".join(base64.replace("%2B", "+").replace("%2F", "/").split()))
        for _, words in self._in_bytes(data or b"", depth - 1):
            yield f"{words}, in a picture"

    def _in_bytes(self, data: bytes, depth: int = _DEPTH) -> Iterator[tuple[int, str]]:
        text = text_of(data)
        if text is not None:
            yield from self._in_text(text, max(depth, 0))
            return
        if is_picture(data):
            for note in notes_of(data):
                for found in find(note.decode("latin-1"), self._known):
                    yield 1, found.words
        for value, words in self._values:
            if value in data:
                yield 1, words


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
