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
    mark = (folder / _MARK).open("w")
    _lock(mark)
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

    def _lock(mark: IO[str]) -> None:
        """An open file cannot be removed there."""

    def _is_abandoned(mark: Path) -> bool:
        mark.unlink()
        return True

else:
    import fcntl

    def _lock(mark: IO[str]) -> None:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_abandoned(mark: Path) -> bool:
        with mark.open("r+") as file:
            _lock(file)  # raises OSError while its endpoint lives
        return True
