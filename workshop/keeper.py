"""The process that holds the embedded AWS of a project; see `workshop.embedded`."""

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from workshop.embedded import RunState

# A kernel restarts within seconds, but a person may read on before running the first cell again.
_GRACE_S = 120.0
_LOOK_EVERY_S = 2.0


class Running(Protocol):
    """The started endpoint, as `localaws.launch` returns it."""

    @property
    def process(self) -> "subprocess.Popen[str]":
        """Its process."""

    def stop(self) -> None:
        """End it and everything it started."""


def keep(
    state: RunState,
    launch: Callable[[], tuple[Running, Mapping[str, str]]],
    *,
    owned: bool,
) -> int:
    """Start the embedded AWS, publish it, hold it until nobody needs it, end it.

    Args:
        state: where it is published.
        launch: starts it; returns it with its connection details.
        owned: end with the owner, who holds the other end of standard input; else with the users.
    """
    keeping = state.keeping()
    # The keeper before us may be on its way out.
    keeping.acquire(timeout_s=30)
    running, info = launch()
    try:
        state.write(info)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        gone = _owner_gone() if owned else threading.Event()
        _hold(state, gone, lambda: running.process.poll() is None, owned=owned)
    finally:
        state.info_file.unlink(missing_ok=True)
        running.stop()
        keeping.release()
    return 0


def _hold(
    state: RunState, gone: threading.Event, is_alive: Callable[[], bool], *, owned: bool
) -> None:
    unused_s = 0.0
    while not gone.wait(_LOOK_EVERY_S) and is_alive():
        unused_s = 0.0 if owned or state.has_users() else unused_s + _LOOK_EVERY_S
        if unused_s >= _GRACE_S:
            return


def _owner_gone() -> threading.Event:
    """Set when standard input ends: no operating system forgets to close a dead owner's pipe."""
    gone = threading.Event()

    def watch() -> None:
        sys.stdin.buffer.read()
        gone.set()

    threading.Thread(target=watch, name="owner", daemon=True).start()
    return gone
