"""Deployment packages on this machine's disk: unpacked and removed, a large one in a thread."""

import asyncio
import base64
import contextlib
import hashlib
import secrets
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol, TypeVar

from localaws.lambda_.errors import CodeStorageExceededException
from localaws.lambda_.functions.unpacking import is_quick, unpack
from localaws.lambda_.limits import MAX_CODE_STORAGE_BYTES
from localaws.time.activity import Activity

_Made = TypeVar("_Made")

# Files are made by the operating system, which does not get faster by more hands.
_THREADS = 2


class Digest(Protocol):
    """What hashlib makes."""

    def digest(self) -> bytes: ...

    def hexdigest(self) -> str: ...


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

    def restore(self) -> None:
        """Unpack again what a handler deleted; on AWS it cannot, its code is read-only there."""
        if not self.directory.exists() and self.archive.exists():
            unpack(self.archive.read_bytes(), self.directory)


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

    def remove(self, package: Package) -> None:
        """Forget a package, and remove its files."""
        del self._packages[package.sha256]
        home = package.archive.parent
        gone = home.with_name(f"{home.name}-{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            home = home.rename(gone)  # the same archive may come again meanwhile
        remove = partial(shutil.rmtree, home, ignore_errors=True)
        if package.is_quick or self._closed.is_set():
            remove()
        else:
            self._threads.submit(remove)

    def close(self) -> None:
        """What is being unpacked is no longer wanted."""
        self._closed.set()
        self._threads.shutdown(wait=False)

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
        # A short directory name: Windows refuses long paths, and packages nest deep.
        home = self._folder / digest.hexdigest()[:16]
        try:
            unpack(archive, home / "task", is_over=self._closed.is_set)
            path = home / "package.zip"
            path.write_bytes(archive)
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise
        token = secrets.token_urlsafe(24)
        return Package(_base64(digest), len(archive), home / "task", path, token, is_quick)


def _base64(digest: Digest) -> str:
    return base64.b64encode(digest.digest()).decode()
