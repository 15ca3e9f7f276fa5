"""Locks between processes that the operating system lets go when their holder ends.

Unlike a file with a process id in it, such a lock cannot be left behind by a process that was
killed, and no other process can be mistaken for its holder.
"""

from collections.abc import Callable
from pathlib import Path

from filelock import AcquireReturnProxy, FileLock, Timeout

from workshop.errors import WorkshopError
from workshop.target.telling import SIGN_OF_LIFE_S

# A lock that is held: until the end of its `with` block, or until nobody refers to it any more.
HeldLock = AcquireReturnProxy[FileLock]


def acquire(
    path: Path,
    timeout_s: float,
    on_wait: Callable[[float], None] = lambda _: None,
    every_s: float = SIGN_OF_LIFE_S,
) -> HeldLock:
    """Wait for the lock of a file.

    Args:
        path: the file.
        timeout_s: how long.
        on_wait: is told now and then for how many seconds so far.
        every_s: how often.

    Raises:
        WorkshopError: another process kept it for longer than `timeout_s`, or there are no locks.
    """
    held, waited_s = None, 0.0
    while held is None and waited_s < timeout_s:
        step_s = min(every_s, timeout_s - waited_s)
        held = try_acquire(path, step_s)
        waited_s += step_s
        if held is None:
            on_wait(waited_s)
    if held is None:
        raise WorkshopError(
            f"Another process has been busy with {path} for {timeout_s:.0f} s.",
            "Wait for the other notebook or command to finish, or stop it.",
        )
    return held


def try_acquire(path: Path, timeout_s: float = 0) -> HeldLock | None:
    """The lock of a file, which is made with its folder; None while another one has it.

    Raises:
        WorkshopError: the folder has no locks, or none for this user.
    """
    # Whichever thread drops it lets it go; and a marker in place of a lock would be left behind.
    lock = FileLock(path, mode=0o600, thread_local=False, fallback_to_soft=False)
    try:
        return lock.acquire(timeout=timeout_s)
    except Timeout:
        return None
    except OSError as error:
        raise WorkshopError(
            f"The folder {path.parent} gives no file locks ({error.strerror}).",
            "Copy the project to a disk of this machine that you may write to; some network "
            "folders lack them.",
        ) from None
