"""What an invocation leaves in CloudWatch Logs."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from localaws.lambda_.model import LoggingConfig
from tests.integration.runtime.world import GROUP, REQUEST_ID, World, running_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path) as world:
        yield world


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
