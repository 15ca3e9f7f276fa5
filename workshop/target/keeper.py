"""The process that holds the embedded AWS of a project; see `workshop.target.embedded`."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from workshop.target.lifeline import when_owner_ends
from workshop.target.run_state import RunState

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
    owner: int | None,
) -> int:
    """Start the embedded AWS, publish it, hold it until nobody needs it, end it.

    Args:
        state: where it is published.
        launch: starts it; returns it with its connection details.
        owner: the process that holds the other end of standard input; it ends with this one and
            its users. Without an owner it ends some time after its users.
    """
    with state.keeping():
        running, info = launch()
        try:
            state.write(info, running.process.pid)
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            _hold(state, owner, lambda: running.process.poll() is None)
        finally:
            state.info_file.unlink(missing_ok=True)
            running.stop()
    return 0


def _hold(state: RunState, owner: int | None, is_alive: Callable[[], bool]) -> None:
    if owner is not None:
        gone = _owner_gone()
        while is_alive() and not gone.wait(_LOOK_EVERY_S):
            pass
        # Sessions may use it until the moment it ends; those who joined it must not lose it.
        if not state.has_users(besides=owner):
            return
    unused_s = 0.0
    while is_alive() and unused_s < _GRACE_S:
        time.sleep(_LOOK_EVERY_S)
        unused_s = 0.0 if state.has_users() else unused_s + _LOOK_EVERY_S


def _owner_gone() -> threading.Event:
    """Set when standard input ends, which its owner holds."""
    gone = threading.Event()
    when_owner_ends(gone.set)
    return gone
