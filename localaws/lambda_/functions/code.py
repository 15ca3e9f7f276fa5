"""Deployment packages: where they come from, and their unpacked copies on this machine."""

import base64
import hashlib
import secrets
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from localaws.lambda_.absent import refuse_absent
from localaws.lambda_.errors import (
    CodeStorageExceededException,
    InvalidParameterValueException,
    RequestEntityTooLargeException,
)
from localaws.lambda_.functions.unpacking import unpack
from localaws.lambda_.limits import (
    MAX_CODE_STORAGE_BYTES,
    MAX_REQUEST_BYTES,
    MAX_TIMEOUT_S,
    MAX_ZIPPED_BYTES,
)
from localaws.words.http import HttpResponse
from localaws.words.ports import ObjectStore

# Where the endpoint serves packages for GetFunction's Code.Location; the rest of the path is the
# unguessable token of one package, as the signature of a presigned S3 URL would be.
PACKAGES_PATH = "/_lambda-packages/"

# What was replaced may still be running, for as long as an invocation can last.
COLLECT_AFTER_S = MAX_TIMEOUT_S


@dataclass(frozen=True)
class Package:
    """One deployment package or layer content.

    Attributes:
        sha256: base64-encoded, as CodeSha256 shows it.
        size: of the archive in bytes.
        directory: the unpacked files.
    """

    sha256: str
    size: int
    directory: Path
    archive: Path
    token: str

    @cached_property
    def unzipped_bytes(self) -> int:
        """What the files of the archive take together."""
        with zipfile.ZipFile(self.archive) as archive:
            return sum(entry.file_size for entry in archive.infolist())

    def restore(self) -> None:
        """Unpack again what a handler deleted; on AWS it cannot, its code is read-only there."""
        if not self.directory.exists() and self.archive.exists():
            unpack(self.archive.read_bytes(), self.directory)


def check_package_type(params: Mapping[str, Any]) -> None:
    """Refuse what CreateFunction cannot make of its PackageType; images are not run here."""
    if params.get("PackageType", "Zip") == "Zip":
        return
    if any(params.get(member) for member in ("Runtime", "Handler", "Layers")):
        raise InvalidParameterValueException(
            "Please don't provide Handler or Runtime or Layer when the intended function "
            "PackageType is Image."
        )
    if "ImageUri" not in params["Code"]:
        raise InvalidParameterValueException(
            "Please provide ImageUri when creating a function with packageType Image."
        )
    raise InvalidParameterValueException(
        "Container images are not part of the embedded AWS. Use a Zip package."
    )


class CodeStore:
    """All packages of the account; equal archives are kept and unpacked once.

    Args:
        base_url: of the endpoint, for download locations.
    """

    def __init__(self, objects: ObjectStore, work_dir: Path, base_url: str = "") -> None:
        self._objects = objects
        self._work_dir = work_dir
        self._base_url = base_url
        self._packages: dict[str, Package] = {}
        self._unused_since_s: dict[str, float] = {}

    def load(self, source: Mapping[str, Any], operation: str) -> Package:
        """The package that a request's `Code` (or layer `Content`) members describe."""
        if "ImageUri" in source and operation == "UpdateFunctionCode":
            raise InvalidParameterValueException(
                "Please don't provide ImageUri when updating a function with packageType Zip."
            )
        refuse_absent(source)
        if "ZipFile" in source:
            if any(member in source for member in ("S3Bucket", "S3Key", "ImageUri")):
                raise InvalidParameterValueException(
                    "Please do not provide other FunctionCode parameters when providing a ZipFile."
                )
            return self.add(_uploaded(source["ZipFile"], operation))
        if "S3Bucket" in source:
            return self.add(self._fetched(source))
        raise InvalidParameterValueException("Please provide a source for function code.")

    def add(self, archive: bytes) -> Package:
        """Keep an archive, unpacked."""
        digest = hashlib.sha256(archive)
        sha256 = base64.b64encode(digest.digest()).decode()
        if sha256 not in self._packages:
            stored = sum(package.size for package in self._packages.values())
            if stored + len(archive) > MAX_CODE_STORAGE_BYTES:
                raise CodeStorageExceededException("Code storage limit exceeded.")
            self._packages[sha256] = self._unpack(archive, sha256, digest.hexdigest())
        self._unused_since_s.pop(sha256, None)
        return self._packages[sha256]

    def location(self, package: Package) -> str:
        """A URL that serves the archive to whoever was told it."""
        return f"{self._base_url}{PACKAGES_PATH}{package.token}"

    def admits(self, path: str) -> bool:
        """Whether a path is the one of a `location` that was given out."""
        return self._at(path) is not None

    def download(self, path: str) -> HttpResponse:
        """The answer to a GET of a `location`."""
        package = self._at(path)
        if package is None:
            return HttpResponse(403)  # as S3 answers who has no right to know
        archive = package.archive.read_bytes()
        return HttpResponse(200, archive, {"content-type": "application/zip"})

    def _at(self, path: str) -> Package | None:
        token = path.removeprefix(PACKAGES_PATH)
        for package in self._packages.values():
            if secrets.compare_digest(package.token.encode(), token.encode()):
                return package
        return None

    def collect(self, used: Iterable[Package], now_s: float) -> None:
        """Take note of what is used now; remove what has not been for `COLLECT_AFTER_S`."""
        kept = {package.sha256 for package in used}
        for sha256, package in list(self._packages.items()):
            if sha256 in kept:
                self._unused_since_s.pop(sha256, None)
            elif now_s - self._unused_since_s.setdefault(sha256, now_s) >= COLLECT_AFTER_S:
                del self._packages[sha256], self._unused_since_s[sha256]
                shutil.rmtree(package.archive.parent, ignore_errors=True)

    def _unpack(self, archive: bytes, sha256: str, hex_digest: str) -> Package:
        # A short directory name: Windows refuses long paths, and packages nest deep.
        home = self._work_dir / hex_digest[:16]
        unpack(archive, home / "task")
        path = home / "package.zip"
        path.write_bytes(archive)
        return Package(sha256, len(archive), home / "task", path, secrets.token_urlsafe(24))

    def _fetched(self, source: Mapping[str, Any]) -> bytes:
        try:
            return self._objects.get(
                source["S3Bucket"], source.get("S3Key", ""), source.get("S3ObjectVersion")
            )
        except LookupError as error:
            bucket_missing = "NoSuchBucket" in str(error)
            code = "NoSuchBucket" if bucket_missing else "NoSuchKey"
            text = f"The specified {'bucket' if bucket_missing else 'key'} does not exist."
            raise InvalidParameterValueException(
                f"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {text}"
            ) from error


def _uploaded(archive: bytes, operation: str) -> bytes:
    # In the request the archive is base64: four characters for three bytes.
    if len(archive) * 4 / 3 >= MAX_REQUEST_BYTES:
        raise RequestEntityTooLargeException(
            f"Request must be smaller than {MAX_REQUEST_BYTES} bytes for the {operation} operation"
        )
    if len(archive) > MAX_ZIPPED_BYTES:
        raise InvalidParameterValueException(
            f"Zipped size must be smaller than {MAX_ZIPPED_BYTES} bytes"
        )
    return archive
