"""A handler signals what it started, and nobody else: on AWS nobody else is there."""

import ctypes
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.runtime.world import World, running_world, text

# Landlock's sixth interface has scopes; asked for its number, it makes nothing.
_CREATE_RULESET, _ASK_VERSION, _HAS_SCOPES = 444, 1, 6


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(tmp_path) as world:
        yield world


def has_scopes() -> bool:
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    return bool(libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION) >= _HAS_SCOPES)


@pytest.mark.skipif(not has_scopes(), reason="this machine has no Landlock with scopes")
async def test_the_endpoint_is_out_of_a_handlers_reach(world: World) -> None:
    source = """
    import os, signal, subprocess, sys
    def handler(event, context):
        told = {}
        for name, pid in event.items():
            try:
                os.kill(pid, 0)
            except PermissionError:
                told[name] = "refused"
            else:
                told[name] = "signalled"
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        child.terminate()
        return told | {"its own": -child.wait()}
    """
    others = {"endpoint": os.getpid(), "its parent": os.getppid()}
    told = text(await world.invoke(world.function(source), others))
    assert told == {"endpoint": "refused", "its parent": "refused", "its own": 15}


async def test_pythonpath_of_a_function_is_looked_through_after_its_code(world: World) -> None:
    source = """
    import sys
    def handler(event, context):
        import extra
        return [extra.WHERE, sys.path.index("/var/task/lib") > sys.path.index("/var/task")]
    """
    function = world.function(source, environment={"PYTHONPATH": "/var/task/lib"})
    (function.code_dir / "lib").mkdir()
    (function.code_dir / "lib" / "extra.py").write_text("WHERE = 'in lib'")
    if not (told := text(await world.invoke(function))):
        pytest.skip("this machine has no mount namespaces for everybody")
    assert told == ["in lib", True]
