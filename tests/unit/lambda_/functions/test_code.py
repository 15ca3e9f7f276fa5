"""Deployment packages: accepted, unpacked, shared, served, and removed when nobody uses them."""

import base64
import hashlib
import io
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from localaws.lambda_.functions import code, unpacking
from localaws.words.http import HttpRequest
from tests.unit.lambda_.control_plane import PlaneWorld, package

UNREADABLE = "Could not unzip uploaded file. Please check your file, then try to upload again."


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    return PlaneWorld(tmp_path / "work")


def zipped(*entries: tuple[str | zipfile.ZipInfo, str]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for name, content in entries:
            written.writestr(name, content)
    return archive.getvalue()


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def code_dir(plane: PlaneWorld, name: str = "fn") -> Path:
    return plane.control_plane.resolve(name).version.code_dir


def test_code_is_unpacked_and_named_by_its_hash(plane: PlaneWorld) -> None:
    archive = package("print(1)", **{"lib/help.py": "x = 1"})

    created = plane.create(Code={"ZipFile": archive})

    assert created["CodeSha256"] == base64.b64encode(hashlib.sha256(archive).digest()).decode()
    assert created["CodeSize"] == len(archive)
    assert (code_dir(plane) / "lib" / "help.py").read_text() == "x = 1"


def test_equal_packages_are_unpacked_once(plane: PlaneWorld) -> None:
    plane.create("one")
    plane.create("two")

    assert code_dir(plane, "one") == code_dir(plane, "two")


def test_code_from_s3(plane: PlaneWorld) -> None:
    plane.objects.put("assets", "a.zip", package("# from S3"))

    plane.create(Code={"S3Bucket": "assets", "S3Key": "a.zip"})

    assert (code_dir(plane) / "index.py").read_text() == "# from S3"


def test_code_that_s3_does_not_have(plane: PlaneWorld) -> None:
    answer = plane.create(Code={"S3Bucket": "assets", "S3Key": "missing.zip"})

    assert answer["Error"]["Message"] == (
        "Error occurred while GetObject. S3 Error Code: NoSuchKey. "
        "S3 Error Message: The specified key does not exist."
    )


def test_a_bucket_that_s3_does_not_have(plane: PlaneWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """In S3's own words, which end without a full stop here.

    https://github.com/aws-solutions/aws-control-tower-customizations/issues/188
    """

    def missing(bucket: str, key: str, version_id: str | None = None) -> bytes:
        raise LookupError(f"NoSuchBucket: the bucket {bucket} does not exist")

    monkeypatch.setattr(plane.objects, "get", missing)
    answer = plane.create(Code={"S3Bucket": "missing", "S3Key": "a.zip"})

    assert answer["Error"]["Message"] == (
        "Error occurred while GetObject. S3 Error Code: NoSuchBucket. "
        "S3 Error Message: The specified bucket does not exist"
    )


@pytest.mark.parametrize(
    "other", [{"S3Bucket": "assets"}, {"S3Key": "a.zip"}, {"ImageUri": "registry/image:latest"}]
)
def test_code_from_two_sources(plane: PlaneWorld, other: dict[str, str]) -> None:
    answer = plane.create(Code={"ZipFile": package(), **other})

    assert answer["Error"]["Message"] == (
        "Please do not provide other FunctionCode parameters when providing a ZipFile."
    )


@pytest.mark.parametrize("operation", ["UpdateFunctionCode", "UpdateFunctionConfiguration"])
@pytest.mark.parametrize("qualifier", ["1", "live"])
def test_only_the_latest_version_can_be_changed(
    plane: PlaneWorld, operation: str, qualifier: str
) -> None:
    """The first sentence is in https://github.com/appleboy/lambda-action/issues/6."""
    plane.create(Publish=True)
    change = {"ZipFile": package("# new")} if operation == "UpdateFunctionCode" else {"Timeout": 9}

    assert plane.fail(operation, FunctionName=f"fn:{qualifier}", **change) == (
        "InvalidParameterValueException",
        "Current operation does not support versions other than $LATEST. Please set the version "
        "to $LATEST or do not set a version in your request.",
        400,
    )
    assert "Error" not in plane.call(operation, FunctionName="fn:$LATEST", **change)


def test_no_code_at_all(plane: PlaneWorld) -> None:
    plane.create()

    assert plane.fail("UpdateFunctionCode", FunctionName="fn") == (
        "InvalidParameterValueException",
        "Please provide a source for function code.",
        400,
    )


@pytest.mark.parametrize(
    "name", ["../outside.py", "/absolute.py", "a/../../outside.py", "..\\outside.py", "C:/x.py"]
)
def test_entries_outside_the_package_are_refused(plane: PlaneWorld, name: str) -> None:
    answer = plane.create(Code={"ZipFile": zipped((name, "evil"))})

    assert answer["Error"]["Message"] == UNREADABLE
    assert not list(plane.work_dir.parent.rglob("*outside*"))


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_stay_inside_the_package(plane: PlaneWorld) -> None:
    inside = zipped(("real.py", "x = 1"), (entry("link.py", stat.S_IFLNK | 0o777), "real.py"))
    outside = zipped((entry("link", stat.S_IFLNK | 0o777), "../../.."))

    plane.create(Code={"ZipFile": inside})
    refused = plane.create("other", Code={"ZipFile": outside})

    assert (code_dir(plane) / "link.py").read_text() == "x = 1"
    assert refused["Error"]["Message"] == UNREADABLE


@pytest.mark.skipif(sys.platform == "win32", reason="no such permission there")
def test_executables_stay_executable(plane: PlaneWorld) -> None:
    plane.create(Code={"ZipFile": zipped((entry("bootstrap", stat.S_IFREG | 0o755), "#!/bin/sh"))})

    assert (code_dir(plane) / "bootstrap").stat().st_mode & 0o100


def test_an_empty_archive(plane: PlaneWorld) -> None:
    answer = plane.create(Code={"ZipFile": zipped()})

    assert answer["Error"]["Message"] == "Uploaded file must be a non-empty zip"


def test_a_package_too_large_unzipped(plane: PlaneWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_UNZIPPED_BYTES", 99)

    answer = plane.create(Code={"ZipFile": zipped(("a", "x" * 100))})

    assert answer["Error"]["Message"] == "Unzipped size must be smaller than 99 bytes"


def test_a_package_too_large_zipped(plane: PlaneWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "MAX_ZIPPED_BYTES", 50)

    answer = plane.create(Code={"ZipFile": package()})

    assert answer["Error"]["Message"] == "Zipped size must be smaller than 50 bytes"


def test_a_request_too_large(plane: PlaneWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "MAX_REQUEST_BYTES", 50)

    answer = plane.create(Code={"ZipFile": package()})

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 413
    expected = "Request must be smaller than 50 bytes for the CreateFunction operation"
    assert answer["Error"]["Message"] == expected


def test_the_package_can_be_downloaded_by_its_location_only(plane: PlaneWorld) -> None:
    sent = package()  # once: an archive tells when it was made
    plane.create(Code={"ZipFile": sent})
    location = plane.call("GetFunction", FunctionName="fn")["Code"]["Location"]
    path = location.removeprefix("http://127.0.0.1:4566")

    found = plane.control_plane.download(HttpRequest("GET", path, "", {}, b""))
    guessed = plane.control_plane.download(HttpRequest("GET", path + "x", "", {}, b""))

    assert (found.status, found.body) == (200, sent)
    assert guessed.status == 403


def test_replaced_code_goes_when_no_invocation_can_still_run_it(plane: PlaneWorld) -> None:
    plane.create(Code={"ZipFile": package("# old")})
    old = code_dir(plane)
    plane.call("UpdateFunctionCode", FunctionName="fn", ZipFile=package("# new"))

    plane.pass_time(899)
    assert old.exists()

    plane.pass_time(2)
    assert not old.exists()
    assert code_dir(plane).exists()


def test_the_time_counts_from_the_last_use(plane: PlaneWorld) -> None:
    update = {"FunctionName": "fn", "ZipFile": package("# new")}
    plane.create(Code={"ZipFile": package("# first")})
    plane.create("other", Code={"ZipFile": package("# second")})
    plane.call("UpdateFunctionCode", **update)
    plane.pass_time(890)
    second = code_dir(plane, "other")
    plane.call("UpdateFunctionCode", **{**update, "FunctionName": "other"})

    plane.pass_time(890)
    assert second.exists()

    plane.pass_time(20)
    assert not second.exists()


def test_published_code_stays(plane: PlaneWorld) -> None:
    plane.create(Publish=True)
    old = code_dir(plane)
    plane.call("UpdateFunctionCode", FunctionName="fn", ZipFile=package("# new"))

    plane.pass_time(1000)

    assert plane.control_plane.resolve("fn", "1").version.code_dir == old
    assert old.exists()
