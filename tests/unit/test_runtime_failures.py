"""Handlers that fail in every way that a handler can, and environments that survive it."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from localaws.lambda_.model import LoggingConfig
from localaws.lambda_.runtime import log_stream

from .runtime_world import GROUP, REQUEST_ID, World, is_running, running_world, text

OK = "def handler(event, context): return 'ok'"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path) as world:
        yield world


async def test_a_timeout(world: World) -> None:
    function = world.function(
        """
        import pathlib, tempfile, time
        counter = 0
        kept = pathlib.Path(tempfile.gettempdir(), "kept")
        print("importing")
        def handler(event, context):
            global counter
            counter += 1
            if event == "sleep":
                kept.write_text("yes")
                time.sleep(60)
            return counter, kept.read_text()
        """,
        timeout_s=1,
    )
    result = await world.invoke(function, "sleep")
    assert result.payload.decode() == (
        '{"errorType":"Sandbox.Timedout","errorMessage":'
        f'"RequestId: {REQUEST_ID} Error: Task timed out after 1.00 seconds"}}'
    )
    assert result.ended_at_s - result.started_at_s == pytest.approx(1.0)
    assert world.logs.messages[-2] == f"END RequestId: {REQUEST_ID}\n"
    assert re.search(
        r"\tDuration: 1000\.00 ms\tBilled Duration: 1\d\d\d ms\t.*"
        r"\tInit Duration: \d+\.\d\d ms\tStatus: timeout\n$",
        world.logs.messages[-1],
    )
    assert not any("Task timed out" in message for message in world.logs.messages)

    # Then the next one starts a process in the same environment, inside the invoke phase.
    world.logs.events = []
    assert text(await world.invoke(function)) == [1, "yes"]
    assert world.logs.messages[0] == "importing\n"
    assert world.logs.messages[1].startswith("START")
    assert "Init Duration" not in world.logs.messages[-1]
    # ... and is warm from then on.
    assert text(await world.invoke(function)) == [2, "yes"]
    assert len(world.logs.streams) == 1


async def test_a_timeout_in_json(world: World) -> None:
    function = world.function(
        "import time\n" + "def handler(event, context): time.sleep(event)",
        logging=LoggingConfig(GROUP, "JSON", "INFO", "DEBUG"),
        timeout_s=2,
    )
    await world.invoke(function, 0)
    await world.invoke(function, 60)
    *_, done, report = map(json.loads, world.logs.messages)
    assert done["record"]["status"] == "timeout"
    assert done["record"]["metrics"]["producedBytes"] == 0
    assert "spans" not in done["record"]
    assert report["record"]["status"] == "timeout"
    assert report["record"]["metrics"]["durationMs"] == 2000.0
    assert report["record"]["metrics"]["billedDurationMs"] == 2000
    world.logs.events = []
    await world.invoke(function, 0)
    events = [json.loads(message) for message in world.logs.messages]
    assert [event["type"].removeprefix("platform.") for event in events] == [
        "initStart",
        "initRuntimeDone",
        "initReport",
        "start",
        "runtimeDone",
        "report",
    ]
    assert {event["record"]["phase"] for event in events[:3]} == {"invoke"}
    assert "initDurationMs" not in events[-1]["record"]["metrics"]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("sys.exit(0)", "Runtime exited without providing a reason"),
        ("exit()", "Runtime exited without providing a reason"),
        ("sys.exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(127)", "Runtime exited with error: exit status 127"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("os.abort()", "Runtime exited with error: signal: aborted"),
    ],
)
async def test_a_handler_that_ends_its_process(world: World, statement: str, reason: str) -> None:
    function = world.function(
        f"""
        import os, sys
        def handler(event, context):
            print("last words", end="")
            {statement}
        """
    )
    result = await world.invoke(function)
    assert json.loads(result.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {REQUEST_ID} Error: {reason}",
    }
    assert "last words" in world.logs.messages
    assert world.logs.messages[-1].endswith("\tStatus: error\tError Type: Runtime.ExitError\n")


async def test_a_segmentation_fault_goes_unnoticed_until_the_timeout(world: World) -> None:
    function = world.function(
        """
        import os, signal
        def handler(event, context):
            os.kill(os.getpid(), signal.SIGSEGV)
        """,
        timeout_s=30,
    )
    assert text(await world.invoke(function))["errorType"] == "Sandbox.Timedout"
    assert "\tDuration: 30000.00 ms\t" in world.logs.messages[-1]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (
            "import requests_of_nobody",
            {
                "errorType": "Runtime.ImportModuleError",
                "errorMessage": "Unable to import module 'handler': "
                "No module named 'requests_of_nobody'",
                "stackTrace": [],
            },
        ),
        (
            "def other(event, context): pass",
            {
                "errorType": "Runtime.HandlerNotFound",
                "errorMessage": "Handler 'handler' missing on module 'handler'",
                "stackTrace": [],
            },
        ),
        (
            "def handler(event, context):\n    return (\n",
            {
                "errorType": "Runtime.UserCodeSyntaxError",
                "errorMessage": "Syntax error in module 'handler': "
                "'(' was never closed (handler.py, line 2)",
                "stackTrace": ['  File "/var/task/handler.py" Line 2\n        return (\n'],
            },
        ),
    ],
)
async def test_a_module_that_cannot_be_loaded(
    world: World, source: str, error: dict[str, object]
) -> None:
    function = world.function(source)
    result = await world.invoke(function)
    assert json.loads(result.payload) == {**error, "requestId": ""}
    shapes = [re.sub(r"[\d.]+ ms", "N ms", message) for message in world.logs.messages]
    ending = f"Status: error\tError Type: {error['errorType']}\n"
    assert shapes[0].startswith("INIT_START")
    assert shapes[1].startswith("[WARNING]\t")
    assert shapes[2].startswith(f"[ERROR] {error['errorType']}: ")
    assert shapes[3] == f"INIT_REPORT Init Duration: N ms\tPhase: init\t{ending}"
    assert shapes[4:6] == [shapes[1], shapes[2]] or shapes[5] == shapes[2]
    assert shapes[6] == f"INIT_REPORT Init Duration: N ms\tPhase: invoke\t{ending}"
    assert shapes[7].startswith("START")
    assert shapes[8].startswith("END")
    assert shapes[9].endswith(ending)
    assert "Init Duration" not in shapes[9]
    # Then the next invocation repeats the init in the invoke phase only.
    world.logs.events = []
    await world.invoke(function)
    assert sum(message.startswith("INIT_REPORT") for message in world.logs.messages) == 1
    assert not any(message.startswith("INIT_START") for message in world.logs.messages)
    assert len(world.logs.streams) == 1


async def test_an_exception_at_import(world: World) -> None:
    function = world.function("table = {}['orders']\n" + OK)
    error = text(await world.invoke(function))
    assert (error["errorType"], error["errorMessage"]) == ("KeyError", "'orders'")
    assert error["requestId"] == ""
    assert error["stackTrace"][0].startswith(
        '  File "/var/lang/lib/python3.13/importlib/__init__.py", line '
    )
    assert error["stackTrace"][-1].startswith('  File "/var/task/handler.py", line 1, in <module>')
    assert world.logs.messages[-1].endswith("\tStatus: error\tError Type: Runtime.Unknown\n")


async def test_an_exit_at_import(world: World) -> None:
    function = world.function("import sys\nsys.exit(0)")
    error = text(await world.invoke(function))
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Runtime exited without providing a reason")


async def test_an_init_of_more_than_ten_seconds_is_repeated_in_the_invoke_phase(
    world: World,
) -> None:
    function = world.function("import time\ntime.sleep(12)\n" + OK, timeout_s=30)
    result = await world.invoke(function)
    assert text(result) == "ok"
    report = next(m for m in world.logs.messages if m.startswith("INIT_REPORT"))
    assert re.fullmatch(
        r"INIT_REPORT Init Duration: 100\d\d\.\d\d ms\tPhase: init\tStatus: timeout\n", report
    )
    assert 12 < result.ended_at_s - result.started_at_s < 13


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
    world: World, tmp_path: Path
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    function = world.function(
        f"""
        import os, signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        def handler(event, context):
            held = open({str(fifo)!r}, "w")
            program = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
            subprocess.Popen(program, pass_fds=[held.fileno()])
            if os.fork() == 0:
                while True:
                    signal.pause()
            time.sleep(600)
        """,
        timeout_s=1,
    )
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
    function = world.function("import shutil, os\nshutil.rmtree(os.getcwd())\nos._exit(1)")
    for _ in range(2):
        assert text(await world.invoke(function))["errorType"] == "Runtime.ExitError"
    assert any("could not be started" in message for message in world.logs.messages)


async def test_a_process_that_ends_between_invocations(world: World) -> None:
    function = world.function(
        """
        import os, threading
        gate = threading.Event()
        def leave():
            gate.wait()
            os._exit(1)
        threading.Thread(target=leave).start()
        def handler(event, context):
            if event == "leave":
                threading.Timer(0.001, gate.set).start()
            return os.getpid()
        """
    )
    pid = text(await world.invoke(function, "leave"))
    while is_running(pid):
        await asyncio.sleep(0)
    result = await world.invoke(function)
    assert result.function_error is None
    assert text(result) != pid


async def test_a_child_does_not_outlive_a_killed_endpoint(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    script = f"""
import asyncio, os, signal, sys
from pathlib import Path
from tests.unit.runtime_world import running_world

async def main():
    async with running_world(Path({str(tmp_path)!r})) as world:
        await world.invoke(world.function('''
held = open({str(fifo)!r}, "w")
def handler(event, context): pass
'''))
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""
    endpoint = subprocess.Popen(
        [sys.executable, "-c", script], cwd=Path(__file__).parent.parent.parent
    )
    with fifo.open("rb") as held:
        assert endpoint.wait() == -9
        assert held.read() == b""  # the child, its only writer, has ended
