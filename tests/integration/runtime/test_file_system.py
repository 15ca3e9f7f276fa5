"""What a handler finds in its folders, and what it may change: as on AWS, /tmp and nothing else."""

import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from localaws.lambda_.model import FunctionVersion
from localaws.lambda_.runtime import interpreters
from tests.integration.runtime.world import IN_TMP, World, running_world, text

# Everything that changes a folder, told to write `name` or to change `there`, which exists.
CHANGES = {
    "a new file": "open(name, 'w')",
    "a file to append to": "open(there, 'a')",
    "a file by its descriptor": "os.open(name, os.O_CREAT | os.O_RDWR)",
    "pathlib": "pathlib.Path(name).write_text('x')",
    "a folder": "os.mkdir(name)",
    "a removed file": "os.remove(there)",
    "a removed tree": "shutil.rmtree('package')",
    "another name": "os.rename(there, name)",
    "a copy": "shutil.copy(there, name)",
    "a link": "os.symlink(there, name)",
    "a hard link": "os.link(there, name)",
    "rights": "os.chmod(there, 0o777)",
    "times": "os.utime(there)",
    "a shorter file": "os.truncate(there, 0)",
    "a database": "sqlite3.connect(name).execute('create table t (a)')",
    "compiled code": "compileall.compile_file(there, force=True, quiet=2) or open(name, 'w')",
}
HANDLER = """
import compileall, os, pathlib, shutil, sqlite3, sys

def handler(event, context):
    told = {}
    for folder in event["folders"]:
        name, there = folder + "new", folder + "package/there.py"
        for label, change in event["changes"].items():
            try:
                exec(change)
            except Exception as error:
                told[folder + label] = f"{type(error).__name__}: {error}"
            else:
                told[folder + label] = "done"
    return told
"""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path) as world:
        yield world


@pytest.fixture
async def linux(world: World) -> World:
    """A world on a machine that lets a handler have folders of its own."""
    source = "import os\ndef handler(event, context): return os.path.exists('/var/task/handler.py')"
    if not text(await world.invoke(world.function(source))):
        pytest.skip("this machine has no mount namespaces for everybody")
    return world


@pytest.fixture
def no_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no folders can be made: Python lies where layers would."""
    real = interpreters.site_packages
    monkeypatch.setattr(interpreters, "site_packages", lambda: [*real(), Path("/opt/python")])


async def changes(world: World, *folders: str, without: str = "") -> dict[str, str]:
    function = world.function(HANDLER)
    (function.code_dir / "package").mkdir()
    (function.code_dir / "package" / "there.py").touch()
    event = {"folders": folders, "changes": {k: v for k, v in CHANGES.items() if k != without}}
    told: dict[str, str] = text(await world.invoke(function, event))
    assert (function.code_dir / "package" / "there.py").exists()
    assert not (function.code_dir / "new").exists()
    return told


async def test_nothing_changes_the_code_folder(linux: World) -> None:
    told = await changes(linux, "", "/var/task/")
    # SQLite has words of its own for it.
    databases = {told.pop("a database"), told.pop("/var/task/a database")}
    assert databases == {"OperationalError: unable to open database file"}
    assert {name for name, words in told.items() if "[Errno 30]" not in words} == set()
    assert told["a new file"] == "OSError: [Errno 30] Read-only file system: 'new'"


@pytest.mark.usefixtures("no_namespaces")
async def test_python_changes_nothing_where_the_system_does_not_help(world: World) -> None:
    # A database is written by C code of its own: docs/not-imitated.md.
    told = await changes(world, "", without="a database")
    assert {name for name, words in told.items() if "[Errno 30]" not in words} == set()


@pytest.mark.usefixtures("no_namespaces")
async def test_what_lies_elsewhere_is_written_without_namespaces_too(world: World) -> None:
    source = """
    import os, tempfile
    def handler(event, context):
        path = tempfile.gettempdir() + "/x"
        open(path, "w").write("mine")
        os.rename(path, path + "y")
        return open(path + "y").read()
    """
    assert text(await world.invoke(world.function(source))) == "mine"


async def test_only_tmp_is_written(linux: World) -> None:
    source = """
    import os
    def handler(event, context):
        told = {}
        for folder in event:
            try:
                open(folder + "/new", "w").close()
            except OSError as error:
                told[folder] = error.errno
            else:
                told[folder] = os.listdir(folder)
        return told
    """
    folders = ["/tmp", "/var/task", "/opt", "/", "/var", "/usr", str(Path(__file__).parent)]
    told = text(await linux.invoke(linux.function(source), folders))
    assert {*told.pop("/tmp")} == {"new", *IN_TMP}
    assert set(told.values()) <= {30, 13, 2}, told
    assert told["/var/task"] == told["/opt"] == 30


async def test_programs_that_it_starts_are_held_too(linux: World) -> None:
    source = """
    import subprocess
    def handler(event, context):
        return subprocess.run("echo x > new; echo x > /tmp/new; ls /tmp", shell=True, text=True,
                              stdout=-1, stderr=subprocess.STDOUT).stdout
    """
    told = text(await linux.invoke(linux.function(source)))
    assert "Read-only file system" in told
    assert told.endswith("\nnew\n")


async def test_tmp_is_one_environments_own_and_lasts_as_long(linux: World) -> None:
    source = """
    import os, tempfile
    def handler(event, context):
        before = sorted(os.listdir("/tmp"))
        open(f"/tmp/{event}", "w").close()
        return before, tempfile.gettempdir()
    """
    function = linux.function(source)
    assert text(await linux.invoke(function, "a")) == [sorted(IN_TMP), "/tmp"]
    assert text(await linux.invoke(function, "b")) == [sorted({"a", *IN_TMP}), "/tmp"]
    # An environment of another function has another one
    assert text(await linux.invoke(linux.function(source), "c")) == [sorted(IN_TMP), "/tmp"]
    assert not any(Path("/tmp", name).exists() for name in ("a", "b", "c"))


async def test_layers_lie_over_each_other(linux: World, tmp_path: Path) -> None:
    for name, files in {"one": ("same", "first"), "two": ("same", "second")}.items():
        for file in files:
            path = tmp_path / name / "python" / f"{file}_module.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"value = {name!r}\n")
    source = """
    import os, sys, first_module, same_module, second_module
    def handler(event, context):
        return sorted(os.listdir("/opt/python")), same_module.value, sys.path[:3]
    """
    layers = (tmp_path / "one", tmp_path / "two")
    told = text(await linux.invoke(linux.function(source, layer_dirs=layers)))
    assert told == [
        ["first_module.py", "same_module.py", "second_module.py"],
        "two",
        ["/var/task", "/opt/python/lib/python3.13/site-packages", "/opt/python"],
    ]


def other(runtime: str) -> str:
    """Another version than the one that runs."""
    return runtime if runtime != f"python3.{sys.version_info.minor}" else "python3.9"


@pytest.mark.parametrize(
    ("source", "error_type", "start"),
    [
        ("def handler(:", "Runtime.UserCodeSyntaxError", "Syntax error in module 'handler': "),
        (
            "from typing import NotThereYet",
            "Runtime.ImportModuleError",
            "Unable to import module 'handler': cannot import name 'NotThereYet' from 'typing'",
        ),
    ],
)
async def test_an_error_says_which_interpreter_ran(
    world: World, source: str, error_type: str, start: str
) -> None:
    runtime, own = other("python3.14"), f"python3.{sys.version_info.minor}"
    told = text(await world.invoke(world.function(source, runtime=runtime)))
    assert told["errorType"] == error_type
    assert told["errorMessage"].startswith(start)
    said = f" (the embedded AWS runs {runtime} functions with {own}, its own interpreter)"
    assert told["errorMessage"].endswith(said)
    # And nothing more than AWS says where it is the function's own
    told = text(await world.invoke(world.function(source, runtime=own)))
    assert "embedded" not in json.dumps(told)


async def test_an_error_names_a_module_that_was_compiled_for_another_machine(world: World) -> None:
    own = f"python3.{sys.version_info.minor}"
    function = world.function("import fast", runtime=own)
    package = function.code_dir / "fast"
    package.mkdir()
    (package / "__init__.py").write_text("from fast import _core\n")
    (package / "_core.cpython-39-s390x-linux-gnu.so").touch()
    told: Any = text(await world.invoke(function))
    assert told["errorType"] == "Runtime.ImportModuleError"
    assert f"the embedded AWS runs it with {own} on " in told["errorMessage"]
    assert "cannot load fast" in told["errorMessage"]
    assert "_core.cpython-39-s390x-linux-gnu.so" in told["errorMessage"]


PROCESSES = """
import multiprocessing, os
from concurrent.futures import ProcessPoolExecutor

def send(end):
    end.send("sent")

def pipe():
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=send, args=(there,))
    process.start()
    return here.recv(), process.join(), process.exitcode

TRIED = {
    "Lock": multiprocessing.Lock,
    "RLock": multiprocessing.RLock,
    "Semaphore": multiprocessing.Semaphore,
    "Event": multiprocessing.Event,
    "Queue": multiprocessing.Queue,
    "SimpleQueue": multiprocessing.SimpleQueue,
    "Pool": lambda: multiprocessing.Pool(2),
    "ProcessPoolExecutor": lambda: ProcessPoolExecutor(1).submit(abs, -1).result(),
    "Pipe": pipe,
    "ThreadPool": lambda: __import__("multiprocessing.pool").pool.ThreadPool(1).map(abs, [-1]),
    "devices": lambda: sorted(os.listdir("/dev")),
    "null": lambda: open("/dev/null", "w").write("x"),
    "random": lambda: len(open("/dev/urandom", "rb").read(4)),
}

def handler(event, context):
    told = {}
    for name, make in TRIED.items():
        try:
            told[name] = make()
        except Exception as error:
            told[name] = f"{type(error).__name__}: {error}"
    return told
"""


async def test_processes_share_pipes_but_no_locks(world: World) -> None:
    told = text(await world.invoke(world.function(PROCESSES)))
    for name in ("devices", "null", "random"):
        del told[name]
    assert told.pop("Pipe") == ["sent", None, 0]
    assert set(told.values()) == {"OSError: [Errno 38] Function not implemented"}


async def test_only_the_devices_of_aws_are_there(linux: World) -> None:
    told = text(await linux.invoke(linux.function(PROCESSES)))
    assert set(told["devices"]) <= {
        *("fd", "full", "null", "random", "tty", "urandom", "zero"),
        *("stdin", "stdout", "stderr"),
    }
    assert (told["null"], told["random"]) == (1, 4)


async def test_no_right_is_left_to_undo_it(linux: World) -> None:
    source = """
    import ctypes, os, subprocess
    def handler(event, context):
        libc = ctypes.CDLL(None, use_errno=True)
        def tried(answer):
            return os.strerror(ctypes.get_errno()) if answer else "done"
        # MS_REMOUNT | MS_BIND: read-only no more
        told = {folder: tried(libc.mount(None, folder.encode(), None, 0x1020, None))
                for folder in ("/usr", "/var/task")}
        told["umount"] = tried(libc.umount2(b"/tmp", 2))
        with open("/proc/self/status") as file:
            told["own"] = [line.split()[1] for line in file if line.startswith("CapEff")]
        started = subprocess.run(["cat", "/proc/self/status"], capture_output=True, text=True)
        told["started"] = [line.split()[1] for line in started.stdout.splitlines()
                           if line.startswith("CapEff")]
        return told
    """
    none = ["0000000000000000"]
    assert text(await linux.invoke(linux.function(source))) == {
        "/usr": "Operation not permitted",
        "/var/task": "Operation not permitted",
        "umount": "Operation not permitted",
        "own": none,
        "started": none,
    }


async def test_the_memory_of_other_processes_is_not_read(linux: World) -> None:
    source = """
    def handler(event, context):
        told = {}
        for name in ("mem", "environ"):
            try:
                with open(f"/proc/{event}/{name}", "rb") as file:
                    told[name] = len(file.read(1))
            except OSError as error:
                told[name] = error.strerror
        return told
    """
    told = text(await linux.invoke(linux.function(source), os.getpid()))
    assert told == dict.fromkeys(("mem", "environ"), "Permission denied")


LIBRARY = "libworkshop-of-its-own.so"
LOADING = f"""
import ctypes, os
cosine = ctypes.CDLL("{LIBRARY}").cos
cosine.argtypes, cosine.restype = [ctypes.c_double], ctypes.c_double
def handler(event, context):
    kept = [fd for fd in map(int, os.listdir("/proc/self/fd")) if fd > 2]
    inherited = [fd for fd in kept if os.path.exists(f"/proc/self/fd/{{fd}}")
                 and os.get_inheritable(fd)]
    return cosine(0), os.environ.get("LD_LIBRARY_PATH"), os.read(0, 1).decode(), inherited
"""


def library() -> Path:
    """A shared library of this machine, of which a copy can be loaded under another name."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        path = Path(line.split()[-1])
        if path.name.startswith("libm.so"):
            return path
    pytest.skip("this Python has no libm of its own to copy")


def with_library(world: World, folder: Path, **changes: Any) -> FunctionVersion:
    folder.mkdir(parents=True)
    shutil.copy(library(), folder / LIBRARY)
    return world.function(LOADING, **changes)


@pytest.mark.skipif(sys.platform != "linux", reason="the variable is the Linux loader's")
async def test_a_layers_shared_libraries_are_found(linux: World, tmp_path: Path) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html"""
    layer = tmp_path / "layer"
    function = with_library(linux, layer / "lib", layer_dirs=(layer,))
    value, folders, standard_input, inherited = text(await linux.invoke(function))
    assert (value, standard_input, inherited) == (1.0, "", [])
    assert folders.startswith("/var/lang/lib:/lib64:")
    assert folders.split(":")[7] == "/opt/lib"


@pytest.mark.skipif(sys.platform != "linux", reason="the variable is the Linux loader's")
async def test_a_function_names_folders_of_its_own(linux: World, tmp_path: Path) -> None:
    layer = tmp_path / "layer"
    function = with_library(
        linux,
        layer / "native",
        layer_dirs=(layer,),
        environment={"LD_LIBRARY_PATH": "/opt/native"},
    )
    assert text(await linux.invoke(function))[:2] == [1.0, "/opt/native"]


@pytest.mark.skipif(sys.platform != "linux", reason="the variable is the Linux loader's")
@pytest.mark.usefixtures("no_namespaces")
async def test_shared_libraries_are_found_without_namespaces_too(
    world: World, tmp_path: Path
) -> None:
    layer = tmp_path / "layer"
    function = with_library(world, layer / "lib", layer_dirs=(layer,))
    value, folders, *_ = text(await world.invoke(function))
    assert value == 1.0
    assert folders.endswith(":/opt/lib")  # as answers show it


@pytest.mark.skipif(sys.platform != "linux", reason="the variable is the Linux loader's")
@pytest.mark.usefixtures("no_namespaces")
async def test_the_code_stays_read_only_after_the_second_start(
    world: World, tmp_path: Path
) -> None:
    function = world.function(
        """
        def handler(event, context):
            try:
                open("new", "w")
            except OSError as error:
                return error.errno
        """
    )
    (function.code_dir / "lib").mkdir()
    shutil.copy(library(), function.code_dir / "lib" / LIBRARY)
    assert text(await world.invoke(function)) == 30
