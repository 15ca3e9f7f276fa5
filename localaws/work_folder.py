"""The folder for unpacked code and handlers' temporary files: gone when the endpoint is.

An endpoint that was killed cannot remove its folder; the next one that starts does.
"""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_PREFIX = "localaws-"

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
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(parent: Path) -> None:
    for mark in parent.glob(f"{_PREFIX}*/{_MARK}"):
        # OSError: somebody else's, or in use on Windows, or removed by another start just now.
        with contextlib.suppress(OSError):
            if _is_abandoned(mark):
                shutil.rmtree(mark.parent, ignore_errors=True)


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
