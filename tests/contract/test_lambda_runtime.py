"""Invocations of handlers against what AWS answered and logged."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.recordings import Comparison, load
from tests.integration.runtime.world import REQUEST_ID, World, running_world, text

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


async def test_the_same_response_again(world: World) -> None:
    """The environment survives, and its next response is refused as well."""
    source = "def handler(event, context): return 'x' * (6 * 1024 * 1024 + 100)"
    function = world.function(source)
    await world.invoke(function)
    again = await world.invoke(function)
    recorded = RECORDED["TestLambdaBaseFeatures::test_lambda_too_large_response"]
    assert text(again) == recorded["invoke_result_2"]["Payload"]
    assert len(world.logs.streams) == 1


@pytest.mark.parametrize("handler", ["handler", "handler_two"])
async def test_a_handler_by_its_name(world: World, handler: str) -> None:
    source = """
        def handler(event, context): return {"handler": "handler"}
        def handler_two(event, context): return {"handler": "handler_two"}
        """
    step = "invoke_result_handler_" + ("one" if handler == "handler" else "two")
    test = "TestLambdaVersions::test_lambda_handler_update"
    check(test, step, await answer(world, source, handler=f"handler.{handler}"))


async def test_an_update_during_an_invocation(world: World) -> None:
    function = world.function(
        """
        import os, time
        def handler(event, context):
            time.sleep(1)
            return {
                "function_version": context.function_version,
                "request_id": context.aws_request_id,
                "request_prefix": event["request_prefix"],
                "function_variant": os.environ["FUNCTION_VARIANT"],
            }
        """,
        environment={"FUNCTION_VARIANT": "variant-1"},
    )
    running = asyncio.create_task(world.invoke(function, {"request_prefix": "1-sleep"}))
    await asyncio.sleep(0)

    world.environments.retire(function.function_name, "updated")
    recorded = RECORDED["TestLambdaVersions::test_function_update_during_invoke"]
    payload = recorded["invoke_response_before"]["Payload"]
    Comparison(**{"uuid:1": REQUEST_ID}).check(payload, text(await running))


async def test_an_exit_while_importing(world: World) -> None:
    test = "TestLambdaErrors::test_lambda_runtime_exit"
    check(test, "invocation_error", await answer(world, "import sys\nsys.exit(0)"))


async def test_a_wrapper_that_does_not_exist(world: World) -> None:
    source = "def handler(event, context): pass"
    variables = {"AWS_LAMBDA_EXEC_WRAPPER": "/idontexist.sh"}
    test = "TestLambdaErrors::test_lambda_runtime_wrapper_not_found"
    check(test, "invocation_error", await answer(world, source, environment=variables))


async def test_an_invocation_and_its_log(world: World) -> None:
    test = "TestRequestIdHandling::test_request_id_invoke"
    result = await answer(
        world,
        """
        import logging
        logging.getLogger().setLevel(logging.INFO)
        def handler(event, context):
            logging.info("RequestId log message")
            return context.aws_request_id
        """,
    )
    assert result.pop("Payload") == REQUEST_ID
    expected = {k: v for k, v in RECORDED[test]["invoke_result"].items() if k != "Payload"}
    Comparison().check(expected, result | {"ResponseMetadata": expected["ResponseMetadata"]})
    recorded = RECORDED[test]["log_entries"]["logs"]
    ours = [message.strip() for message in world.logs.messages[1:]]
    patterns = [line.replace("\tdate\t", "\t<date>\t") for line in recorded]
    Comparison(**{"request-id": REQUEST_ID}).check(patterns, ours)
