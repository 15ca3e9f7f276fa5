"""A large package is unpacked beside everything else; what AWS says meanwhile."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from localaws.lambda_.errors import ServiceException
from localaws.lambda_.functions import packages, unpacking
from localaws.lambda_.functions.packages import PackageFolder
from localaws.lambda_.functions.unpacking import is_quick, unpack
from localaws.time.activity import Activity
from tests.unit.lambda_.control_plane import ROLE, PlaneWorld, package

OLD, NEW = package("old"), package("new")
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn"


class Gate:
    """Holds every unpacking until it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self.passed = 0

    def unpack(self, archive: bytes, directory: Path, *, is_over: Callable[[], bool]) -> None:
        self.passed += 1
        self.reached.set()
        self.opened.wait()
        unpack(archive, directory, is_over=is_over)

    async def held(self, asked: Any) -> "asyncio.Task[dict[str, Any]]":
        """A call whose package is being unpacked."""
        task = asyncio.ensure_future(asked)
        await asyncio.to_thread(self.reached.wait)
        return task


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Every package is a large one."""
    gate = Gate()
    monkeypatch.setattr(packages, "is_quick", lambda archive: False)
    monkeypatch.setattr(packages, "unpack", gate.unpack)
    yield gate
    gate.opened.set()  # nothing waits for a test that failed


def creation(name: str = "fn", archive: bytes = OLD) -> dict[str, Any]:
    return {
        "FunctionName": name,
        "Runtime": "python3.12",
        "Role": ROLE,
        "Handler": "index.handler",
        "Code": {"ZipFile": archive},
    }


def code_of(plane: PlaneWorld, name: str = "fn") -> str:
    return (plane.control_plane.resolve(name).version.code_dir / "index.py").read_text()


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    return PlaneWorld(tmp_path)


@pytest.fixture
def updated(plane: PlaneWorld, gate: Gate) -> PlaneWorld:
    """A function with the old code."""
    gate.opened.set()
    plane.create(Code={"ZipFile": OLD})
    gate.opened.clear()
    gate.reached.clear()
    return plane


async def test_others_are_answered_while_a_function_is_created(
    plane: PlaneWorld, gate: Gate
) -> None:
    creating = await gate.held(plane.ask("CreateFunction", **creation()))
    assert (await plane.ask("ListFunctions"))["Functions"] == []
    # Somebody else with the same name is too late, as on AWS
    refused = await plane.ask("CreateFunction", **creation())
    assert refused["Error"]["Code"] == "ResourceConflictException"
    assert refused["Error"]["Message"] == "Function already exist: fn"
    # Time does not pass for it
    assert not plane.activity.idle
    gate.opened.set()
    assert (await creating)["State"] == "Pending"
    assert plane.activity.idle
    assert code_of(plane) == "old"


async def test_an_update_is_in_progress_while_its_code_comes(
    updated: PlaneWorld, gate: Gate
) -> None:
    plane = updated
    updating = await gate.held(plane.ask("UpdateFunctionCode", FunctionName="fn", ZipFile=NEW))
    told = await plane.ask("GetFunctionConfiguration", FunctionName="fn")
    assert (told["State"], told["LastUpdateStatus"]) == ("Active", "InProgress")
    assert code_of(plane) == "old"
    for operation, params in (
        ("UpdateFunctionCode", {"ZipFile": OLD}),
        ("UpdateFunctionConfiguration", {"Timeout": 5}),
        ("PublishVersion", {}),
    ):
        refused = await plane.ask(operation, FunctionName="fn", **params)
        assert refused["Error"]["Code"] == "ResourceConflictException"
        assert refused["Error"]["Message"].endswith(f"in progress for resource: {ARN}")
    gate.opened.set()
    assert (await updating)["LastUpdateStatus"] == "InProgress"
    assert code_of(plane) == "new"
    plane.pass_time()
    told = await plane.ask("GetFunctionConfiguration", FunctionName="fn")
    assert told["LastUpdateStatus"] == "Successful"


async def test_an_update_that_fails_changes_nothing(updated: PlaneWorld, gate: Gate) -> None:
    plane = updated
    before = await plane.ask("GetFunctionConfiguration", FunctionName="fn")
    there = set(plane.work_dir.rglob("*"))
    broken = NEW.replace(b"new", b"odd", 1)
    updating = await gate.held(plane.ask("UpdateFunctionCode", FunctionName="fn", ZipFile=broken))
    gate.opened.set()
    assert (await updating)["Error"]["Code"] == "InvalidParameterValueException"
    after = await plane.ask("GetFunctionConfiguration", FunctionName="fn")
    assert before | {"ResponseMetadata": 0} == after | {"ResponseMetadata": 0}
    assert set(plane.work_dir.rglob("*")) == there


async def test_a_function_that_is_deleted_meanwhile_is_gone(
    updated: PlaneWorld, gate: Gate
) -> None:
    plane = updated
    updating = await gate.held(plane.ask("UpdateFunctionCode", FunctionName="fn", ZipFile=NEW))
    await plane.ask("DeleteFunction", FunctionName="fn")
    gate.opened.set()
    assert (await updating)["Error"]["Code"] == "ResourceNotFoundException"
    assert (await plane.ask("ListFunctions"))["Functions"] == []


async def test_the_same_archive_is_unpacked_once(plane: PlaneWorld, gate: Gate) -> None:
    first = await gate.held(plane.ask("CreateFunction", **creation("one")))
    second = asyncio.ensure_future(plane.ask("CreateFunction", **creation("two")))
    gate.opened.set()
    assert {(await one)["State"] for one in (first, second)} == {"Pending"}
    await plane.ask("CreateFunction", **creation("three"))
    assert gate.passed == 1
    assert code_of(plane, "two") == "old"


async def test_what_is_coming_counts_towards_the_quota(
    plane: PlaneWorld, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "MAX_CODE_STORAGE_BYTES", len(OLD) + 1)
    creating = await gate.held(plane.ask("CreateFunction", **creation("one")))
    refused = await plane.ask("CreateFunction", **creation("two", NEW))
    assert refused["Error"]["Code"] == "CodeStorageExceededException"
    gate.opened.set()
    assert "Error" not in await creating


async def test_the_end_of_the_endpoint_leaves_nothing_half_made(
    plane: PlaneWorld, gate: Gate
) -> None:
    creating = await gate.held(plane.ask("CreateFunction", **creation()))
    plane.control_plane.close()
    gate.opened.set()
    refused = (await creating)["Error"]
    assert (refused["Code"], refused["Message"]) == ("ServiceException", "the embedded AWS ends")
    assert list(plane.work_dir.iterdir()) == []


async def test_a_large_package_is_removed_in_a_thread_and_may_come_again(
    tmp_path: Path, gate: Gate
) -> None:
    gate.opened.set()
    folder = PackageFolder(tmp_path, Activity())
    first = await folder.add(OLD)
    folder.remove(first)
    again = await folder.add(OLD)
    assert again.directory != first.directory
    assert (again.directory / "index.py").read_text() == "old"
    folder._threads.shutdown()  # waits for what is under way
    assert [path.name for path in tmp_path.iterdir()] == [again.directory.parent.name]


@pytest.fixture
async def bereft(tmp_path: Path, gate: Gate) -> tuple[PackageFolder, Path]:
    """A large package whose files a handler has deleted."""
    gate.opened.set()
    folder = PackageFolder(tmp_path, Activity())
    directory = (await folder.add(OLD)).directory
    shutil.rmtree(directory)
    gate.opened.clear()
    gate.reached.clear()
    return folder, directory


async def test_others_go_on_while_deleted_code_comes_back(
    bereft: tuple[PackageFolder, Path], gate: Gate
) -> None:
    folder, directory = bereft
    first = await gate.held(folder.restore([directory]))  # the loop runs on
    second = asyncio.ensure_future(folder.restore([directory]))
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(first, second)
    assert (directory / "index.py").read_text() == "old"
    assert gate.passed == 2  # once at its creation, once for both who need it


async def test_code_that_is_removed_while_it_comes_back_leaves_nothing(
    bereft: tuple[PackageFolder, Path], gate: Gate, tmp_path: Path
) -> None:
    folder, directory = bereft
    returning = await gate.held(folder.restore([directory]))
    (package_,) = folder
    folder.remove(package_)
    folder._threads.submit(lambda: None).result()  # the thread that is free has nothing to remove
    assert package_.archive.exists()
    gate.opened.set()
    await returning
    folder._threads.shutdown()
    assert list(tmp_path.iterdir()) == []


async def test_an_archive_that_comes_again_does_not_wait_for_the_files_that_it_had(
    bereft: tuple[PackageFolder, Path], gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, directory = bereft
    returning = await gate.held(folder.restore([directory]))
    (package_,) = folder
    folder.remove(package_)
    monkeypatch.setattr(packages, "unpack", unpack)  # the first alone is held
    new = (await folder.add(OLD)).directory
    shutil.rmtree(new)
    await folder.restore([new])
    assert (new / "index.py").read_text() == "old"
    gate.opened.set()
    await returning


async def test_code_whose_archive_is_gone_too_is_told(
    bereft: tuple[PackageFolder, Path], gate: Gate
) -> None:
    folder, directory = bereft
    (package_,) = folder
    package_.archive.unlink()
    with pytest.raises(ServiceException, match=r"package\.zip are gone from this machine: No such"):
        await folder.restore([directory])


async def test_a_return_of_code_whose_folder_goes_with_the_endpoint_ends(
    bereft: tuple[PackageFolder, Path], gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, directory = bereft

    def gone(*arguments: Any) -> None:
        folder.close()
        raise FileNotFoundError(directory)

    monkeypatch.setattr(unpacking, "_extract", gone)
    gate.opened.set()
    with pytest.raises(ServiceException, match="the embedded AWS ends"):
        await folder.restore([directory])


async def test_the_end_of_the_endpoint_ends_a_return_of_code(
    bereft: tuple[PackageFolder, Path], gate: Gate
) -> None:
    folder, directory = bereft
    returning = await gate.held(folder.restore([directory]))
    folder.close()
    gate.opened.set()
    with pytest.raises(ServiceException, match="the embedded AWS ends"):
        await returning
    assert not directory.exists()


async def test_small_code_is_back_at_once(tmp_path: Path) -> None:
    folder = PackageFolder(tmp_path, Activity())
    directory = (await folder.add(OLD)).directory
    shutil.rmtree(directory)
    await folder.restore([directory, tmp_path / "of no package"])
    assert (directory / "index.py").read_text() == "old"


async def test_layers_come_back_as_code_does(plane: PlaneWorld) -> None:
    layer = await plane.ask(
        "PublishLayerVersion", LayerName="shared", Content={"ZipFile": package("shared")}
    )
    created = creation() | {"Layers": [layer["LayerVersionArn"]]}
    await plane.ask("CreateFunction", **created)
    version = plane.control_plane.resolve("fn").version
    folders = [version.code_dir, *version.layer_dirs]
    for folder in folders:
        shutil.rmtree(folder)
    await plane.control_plane.restore(version)
    assert [(folder / "index.py").read_text() for folder in folders] == ["old", "shared"]


async def test_the_end_of_the_endpoint_waits_for_no_removal(tmp_path: Path, gate: Gate) -> None:
    gate.opened.set()
    folder = PackageFolder(tmp_path, Activity())
    kept, going = await folder.add(OLD), await folder.add(NEW)
    gate.opened.clear()
    occupied = [folder._threads.submit(gate.opened.wait) for _ in range(packages._THREADS)]
    folder.remove(going)  # waits for a thread
    folder.close()
    folder.remove(kept)
    gate.opened.set()
    await asyncio.gather(*map(asyncio.wrap_future, occupied))
    folder._threads.shutdown()
    # Their folder goes as a whole, by another way.
    assert all((package_.directory / "index.py").exists() for package_ in (kept, going))


def test_what_takes_a_while_is_known_beforehand() -> None:
    assert is_quick(OLD)
    assert is_quick(b"no archive")
    assert not is_quick(package(**{f"file-{number}": "" for number in range(1_001)}))
    assert not is_quick(package("\0" * 16_000_001))
