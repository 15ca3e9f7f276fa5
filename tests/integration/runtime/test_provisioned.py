"""Environments that are started before anybody invokes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from localaws.lambda_.model import FunctionVersion, InvocationRequest
from tests.integration.runtime.world import REQUEST_ID, World, running_world, text

TYPE = """
    import os
    def handler(event, context):
        return os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]
    """


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path) as world:
        yield world


async def provision(world: World, version: FunctionVersion, count: int = 1) -> bool:
    """When environments are provisioned; whether that succeeded."""
    settled: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    world.environments.provision(version, count, settled.set_result)
    with world.activity.waiting():
        return await settled


async def initialization_type(world: World, version: FunctionVersion, *, provisioned: bool) -> Any:
    request = InvocationRequest(REQUEST_ID, version.arn, b"{}")
    with world.activity.waiting():
        return text(await world.environments.invoke(version, request, provisioned=provisioned))


async def test_they_are_initialised_before_the_first_invocation(world: World) -> None:
    version = world.function(TYPE, version="1")

    assert await provision(world, version, count=2)
    before = list(world.logs.messages)
    seen = await initialization_type(world, version, provisioned=True)

    assert [line.split(" ")[0] for line in before] == ["INIT_START", "INIT_START"]
    assert seen == "provisioned-concurrency"
    assert [line.split(" ")[0] for line in world.logs.messages[2:]] == ["START", "END", "REPORT"]
    assert "Init Duration" not in world.logs.messages[-1]


async def test_other_invocations_do_not_use_them(world: World) -> None:
    version = world.function(TYPE, version="1")
    await provision(world, version)
    assert await initialization_type(world, version, provisioned=False) == "on-demand"


async def test_a_failing_init_fails_the_provisioning(world: World) -> None:
    version = world.function("raise ValueError('no')", version="1")
    assert not await provision(world, version, count=3)
    assert len(world.logs.streams) == 1


async def test_what_is_withdrawn_ends(world: World) -> None:
    version = world.function(TYPE, version="1")
    await provision(world, version)
    world.environments.withdraw(version)
    await initialization_type(world, version, provisioned=True)
    assert len(world.logs.streams) == 2


async def test_an_update_leaves_published_versions_alone(world: World) -> None:
    latest = world.function(TYPE)
    published = replace(latest, version="1")
    for version in (latest, published):
        await world.invoke(version)

    world.environments.retire("orders", "updated")
    for version in (latest, published):
        await world.invoke(version)
    assert len(world.logs.streams) == 3

    world.environments.retire("orders:2", "deleted")
    await world.invoke(published)
    assert len(world.logs.streams) == 3
    world.environments.retire("orders:1", "deleted")
    await world.invoke(published)
    assert len(world.logs.streams) == 4
    world.environments.retire("orders", "deleted")
    await world.invoke(published)
    assert len(world.logs.streams) == 5


async def test_json_lines_name_the_type(world: World) -> None:
    version = world.function(TYPE, version="1")
    logging = replace(
        version.logging,
        log_format="JSON",
        application_log_level="INFO",
        system_log_level="DEBUG",
    )
    await provision(world, replace(version, logging=logging))
    assert len(world.logs.messages) == 3
    for message in world.logs.messages:
        assert '"initializationType":"provisioned-concurrency"' in message
