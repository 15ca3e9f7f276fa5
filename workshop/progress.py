"""One line that is updated in place and ends as a plain sentence, in notebooks and terminals."""

import shutil
import sys
import time
from typing import Any

# Faster than this nobody can read, and every update is a message to the browser.
_UPDATE_EVERY_S = 0.2
# To the line's beginning, and nothing on it: what terminals understand.
_ANEW = "\r\x1b[2K"


class ProgressLine:
    """A line for one piece of work.

    In a notebook it is one display, so that the stored result is the last text and no debris. In a
    terminal it is one line; where standard error goes into a file, only the last text is written.
    """

    def __init__(self) -> None:
        self._handle: Any = None
        self._updated_at_s = -_UPDATE_EVERY_S

    def update(self, text: str) -> None:
        """Show where the work is; texts that come too fast are left out."""
        if time.monotonic() - self._updated_at_s < _UPDATE_EVERY_S:
            return
        if in_notebook():
            self._show(text, "⏳")
        elif sys.stderr.isatty():
            self._updated_at_s = time.monotonic()
            # Cut to the width, since a line that wraps cannot be overwritten.
            sys.stderr.write(f"{_ANEW}{text[: shutil.get_terminal_size().columns - 1]}")
            sys.stderr.flush()

    def finish(self, text: str, *, is_good: bool = True) -> None:
        """Show how it ended."""
        if in_notebook():
            self._show(text, "✓" if is_good else "✗")
        else:
            sys.stderr.write(f"{_ANEW if sys.stderr.isatty() else ''}{text}\n")

    def _show(self, text: str, sign: str) -> None:
        from IPython.display import display

        from workshop import html

        self._updated_at_s = time.monotonic()
        bundle = {
            "text/html": html.line(sign, text),
            "text/plain": f"{sign} {text}",
        }
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(bundle, raw=True)


def in_notebook() -> bool:
    """Whether somebody displays what we show; never imports IPython itself."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")
