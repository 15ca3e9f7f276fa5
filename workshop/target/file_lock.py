"""A lock between processes that the operating system lets go when its holder ends."""

import contextlib
import errno
import os
import sys
import time
from pathlib import Path

from workshop.errors import WorkshopError

_RETRY_S = 0.05

# What a lock that another process has is told as; Windows has words of its own for it.
_TAKEN = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)


class FileLock:
    """An exclusive lock on a file; also tells whether another process holds it.

    Unlike a file with a process id in it, it cannot be left behind by a process that was killed,
    and no other process can be mistaken for its holder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock if nobody has it.

        Raises:
            WorkshopError: the folder's file system has no locks.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _lock(handle)
            except OSError as error:
                os.close(handle)
                if error.errno in _TAKEN:
                    return False
                raise WorkshopError(
                    f"The folder {self._path.parent} has no file locks ({error.strerror}).",
                    "Copy the project to a disk of this machine; some network folders lack them.",
                ) from None
            if self._is_file_of(handle):
                self._handle = handle
                return True
            # Somebody removed the file since it was opened: nobody else would find this lock.
            os.close(handle)

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

    def remove(self) -> None:
        """Delete the file of a lock that is held, and let go."""
        if sys.platform == "win32":
            # An open file cannot be deleted there: whoever took it since keeps it.
            self.release()
            with contextlib.suppress(OSError):
                self._path.unlink()
        else:
            self._path.unlink(missing_ok=True)
            self.release()

    def _is_file_of(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._path.stat())
        except FileNotFoundError:
            return False

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
