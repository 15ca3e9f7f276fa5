"""Locks between processes: held once, freed with their holder, and never waited for in vain."""

import errno
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workshop.errors import WorkshopError
from workshop.target import locks

# Holds a lock until it is killed, and starts a program that lives on with all that it inherits.
HOLDER = """
import subprocess, sys
from pathlib import Path
from workshop.target import locks
held = locks.acquire(Path(sys.argv[1]), timeout_s=1)
subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], close_fds=False)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_is_held_once_and_until_the_end_of_its_block(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.lock"
    with locks.acquire(path, timeout_s=1):
        assert locks.try_acquire(path) is None
        with pytest.raises(WorkshopError, match=r"busy with .*a\.lock for 0 s.\nWait for"):
            locks.acquire(path, timeout_s=0)
        if sys.platform != "win32":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert locks.try_acquire(path)


def test_a_lock_belongs_to_whoever_refers_to_it_not_to_a_thread(tmp_path: Path) -> None:
    # Given locks that were taken in a thread which has ended
    paths = [tmp_path / "a.lock", tmp_path / "b.lock"]
    with ThreadPoolExecutor() as thread:
        left, dropped = thread.map(lambda path: locks.acquire(path, timeout_s=1), paths)
    assert [locks.try_acquire(path) for path in paths] == [None, None]
    # When the block of one is left and the other is dropped, as a notebook does that connects anew
    with left:
        del dropped
    # Then both are free
    assert all(locks.try_acquire(path) for path in paths)


def test_a_lock_does_not_outlive_a_process_that_was_killed(tmp_path: Path) -> None:
    # Given a process that holds a lock, has started another one, and is killed
    path, pipe = tmp_path / "a.lock", subprocess.PIPE
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert locks.try_acquire(path) is None
        holder.kill()
        holder.wait()
        # Then the lock is free, while the other process lives on
        assert locks.try_acquire(path)


@pytest.mark.skipif(sys.platform == "win32", reason="no flock there")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EPERM])
def test_a_folder_without_locks_is_said_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(WorkshopError, match=rf"no file locks \({os.strerror(number)}\)") as told:
        locks.acquire(tmp_path / "a.lock", timeout_s=60)
    assert "Copy the project to a disk of this machine" in str(told.value)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_lock_on_a_file_that_was_removed_meanwhile_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    # Given somebody who removes the file between a user's opening and locking it
    path, lock, removed = tmp_path / "a.lock", fcntl.flock, []

    def late(handle: int, operation: int) -> None:
        if not removed:
            removed.append(path)
            path.unlink()
        lock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    # Then the user holds a lock that others see
    with locks.acquire(path, timeout_s=60):
        assert removed
        assert locks.try_acquire(path) is None
