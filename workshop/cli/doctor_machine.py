"""What `doctor` finds of this machine's limits: files, memory, room for what is written."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Literal

from workshop.cli.finding import Finding
from workshop.cli.machine import Machine, this_machine
from workshop.errors import WorkshopError
from workshop.target.folders import state_of
from workshop.target.health import stopped

# With less, a kernel does not start, or imports nothing; with less than the second, many
# functions or clients at once wait for each other.
_FEWEST_FILES, _FEW_FILES = 128, 256
# The embedded AWS, JupyterLab, a kernel and some handlers.
_LEAST_MB, _ENOUGH_MB = 250, 700
_ROOM_MB = 100


def examine_machine(*, for_one: bool) -> Iterator[Finding]:
    """What may be in the way of any command.

    Args:
        for_one: nobody else reckons with this machine's memory.
    """
    yield from files(open_files())
    if for_one:
        yield memory(this_machine())
    yield from folders(state_of, Path(tempfile.gettempdir()))
    if told := stopped():
        yield Finding("AWS", "blocks", told)


def open_files() -> int | None:
    """How many files a process may open; None where nobody counts."""
    try:
        resource = import_module("resource")
    except ImportError:  # Windows
        return None
    # The embedded AWS takes what it may; JupyterLab what it is given.
    given, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if given == resource.RLIM_INFINITY else int(given)


def files(most: int | None) -> Iterator[Finding]:
    """Whether processes may open as many files, and connections, as they need."""
    if most is None:
        return
    told = f"a process may open {most} at once"
    if most < _FEWEST_FILES:
        remedy = f"{_FEWEST_FILES} are the least: `ulimit -n 1024`"
        yield Finding("files", "blocks", f"{told}, {remedy}")
    elif most < _FEW_FILES:
        remedy = "many clients or functions at once wait for each other: `ulimit -n 1024`"
        yield Finding("files", "note", f"{told}; {remedy}")
    else:
        yield Finding("files", "ok", told)


def memory(machine: Machine) -> Finding:
    """Whether a lesson fits into what is free."""
    told = f"{machine.free_mb / 1000:.1f} of {machine.memory_mb / 1000:.1f} GB are free"
    if machine.free_mb >= _ENOUGH_MB:
        return Finding("memory", "ok", told)
    needed = f"a lesson needs about {_ENOUGH_MB} MB: end other programs"
    state: Literal["note", "blocks"] = "note" if machine.free_mb >= _LEAST_MB else "blocks"
    return Finding("memory", state, f"{told}; {needed}")


def folders(state: Callable[[], Path], temporary: Path) -> Iterator[Finding]:
    """Whether what is remembered, and what is temporary, can be written; nothing where it can."""
    try:
        places = {"state": state(), "temporary": temporary}
    except WorkshopError:
        return  # told of already
    for about, place in places.items():
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place) as file:
                file.write(b"x")
        except OSError as error:
            told = f"{place} cannot be written to ({error.strerror}): name another folder in "
            variable = "WORKSHOP_HOME" if about == "state" else "TMPDIR"
            yield Finding(about, "blocks", f"{told}{variable}, or free some space")
            continue
        free_mb = shutil.disk_usage(place).free // 1_000_000
        if free_mb < _ROOM_MB:
            told = f"{free_mb} MB free in {place}, {_ROOM_MB} MB are needed: free some space"
            yield Finding(about, "blocks", told)
