"""A pipe whose end is its owner's: no operating system forgets to close that of a dead process."""

import os
import sys
import threading
from collections.abc import Callable


def when_owner_ends(act: Callable[[], object]) -> None:
    """Do something, in a thread, when standard input ends: when whoever started this has."""

    def watch() -> None:
        # Not through sys.stdin: its lock, held here for good, would abort the interpreter's end.
        while os.read(sys.stdin.fileno(), 4096):
            pass
        act()

    threading.Thread(target=watch, name="owner", daemon=True).start()
