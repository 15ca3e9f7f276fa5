"""A function's package: its code, and the libraries that it brings along with their licences."""

import io
import zipfile

import pytest

from workshop.errors import DataError
from workshop.workbench.package import package

# What Lambda takes in one call: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MOST_BYTES = 50 * 2**20


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def test_without_libraries_it_is_the_folder() -> None:
    assert opened(package("payments_once")).namelist() == ["handler.py"]


def test_powertools_comes_with_all_that_it_needs_and_its_licence() -> None:
    data = package("payments_once", "aws-lambda-powertools")
    archive = opened(data)
    names = archive.namelist()
    for needed in (
        "handler.py",
        "aws_lambda_powertools/utilities/idempotency/__init__.py",
        "jmespath/__init__.py",
        "typing_extensions.py",
    ):
        assert needed in names
    assert sum("LICENSE" in name for name in names) >= 3
    assert not [name for name in names if name.endswith((".pyc", ".so")) or ".." in name]
    # Lambda brings boto3; extras are not asked for
    assert not [name for name in names if name.startswith(("boto3", "redis", "pydantic"))]
    # Readable for Lambda's user, and the same for the same files
    assert {entry.external_attr >> 16 & 0o777 for entry in archive.infolist()} == {0o644}
    assert package("payments_once", "aws-lambda-powertools") == data
    assert len(data) < MOST_BYTES / 20


def test_a_library_that_is_missing_or_compiled_is_refused() -> None:
    with pytest.raises(DataError, match="no-such-library is missing"):
        package("payments_once", "no-such-library")
    with pytest.raises(DataError, match="compiled for this machine"):
        package("payments_once", "numpy")
