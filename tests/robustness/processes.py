"""Processes as the kernel sees them."""

import os
import select
from contextlib import suppress
from pathlib import Path

import pytest

needs_linux = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux's pidfd")


def children_of(pid: int) -> list[int]:
    """The processes that a process started itself."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # that thread has ended since
            found += map(int, (task / "children").read_text().split())
    return found


def ends(pid: int, within_s: float = 60.0) -> bool:
    """Wait until a process has ended; False if it goes on."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], within_s)[0])
    finally:
        os.close(handle)


def wait_for_writer(fifo: Path, within_s: float = 120.0) -> None:
    """Wait until somebody has opened it to write."""
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert select.select([reader], [], [], within_s)[0], f"nobody within {within_s} s"
    finally:
        os.close(reader)


def resident_mb(pid: int) -> int:
    """How much memory a process has in use."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
