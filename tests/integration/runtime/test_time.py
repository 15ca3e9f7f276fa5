"""A handler's clock is the virtual clock, and its sleep costs no real time."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from localaws.lambda_.runtime.charges import INIT_S, INVOKE_S
from localaws.lambda_.runtime.child_process import ChildProcess
from localaws.lambda_.runtime.waits import VirtualWaits
from localaws.time.activity import Activity
from localaws.time.time import Time
from tests.integration.runtime.world import START_S, World, running_world, text


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path) as world:
        yield world


async def test_a_sleep_is_charged_to_the_virtual_clock(world: World) -> None:
    function = world.function(
        """
        import time
        def handler(event, context):
            print("before")
            time.sleep(600)
            print("after")
            return context.get_remaining_time_in_millis()
        """,
        timeout_s=900,
    )
    result = await world.invoke(function)
    assert world.clock.skipped_s > 500
    # Not a millisecond of the machine's is in it, however busy it is.
    assert result.ended_at_s - result.started_at_s == pytest.approx(600 + INVOKE_S, abs=1e-4)
    written = dict(zip(world.logs.messages, world.logs.times_s, strict=True))
    assert written["after\n"] - written["before\n"] == pytest.approx(600, abs=1e-4)
    assert text(result) == pytest.approx(300_000, abs=5000)


async def test_clocks_of_the_handler_are_virtual(world: World) -> None:
    function = world.function(
        """
        import datetime, time
        imported = time.time()
        def handler(event, context):
            monotonic = time.monotonic()
            begin = time.time()
            time.sleep(100)
            return {
                "imported": imported,
                "time": time.time(),
                "datetime": datetime.datetime.now(datetime.UTC).timestamp(),
                "slept": time.time() - begin,
                "monotonic": time.monotonic() - monotonic,
            }
        """,
        timeout_s=600,
    )
    before_s = world.clock.now_s()
    seen = text(await world.invoke(function))
    assert before_s <= seen["imported"] <= seen["time"] <= seen["datetime"] < before_s + 120
    assert 100 <= seen["slept"] < 120
    assert seen["monotonic"] < 20

    # Given time that was skipped while the environment was idle, it follows.
    world.clock.skip_to(world.clock.now_s() + 3600)
    before_s = world.clock.now_s()
    seen = text(await world.invoke(function))
    assert before_s + 100 <= seen["time"] < before_s + 120


async def test_a_slow_machine_is_not_seen(world: World) -> None:
    # Given a handler that takes its real time, in importing and in working
    function = world.function(
        """
        import time
        def work():
            end = time.monotonic() + 0.3
            while time.monotonic() < end:
                pass
        work()
        def handler(event, context):
            print("working")
            work()
            print("done")
        """
    )
    began_s = world.clock.now_s()
    # When it is invoked cold, and warm
    cold, warm = await world.invoke(function), await world.invoke(function)
    # Then each takes what it is charged, and so do its log lines
    assert cold.started_at_s - began_s == pytest.approx(INIT_S, abs=1e-6)
    assert cold.ended_at_s - cold.started_at_s == pytest.approx(INVOKE_S, abs=1e-6)
    assert warm.started_at_s == cold.ended_at_s
    written = world.logs.times_s
    assert {round(START_S + at_s - began_s, 3) for at_s in written} == {0, 0.12, 0.123, 0.126}
    reports = [line for line in world.logs.messages if line.startswith("REPORT")]
    assert [report.split("\t")[1] for report in reports] == ["Duration: 3.00 ms"] * 2


async def test_a_handler_that_computes_for_ever_meets_its_timeout(world: World) -> None:
    function = world.function(
        """
        def handler(event, context):
            while True:
                pass
        """,
        timeout_s=1,
    )
    result = await world.invoke(function)
    assert b"Task timed out after 1.00 seconds" in result.payload
    assert result.ended_at_s - result.started_at_s == pytest.approx(1, abs=1e-6)


async def test_sleeping_while_importing_costs_no_real_time(world: World) -> None:
    function = world.function(
        "import time\n" + "time.sleep(6)\n" + "def handler(event, context): return 1"
    )
    result = await world.invoke(function)
    assert world.clock.skipped_s > 3
    assert text(result) == 1
    assert result.started_at_s - START_S > 6


async def test_events_of_others_happen_while_a_handler_sleeps(world: World) -> None:
    function = world.function(
        """
        import time
        def handler(event, context):
            time.sleep(event)
            return time.time()
        """,
        timeout_s=60,
    )
    moments: list[float] = []
    for after_s in (10, 20, 40):
        at_s = world.clock.now_s() + after_s
        world.scheduler.call_at(at_s, lambda: moments.append(world.clock.now_s()))
    short, long = await asyncio.gather(world.invoke(function, 15), world.invoke(function, 30))
    assert text(short) < text(long)
    assert len(moments) == 2


async def test_threads_sleep_in_virtual_time_too(world: World) -> None:
    function = world.function(
        """
        import threading, time
        def handler(event, context):
            begin = time.time()
            thread = threading.Thread(target=time.sleep, args=(600,))
            thread.start()
            time.sleep(600.1)
            thread.join()
            return time.time() - begin
        """,
        timeout_s=900,
    )
    assert 600.1 <= text(await world.invoke(function)) < 660


async def test_impossible_sleeps_raise_what_python_raises(world: World) -> None:
    function = world.function(
        """
        import time
        def handler(event, context):
            time.sleep(0)
            time.sleep(-1)
        """
    )
    error = text(await world.invoke(function))
    assert error["errorType"] == "ValueError"
    assert error["errorMessage"] == "sleep length must be non-negative"


async def test_log_times_never_run_backwards(world: World) -> None:
    function = world.function(
        """
        import logging, os, time
        def handler(event, context):
            for number in range(20):
                print("print", number)
                logging.warning("logging")
                os.write(1, b"raw\\n")
                time.sleep(0.01)
        """
    )
    await world.invoke(function)
    await world.invoke(function)
    times = world.logs.times_s
    assert times == sorted(times)
    assert sum(message.startswith("print") for message in world.logs.messages) == 40


async def test_nothing_is_skipped_while_a_handler_works(world: World) -> None:
    function = world.function(
        """
        import time
        def handler(event, context):
            end = time.monotonic() + 0.2
            while time.monotonic() < end:
                pass
        """
    )
    fired: list[float] = []
    world.scheduler.call_at(world.clock.now_s() + 100, lambda: fired.append(1))
    await world.invoke(function)
    assert not fired
    assert world.clock.skipped_s < 1


async def test_time_is_skipped_only_when_all_threads_wait(world: World) -> None:
    waits = VirtualWaits(world.time)
    later_s = world.clock.now_s() + 5
    with world.activity.running():
        waits.work()
        first = asyncio.create_task(waits.wait(later_s, threads=2))
        await asyncio.sleep(0)
        assert not world.activity.idle
        second = asyncio.create_task(waits.wait(later_s, threads=2))
        await asyncio.sleep(0)
        assert world.activity.idle
        waits.resume()
        assert not world.activity.idle
        waits.end()
        await asyncio.gather(first, second)
    assert world.activity.idle


async def test_a_wait_counts_as_running_again_at_the_moment_it_ends(world: World) -> None:
    waits = VirtualWaits(world.time)
    idle: list[bool] = []
    with world.activity.running():
        waits.work()
        waiting = asyncio.create_task(waits.wait(world.clock.now_s() + 5))
        await asyncio.sleep(0)
        assert world.activity.idle
        world.scheduler.call_at(world.clock.now_s() + 5, lambda: idle.append(world.activity.idle))
        world.clock.skip_to(world.clock.now_s() + 6)
        world.scheduler.run_due(world.clock.now_s())
        assert idle == [False]
        await waiting
    assert world.activity.idle


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted on Linux only")
async def test_a_handler_that_waits_for_an_answer_of_lambda_does_not_work(
    world: World, tmp_path: Path
) -> None:
    function = world.function(
        """
        import os, tempfile, threading, time
        def handler(event, context):
            open(tempfile.gettempdir() + "/started", "w").close()
            while not os.path.exists("stop"):
                time.sleep(0.0005)  # too short to be virtual
        """
    )
    running = asyncio.create_task(world.invoke(function))
    while not list(tmp_path.glob("environments/*/tmp/started")):
        await asyncio.sleep(0)

    with world.environments.awaiting("ASIA-somebody-else"):
        assert not world.activity.idle
    with world.environments.awaiting("ASIA-orders"):
        assert world.activity.idle
    assert not world.activity.idle

    (function.code_dir / "stop").touch()
    assert (await running).function_error is None


def test_another_thread_may_work_while_one_waits_for_an_answer() -> None:
    activity = Activity()
    waits = VirtualWaits(Time(activity=activity))

    async def check() -> None:
        with activity.running():
            waits.work()
            with waits.answer(threads=2):
                assert not activity.idle
                with waits.answer(threads=2):
                    assert activity.idle
            assert not activity.idle

    asyncio.run(check())


async def test_how_long_a_process_takes_to_end_is_in_no_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a machine that is slow to end processes, and others that are charged meanwhile
    end, is_ending = ChildProcess.end, asyncio.Event()

    async def late(child: ChildProcess) -> None:
        is_ending.set()
        await asyncio.sleep(0.3)
        await end(child)

    crash = world.function("import os\ndef handler(event, context):\n    os._exit(3)")
    good = world.function("def handler(event, context):\n    pass")
    await world.invoke(good)
    monkeypatch.setattr(ChildProcess, "end", late)

    async def meanwhile() -> None:
        await is_ending.wait()
        await world.invoke(good)

    crashed, _ = await asyncio.gather(world.invoke(crash), meanwhile())
    # Then the crash is over when its charge is, for the caller and for the log
    assert crashed.ended_at_s - crashed.started_at_s == pytest.approx(INVOKE_S, abs=1e-4)
    [reported_s] = [
        at_s
        for message, at_s in zip(world.logs.messages, world.logs.times_s, strict=True)
        if message.startswith("REPORT") and "Status: error" in message
    ]
    assert reported_s == pytest.approx(crashed.ended_at_s - START_S, abs=1.5e-3)
