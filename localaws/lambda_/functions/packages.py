"""Deployment packages on this machine's disk: unpacked and removed, a large one in a thread."""

import asyncio
import base64
import contextlib
import hashlib
import os
import secrets
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol, TypeVar

from localaws.lambda_.errors import CodeStorageExceededException, ServiceException
from localaws.lambda_.functions.unpacking import is_quick, unpack
from localaws.lambda_.limits import MAX_CODE_STORAGE_BYTES
from localaws.time.activity import Activity

_Made = TypeVar("_Made")

# Files are made by the operating system, which does not get faster by more hands.
_THREADS = 2


class Digest(Protocol):
    """What hashlib makes."""

    def digest(self) -> bytes: ...


@dataclass(frozen=True)
class Package:
    """One deployment package or layer content.

    Attributes:
        sha256: base64-encoded, as CodeSha256 shows it.
        size: of the archive in bytes.
        directory: the unpacked files.
        is_quick: it is unpacked, and removed, in a moment.
    """

    sha256: str
    size: int
    directory: Path
    archive: Path
    token: str
    is_quick: bool = True

    @cached_property
    def unzipped_bytes(self) -> int:
        """What the files of the archive take together."""
        with zipfile.ZipFile(self.archive) as archive:
            return sum(entry.file_size for entry in archive.infolist())


class PackageFolder:
    """All packages of the account; equal archives are kept and unpacked once.

    What takes a while is done in threads, so that nobody else waits for it; virtual time does not
    pass for it. All else is done at once: then functions come to be in the order of the calls,
    whatever the machine.
    """

    def __init__(self, folder: Path, activity: Activity) -> None:
        self._folder = folder
        self._activity = activity
        self._packages: dict[str, Package] = {}
        # Of those that are being unpacked the size, and who is at it.
        self._coming: dict[str, tuple[int, asyncio.Task[Package]]] = {}
        self._returning: dict[Path, asyncio.Task[None]] = {}
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="packages")
        self._closed = threading.Event()

    def __iter__(self) -> Iterator[Package]:
        return iter(list(self._packages.values()))

    async def add(self, archive: bytes) -> Package:
        """The package of an archive, unpacked unless it is there."""
        if is_quick(archive):
            digest = hashlib.sha256(archive)
            return self._known(digest) or self._keep(self._unpacked(archive, digest, True))
        with self._activity.running():
            digest = await self._in_thread(partial(hashlib.sha256, archive))
            return self._known(digest) or await self._come(archive, digest)

    async def restore(self, directories: Iterable[Path]) -> None:
        """Unpack again what a handler deleted; on AWS it cannot, its code is read-only there.

        Args:
            directories: of packages that are about to be run.

        Raises:
            ServiceException: this machine has no room for it, its archive is gone too, or the
                endpoint ends.
        """
        for directory in directories:
            if directory.exists():
                continue
            package = next((found for found in self if found.directory == directory), None)
            if package is not None:
                await self._return(package)

    def remove(self, package: Package) -> None:
        """Forget a package, and remove its files: once nobody unpacks them any more."""
        del self._packages[package.sha256]
        returning = self._returning.get(package.directory)
        if returning is None:
            self._discard(package)
        else:
            returning.add_done_callback(lambda _: self._discard(package))

    def close(self) -> None:
        """What is being unpacked is no longer wanted; what is there goes with the folder."""
        self._closed.set()
        self._threads.shutdown(wait=False)

    def _discard(self, package: Package) -> None:
        home = package.archive.parent
        if package.is_quick:
            shutil.rmtree(home, ignore_errors=True)
        elif not self._closed.is_set():
            self._threads.submit(_remove, home, self._closed.is_set)

    def _known(self, digest: Digest) -> Package | None:
        return self._packages.get(_base64(digest))

    def _keep(self, package: Package) -> Package:
        self._packages[package.sha256] = package
        return package

    async def _come(self, archive: bytes, digest: Digest) -> Package:
        """Unpack it in a thread, once for all who bring it meanwhile."""
        key = _base64(digest)
        if key not in self._coming:
            self._expect_room(archive)
            work = asyncio.create_task(self._unpacked_in_thread(archive, digest))
            self._coming[key] = len(archive), work
            work.add_done_callback(lambda _: self._coming.pop(key))
        # Who waits may go away; others wait for the same.
        return await asyncio.shield(self._coming[key][1])

    async def _unpacked_in_thread(self, archive: bytes, digest: Digest) -> Package:
        with self._activity.running():
            return self._keep(await self._in_thread(partial(self._write, archive, digest, False)))

    async def _return(self, package: Package) -> None:
        work = partial(_unpack_again, package, self._closed.is_set)
        if package.is_quick:
            work()
            return
        # By its files: once it is removed the same archive may come again, and have others.
        key = package.directory
        if key not in self._returning:
            self._returning[key] = asyncio.create_task(self._in_thread(work))
            self._returning[key].add_done_callback(lambda _: self._returning.pop(key))
        await asyncio.shield(self._returning[key])

    async def _in_thread(self, work: Callable[[], _Made]) -> _Made:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _unpacked(self, archive: bytes, digest: Digest, is_quick: bool) -> Package:
        self._expect_room(archive)
        return self._write(archive, digest, is_quick)

    def _expect_room(self, archive: bytes) -> None:
        stored = sum(package.size for package in self)
        coming = sum(size for size, _ in self._coming.values())
        if stored + coming + len(archive) > MAX_CODE_STORAGE_BYTES:
            raise CodeStorageExceededException("Code storage limit exceeded.")

    def _write(self, archive: bytes, digest: Digest, is_quick: bool) -> Package:
        # A short name, as Windows refuses long paths and packages nest deep; and a new one, as the
        # same archive may come again while it is still being removed.
        home = self._folder / secrets.token_hex(8)
        try:
            unpack(archive, home / "task", is_over=self._closed.is_set)
            path = home / "package.zip"
            path.write_bytes(archive)
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise
        token = secrets.token_urlsafe(24)
        return Package(_base64(digest), len(archive), home / "task", path, token, is_quick)


def _remove(home: Path, is_over: Callable[[], bool]) -> None:
    """Remove a package's files, as long as the folder of them all stays."""
    for folder, _, files in os.walk(home, topdown=False):
        for name in files:
            if is_over():
                return
            with contextlib.suppress(OSError):
                Path(folder, name).unlink()
        if not is_over():
            shutil.rmtree(folder, ignore_errors=True)  # links to folders are left in it


def _unpack_again(package: Package, is_over: Callable[[], bool]) -> None:
    try:
        archive = package.archive.read_bytes()
    except OSError as error:  # handlers reach it where nothing fences them
        raise ServiceException(
            f"The code of a function and its package {package.archive} are gone from this machine:"
            f" {error.strerror}. Update the function's code."
        ) from error
    unpack(archive, package.directory, is_over=is_over)


def _base64(digest: Digest) -> str:
    return base64.b64encode(digest.digest()).decode()
