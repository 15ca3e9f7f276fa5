"""What the contract tests of Lambda start from."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.lambda_wire import Wire
from tests.contract.replay import IDENTITY
from tests.unit.lambda_.control_plane import PlaneWorld
from tests.unit.lambda_.world import World, running_world


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    """A control plane of the account of the recordings, without functions."""
    return PlaneWorld(tmp_path, IDENTITY)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Lambda's data plane in the account of the recordings."""
    async with running_world(tmp_path, IDENTITY) as world:
        yield world


@pytest.fixture
def wire(world: World) -> Wire:
    """The same, as boto3 calls it."""
    return Wire(world)
