"""Where pages go: looked at first, written beside, put in their place together at the end."""

import errno
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workshop.errors import WorkshopError
from workshop.guides.index import TITLE

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_DRAFT = ".being-written-"
_SHOWN = 3


class PublishingError(WorkshopError):
    """Pages cannot be written where they should go; nothing there was changed."""


def expect_usable(out: Path) -> None:
    """See that a folder is new, empty or one of guides, before anything takes its time.

    Raises:
        PublishingError: it is something else, or cannot be written to.
    """
    try:
        if out.exists() and not out.is_dir():
            raise PublishingError(f"{out} is a file, no folder.", "Name a folder with --out.")
        others = sorted(path.name for path in _files(out)) if out.exists() else []
        if others and not _is_ours(out):
            told = ", ".join(others[:_SHOWN]) + (" and more" if len(others) > _SHOWN else "")
            raise PublishingError(
                f"{out} holds no guides, but {told}: nothing was written there.",
                "Name a new or an empty folder with --out.",
            )
        with published(out):
            pass
    except OSError as error:
        raise _told(error, out) from None


@contextmanager
def published(out: Path) -> Iterator[Path]:
    """A folder to write to; what is in it at the end of a block takes its place in `out`.

    When the block fails, or is interrupted, `out` is as it was before.

    Raises:
        PublishingError: the disk is full, or the folder cannot be written to.
    """
    made = [path for path in (out, *out.parents) if not path.exists()]
    draft = None
    try:
        with _told_as_ours(out):
            out.mkdir(parents=True, exist_ok=True)
            # Within it, so that it is on the same disk and nothing has to be copied.
            draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=out))
        with _told_as_ours(out, only=_FULL):
            yield draft
        with _told_as_ours(out):
            for file in sorted(draft.iterdir()):
                file.chmod(0o644)
                file.replace(out / file.name)
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
        for folder in made:
            with suppress(OSError):  # pages are in it
                folder.rmdir()


@contextmanager
def _told_as_ours(out: Path, only: Collection[int] = ()) -> Iterator[None]:
    """Tell what the operating system says in a sentence; `only` these errors, if there are any."""
    try:
        yield
    except OSError as error:
        if only and error.errno not in only:
            raise
        raise _told(error, out) from None


def _files(out: Path) -> Iterator[Path]:
    """What is in a folder, but for what an export left that was killed."""
    for path in out.iterdir():
        if path.name.startswith(_DRAFT):
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != ".DS_Store":
            yield path


def _is_ours(out: Path) -> bool:
    index = out / "index.html"
    return index.is_file() and TITLE in index.read_text(encoding="utf-8", errors="replace")


def _told(error: OSError, out: Path) -> PublishingError:
    if error.errno in _FULL:
        return PublishingError(
            f"The disk is full: the pages were not written, and {out} is as it was.",
            "Free some room, or name a folder on another disk with --out.",
        )
    return PublishingError(
        f"{out} cannot be written to: {error.strerror or error}.", "Name another folder with --out."
    )
