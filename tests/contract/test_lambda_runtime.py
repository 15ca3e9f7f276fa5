"""Invocations of handlers against what AWS answered and logged."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.runtime_world import REQUEST_ID, World, running_world, text

from .recordings import Comparison, load

RECORDED = load("lambda")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path) as world:
        yield world


async def answer(world: World, source: str, event: Any = None, **changes: Any) -> dict[str, Any]:
    result = await world.invoke(world.function(source, **changes), event)
    return {
        "ExecutedVersion": result.executed_version,
        **({"FunctionError": result.function_error} if result.function_error else {}),
        "Payload": text(result),
        "StatusCode": 200,
    }


def check(test: str, step: str, answer: dict[str, Any]) -> None:
    recorded = {k: v for k, v in RECORDED[test][step].items() if k != "ResponseMetadata"}
    Comparison(**{"uuid": REQUEST_ID}).check(recorded, answer)


async def test_a_response_that_is_too_large(world: World) -> None:
    source = "def handler(event, context): return 'x' * (6 * 1024 * 1024 + 100)"
    test = "TestLambdaBaseFeatures::test_lambda_too_large_response"
    check(test, "invoke_result", await answer(world, source))


async def test_an_exit_while_importing(world: World) -> None:
    test = "TestLambdaErrors::test_lambda_runtime_exit"
    check(test, "invocation_error", await answer(world, "import sys\nsys.exit(0)"))


async def test_a_wrapper_that_does_not_exist(world: World) -> None:
    source = "def handler(event, context): pass"
    variables = {"AWS_LAMBDA_EXEC_WRAPPER": "/idontexist.sh"}
    test = "TestLambdaErrors::test_lambda_runtime_wrapper_not_found"
    check(test, "invocation_error", await answer(world, source, environment=variables))


async def test_the_log_of_an_invocation(world: World) -> None:
    await answer(
        world,
        """
        import logging
        logging.getLogger().setLevel(logging.INFO)
        def handler(event, context):
            logging.info("RequestId log message")
        """,
    )
    recorded = RECORDED["TestRequestIdHandling::test_request_id_invoke"]["log_entries"]["logs"]
    ours = [message.strip() for message in world.logs.messages[1:]]
    patterns = [line.replace("\tdate\t", "\t<date>\t") for line in recorded]
    Comparison(**{"request-id": REQUEST_ID}).check(patterns, ours)
