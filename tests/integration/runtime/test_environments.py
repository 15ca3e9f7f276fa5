"""Handlers run in child processes, and look from outside as they do on AWS."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from localaws.lambda_.model import FunctionVersion
from localaws.lambda_.runtime.child_process import ChildProcess
from localaws.lambda_.runtime.environments import EnvironmentsClosed
from localaws.words.http import HttpRequest
from tests.integration.runtime.world import (
    GROUP,
    REQUEST_ID,
    World,
    is_running,
    running_world,
    text,
)

# What ends, ends long before; a busy machine is given its time.
LIMIT_S = 120

COUNTER = """
    counter = 0
    def handler(event, context):
        global counter
        counter += 1
        if event == "raise":
            raise ValueError("no")
        return counter
    """


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path) as world:
        yield world


async def test_the_handler_gets_event_and_context(world: World) -> None:
    function = world.function(
        """
        def handler(event, context):
            return {
                "event": event,
                "request_id": context.aws_request_id,
                "arn": context.invoked_function_arn,
                "name": context.function_name,
                "version": context.function_version,
                "memory": context.memory_limit_in_mb,
                "group": context.log_group_name,
                "stream": context.log_stream_name,
                "client": context.client_context.custom["who"],
                "left_ms": context.get_remaining_time_in_millis(),
            }
        """
    )
    result = await world.invoke(function, {"order": "ü"}, client_context='{"custom":{"who":"ä"}}')
    seen = text(result)
    (stream,) = world.logs.streams
    assert 2900 < seen.pop("left_ms") <= 3000
    assert seen == {
        "event": {"order": "ü"},
        "request_id": REQUEST_ID,
        "arn": function.arn,
        "name": "orders",
        "version": "$LATEST",
        "memory": "128",
        "group": GROUP,
        "stream": stream,
        "client": "ä",
    }
    assert result.function_error is None
    assert result.executed_version == "$LATEST"


async def test_globals_survive_between_invocations_and_exceptions(world: World) -> None:
    function = world.function(COUNTER)
    assert text(await world.invoke(function)) == 1
    assert (await world.invoke(function, "raise")).function_error == "Unhandled"
    assert text(await world.invoke(function)) == 3
    assert len(world.logs.streams) == 1


async def test_invocations_at_the_same_time_have_environments_of_their_own(world: World) -> None:
    function = world.function("import time\n" + "def handler(event, context): time.sleep(1)")
    await asyncio.gather(*(world.invoke(function) for _ in range(3)))
    assert len(world.logs.streams) == 3
    await world.invoke(function)
    assert len(world.logs.streams) == 3


async def test_of_the_idle_environments_the_first_made_is_taken(world: World) -> None:
    """However fast each was: so a notebook shows the same log streams on every machine."""
    source = (
        "import time\n"
        "def handler(event, context):\n"
        "    time.sleep(event)\n"
        "    return context.log_stream_name\n"
    )
    function = world.function(source)
    # Given two environments, of which the one that was made first is given back first
    first, second = await asyncio.gather(world.invoke(function, 1), world.invoke(function, 2))
    assert text(first) != text(second)
    # Then it is taken next, and the other one only beside it
    assert text(await world.invoke(function, 0)) == text(first)
    both = await asyncio.gather(world.invoke(function, 1), world.invoke(function, 1))
    assert [text(one) for one in both] == [text(first), text(second)]


async def test_new_code_runs_in_new_environments(world: World) -> None:
    function = world.function(COUNTER)
    await world.invoke(function)
    changed = replace(function, revision_id="another")
    assert text(await world.invoke(changed)) == 1
    assert len(world.logs.streams) == 2


async def test_a_retired_environment_ends_after_its_invocation(world: World) -> None:
    function = world.function(COUNTER)
    running = asyncio.create_task(world.invoke(function))
    await asyncio.sleep(0)
    world.environments.retire("orders", "updated")
    assert text(await running) == 1
    assert text(await world.invoke(function)) == 1
    world.environments.retire("orders", "updated")
    assert text(await world.invoke(function)) == 1


async def test_the_environment_variables_are_awss_and_the_functions(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    function = world.function(
        "import os\n" + "def handler(event, context): return dict(os.environ)",
        environment={"TABLE": "orders", "AWS_REGION": "mars-1"},
    )
    seen = text(await world.invoke(function))
    (stream,) = world.logs.streams
    expected = {
        "_HANDLER": "handler.handler",
        "AWS_ACCESS_KEY_ID": "ASIA-orders",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_NAME": "orders",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": GROUP,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "AWS_REGION": "us-east-1",
        "AWS_SESSION_TOKEN": "token-of-arn:aws:iam::123456789012:role/orders",
        "LAMBDA_TASK_ROOT": "/var/task",
        "TABLE": "orders",
        "HOME": "/tmp",
        "LD_LIBRARY_PATH": (
            "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib"
            ":/opt/lib"
        ),
        "TZ": ":UTC",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "_AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1",
        "_AWS_XRAY_DAEMON_PORT": "2000",
    }
    assert {name: seen.get(name) for name in expected} == expected
    assert seen["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert "AWS_PROFILE" not in seen
    # What AWS has not is there for a fence only: docs/not-imitated.md
    assert not {"_LOCALAWS_CHILD", "TMPDIR", "TEMP", "TMP", "USERPROFILE"} & set(seen)


async def test_layers_come_after_the_code_and_before_the_library(
    world: World, tmp_path: Path
) -> None:
    for name, value in [("one", 1), ("two", 2)]:
        module = tmp_path / name / "python" / "shared.py"
        module.parent.mkdir(parents=True)
        module.write_text(f"value = {value}\nfile = __file__\n")
    function = world.function(
        "import shared, sys\n"
        "def handler(event, context): return shared.value, shared.file, sys.path[0]",
        layer_dirs=(tmp_path / "one", tmp_path / "two"),
    )
    assert text(await world.invoke(function)) == [2, "/opt/python/shared.py", "/var/task"]


async def test_a_wrapper_from_a_layer_starts_the_runtime(world: World, tmp_path: Path) -> None:
    wrapper = tmp_path / "layer" / "wrap"
    wrapper.parent.mkdir()
    wrapper.write_text('#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n')
    wrapper.chmod(0o755)
    function = world.function(
        "import os\n" + "def handler(event, context): return os.environ['WRAPPED']",
        layer_dirs=(tmp_path / "layer",),
        environment={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrap"},
    )
    assert text(await world.invoke(function)) == "yes"


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("export LD_LIBRARY_PATH=/opt/mine", "/opt/mine"),
        ("unset LD_LIBRARY_PATH", "/var/lang/lib:"),
    ],
)
async def test_a_wrapper_may_choose_where_libraries_are(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, seen: str
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    wrapper = tmp_path / "layer" / "wrap"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\n{line}\nexec "$@"\n')
    wrapper.chmod(0o755)
    function = world.function(
        "import os\n" + "def handler(event, context): return os.environ['LD_LIBRARY_PATH']",
        layer_dirs=(tmp_path / "layer",),
        environment={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrap"},
    )
    assert text(await world.invoke(function)).startswith(seen)


async def test_an_abandoned_invocation_leaves_no_half_used_process(world: World) -> None:
    function = world.function(
        """
        import time
        counter = 0
        def handler(event, context):
            global counter
            counter += 1
            time.sleep(event)
            return counter
        """,
        timeout_s=900,
    )
    assert text(await world.invoke(function, 0)) == 1
    world.timekeeper.set_mode("real")
    abandoned = asyncio.create_task(world.invoke(function, 600))
    while world.activity.idle or world.scheduler.next_at_s() is None:
        await asyncio.sleep(0)
    abandoned.cancel()
    await asyncio.wait([abandoned])
    assert abandoned.cancelled()
    assert world.activity.idle
    assert text(await world.invoke(function, 0)) == 1


async def test_a_process_that_ends_before_it_is_given_its_invocation_fails_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given processes that are killed once they are ready: the one of the init phase, and the one
    # that is started in its place
    killed: set[ChildProcess] = set()
    settle = ChildProcess.settle

    async def kill(child: ChildProcess) -> None:
        if child not in killed:
            killed.add(child)
            await child.end()
        await settle(child)

    monkeypatch.setattr(ChildProcess, "settle", kill)
    # When the function is invoked
    result = await world.invoke(world.function("def handler(event, context): return 'ok'"))
    # Then that is a failure of the function, and the next invocation has a process of its own
    assert len(killed) == 2
    assert result.function_error == "Unhandled"
    assert json.loads(result.payload)["errorType"] == "Runtime.ExitError"
    monkeypatch.undo()
    assert text(await world.invoke(world.function("def handler(event, context): return 2"))) == 2
    assert world.activity.idle


async def test_a_process_that_is_being_killed_is_given_no_invocation(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a process that waits for its invocation when that breaks off, and a machine that is slow
    # to kill it: by the time that somebody waits for its end
    killed: list[int] = []
    killpg = os.killpg

    def late(pgid: int, number: int) -> None:
        if pgid in killed:
            killpg(pgid, number)
        killed.append(pgid)

    async def break_off(_: ChildProcess) -> None:
        monkeypatch.setattr(ChildProcess, "settle", settle)
        raise RuntimeError

    settle = ChildProcess.settle
    monkeypatch.setattr(ChildProcess, "settle", break_off)
    monkeypatch.setattr(os, "killpg", late)
    function = world.function("import os\n" + "def handler(event, context): return os.getpid()")
    with pytest.raises(RuntimeError):
        await world.invoke(function)
    # Then the next invocation has a process of its own
    first = killed[0]
    assert text(await world.invoke(function)) != first
    monkeypatch.undo()


async def test_what_waits_for_its_code_starts_nothing_after_the_close(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an invocation and an environment that wait for code to be unpacked
    is_waiting, unpacked = asyncio.Event(), asyncio.Event()

    async def unpack(_: FunctionVersion) -> None:
        is_waiting.set()
        await unpacked.wait()

    monkeypatch.setattr(world.environments, "_restore", unpack)
    function = world.function("def handler(event, context): return 'ok'")
    provisioned: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    world.environments.provision(function, 1, provisioned.set_result)
    await is_waiting.wait()
    is_waiting.clear()
    invoked = asyncio.create_task(world.invoke(function))
    await is_waiting.wait()
    # When the endpoint closes before it is
    await world.environments.close()
    unpacked.set()
    # Then neither of them starts a process
    with pytest.raises(EnvironmentsClosed):
        await invoked
    assert not await provisioned
    assert world.logs.messages == []


async def test_a_backlog_does_not_outlast_the_close(world: World) -> None:
    function = world.function("def handler(event, context): return 'ok'")
    await world.invoke(function)

    async def poll() -> None:
        with contextlib.suppress(EnvironmentsClosed):
            while True:
                await world.invoke(function)

    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as pollers:
        for _ in range(3):
            pollers.create_task(poll())
        await asyncio.sleep(0)
        await world.environments.close()
        logged = len(world.logs.messages)
        await poll()
    assert len(world.logs.messages) == logged


async def test_only_children_reach_the_runtime_api(world: World) -> None:
    path = "/2018-06-01/runtime/invocation/next"
    request = HttpRequest("GET", f"/_runtime/guessed{path}", "", {}, b"")
    assert (await world.environments.runtime_api.handle(request)).status == 403


async def test_the_runtime_api_refuses_what_it_does_not_know(world: World) -> None:
    function = world.function(
        """
        import os, urllib.request, urllib.error
        def ask(path, data=None):
            try:
                api = os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime"
                return urllib.request.urlopen(f"http://{api}{path}", data).status
            except urllib.error.HTTPError as error:
                return error.code
        def handler(event, context):
            other = "/invocation/11111111-2222-3333-4444-666666666666"
            return [ask("/nothing"), ask(other + "/response", b"1"), ask(other + "/error", b"1")]
        """
    )
    assert text(await world.invoke(function)) == [404, 400, 400]


async def test_asking_for_the_next_invocation_gives_up_the_current_one(world: World) -> None:
    function = world.function(
        """
        import os, urllib.request
        def handler(event, context):
            api = os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime"
            if event == "next":
                urllib.request.urlopen(f"http://{api}/invocation/next")
            return "ok"
        """
    )
    assert text(await world.invoke(function, "next"))["errorType"] == "Runtime.ExitError"
    assert text(await world.invoke(function)) == "ok"


async def test_other_runtimes_fail_with_an_explanation(world: World) -> None:
    function = world.function(COUNTER, runtime="nodejs22.x")
    result = await world.invoke(function)
    assert result.function_error == "Unhandled"
    assert text(result)["errorType"] == "Runtime.InvalidEntrypoint"


async def test_closing_ends_invocations_in_every_state(tmp_path: Path) -> None:
    async with running_world(tmp_path) as world:
        world.timekeeper.set_mode("real")
        functions = [
            world.function(source, timeout_s=900)
            for source in (
                "import time\n" + "def handler(event, context): time.sleep(600)",
                "import time\n" + "time.sleep(600)",
                "def handler(event, context):\n" + "    while True: pass",
                "import os\n" + "def handler(event, context): os.kill(os.getpid(), 11)",
            )
        ]
        invocations = [asyncio.create_task(world.invoke(function)) for function in functions]
        while sum(message.startswith("START") for message in world.logs.messages) < 3:
            await asyncio.sleep(0.001)
        await world.environments.close()
        results = await asyncio.gather(*invocations)
        assert all(result.function_error for result in results)
        assert world.activity.idle


async def test_nothing_is_left_after_close(tmp_path: Path) -> None:
    async with running_world(tmp_path) as world:
        function = world.function("import os\n" + "def handler(event, context): return os.getpid()")
        pids = [text(await world.invoke(function))]
        pids.append(text(await world.invoke(replace(function, revision_id="2"))))
        await world.environments.close()
        assert not [pid for pid in pids if is_running(pid)]
        assert not list((tmp_path / "environments").iterdir())


async def test_a_handler_may_open_as_many_files_as_on_aws(world: World) -> None:
    function = world.function(
        """
        import resource
        def handler(event, context):
            return resource.getrlimit(resource.RLIMIT_NOFILE)
        """
    )
    assert text(await world.invoke(function)) == [1024, 1024]


async def test_code_that_was_deleted_is_brought_back_before_it_runs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = world.function("def handler(event, context): return event")
    code = function.code_dir / "handler.py"
    source = code.read_text()
    code.unlink()

    async def restore(version: FunctionVersion) -> None:
        assert not world.activity.idle  # time stands meanwhile
        (version.code_dir / "handler.py").write_text(source)

    monkeypatch.setattr(world.environments, "_restore", restore)
    assert text(await world.invoke(function, "back")) == "back"
