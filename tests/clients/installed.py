"""The AWS CLI, the SAM CLI and the SDK for JavaScript: pinned, in a folder of their own.

Two of them pin other versions of packages that the workshop uses as well, so that they cannot be in
its environment.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from setting_up.tools import uv_environment
from setting_up.venv import environment
from workshop.errors import WorkshopError
from workshop.stacks import node
from workshop.target import locks
from workshop.target.folders import state_of

_HERE = Path(__file__).parent
_NPM_FILES = ("package.json", "package-lock.json")
_LOCKS = ("requirements.txt", "package-lock.json")
# Another process of the tests may be at it.
_LIMIT_S = 900.0


class NotInstalled(Exception):
    """One of them could not be installed; the message ends with the installer's reason."""


@dataclass(frozen=True)
class Installed:
    """What is there to be run.

    Attributes:
        python: runs the AWS CLI and the SAM CLI, as `-m awscli` and `-m samcli`.
        modules: a script of this folder finds the SDK for JavaScript.
        node: runs it.
    """

    python: Path
    modules: Path
    node: node.Node


def install() -> Installed:
    """Install what the locks beside this file say; once, for all processes and all later runs.

    Raises:
        NotInstalled: no registry answers, or something else is wrong.
    """
    try:
        folder, found = state_of() / "clients", node.ensure_node()
        venv = folder / "venv"
        python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        with locks.acquire(folder / "installing.lock", _LIMIT_S):
            stamp, told = folder / "installed", _told(python)
            if not (stamp.is_file() and stamp.read_text("utf-8") == told):
                stamp.unlink(missing_ok=True)
                _install_python_tools(venv, python)
                _install_modules(folder, found)
                stamp.write_text(told, "utf-8")
    except WorkshopError as error:
        raise NotInstalled(str(error)) from error
    return Installed(python, folder, found)


def _told(python: Path) -> str:
    """Changes when something else is to be installed."""
    locked = b"".join((_HERE / name).read_bytes() for name in _LOCKS)
    return f"{hashlib.sha256(locked).hexdigest()} {sys.version} {python}\n"


def _install_python_tools(venv: Path, python: Path) -> None:
    uv, variables = [sys.executable, "-m", "uv"], uv_environment(sys.executable, environment())
    _run([*uv, "venv", "--clear", "--python", sys.executable, str(venv)], venv.parent, variables)
    lock = str(_HERE / "requirements.txt")
    sync = ["pip", "sync", "--python", str(python), "--require-hashes", lock]
    _run([*uv, *sync], venv.parent, variables)


def _install_modules(folder: Path, found: node.Node) -> None:
    for name in _NPM_FILES:
        shutil.copy(_HERE / name, folder)
    npm_ci = [*found.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    _run(npm_ci, folder, node.cdk_environment(found))


def _run(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
    done = subprocess.run(
        command, cwd=folder, env=dict(variables), capture_output=True, encoding="utf-8"
    )
    if done.returncode != 0:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        reason = lines[-1] if lines else f"exit code {done.returncode}"
        raise NotInstalled(f"they could not be installed from a package registry ({reason}).")
