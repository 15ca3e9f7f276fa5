"""One line that is updated in place and ends as a plain sentence, in notebooks and terminals."""

import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# Faster than this nobody can read, and every update is a message to the browser.
_UPDATE_EVERY_S = 0.2
# What a text begins with in a notebook, while the work goes on.
WAITING_SIGN = "⏳"
# In a log: not of what is over at once, and then a sign of life now and then.
_SILENT_S, _SPEAK_EVERY_S = 2.0, 10.0


class Rows:
    """A text in a terminal that the next one is written over, of as many rows as it takes.

    Its end, with the time that is left, is what somebody looks for: so nothing is cut. The rows are
    of our own making: those that a terminal wraps cannot be written over.
    """

    def __init__(self) -> None:
        self._number = 0

    def show(self, text: str) -> None:
        """Write over what is shown."""
        rows = textwrap.wrap(text, max(shutil.get_terminal_size().columns - 1, 1))
        sys.stderr.write(self._anew() + "\n".join(rows))
        sys.stderr.flush()
        self._number = len(rows)

    def end(self, text: str) -> None:
        """Write over it what stays."""
        sys.stderr.write(f"{self._anew()}{text}\n")
        sys.stderr.flush()
        self._number = 0

    def _anew(self) -> str:
        """To the first row's beginning, and nothing from there on: what terminals understand."""
        return (f"\x1b[{self._number - 1}A" if self._number > 1 else "") + "\r\x1b[J"


class ProgressLine:
    """A line for one piece of work.

    In a notebook it is one display, so that the stored result is the last text and no debris. In a
    terminal it is one line, of as many rows as it takes. Where standard error goes into a file, a
    text is written every ten seconds, and the last one.

    Args:
        now_s: seconds that only grow.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._handle: Any = None
        self._now_s = now_s
        self._updated_at_s = -_UPDATE_EVERY_S
        self._speak_at_s = now_s() + _SILENT_S
        self._rows = Rows()
        self._shown = ""

    def update(self, text: str) -> None:
        """Show where the work is; texts that come too fast are left out."""
        now_s = self._now_s()
        if now_s - self._updated_at_s < _UPDATE_EVERY_S:
            return
        if in_notebook():
            self._shown = text
            self._show(text, WAITING_SIGN)
        elif sys.stderr.isatty():
            self._updated_at_s, self._shown = now_s, text
            self._rows.show(text)
        elif now_s >= self._speak_at_s:
            self._shown = text
            self._speak_at_s = now_s + _SPEAK_EVERY_S
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def finish(self, text: str, *, is_good: bool = True) -> None:
        """Show how it ended."""
        self._shown = ""
        if in_notebook():
            self._show(text, "✓" if is_good else "✗")
        elif sys.stderr.isatty():
            self._rows.end(text)
        else:
            sys.stderr.write(f"{text}\n")

    @contextmanager
    def ended(self) -> Iterator[None]:
        """Let no error, and no Ctrl-C, leave the line as if the work went on."""
        try:
            yield
        except BaseException as error:
            without_traceback(error)
            if self._shown:
                how = "interrupted" if isinstance(error, KeyboardInterrupt) else "ended early"
                self.finish(f"{how}: {self._shown}", is_good=False)
            raise

    def _show(self, text: str, sign: str) -> None:
        from IPython.display import display

        from workshop import html

        self._updated_at_s = self._now_s()
        bundle = {
            "text/html": html.line(sign, text),
            "text/plain": f"{sign} {text}",
        }
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(bundle, raw=True)


def without_traceback(error: BaseException) -> None:
    """Have IPython show of an interruption its name alone: what was interrupted says the line."""
    if isinstance(error, KeyboardInterrupt):
        error._render_traceback_ = lambda: [type(error).__name__]  # type: ignore[attr-defined]


def is_attended() -> bool:
    """Whether somebody may be there who could click: nbconvert and other programs run cells, too.

    Whoever has a notebook open can also be asked for input; a program says that it cannot.
    """
    if not in_notebook():
        return True
    kernel = sys.modules["IPython"].get_ipython().kernel
    return bool(getattr(kernel, "_allow_stdin", True))


def in_notebook() -> bool:
    """Whether somebody displays what we show; never imports IPython itself."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")
