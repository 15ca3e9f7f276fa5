"""A lock between processes that the operating system lets go when its holder ends."""

import os
import sys
import time
from pathlib import Path

from workshop.errors import WorkshopError

_RETRY_S = 0.05


class FileLock:
    """An exclusive lock on a file; also tells whether another process holds it.

    Unlike a file with a process id in it, it cannot be left behind by a process that was killed,
    and no other process can be mistaken for its holder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock if nobody has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def acquire(self, timeout_s: float) -> None:
        """Wait for the lock.

        Raises:
            WorkshopError: another process kept it for longer than `timeout_s`.
        """
        give_up_at_s = time.monotonic() + timeout_s
        while not self.try_acquire():
            if time.monotonic() > give_up_at_s:
                raise WorkshopError(
                    f"Another process has been busy with {self._path} for {timeout_s:.0f} s.",
                    "Wait for the other notebook or command to finish, or stop it.",
                )
            time.sleep(_RETRY_S)

    def release(self) -> None:
        """Let go; without effect when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __del__(self) -> None:
        self.release()

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
