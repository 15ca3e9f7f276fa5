"""Handlers that misuse their process, and environments that survive it."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from localaws.lambda_.runtime import log_stream
from tests.integration.runtime.world import World, is_running, running_world, text

OK = "def handler(event, context): return 'ok'"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path) as world:
        yield world


@pytest.mark.parametrize(
    ("expression", "error_type", "message"),
    [
        (
            "{1, 2}",
            "Runtime.MarshalError",
            "Unable to marshal response: Object of type set is not JSON serializable",
        ),
        (
            "'x' * 7_000_000",
            "Function.ResponseSizeTooLarge",
            "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        ),
    ],
)
async def test_results_that_cannot_be_delivered(
    world: World, expression: str, error_type: str, message: str
) -> None:
    function = world.function(f"def handler(event, context): return event or {expression}")
    result = await world.invoke(function)
    assert (text(result)["errorType"], text(result)["errorMessage"]) == (error_type, message)
    assert result.function_error == "Unhandled"
    assert text(await world.invoke(function, "next")) == "next"


async def test_a_response_of_five_megabytes(world: World) -> None:
    function = world.function("def handler(event, context): return event * 5_000_000")
    assert len(text(await world.invoke(function, "x"))) == 5_000_000


async def test_out_of_memory(world: World) -> None:
    function = world.function(
        """
        def handler(event, context):
            kept = [b"x" * 10_000_000]
            while True:
                kept.append(b"x" * len(kept[0]))
        """
    )
    error = text(await world.invoke(function))
    assert error["errorType"] == "Runtime.OutOfMemory"
    assert "\tMemory Size: 128 MB\tMax Memory Used: 128 MB\t" in world.logs.messages[-1]
    assert world.logs.messages[-1].endswith("\tStatus: error\tError Type: Runtime.OutOfMemory\n")


async def test_endless_printing_is_bounded_and_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_stream, "MAX_EVENTS", 100)
    function = world.function(
        """
        def handler(event, context):
            while True:
                print("y")
        """,
        timeout_s=1,
    )
    assert text(await world.invoke(function))["errorType"] == "Sandbox.Timedout"
    assert world.logs.messages.count("y\n") == 100
    assert re.fullmatch(
        r"\[WARNING\] The embedded AWS dropped \d{3,} log events \(\d+ bytes\) of this "
        r"invocation: it wrote more than is kept\.\n",
        world.logs.messages[-3],
    )


async def test_a_timeout_ends_what_the_handler_started_and_what_ignores_signals(
    world: World,
) -> None:
    function = world.function(
        """
        import os, signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        def handler(event, context):
            held = open("fifo", "w")
            program = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
            subprocess.Popen(program, pass_fds=[held.fileno()])
            if os.fork() == 0:
                while True:
                    signal.pause()
            time.sleep(600)
        """,
        timeout_s=1,
    )
    fifo = function.code_dir / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    assert text(await world.invoke(function))["errorType"] == "Sandbox.Timedout"
    os.set_blocking(reading, True)
    assert os.read(reading, 1) == b""  # every writer has ended
    os.close(reading)


async def test_what_forks_and_file_descriptors_write_is_logged(world: World) -> None:
    function = world.function(
        """
        import os, subprocess, sys
        def handler(event, context):
            print("before")
            os.write(1, b"raw\\n")
            subprocess.run([sys.executable, "-S", "-c", "print('from a program')"])
            print("to stderr", file=sys.stderr)
            pid = os.fork()
            if pid == 0:
                print("from a fork", flush=True)
                os._exit(0)
            os.waitpid(pid, 0)
            sys.stdout.buffer.write(b"bytes\\n")
            print("after\\nall")
        """
    )
    assert text(await world.invoke(function)) is None
    assert world.logs.messages[2:-2] == [
        "before\n",
        "raw\n",
        "from a program\n",
        "to stderr\n",
        "from a fork\n",
        "bytes\n",
        "after\n",
        "all\n",
    ]


async def test_a_long_log_record_is_one_event(world: World) -> None:
    function = world.function(
        """
        import logging
        def handler(event, context):
            logging.error("x" * 100_000)
        """
    )
    await world.invoke(function)
    assert len(world.logs.messages[2]) > 100_000


async def test_a_handler_without_a_working_directory(world: World) -> None:
    function = world.function(
        """
        import os, tempfile
        def handler(event, context):
            if event == "leave":
                os.chdir(tempfile.mkdtemp())
                os.rmdir(os.getcwd())
            raise ValueError("nowhere")
        """
    )
    # The runtime client itself cannot bear that, there as here.
    assert text(await world.invoke(function, "leave"))["errorType"] == "Runtime.ExitError"
    assert text(await world.invoke(function))["errorType"] == "ValueError"


async def test_code_that_is_gone(world: World) -> None:
    function = world.function("import os\nos._exit(1)")
    for _ in range(2):
        assert text(await world.invoke(function))["errorType"] == "Runtime.ExitError"
        shutil.rmtree(function.code_dir, ignore_errors=True)
    assert any("could not be started" in message for message in world.logs.messages)


async def test_variables_that_no_process_can_be_given(world: World) -> None:
    open_files = len(list(Path("/dev/fd").iterdir()))
    function = world.function(OK, environment={"STAGE": "\0"})
    for _ in range(2):
        assert text(await world.invoke(function))["errorType"] == "Runtime.ExitError"
    assert any("could not be started: embedded null" in line for line in world.logs.messages)
    assert len(list(Path("/dev/fd").iterdir())) == open_files


async def test_a_process_that_ends_between_invocations(world: World) -> None:
    function = world.function(
        """
        import os, threading
        def leave():
            open("gate").close()
            os._exit(1)
        def handler(event, context):
            if event == "leave":
                threading.Thread(target=leave).start()
            return os.getpid()
        """
    )
    gate = function.code_dir / "gate"
    os.mkfifo(gate)
    pid = text(await world.invoke(function, "leave"))
    await asyncio.to_thread(gate.write_bytes, b"")  # once it has answered, and not before
    while is_running(pid):
        await asyncio.sleep(0)
    result = await world.invoke(function)
    assert result.function_error is None
    assert text(result) != pid


async def test_a_process_that_has_exited_is_not_killed_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[int] = []
    killpg = os.killpg

    def kill(pgid: int, number: int) -> None:
        killed.append(pgid)
        killpg(pgid, number)

    monkeypatch.setattr(os, "killpg", kill)
    function = world.function("import os\nos._exit(1)")
    assert text(await world.invoke(function))["errorType"] == "Runtime.ExitError"
    await world.environments.close()
    # What it may have started is ended as it exits; afterwards its number may be anybody's.
    assert killed
    assert len(killed) == len(set(killed))


@pytest.mark.parametrize("starts", [1, 2])
async def test_a_child_does_not_outlive_a_killed_endpoint(tmp_path: Path, starts: int) -> None:
    """Also when it started again, for the shared libraries of its function."""
    fifo = tmp_path / "code-1" / "fifo"
    script = f"""
import asyncio, os, signal, sys
from pathlib import Path
from tests.integration.runtime.world import running_world

async def main():
    async with running_world(Path({str(tmp_path)!r})) as world:
        function = world.function('''
held = open("fifo", "w")
def handler(event, context): pass
''')
        os.mkfifo(function.code_dir / "fifo")
        if {starts} == 2:
            (function.code_dir / "libmine.so").touch()
        print("made", flush=True)
        await world.invoke(function)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""
    command = [sys.executable, "-c", script]
    endpoint = subprocess.Popen(
        command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True
    )
    assert endpoint.stdout is not None
    with endpoint.stdout as told:
        assert told.readline() == "made\n"
    with fifo.open("rb") as held:
        assert endpoint.wait() == -9
        assert held.read() == b""  # the child, its only writer, has ended
