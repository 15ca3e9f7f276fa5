"""Progress for a person: one changing line in a terminal, plain lines everywhere else."""

import shutil
import sys
import time
from collections.abc import Callable

# In a log nothing is said of a wait that is over sooner.
_SILENT_S = 10.0


class Progress:
    """Tells what is being done, on standard error.

    progress = Progress()
    progress.step("running 01-sqs-dead-letter-queue")
    progress.detail("cell 3 of 20")     # shown in a terminal only
    progress.done("12 attempts")

    Args:
        now_s: seconds that only grow.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._terminal = sys.stderr.isatty()
        self._now_s = now_s
        self._step = ""
        self._started_s = self._shown_s = now_s()

    def step(self, text: str) -> None:
        """Begin something."""
        self._step, self._started_s = text, self._now_s()
        self._show(text, end="" if self._terminal else "\n")

    def detail(self, text: str) -> None:
        """Say how far it is; too much for a log file, so only a terminal shows it."""
        if self._terminal:
            self._show(f"{self._step}: {text}", end="")

    def wait(self, text: str) -> None:
        """Say what is waited for, which is written anew each second; in a log now and then."""
        if self._terminal:
            self.detail(text)
        elif self._now_s() - self._shown_s >= _SILENT_S:
            self._show(f"  {text}", end="\n")

    def note(self, text: str) -> None:
        """Say what is being done within the step; a line of its own outside a terminal."""
        if self._terminal:
            self.detail(text)
        else:
            self._show(f"  {text}", end="\n")

    def tell(self, text: str) -> None:
        """Say something that is to stay, on lines of its own."""
        if self._terminal:
            print("\r\x1b[2K", end="", file=sys.stderr)
        print(text, file=sys.stderr, flush=True)
        if self._terminal:
            self._show(self._step, end="")

    def done(self, result: str = "done") -> None:
        """End it, with its result and the time it took."""
        took_s = self._now_s() - self._started_s
        told = f"{self._step}: {result} ({took_s:.1f} s)"
        self._show(told if self._terminal else f"  {result} ({took_s:.1f} s)", end="\n")

    def _show(self, text: str, end: str) -> None:
        self._shown_s = self._now_s()
        # Cut to the width, since a line that wraps cannot be overwritten.
        line = f"\r\x1b[2K{text[: self._width()]}" if self._terminal else text
        print(line, end=end, file=sys.stderr, flush=True)

    @staticmethod
    def _width() -> int:
        return shutil.get_terminal_size().columns - 1
