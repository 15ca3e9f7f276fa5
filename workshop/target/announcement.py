"""The target of a process tree: announced once by the command that starts it, changed by nobody.

`lab` and `guides` start kernels, and a kernel connects when its first cell runs, perhaps an hour
later and again after a restart. Meanwhile another command in the same folder may have chosen
another target. So each command writes its own target into a file of its own, and hands its kernels
the path and a digest of what it wrote: a kernel believes only that.
"""

import atexit
import hashlib
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workshop.errors import TargetError
from workshop.masking.known import alike
from workshop.target.folders import PROJECT, state_of
from workshop.target.target import TARGET_FILE_VARIABLE, Target

# Beside the file's path: what it held when it was announced.
DIGEST_VARIABLE = "WORKSHOP_TARGET_DIGEST"


@contextmanager
def announce(target: Target, project: Path = PROJECT) -> Iterator[dict[str, str]]:
    """Environment variables that bind the processes started with them to this target.

    Afterwards the target is withdrawn: a kernel that outlives its command connects to nothing.
    """
    file = state_of(project) / "targets" / f"{os.getpid()}-{uuid.uuid4().hex}.toml"
    target.save(file)
    try:
        yield {TARGET_FILE_VARIABLE: str(file), DIGEST_VARIABLE: _digest(file)}
    finally:
        file.unlink(missing_ok=True)


def announce_here(target: Target, project: Path = PROJECT) -> dict[str, str]:
    """Variables that bind this very process: for a kernel that no command of ours has started."""
    if announced() is not None:
        return {}
    announcement = announce(target, project)
    atexit.register(announcement.__exit__, None, None, None)
    return announcement.__enter__()


def announced(environment: Mapping[str, str] = os.environ) -> Target | None:
    """The target that this process was started with; None when nobody announced one.

    Raises:
        TargetError: the command that announced it has ended, or the file was changed since.
    """
    file, digest = environment.get(TARGET_FILE_VARIABLE), environment.get(DIGEST_VARIABLE)
    if file is None or digest is None:
        return None
    try:
        found = _digest(Path(file))
    except OSError:
        raise TargetError(
            "The command that started this kernel has ended, and its target with it.",
            "Start it again with the same arguments, and open the notebook there.",
        ) from None
    if found != digest:
        raise TargetError(
            "The target of this kernel was changed after the kernel had been started: "
            f"{file} does not say any more what was announced. Nothing was done.",
            "End this lab and start it again with the target that you mean.",
        )
    return Target.load(Path(file))


def bound(wanted: Target | None, project: Path = PROJECT) -> Target:
    """The target to connect to: the announced one, and where there is none, the wanted or chosen.

    Raises:
        TargetError: another target is wanted than the one that this process is bound to.
    """
    known = announced()
    if known is None:
        return wanted or Target.chosen(project)
    if wanted is not None and wanted != known:
        raise TargetError(
            f"This kernel belongs to {known}; it cannot change to {wanted}"
            f"{alike(known.account, wanted.account)}. Nothing was done.",
            "A target changes with the command that starts the kernels: end this lab, and start it "
            "again with `--target` and what belongs to it.",
        )
    return known


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
