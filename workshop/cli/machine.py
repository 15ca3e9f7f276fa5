"""What this machine, or the container that it is, gives to those who work on it."""

import os
from dataclasses import dataclass
from pathlib import Path

# Where Linux tells what a container may have, which is less than the machine has: version 2, then
# version 1 of its control groups.
_MEMORY_LIMITS = ("memory.max", "memory/memory.limit_in_bytes")
_PROCESSOR_LIMIT = "cpu.max"
_CONTROL_GROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Machine:
    """What may be used of it.

    Attributes:
        cores: how many processors' worth of time; a container may have a part of one.
        memory_mb: all of it.
        free_mb: what of it is free, or would be at once.
    """

    cores: float
    memory_mb: int
    free_mb: int


def this_machine(groups: Path = _CONTROL_GROUPS) -> Machine:
    """Look at it.

    Args:
        groups: where the limits of a container are told, if there are any.
    """
    # Imported late: `--help` must work where no package is installed yet.
    import psutil  # type: ignore[import-untyped]

    memory = psutil.virtual_memory()
    total, free = memory.total, memory.available
    limits = [limit for name in _MEMORY_LIMITS if (limit := _number(groups / name)) is not None]
    if limits and min(limits) < total:
        total = min(limits)
        free = min(free, total)
    return Machine(_cores(groups), total // 1_000_000, free // 1_000_000)


def _cores(groups: Path) -> float:
    usable = float(_usable_processors())
    try:
        quota, period = (groups / _PROCESSOR_LIMIT).read_text(encoding="ascii").split()
        return min(usable, int(quota) / int(period))
    except (OSError, ValueError):
        # No container, or one without a limit, which is called "max".
        return usable


def _usable_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
