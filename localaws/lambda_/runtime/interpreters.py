"""Which Python runs a function: one of its runtime's version where this machine has one.

Set-up looks for them, and brings what is compiled for each version:
`setting_up/handler_pythons.py`.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import sysconfig
from asyncio import subprocess
from dataclasses import dataclass
from pathlib import Path

CHILD_DIR = Path(__file__).parent / "child"

# `-I -S`: nothing of the user's own Python set-up; the child adds its folders itself.
_FLAGS = ("-I", "-S", "-X", "utf8")

# What the interpreter or the operating system needs to start a process at all.
_INHERITED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "SYSTEMDRIVE")

# One that is well says so in a twentieth of a second; a slow disk is given its time.
_PATIENCE_S = 10.0
_KILL_S = 1.0

HANDLERS_DIR = Path(sys.prefix) / "handlers"
"""Where set-up puts what it found and brought for this environment."""


@dataclass(frozen=True)
class Interpreter:
    """A Python that runs handlers.

    Attributes:
        runtime: its version as a runtime, "python3.12".
        executable: the path of the program.
        prefixes: folders that it needs to run.
        library: where Python's own library is.
        packages: folders of installed packages, in the order in which they are looked through.
    """

    runtime: str
    executable: str
    prefixes: tuple[Path, ...]
    library: tuple[Path, ...]
    packages: tuple[Path, ...]

    def command(self, script: str) -> tuple[str, ...]:
        """Runs a script of the child's folder."""
        return (self.executable, *_FLAGS, str(CHILD_DIR / script))


def own_interpreter() -> Interpreter:
    """The one that runs the embedded AWS."""
    return Interpreter(
        f"python{sys.version_info.major}.{sys.version_info.minor}",
        sys.executable,
        (Path(sys.base_prefix), Path(sys.prefix)),
        tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")),
        tuple(site_packages()),
    )


def site_packages() -> list[Path]:
    """The folders of installed packages that this interpreter uses."""
    folders = [Path(entry) for entry in sys.path if entry]
    return [folder for folder in folders if folder.name in ("site-packages", "dist-packages")]


class Interpreters:
    """The interpreters of this machine, each tried once, when a function first needs it.

    Args:
        folder: has a folder for each runtime, with the packages that are compiled for it and the
            paths of its interpreters, one a line, in the file `interpreters`.
        patience_s: real seconds after which one that says nothing is none.

    Attributes:
        own: the interpreter that runs the embedded AWS.
    """

    def __init__(self, folder: Path, *, patience_s: float = _PATIENCE_S) -> None:
        self._folder = folder
        self._patience_s = patience_s
        self.own = own_interpreter()
        self._found: dict[str, asyncio.Task[Interpreter]] = {}
        self._closing = asyncio.Event()

    async def of(self, runtime: str) -> Interpreter:
        """The interpreter for a `python3.x` runtime; the embedded AWS's own where there is none."""
        if runtime == self.own.runtime:
            return self.own
        if runtime not in self._found:
            self._found[runtime] = asyncio.get_running_loop().create_task(self._find(runtime))
        # Who waits may be cancelled; others wait for the same.
        return await asyncio.shield(self._found[runtime])

    async def close(self) -> None:
        """End what is being tried; nothing outlives the endpoint."""
        self._closing.set()
        await asyncio.gather(*self._found.values())

    async def _find(self, runtime: str) -> Interpreter:
        for executable in self._listed(runtime):
            found = await self._try(executable, self._folder / runtime)
            if found is not None and found.runtime == runtime:
                return found
        return self.own

    def _listed(self, runtime: str) -> list[str]:
        try:
            return (self._folder / runtime / "interpreters").read_text("utf-8").splitlines()
        except (OSError, ValueError):
            return []

    async def _try(self, executable: str, compiled: Path) -> Interpreter | None:
        packages = (compiled, *self.own.packages)
        command = (executable, *_FLAGS, str(CHILD_DIR / "trial.py"), "import", *map(str, packages))
        try:
            process = await subprocess.create_subprocess_exec(
                *command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=CHILD_DIR,
                env=inherited_variables(),
                start_new_session=True,
            )
        except (OSError, ValueError):
            return None
        try:
            told = json.loads(await self._said(process))
            library = tuple(Path(folder) for folder in told["library"])
            prefixes = tuple(Path(folder) for folder in told["prefixes"])
            return Interpreter(told["runtime"], executable, prefixes, library, packages)
        except (ValueError, TypeError, KeyError):
            return None

    async def _said(self, process: subprocess.Process) -> bytes:
        """What it printed; nothing if that took too long, or the endpoint ends."""
        telling = asyncio.ensure_future(process.communicate())
        closing = asyncio.ensure_future(self._closing.wait())
        await asyncio.wait(
            (telling, closing), timeout=self._patience_s, return_when=asyncio.FIRST_COMPLETED
        )
        closing.cancel()
        if not telling.done():
            _kill(process)
            # What left its process group is waited for no longer.
            await asyncio.wait((telling,), timeout=_KILL_S)
            telling.cancel()
            return b""
        return telling.result()[0] if process.returncode == 0 else b""


def inherited_variables() -> dict[str, str]:
    """What every handler's process has of the endpoint's own variables."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def _kill(process: subprocess.Process) -> None:
    """It and what it started, which may hold its output open."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
