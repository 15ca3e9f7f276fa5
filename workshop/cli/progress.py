"""Progress for a person: one changing line in a terminal, plain lines everywhere else."""

import sys
import time
from collections.abc import Callable

from workshop.progress import Rows

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
        self._rows = Rows()
        self._started_s = self._shown_s = now_s()

    def step(self, text: str) -> None:
        """Begin something."""
        self._step, self._started_s = text, self._now_s()
        self._show(text)

    def detail(self, text: str) -> None:
        """Say how far it is; too much for a log file, so only a terminal shows it."""
        if self._terminal:
            self._show(f"{self._step}: {text}")

    def wait(self, text: str) -> None:
        """Say what is waited for, which is written anew each second; in a log now and then."""
        if self._terminal:
            self.detail(text)
        elif self._now_s() - self._shown_s >= _SILENT_S:
            self._show(f"  {text}")

    def note(self, text: str) -> None:
        """Say what is being done within the step; a line of its own outside a terminal."""
        if self._terminal:
            self.detail(text)
        else:
            self._show(f"  {text}")

    def tell(self, text: str) -> None:
        """Say something that is to stay, on lines of its own."""
        if self._terminal:
            self._rows.end(text)
            self._rows.show(self._step)
        else:
            print(text, file=sys.stderr, flush=True)

    def done(self, result: str = "done") -> None:
        """End it, with its result and the time it took."""
        took_s = self._now_s() - self._started_s
        told = f"{self._step}: {result} ({took_s:.1f} s)"
        if self._terminal:
            self._rows.end(told)
        else:
            self._show(f"  {result} ({took_s:.1f} s)")

    def _show(self, text: str) -> None:
        self._shown_s = self._now_s()
        if self._terminal:
            self._rows.show(text)
        else:
            print(text, file=sys.stderr, flush=True)
