"""How much memory a child process uses."""

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

_INTERVAL_S = 0.05
_RUSAGE_INFO_V2 = 2


def peak_bytes(pid: int) -> int:
    """The most resident memory so far (macOS: the current one); 0 where it cannot be told."""
    if sys.platform == "linux":
        status = _proc_status(pid)
        _, _, rest = status.partition(b"VmHWM:")
        return int(rest.split(None, 1)[0]) * 1024 if rest else 0
    if sys.platform == "darwin":
        usage = (ctypes.c_uint64 * 64)()
        if _libproc().proc_pid_rusage(pid, _RUSAGE_INFO_V2, usage) == 0:
            return int(usage[8])  # ri_resident_size, after a 16-byte uuid and six counters
    return 0


def _proc_status(pid: int) -> bytes:
    # Asked for at the end of every invocation: three system calls, where `Path` takes a dozen.
    try:
        file = os.open(f"/proc/{pid}/status", os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(file, 4096)
    except OSError:  # it ended meanwhile
        return b""
    finally:
        os.close(file)


@cache
def _libproc() -> Any:
    return ctypes.CDLL("/usr/lib/libproc.dylib")


class MemoryGuard:
    """Looks at a process while it works, until it exceeds its memory.

    Looks in real time: memory is used in real time.

    Args:
        exceeded: called once when the process uses more than `limit_bytes`.
        looked: called at every look.
    """

    def __init__(
        self,
        pid: int,
        limit_bytes: int,
        *,
        exceeded: Callable[[], None],
        looked: Callable[[], None],
    ) -> None:
        self._pid = pid
        self._limit_bytes = limit_bytes
        self._exceeded = exceeded
        self._looked = looked
        self._timer = asyncio.get_running_loop().call_later(_INTERVAL_S, self._look)

    def stop(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def _look(self) -> None:
        self._looked()
        if peak_bytes(self._pid) > self._limit_bytes:
            self._exceeded()
        else:
            self._timer = asyncio.get_running_loop().call_later(_INTERVAL_S, self._look)
