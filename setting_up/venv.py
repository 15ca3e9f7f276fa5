"""Makes .venv hold what the lock files say, and the project; once, by one start.py at a time."""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from setting_up.handler_pythons import HandlerPythons
from setting_up.packages import install, install_tools
from setting_up.project import SOURCES, install_project
from setting_up.telling import DOWNLOAD_MB, NEEDED_MB, ROOT, STATE, WHEELS, SetupError, explained

VENV = ROOT / ".venv"
PYTHON = str(VENV.joinpath(*(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"])))
# Exists while something is installed: one that is left over tells of an interrupted installation.
UNFINISHED = VENV / "installing"
TOOLS = "requirements-setup.txt"
# Beside those of the lock files: the stamp of the project itself.
PROJECT = "project"
# As in start.py, which must say it before it can read this file.
MINIMUM = (3, 11)


def set_up(locks: Sequence[str], *, again: bool = False) -> None:
    """Make .venv hold what the lock files say; nothing to do when their stamps are right.

    Args:
        locks: names of the lock files, that of the workshop itself first.
        again: try again what set-up can do without and has failed before.

    Raises:
        SetupError: it did not work; says why, and what to do.
    """
    version = _version()
    pythons = HandlerPythons(PYTHON, VENV, (ROOT / locks[0]).read_text("utf-8"), environment())
    if version and all(_stamp_is_right(lock, version) for lock in (*locks, PROJECT)):
        again = again and os.access(VENV, os.W_OK)
        if not again and not pythons.have_come(version):
            return
    with _one_at_a_time():
        version = _version()
        if version is None or UNFINISHED.exists():
            _make_venv()
            version = _version()
        missing = [lock for lock in locks if not _stamp_is_right(lock, version)]
        needs_tools = (missing or not _stamp_is_right(PROJECT, version)) and not _stamp_is_right(
            TOOLS, version
        )
        if needs_tools and install_tools(PYTHON, TOOLS, environment()):
            _write_stamp(TOOLS, version)
        for lock in missing:
            UNFINISHED.write_text(lock, encoding="utf-8")
            install(PYTHON, lock, environment())
            UNFINISHED.unlink()
            _write_stamp(lock, version)
        if not _stamp_is_right(PROJECT, version):
            install_project(PYTHON, VENV, environment())
            _write_stamp(PROJECT, version)
        if version:
            pythons.bring(version, again=again)


def environment() -> dict[str, str]:
    """This process's environment without what would redirect a Python in .venv, or slow it down."""
    drop = {
        *("PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "__PYVENV_LAUNCHER__"),
        # Usual in containers, where each of the many processes would compile all that it imports
        # anew: three seconds of each start. Byte code goes beside the packages and our own modules.
        "PYTHONDONTWRITEBYTECODE",
    }
    kept = {name: value for name, value in os.environ.items() if name not in drop}
    # As an address: pip takes what follows a space for another place.
    carried = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": WHEELS.as_uri()} if WHEELS.is_dir() else {}
    return kept | carried | {"PIP_USER": "0"}


def _version() -> str | None:
    """The Python version in .venv, "3.12"; None when there is none that works."""
    probe = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        found = subprocess.check_output(
            [PYTHON, "-I", "-c", probe], stderr=subprocess.DEVNULL, text=True
        ).strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    return found if tuple(int(part) for part in found.split(".")) >= MINIMUM else None


def _stamp_path(lock: str) -> Path:
    return VENV / f"installed-{lock}"


def _stamp(lock: str, version: str | None) -> str:
    """What was installed: another lock, another Python or a moved folder make another stamp."""
    sources = SOURCES if lock == PROJECT else (lock,)
    told = b"".join((ROOT / name).read_bytes() for name in sources)
    digest = hashlib.sha256(told).hexdigest()
    return f"{digest} Python {version} in {VENV}\n"


def _write_stamp(lock: str, version: str | None) -> None:
    _stamp_path(lock).write_text(_stamp(lock, version), encoding="utf-8")


def _stamp_is_right(lock: str, version: str | None) -> bool:
    try:
        return _stamp_path(lock).read_text(encoding="utf-8") == _stamp(lock, version)
    except (OSError, UnicodeDecodeError):
        return False


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let a second start.py wait for the first instead of writing into the same .venv."""
    try:
        STATE.mkdir(parents=True, exist_ok=True)
        file = (STATE / "setup.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise SetupError(
            f"The folder {ROOT} cannot be written to ({error.strerror}).\n"
            "Copy the project into a folder of your own and start it there."
        ) from error
    with file:
        if not _try_lock(file):
            print("Another start.py is setting up this folder; waiting for it.", flush=True)
            while not _try_lock(file):
                time.sleep(0.5)
        yield


def _try_lock(file: TextIO) -> bool:
    """Take the lock, which ends with the open file; False when another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise SetupError(
            f"The folder {ROOT} has no file locks ({error.strerror}).\nCopy the project to a disk "
            "of this machine and start it there; some network folders lack them."
        ) from error
    return True


def _make_venv() -> None:
    """Create .venv anew, in place of a half-made one."""
    free_mb = shutil.disk_usage(ROOT).free // 1_000_000
    if free_mb < NEEDED_MB:
        raise SetupError(
            f"The disk has {free_mb} MB left, the workshop needs about {NEEDED_MB} MB.\n"
            "Free some space and start again."
        )
    python = "{}.{}".format(*sys.version_info[:2])
    source = f"{DOWNLOAD_MB} MB to download"
    if WHEELS.is_dir():
        source = "from wheels/, without a network"
    print(
        f"Setting up .venv with Python {python}, once: {source}, {NEEDED_MB} MB on the disk",
        flush=True,
    )
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(),
    )
    if made.returncode == 0 and _version() is not None:
        return
    if re.search(r"ensurepip|No module named '?venv", made.stdout):
        raise SetupError(
            f"This Python ({sys.executable}) has no venv module, or one without pip.\n"
            "On Debian or Ubuntu: sudo apt install python3-venv. Elsewhere: use the Python of "
            "python.org or conda."
        )
    raise explained(made.stdout, "Python's venv module could not create .venv.")
