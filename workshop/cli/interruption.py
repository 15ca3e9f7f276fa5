"""Ctrl-C, a closed terminal and `kill` end a command, and none of them is lost.

Python drops an exception that is raised while it cleans something up: a KeyboardInterrupt that
arrives in a finalizer, such as that of a finished HTTP response, ends nothing, and without a word.
So it is seen to that the command is on its way out, and else it is told once more.
"""

import _thread
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

_LOOK_EVERY_S = 0.5


class Interruption:
    """Ends the command that runs in the main thread.

    Args:
        look_every_s: how soon, and how often, it is seen to that an interruption was noticed.
    """

    def __init__(self, look_every_s: float = _LOOK_EVERY_S) -> None:
        self._look_every_s = look_every_s
        self._has_ended = threading.Event()
        self._watch: threading.Thread | None = None

    def install(self) -> None:
        """Let each signal that asks for an end interrupt the main thread.

        Ctrl-C too where it was ignored, as shells have it for what they run in the background: a
        command that goes on deleting stacks after its script was stopped surprises more.
        """
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._interrupt)

    def ended(self) -> None:
        """Say that the command is over: nobody needs to be told any more."""
        self._has_ended.set()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._watch is None:
            self._watch = threading.Thread(target=self._see_to_it, name="interruption", daemon=True)
            self._watch.start()
        raise KeyboardInterrupt

    def _see_to_it(self) -> None:
        while not self._has_ended.wait(self._look_every_s):
            if _is_on_its_way_out(threading.main_thread()):
                break
            _thread.interrupt_main()
        self._watch = None


@contextlib.contextmanager
def until_interrupted() -> Iterator[threading.Event]:
    """For a command that serves until Ctrl-C: that is no failure once the yielded event is set.

    The outermost, so that an interruption is on its way until all is put away.
    """
    serves = threading.Event()
    try:
        yield serves
    except KeyboardInterrupt:
        if not serves.is_set():
            raise


def _is_on_its_way_out(thread: threading.Thread) -> bool:
    """Whether a KeyboardInterrupt is being handled there: clean-up may take its time."""
    found = sys._current_exceptions().get(thread.ident or 0)
    # Three values up to Python 3.11, the exception alone from 3.12 on.
    error = found[1] if isinstance(found, tuple) else found
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None
