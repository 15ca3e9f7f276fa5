"""A handler runs on a Python of its runtime's version where the machine has one that works."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from localaws.lambda_.runtime import HANDLERS_DIR, Interpreters
from tests.integration.runtime.world import HERE, START_S, World, is_running, running_world, text

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="interpreters here are scripts")

OTHER = "python3.14" if HERE != "python3.14" else "python3.13"
WHICH = "import os\ndef handler(event, context): return os.environ.get('STARTED_BY', 'its own')"


@asynccontextmanager
async def a_machine(folder: Path, *listed: Path, patience_s: float = 60) -> AsyncIterator[World]:
    """Set-up has listed these interpreters for the other runtime."""
    (folder / "handlers" / OTHER).mkdir(parents=True)
    lines = "".join(f"{path}\n" for path in listed)
    (folder / "handlers" / OTHER / "interpreters").write_text(lines)
    interpreters = Interpreters(folder / "handlers", patience_s=patience_s)
    async with running_world(folder, interpreters=interpreters) as world:
        yield world


def script(path: Path, *lines: str) -> Path:
    """A program under an interpreter's name."""
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)
    return path


def interpreter(path: Path, version: str = OTHER) -> Path:
    """This Python, which takes itself for another version and leaves its name with a handler."""
    return script(
        path,
        'case "$*" in',
        f"""*trial.py*) '{sys.executable}' "$@" | sed 's/{HERE}"/{version}"/'""",
        f"""echo tried >> '{path}.tried' ;;""",
        f"""*) STARTED_BY='{path.name}' exec '{sys.executable}' "$@" ;;""",
        "esac",
    )


async def test_a_handler_runs_on_the_python_of_its_runtime(tmp_path: Path) -> None:
    async with a_machine(tmp_path, interpreter(tmp_path / "other")) as world:
        told = text(await world.invoke(world.function(WHICH, runtime=OTHER)))
        assert told == "other"
        # And one of the workshop's own version on the workshop's own
        told = text(await world.invoke(world.function(WHICH, runtime=HERE)))
        assert told == "its own"


async def test_an_interpreter_is_tried_once(tmp_path: Path) -> None:
    async with a_machine(tmp_path, interpreter(tmp_path / "other")) as world:
        both = (world.invoke(world.function(WHICH, runtime=OTHER)) for _ in range(2))
        assert [text(one) for one in await asyncio.gather(*both)] == ["other", "other"]
        await world.invoke(world.function(WHICH, runtime=OTHER))
    assert (tmp_path / "other.tried").read_text().splitlines() == ["tried"]


async def test_what_is_none_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "no program").write_text("nothing that could be run")
    listed = (
        tmp_path / "removed",
        tmp_path / "no program",
        script(tmp_path / "stub", "echo 'no such version is installed' >&2", "exit 127"),
        script(tmp_path / "chatter", "echo hello"),
        script(tmp_path / "list", "echo '[1]'"),
        interpreter(tmp_path / "older", "python3.10"),
    )
    async with a_machine(tmp_path, *listed, interpreter(tmp_path / "good")) as world:
        assert text(await world.invoke(world.function(WHICH, runtime=OTHER))) == "good"


async def test_without_a_good_one_the_own_interpreter_runs_and_says_so(tmp_path: Path) -> None:
    async with a_machine(tmp_path, script(tmp_path / "stub", "exit 1")) as world:
        assert text(await world.invoke(world.function(WHICH, runtime=OTHER))) == "its own"
        told = text(await world.invoke(world.function("def handler(:", runtime=OTHER)))
    said = f"(the embedded AWS runs {OTHER} functions with {HERE}, its own interpreter)"
    assert said in told["errorMessage"]


async def test_a_change_meanwhile_ends_the_environment_that_waits_for_it(tmp_path: Path) -> None:
    source = "import os\ndef handler(event, context): return os.getpid()"
    async with a_machine(tmp_path, interpreter(tmp_path / "other")) as world:
        function = world.function(source, runtime=OTHER)
        invoked = asyncio.ensure_future(world.invoke(function))
        await asyncio.sleep(0)
        world.environments.retire("orders", "updated")
        assert text(await invoked) != text(await world.invoke(function))


async def test_one_that_says_nothing_is_ended(tmp_path: Path) -> None:
    # Given one that would take an hour, and nobody has patience
    hanging = script(tmp_path / "hanging", f"echo $$ > '{tmp_path}/pid'", "sleep 3600")
    async with a_machine(tmp_path, hanging, patience_s=0) as world:
        assert text(await world.invoke(world.function(WHICH, runtime=OTHER))) == "its own"


async def test_the_end_of_the_endpoint_ends_it(tmp_path: Path) -> None:
    hanging = script(tmp_path / "hanging", f"echo $$ > '{tmp_path}/pid'", "sleep 3600")
    async with a_machine(tmp_path, hanging) as world:
        invoked = asyncio.ensure_future(world.invoke(world.function(WHICH, runtime=OTHER)))
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            await asyncio.sleep(0)
    await asyncio.gather(invoked, return_exceptions=True)
    assert not is_running(int((tmp_path / "pid").read_text()))


async def test_nothing_of_a_person_or_a_function_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("MY_TOKEN", "secret")
    seen = script(tmp_path / "seen", f"env > '{tmp_path}/variables'", "pwd")
    async with a_machine(tmp_path, seen) as world:
        await world.invoke(world.function(WHICH, runtime=OTHER, environment={"TABLE": "orders"}))
    names = {line.partition("=")[0] for line in (tmp_path / "variables").read_text().splitlines()}
    assert not names & {"PYTHONHOME", "MY_TOKEN", "TABLE", "PATH", "HOME"}


def brought() -> str:
    """Another runtime for which set-up found a Python on this machine."""
    for listed in sorted(HANDLERS_DIR.glob("python3.*/interpreters")):
        if any(Path(line).exists() for line in listed.read_text().splitlines()):
            return listed.parent.name
    pytest.skip("set-up found no Python of another version on this machine")


HANDLER = """
import os, sys, time, simplejson, boto3
def handler(event, context):
    if event == "raise":
        import json
        json.loads("{")
    before = time.time()
    time.sleep(30)
    return {
        "version": f"python{sys.version_info[0]}.{sys.version_info[1]}",
        "told": os.environ["AWS_EXECUTION_ENV"],
        "now": before, "slept": time.time() - before,
        "speedups": simplejson.encoder.c_make_encoder is not None,
        "written": [name for name in os.listdir(".") if name == "__pycache__"],
    }
"""


async def test_a_real_one_has_virtual_time_and_the_sdk(tmp_path: Path) -> None:
    runtime = brought()
    async with running_world(tmp_path, interpreters=Interpreters(HANDLERS_DIR)) as world:
        function = world.function(HANDLER, runtime=runtime, timeout_s=60)
        told = text(await world.invoke(function))
        assert (told["version"], told["told"]) == (runtime, f"AWS_Lambda_{runtime}")
        assert told["now"] == pytest.approx(START_S, abs=2)
        assert told["slept"] == pytest.approx(30, abs=1)
        assert told["speedups"]
        assert told["written"] == []
        # And its traces show AWS's folders
        failed = text(await world.invoke(function, "raise"))
        assert f"/var/lang/lib/{runtime}/json/decoder.py" in json.dumps(failed["stackTrace"])
        assert world.logs.messages[0].startswith(f"INIT_START Runtime Version: {runtime[:6]}:3.")


async def test_a_layer_that_was_compiled_for_a_real_one_is_imported(tmp_path: Path) -> None:
    runtime = brought()
    [compiled] = (HANDLERS_DIR / runtime / "simplejson").glob("_speedups.*")
    package = tmp_path / "layer" / "python" / "fast"
    package.mkdir(parents=True)
    (package / compiled.name).write_bytes(compiled.read_bytes())
    source = "from fast import _speedups\ndef handler(event, context): return _speedups.__file__"
    async with running_world(tmp_path, interpreters=Interpreters(HANDLERS_DIR)) as world:
        function = world.function(source, runtime=runtime, layer_dirs=(tmp_path / "layer",))
        told = text(await world.invoke(function))
    assert told == f"/opt/python/fast/{compiled.name}"
