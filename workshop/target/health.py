"""How the embedded AWS fares that runs now: whether it ended, was stopped, or goes on again.

A process that was stopped (`kill -STOP`) answers nobody, and neither does one that is busy; only
the operating system knows which it is.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from workshop.target.folders import PROJECT
from workshop.target.run_state import ENDPOINT_PID, KEEPER_PID, RunState

ENDED = "The embedded AWS has ended, and its messages with it: it was killed, or it failed."

# Which of its processes -> what it is called, and what is missing while it is stopped.
_PARTS = {
    ENDPOINT_PID: ("The embedded AWS", "it answers nobody"),
    KEEPER_PID: ("The keeper of the embedded AWS", "its end would go unnoticed"),
}

# As psutil calls the states that matter here.
_STOPPED, _GONE = "stopped", "zombie"

Look = Callable[[int], str]


def state_of_process(pid: int) -> str:
    """What the operating system says of a process: "running", "stopped", "zombie" and so on."""
    import psutil  # type: ignore[import-untyped]

    try:
        return str(psutil.Process(pid).status())
    except psutil.NoSuchProcess:
        return _GONE
    except psutil.Error:  # somebody else's
        return ""


class Health:
    """What becomes of the embedded AWS that runs when this is made.

    Args:
        project: the folder that it belongs to.
        look: tells the state of a process.
    """

    def __init__(self, project: Path = PROJECT, look: Look = state_of_process) -> None:
        self._state = RunState(project)
        self._look = look
        self._first = self._state.published()
        self._processes = _processes(self._first)
        self._stopped: set[str] = set()

    def has_ended(self) -> bool:
        """Whether it is gone, or another one is in its place."""
        if not self._state.has_keeper() or self._state.published() != self._first:
            return True
        # A keeper that is stopped cannot tell of it.
        endpoint = self._processes.get(ENDPOINT_PID)
        return endpoint is not None and self._look(endpoint) == _GONE

    def news(self) -> list[str]:
        """What was stopped, or goes on, since this was asked last."""
        found = []
        for part, pid in self._processes.items():
            is_stopped = self._look(pid) == _STOPPED
            if is_stopped and part not in self._stopped:
                self._stopped.add(part)
                found.append(_told(part, pid))
            elif not is_stopped and part in self._stopped:
                self._stopped.remove(part)
                found.append(f"{_PARTS[part][0]} goes on (process {pid}).")
        return found


def stopped(project: Path = PROJECT, look: Look = state_of_process) -> str:
    """A sentence about the embedded AWS of a project where it is stopped; "" where it is not."""
    processes = _processes(RunState(project).published())
    told = (_told(part, pid) for part, pid in processes.items() if look(pid) == _STOPPED)
    return next(told, "")


def _told(part: str, pid: int) -> str:
    name, missing = _PARTS[part]
    return f"{name} is stopped (process {pid}): {missing}. `kill -CONT {pid}` lets it go on."


def _processes(published: str) -> dict[str, int]:
    """Which processes it consists of, by what a keeper has published."""
    try:
        info: Mapping[str, object] = json.loads(published)
    except ValueError:
        return {}
    found = {part: info.get(part) for part in _PARTS}
    return {part: pid for part, pid in found.items() if isinstance(pid, int)}
