"""Pythons of this machine for functions of other runtimes than the version of .venv.

A handler of python3.12 runs on a Python 3.12 where the machine has one: what is compiled for that
version, above all the handler's clock, is put into a folder of .venv, beside the interpreter's
path. `localaws/lambda_/runtime/interpreters.py` reads both. Nobody must have another Python: what
is missing here is told in a line, and these functions run on the Python of .venv.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from setting_up.packages import QUIET
from setting_up.project import packages_of
from setting_up.telling import ROOT

# Those that the workshop itself could run on.
RUNTIMES = tuple(f"python3.{minor}" for minor in range(11, 15))
# What handlers use and is compiled for one version; workshop/cli/carried.py has the same.
COMPILED = ("time-machine", "simplejson")
# Says what an interpreter is, and whether handlers can run in it.
TRIAL = ROOT / "localaws" / "lambda_" / "runtime" / "child" / "trial.py"
_TRIAL_LIMIT_S = 30


class HandlerPythons:
    """The folder of .venv with what other Pythons need.

    Args:
        python: the interpreter of the .venv.
        lock: the text of the lock file.
        environment: what pip and the interpreters run with.
    """

    def __init__(self, python: str, venv: Path, lock: str, environment: Mapping[str, str]) -> None:
        self._python = python
        self._folder = venv / "handlers"
        self._pins = pins(lock)
        self._environment = dict(environment)

    def have_come(self, own: str) -> bool:
        """Whether there are some that were not looked at yet; starts none of them.

        Args:
            own: the version in .venv, "3.11".
        """
        if not self._pins or not os.access(self._folder.parent, os.W_OK):
            return False
        tried = self._tried()
        return any(path not in tried for paths in self._found(own).values() for path in paths)

    def bring(self, own: str, *, again: bool = False) -> None:
        """Make the folder hold what this machine's interpreters need.

        Args:
            own: the version in .venv, "3.11".
            again: also try what has failed before.
        """
        if not self._pins:
            return
        tried, found = self._tried(), self._found(own)
        if not tried:
            shutil.rmtree(self._folder, ignore_errors=True)
        for runtime, paths in found.items():
            new = [path for path in paths if again or path not in tried]
            self._bring(runtime, [self._asked(runtime, path) for path in new])
        self._write("tried", [self._pins, *tried.union(*found.values())])

    def _found(self, own: str) -> dict[str, list[str]]:
        others = [runtime for runtime in RUNTIMES if runtime != f"python{own}"]
        return {runtime: list(candidates(runtime, self._environment)) for runtime in others}

    def _tried(self) -> set[str]:
        """The paths that were looked at with these packages."""
        try:
            packages, *paths = json.loads((self._folder / "tried").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return set()
        return set(paths) if packages == self._pins else set()

    def _bring(self, runtime: str, asked: Sequence[str | None]) -> None:
        executables = list(dict.fromkeys(path for path in asked if path))
        if not executables:
            return
        packages, listed = self._folder / runtime, self._folder / runtime / "interpreters"
        known = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
        if not known and not self._fetched(runtime, packages):
            why = "its packages could not be fetched (`start.py prepare` tries again)"
        else:
            well = [path for path in executables if self._compiled(path, packages)]
            if well:
                lines = "".join(f"{path}\n" for path in dict.fromkeys([*well, *known]))
                listed.write_text(lines, encoding="utf-8")
                print(f"Functions of {runtime} run on {well[0]}", flush=True)
                return
            why = f"{executables[0]} cannot load its packages"
        if not known:
            print(f"Functions of {runtime} run on the Python of .venv: {why}", flush=True)

    def _fetched(self, runtime: str, packages: Path) -> bool:
        """Put the packages for a version there; half of them is none."""
        shutil.rmtree(packages, ignore_errors=True)
        lock = self._write("requirements.txt", self._pins)
        pip = [self._python, "-m", "pip", "install", *QUIET, "--quiet", "--no-compile"]
        pip += ["--retries=1", "--no-deps", "--only-binary=:all:", "-r", str(lock)]
        pip += ["--python-version", runtime.removeprefix("python"), "--target", str(packages)]
        done = subprocess.run(pip, capture_output=True, env=self._environment)
        if done.returncode != 0:
            shutil.rmtree(packages, ignore_errors=True)
        return done.returncode == 0

    def _asked(self, runtime: str, path: str) -> str | None:
        """The interpreter that is behind a path; None if it is none of this version.

        A launcher, or a link of a virtual environment, is not what handlers are started with.
        """
        told = self._trial(path, "tell")
        return str(told["executable"]) if told.get("runtime") == runtime else None

    def _compiled(self, executable: str, packages: Path) -> bool:
        """Whether handlers can run on it; then there is byte code of all that they start with."""
        installed = packages_of(self._python, self._environment)
        return bool(self._trial(executable, "compile", str(packages), str(installed)))

    def _trial(self, executable: str, *arguments: str) -> dict[str, Any]:
        said = _said(
            [executable, "-I", "-S", "-X", "utf8", str(TRIAL), *arguments], self._environment
        )
        try:
            told = json.loads(said)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def _write(self, name: str, content: object) -> Path:
        self._folder.mkdir(exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        (self._folder / name).write_text(text, encoding="utf-8")
        return self._folder / name


def pins(lock: str) -> str:
    """What a lock file has for the packages that are compiled for one version, with the hashes."""
    entries = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
    wanted = [entry for entry in entries if entry.partition("==")[0] in COMPILED]
    return "\n".join(
        line
        for entry in wanted
        for line in entry.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    )


def candidates(runtime: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Paths under which an interpreter of a version may be: on the PATH, pyenv's, and uv's.

    Those in /opt come last: on AWS the layers are there, and they hide it.
    """
    name = f"{runtime}.exe" if os.name == "nt" else runtime
    folders = [Path(folder) for folder in environment.get("PATH", "").split(os.pathsep)]
    for versions in _folders_of_versions(environment):
        folders += sorted(versions.glob("*/bin"), key=_numbers, reverse=True)
    files = [folder / name for folder in folders if folder.is_absolute()]
    usable = [str(file) for file in files if file.is_file() and os.access(file, os.X_OK)]
    yield from sorted(dict.fromkeys(usable), key=lambda path: path.startswith("/opt/"))


def _folders_of_versions(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where pyenv and uv keep Pythons, each in a folder of its own; uv on Windows does not."""
    home = Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111
    data = environment.get("XDG_DATA_HOME") or home / ".local" / "share"
    yield Path(environment.get("PYENV_ROOT") or home / ".pyenv", "versions")
    yield Path(environment.get("UV_PYTHON_INSTALL_DIR") or Path(data, "uv", "python"))


def _numbers(folder: Path) -> list[int]:
    """Of the version in a folder's name: 3.12.10 is newer than 3.12.9."""
    return [int(number) for number in re.findall(r"\d+", folder.parent.name)]


def _said(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """What it printed; nothing if it failed, or said nothing for too long."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            env=dict(environment),
            start_new_session=True,
        )
    except OSError:
        return ""
    try:
        said, _ = process.communicate(timeout=_TRIAL_LIMIT_S)
        return said if process.returncode == 0 else ""
    except subprocess.TimeoutExpired:
        return ""
    finally:
        _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    """It and what it started, which may hold its output open."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
