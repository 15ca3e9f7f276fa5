"""Handlers that fail in every way that a handler can, and environments that survive it."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from localaws.lambda_.model import LoggingConfig
from tests.integration.runtime.world import (
    GROUP,
    OTHER_PYTHON,
    REQUEST_ID,
    World,
    running_world,
    text,
)

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
        timeout_s=30,
    )
    result = await world.invoke(function, "sleep")
    assert result.payload.decode() == (
        '{"errorType":"Sandbox.Timedout","errorMessage":'
        f'"RequestId: {REQUEST_ID} Error: Task timed out after 30.00 seconds"}}'
    )
    assert result.ended_at_s - result.started_at_s == pytest.approx(30.0)
    assert world.logs.messages[-2] == f"END RequestId: {REQUEST_ID}\n"
    assert re.search(
        r"\tDuration: 30000\.00 ms\tBilled Duration: 3\d\d\d\d ms\t.*"
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
        timeout_s=30,
    )
    await world.invoke(function, 0)
    await world.invoke(function, 60)
    *_, done, report = map(json.loads, world.logs.messages)
    assert done["record"]["status"] == "timeout"
    assert done["record"]["metrics"]["producedBytes"] == 0
    assert "spans" not in done["record"]
    assert report["record"]["status"] == "timeout"
    assert report["record"]["metrics"]["durationMs"] == 30000.0
    assert report["record"]["metrics"]["billedDurationMs"] == 30000
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
                f"'(' was never closed (handler.py, line 2){OTHER_PYTHON}",
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
        r"INIT_REPORT Init Duration: 10\d\d\d\.\d\d ms\tPhase: init\tStatus: timeout\n", report
    )
    assert 12 < result.ended_at_s - result.started_at_s < 20
