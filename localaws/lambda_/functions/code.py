"""Deployment packages: where they come from, who may download them, when they go."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from localaws.lambda_.absent import refuse_absent
from localaws.lambda_.errors import (
    InvalidParameterValueException,
    RequestEntityTooLargeException,
)
from localaws.lambda_.functions.packages import Package, PackageFolder
from localaws.lambda_.limits import (
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

# S3's own words, of which one ends with a full stop:
# https://github.com/aws-solutions/aws-control-tower-customizations/issues/188,
# https://github.com/aws-samples/aws-service-catalog-reference-architectures/issues/108
_S3_MESSAGES = {
    "NoSuchBucket": "The specified bucket does not exist",
    "NoSuchKey": "The specified key does not exist.",
}


def check_package_type(params: Mapping[str, Any]) -> None:
    """Refuse what CreateFunction cannot make of its PackageType; images are not run here.

    In the words of pf-lambda-image-requires-imageuri of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
    """
    if params.get("PackageType", "Zip") == "Zip":
        return
    if any(params.get(member) for member in ("Runtime", "Handler", "Layers")):
        raise InvalidParameterValueException(
            "Please don't provide Handler or Runtime or Layer when the intended function "
            "PackageType is Image."
        )
    if "ImageUri" not in params["Code"]:
        raise InvalidParameterValueException("ImageUri is required.")
    raise InvalidParameterValueException(
        "Container images are not part of the embedded AWS. Use a Zip package."
    )


class CodeStore:
    """The account's packages: where they come from, who may download them, when they go.

    Args:
        packages: where they are kept.
        base_url: of the endpoint, for download locations.
    """

    def __init__(self, objects: ObjectStore, packages: PackageFolder, base_url: str = "") -> None:
        self._objects = objects
        self._packages = packages
        self._base_url = base_url
        self._unused_since_s: dict[str, float] = {}

    async def load(self, source: Mapping[str, Any], operation: str) -> Package:
        """The package that a request's `Code` (or layer `Content`) members describe."""
        package = await self._packages.add(self._archive(source, operation))
        self._unused_since_s.pop(package.sha256, None)
        return package

    def _archive(self, source: Mapping[str, Any], operation: str) -> bytes:
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
            return _uploaded(source["ZipFile"], operation)
        if "S3Bucket" in source and "S3Key" in source:
            return self._fetched(source)
        if "S3Bucket" in source or "S3Key" in source:
            # As in pf-lambda-code-s3-pair of
            # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
            raise InvalidParameterValueException(
                "S3 Bucket and Key are required for uploading with S3 parameters."
            )
        raise InvalidParameterValueException("Please provide a source for function code.")

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
        for package in self._packages:
            if secrets.compare_digest(package.token.encode(), token.encode()):
                return package
        return None

    def collect(self, used: Iterable[Package], now_s: float) -> None:
        """Take note of what is used now; remove what has not been for `COLLECT_AFTER_S`."""
        kept = {package.sha256 for package in used}
        for package in self._packages:
            sha256 = package.sha256
            if sha256 in kept:
                self._unused_since_s.pop(sha256, None)
            elif now_s - self._unused_since_s.setdefault(sha256, now_s) >= COLLECT_AFTER_S:
                del self._unused_since_s[sha256]
                self._packages.remove(package)

    def _fetched(self, source: Mapping[str, Any]) -> bytes:
        try:
            return self._objects.get(
                source["S3Bucket"], source["S3Key"], source.get("S3ObjectVersion")
            )
        except LookupError as error:
            code = "NoSuchBucket" if "NoSuchBucket" in str(error) else "NoSuchKey"
            raise InvalidParameterValueException(
                f"Error occurred while GetObject. S3 Error Code: {code}. "
                f"S3 Error Message: {_S3_MESSAGES[code]}"
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
