"""Unpacks a deployment package, and nothing outside its directory."""

import errno
import io
import shutil
import stat
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from localaws.lambda_.errors import InvalidParameterValueException, ServiceException
from localaws.lambda_.limits import MAX_UNZIPPED_BYTES

# What an operating system makes in the time in which nobody minds waiting: a tenth of a second or
# two. A file takes a tenth of a millisecond, and several where many programs make files.
_QUICK_BYTES = 16_000_000
_QUICK_FILES = 1_000
# What is no fault of the package's.
_OF_THE_MACHINE = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO),
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EPERM),
    }
)
# Each file has an entry in the archive's directory, which begins with this.
_ENTRY = b"PK\x01\x02"


def is_quick(archive: bytes) -> bool:
    """Whether an archive is unpacked in a moment; looks at its directory at most."""
    if len(archive) > _QUICK_BYTES or archive.count(_ENTRY) > _QUICK_FILES:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as package:
            return sum(entry.file_size for entry in package.infolist()) <= _QUICK_BYTES
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return True  # it is refused, which takes no time


def unpack(archive: bytes, directory: Path, *, is_over: Callable[[], bool] = lambda: False) -> None:
    """Unpack a zip archive into `directory`, which must not exist yet.

    Either all of it is there afterwards, or the directory is not.

    Args:
        is_over: asked before each file whether it is in vain.

    Raises:
        InvalidParameterValueException: not a zip archive, empty, too large, or with entries that
            would land outside the directory.
        ServiceException: it was in vain, or this machine has no room for it.
    """
    partial = directory.with_name(directory.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as package:
            _check(package)
            _extract(package, partial, is_over)
        partial.rename(directory)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        if is_over():  # the folder of all packages may be gone by now
            raise _in_vain() from error
        if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
            raise ServiceException(
                f"This machine cannot unpack the package into {directory.parent}: {error.strerror}"
            ) from error
        raise _unreadable() from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _check(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    if not entries:
        raise InvalidParameterValueException("Uploaded file must be a non-empty zip")
    if sum(entry.file_size for entry in entries) > MAX_UNZIPPED_BYTES:
        raise InvalidParameterValueException(
            f"Unzipped size must be smaller than {MAX_UNZIPPED_BYTES} bytes"
        )
    if any(_leaves(entry.filename) for entry in entries):
        raise _unreadable()


def _leaves(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or name[1:2] == ":"


def _extract(package: zipfile.ZipFile, directory: Path, is_over: Callable[[], bool]) -> None:
    links = []
    for entry in package.infolist():
        if is_over():
            raise _in_vain()
        mode = entry.external_attr >> 16
        if stat.S_ISLNK(mode):
            links.append(entry)
            continue
        extracted = package.extract(entry, directory)
        if mode & 0o111 and not entry.is_dir() and sys.platform != "win32":
            Path(extracted).chmod(0o755)
    # Links come last, so that no file is ever written through one.
    for entry in links:
        _link(directory, entry.filename, package.read(entry).decode())


def _link(directory: Path, name: str, target: str) -> None:
    link = directory / name
    root = directory.resolve()
    if not (link.parent / target).resolve().is_relative_to(root):
        raise _unreadable()
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)


def _in_vain() -> ServiceException:
    return ServiceException("the embedded AWS ends")


def _unreadable() -> InvalidParameterValueException:
    return InvalidParameterValueException(
        "Could not unzip uploaded file. Please check your file, then try to upload again."
    )
