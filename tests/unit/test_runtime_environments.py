"""Handlers run in child processes, and look from outside as they do on AWS."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from localaws.lambda_.model import LoggingConfig

from .runtime_world import GROUP, REQUEST_ID, World, is_running, running_world, text

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


async def test_the_log_of_a_cold_and_a_warm_start(world: World) -> None:
    function = world.function(
        """
        import logging
        logging.getLogger().setLevel("INFO")
        print("importing")
        def handler(event, context):
            print("hello from print")
            logging.info("hello from logging")
            print("and again")
        """
    )
    cold = await world.invoke(function)
    first = world.logs.messages
    world.logs.events = []
    warm = await world.invoke(function)
    second = world.logs.messages
    expected = [
        f"START RequestId: {REQUEST_ID} Version: $LATEST\n",
        "hello from print\n",
        rf"\[INFO\]\t2023-11-14T22:13:2\d\.\d\d\dZ\t{REQUEST_ID}\thello from logging\n",
        "and again\n",
        f"END RequestId: {REQUEST_ID}\n",
    ]
    assert first[0].startswith("INIT_START Runtime Version: python:3.13.")
    assert first[1] == "importing\n"
    assert_match(first[2:-1], expected)
    assert re.search(r"\tInit Duration: \d+\.\d\d ms\t\n$", first[-1])
    assert_match(second[:-1], expected)
    assert re.search(r"\tMax Memory Used: \d+ MB\t\n$", second[-1])
    assert cold.log_tail.decode() == "".join(first)
    assert warm.log_tail.decode() == "".join(second)


def assert_match(messages: list[str], patterns: list[str]) -> None:
    assert len(messages) == len(patterns)
    for message, pattern in zip(messages, patterns, strict=True):
        assert message == pattern or re.fullmatch(pattern, message), message


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
    world.environments.retire("orders")
    assert text(await running) == 1
    assert text(await world.invoke(function)) == 1
    world.environments.retire("orders")
    assert text(await world.invoke(function)) == 1


async def test_a_handlers_exception(world: World) -> None:
    function = world.function(
        """
        class OutOfStock(Exception):
            pass

        def handler(event, context):
            reserve()

        def reserve():
            raise OutOfStock("order 7")
        """
    )
    result = await world.invoke(function)
    assert json.loads(result.payload) == {
        "errorMessage": "order 7",
        "errorType": "OutOfStock",
        "requestId": REQUEST_ID,
        "stackTrace": [
            '  File "/var/task/handler.py", line 6, in handler\n    reserve()\n',
            '  File "/var/task/handler.py", line 9, in reserve\n    raise OutOfStock("order 7")\n',
        ],
    }
    assert result.function_error == "Unhandled"
    error, end, report = world.logs.messages[-3:]
    nbsp = "\u00a0"
    assert error == (
        "[ERROR] OutOfStock: order 7\nTraceback (most recent call last):\n"
        f'{nbsp}{nbsp}File "/var/task/handler.py", line 6, in handler\n'
        f"{nbsp * 4}reserve()\n"
        f'{nbsp}{nbsp}File "/var/task/handler.py", line 9, in reserve\n'
        f'{nbsp * 4}raise OutOfStock("order 7")'
    )
    assert end == f"END RequestId: {REQUEST_ID}\n"
    assert "Status" not in report


async def test_the_environment_variables_are_awss_and_the_functions(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
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
        "TMPDIR": "/tmp",
        "TZ": ":UTC",
    }
    assert {name: seen.get(name) for name in expected} == expected
    assert seen["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert "AWS_PROFILE" not in seen
    assert "_LOCALAWS_CHILD" not in seen


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


async def test_json_log_format(world: World) -> None:
    function = world.function(
        """
        import logging
        def handler(event, context):
            print("plain")
            logging.getLogger("shop").warning("low stock")
            logging.getLogger("shop").info("not shown")
            raise KeyError("sku")
        """,
        logging=LoggingConfig(GROUP, "JSON", "WARN", "INFO"),
    )
    await world.invoke(function)
    init, start, plain, warning, error, report = world.logs.messages
    assert json.loads(init)["type"] == "platform.initStart"
    assert json.loads(start)["type"] == "platform.start"
    assert plain == "plain\n"
    assert json.loads(warning)["message"] == "low stock"
    assert json.loads(warning)["logger"] == "shop"
    assert json.loads(warning)["requestId"] == REQUEST_ID
    assert json.loads(error)["errorType"] == "KeyError"
    assert '"/var/task/handler.py\\"' in error or "/var/task/handler.py" in error
    assert json.loads(report)["type"] == "platform.report"
    assert json.loads(report)["record"]["status"] == "success"


async def test_records_below_the_application_log_level_are_dropped(world: World) -> None:
    function = world.function(
        """
        import logging
        logging.getLogger().setLevel("DEBUG")
        def handler(event, context):
            logging.info("dropped by the platform")
            logging.error("kept")
        """,
        logging=LoggingConfig(GROUP, "JSON", "ERROR", "WARN"),
    )
    await world.invoke(function)
    (kept,) = world.logs.messages
    assert json.loads(kept)["message"] == "kept"


async def test_other_runtimes_fail_with_an_explanation(world: World) -> None:
    function = world.function(COUNTER, runtime="nodejs22.x")
    result = await world.invoke(function)
    assert result.function_error == "Unhandled"
    assert text(result)["errorType"] == "Runtime.InvalidEntrypoint"


async def test_nothing_is_left_after_close(tmp_path: Path) -> None:
    async with running_world(tmp_path) as world:
        function = world.function("import os\n" + "def handler(event, context): return os.getpid()")
        pids = [text(await world.invoke(function))]
        pids.append(text(await world.invoke(replace(function, revision_id="2"))))
        await world.environments.close()
        assert not [pid for pid in pids if is_running(pid)]
        assert not list((tmp_path / "environments").iterdir())
