"""The folder for unpacked code and handlers' temporary files: gone when the endpoint is.

An endpoint that was killed cannot remove its folder; the next one that starts does. The operating
system removes 30,000 files in a second or so, whoever asks it: a large folder is left to a process
that does nothing else, and ends with it, so that nobody waits for it at a start or an end.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import IO

_PREFIX = "localaws-"

_QUICKLY_REMOVED = 5_000
# Several may remove the same folder: whoever comes to its end too early begins again.
_REMOVAL = """
import os, shutil, sys
for _ in range(100):
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    if not os.path.exists(sys.argv[1]):
        break
"""

# Held open, and locked, by the endpoint that the folder belongs to.
_MARK = "in-use"


@contextlib.contextmanager
def work_folder() -> Iterator[Path]:
    """An empty folder, removed at the end; also removes those that nobody uses any more."""
    _remove_abandoned(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    mark = _hold(folder / _MARK)
    try:
        yield folder
    finally:
        mark.close()
        _remove(folder)


def _remove(folder: Path) -> None:
    if not _is_large(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return
    subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _REMOVAL, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder.parent,
        start_new_session=True,  # Ctrl-C, again, is not meant for it
    )


def _is_large(folder: Path) -> bool:
    counted = accumulate(len(files) for _, _, files in os.walk(folder))
    return any(count > _QUICKLY_REMOVED for count in counted)


def _remove_abandoned(parent: Path) -> None:
    for mark in parent.glob(f"{_PREFIX}*/{_MARK}"):
        # OSError: somebody else's, or in use on Windows, or removed by another start just now.
        with contextlib.suppress(OSError):
            if _is_abandoned(mark):
                _remove(mark.parent)


if sys.platform == "win32":

    def _hold(mark: Path) -> IO[str]:
        return mark.open("w")  # an open file cannot be removed there

    def _is_abandoned(mark: Path) -> bool:
        mark.unlink()
        return True

else:
    import fcntl

    def _hold(mark: Path) -> IO[str]:
        file = mark.with_suffix(".new").open("w")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        mark.with_suffix(".new").rename(mark)  # nobody ever sees it without its lock
        return file

    def _is_abandoned(mark: Path) -> bool:
        with mark.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # OSError while its endpoint lives
        return True
