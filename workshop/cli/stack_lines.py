"""How far stacks are: a line for each that changes in a terminal, few plain lines elsewhere.

The same for `deploy` and `destroy`, and for both targets.
"""

import shutil
import textwrap
import time
from collections.abc import Callable
from typing import TextIO

from workshop.stacks.activity import StackProgress
from workshop.target.waits import in_seconds

# Without a terminal somebody reads a log: a stack that takes long is spoken of this often, and any
# that is at work when nothing was said for so long. (Stacks are looked at every five seconds.)
_SPEAK_EVERY_S, _SILENT_S = 30.0, 5.0
# Of one stack: the lines of all of them must fit on a screen of 24 rows.
_MOST_ROWS = 3
# Sentences that say what a stack's own line says as well.
_SAID_BY_LINES = ("deployed ", "deleted ")


class StackLines:
    """Shows steps as sentences, and stacks as lines.

    Args:
        out: where to.
        now_s: seconds that only grow.
    """

    def __init__(self, out: TextIO, now_s: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._now_s = now_s
        self._is_terminal = out.isatty()
        self._stacks: dict[str, StackProgress] = {}
        self._begun_s: dict[str, float] = {}
        self._ended_s: dict[str, float] = {}
        self._spoken_s: dict[str, float] = {}
        self._unseen: set[str] = set()
        self._drawn = 0
        self._written_s = now_s()

    def step(self, text: str) -> None:
        """Say what is done now."""
        if text.startswith(_SAID_BY_LINES) and self._stacks:
            return
        self._write([f"  {text}"], self._lines())

    def stack(self, found: StackProgress) -> None:
        """Show how far a stack is."""
        before = self._stacks.get(found.name)
        if found.has_ended and not (before and before.status):
            # Nobody has seen it at work: it was made before, and how long that took is not known.
            self._unseen.add(found.name)
        elif not found.has_ended:
            self._unseen.discard(found.name)
        if not before or not before.status or (before.has_ended and not found.has_ended):
            self._begun_s[found.name] = self._now_s()
        if found.has_ended and not (before and before.has_ended):
            self._ended_s[found.name] = self._now_s()
        self._stacks[found.name] = found
        if self._is_terminal:
            self._write([], self._lines())
        elif self._is_worth_a_line(found, before):
            self._spoken_s[found.name] = self._now_s()
            self._write([self._line(found)], [])

    def _is_worth_a_line(self, found: StackProgress, before: StackProgress | None) -> bool:
        if not found.status:
            return False
        if not before or not before.status or found.has_ended != before.has_ended:
            return True
        if bool(found.failure) != bool(before.failure):
            return True
        if found.has_ended:
            return False
        now_s = self._now_s()
        silent_s = now_s - self._spoken_s.get(found.name, 0.0)
        return silent_s >= _SPEAK_EVERY_S or now_s - self._written_s >= _SILENT_S

    def _lines(self) -> list[str]:
        return [self._line(one) for one in self._stacks.values()] if self._is_terminal else []

    def _line(self, found: StackProgress) -> str:
        longest = max(map(len, self._stacks))
        took_s = self._took_s(found) if found.has_ended else None
        took = "" if took_s is None else f" ({in_seconds(took_s)})"
        return f"  {found.name:<{longest}}  {found.count:>5}  {found.told}{took}"

    def _took_s(self, found: StackProgress) -> float | None:
        """How long it took: as AWS tells, else as was seen; None of what nobody saw at work."""
        if found.took_s is not None or found.name in self._unseen:
            return found.took_s
        return self._ended_s[found.name] - self._begun_s[found.name]

    def _write(self, lasting: list[str], changing: list[str]) -> None:
        """Write lines that stay, then those that the next call writes over."""
        rows = [row for line in changing for row in _rows(line)]
        up = f"\x1b[{self._drawn}A\r\x1b[J" if self._drawn else ""
        text = "".join(f"{line}\n" for line in (*lasting, *rows))
        self._drawn, self._written_s = len(rows), self._now_s()
        self._out.write(up + text)
        self._out.flush()


def _rows(line: str) -> list[str]:
    """Rows of our own making, which can be written over; more than a screen has could not."""
    return textwrap.wrap(
        line,
        max(shutil.get_terminal_size().columns - 1, 20),
        subsequent_indent=" " * 8,
        max_lines=_MOST_ROWS,
        placeholder=" …",
        drop_whitespace=False,
    )
