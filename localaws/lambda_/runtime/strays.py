"""Processes that a handler's process started and that left its process group."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

_PROCESSES = Path("/proc")


def kill_strays(mark: str) -> None:
    """Kill every process whose environment has `mark`, which is inherited; Linux only.

    A daemon that a handler starts would outlive its execution environment, as on AWS it cannot.
    """
    if not hasattr(os, "killpg") or not (_PROCESSES / "self").exists():
        return
    for pid in _marked(mark.encode()):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _marked(mark: bytes) -> Iterator[int]:
    for entry in _PROCESSES.iterdir():
        if entry.name.isdecimal():
            # OSError: it has ended since, or is somebody else's.
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes():
                    yield int(entry.name)
