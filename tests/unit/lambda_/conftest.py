"""What the tests of Lambda's data plane start from."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.lambda_.world import World, running_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A Lambda service without functions, on a clock that stands still until it is moved."""
    async with running_world(tmp_path) as world:
        yield world
