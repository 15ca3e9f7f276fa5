"""A folder to carry: the project with all that its set-up would download, for want of a network.

It is a project like this one, with `wheels/` beside: set-up takes packages from there, and from
nowhere else, and finds the stacks' templates made.
"""

import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from workshop.counting import counted
from workshop.errors import UsageError, WorkshopError
from workshop.stacks import node
from workshop.target.folders import IS_INSTALLED, STATE, WHEELS

# The last one is for who changes the CDK app, or has a set of stacks with a name of its own.
# What the folder came to when it was last measured, and some room.
NEEDED_MB = 350
LOCKS = ("requirements-setup.txt", "requirements.txt", node.LOCK_FILE)
# Of functions of these runtimes what is compiled for one version of Python, should the other
# machine have one: setting_up/handler_pythons.py has the same.
RUNTIMES = tuple(f"python3.{minor}" for minor in range(11, 15))
COMPILED = ("time-machine", "simplejson")
# What commands make in the project's folder, and tools anywhere in it; .gitignore has the same.
_MADE_BY_COMMANDS = frozenset(
    {".git", ".venv", STATE, "guides", "guides-clean", "guides-instructor"}
    | {"workspace", "node_modules", WHEELS}
)
_made_by_tools = shutil.ignore_patterns(
    *("cdk.out", "__pycache__", "*.pyc", ".pytest_cache", ".mypy_cache", ".ruff_cache"),
    *(".hypothesis", ".ipynb_checkpoints"),
)


def carry(folder: Path, assembly: Path, project: Path, say: Callable[[str], None]) -> None:
    """Make the folder, or bring it up to date.

    Args:
        folder: where.
        assembly: of the stacks, prepared.
        project: what is copied.
        say: is told what is done.

    Raises:
        UsageError: the folder cannot be one to carry.
        WorkshopError: a package could not be fetched.
    """
    _expect_usable(folder, project)
    _expect_room(folder)
    say(f"copying the project to {folder}")
    shutil.copytree(project, folder, ignore=made_in(project), dirs_exist_ok=True)
    made = folder / STATE / assembly.name
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(assembly, made)
    for lock in LOCKS:
        say(f"fetching the packages of {lock}")
        _fetch(project / lock, folder / WHEELS)
        _fetch_for_functions(project / lock, folder / WHEELS, say)
    number = len(list((folder / WHEELS).iterdir()))
    megabytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) // 10**6
    python = ".".join(platform.python_version_tuple()[:2])
    say(
        f"{folder} holds {counted(number, 'package')}, {megabytes} MB in all. Copy it to a disk of "
        f"a machine like this one ({platform.system()} on {platform.machine()}, Python {python}), "
        "and run `python3 start.py` in it: no network is needed."
    )


def made_in(project: Path) -> Callable[[str, list[str]], set[str]]:
    """Says which names in a folder of the project were made there, as `shutil.copytree` asks."""

    def made(folder: str, names: list[str]) -> set[str]:
        # `guides` is a package of the workshop, too.
        by_commands = _MADE_BY_COMMANDS if Path(folder) == project else frozenset[str]()
        return _made_by_tools(folder, names) | by_commands.intersection(names)

    return made


def _expect_usable(folder: Path, project: Path) -> None:
    if IS_INSTALLED:
        raise UsageError(
            "An installed package cannot be carried: it has no start.py.",
            "Run this in a folder of the project.",
        )
    if folder.resolve() == project.resolve() or project.resolve() in folder.resolve().parents:
        raise UsageError(
            f"{folder} lies in the project itself, which is copied there.",
            "Name a folder outside of it.",
        )
    if folder.exists() and (not folder.is_dir() or _is_foreign(folder)):
        raise UsageError(
            f"{folder} holds something else than a workshop to carry.",
            "Name an empty folder, or one that does not exist yet.",
        )


def _expect_room(folder: Path) -> None:
    """There is room for all of it; what is there already counts for nothing, so less is needed."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free_mb = shutil.disk_usage(there).free // 10**6
    if free_mb < NEEDED_MB and not (folder / WHEELS).is_dir():
        raise WorkshopError(
            f"{free_mb} MB are free where {folder} is to be; it takes about {NEEDED_MB}.",
            "Name a folder on another disk, or free some space.",
        )


def _is_foreign(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()}
    return bool(names) and not {"start.py", "setting_up", "workshop"} <= names


def _fetch(lock: Path, wheels: Path) -> None:
    """Download a lock file's packages for this system and Python; those that are there stay."""
    fetched = list[str]()
    with tempfile.TemporaryDirectory() as folder:
        for version in (platform.python_version(), *patch_versions()):
            wanted = pins(lock.read_text(encoding="utf-8"), version)
            if wanted in fetched:
                continue
            fetched.append(wanted)
            file = Path(folder) / lock.name
            file.write_text(wanted, encoding="utf-8")
            _download(file, wheels)


def _fetch_for_functions(lock: Path, wheels: Path, say: Callable[[str], None]) -> None:
    """Download what functions of other runtimes than this Python's need; set-up can do without."""
    for version in (runtime.removeprefix("python") for runtime in RUNTIMES):
        all_pins = pins(lock.read_text(encoding="utf-8"), f"{version}.0").splitlines()
        wanted = [pin for pin in all_pins if pin.partition("==")[0] in COMPILED]
        if not wanted or version == ".".join(platform.python_version_tuple()[:2]):
            continue
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / lock.name
            file.write_text("\n".join(wanted), encoding="utf-8")
            try:
                _download(file, wheels, "--python-version", version)
            except WorkshopError as error:
                say(f"functions of python{version} will run on another Python there: {error}")


def patch_versions() -> tuple[str, str]:
    """The first and the last release of this Python: another machine may have another one."""
    minor = ".".join(platform.python_version_tuple()[:2])
    return f"{minor}.0", f"{minor}.99"


def pins(lock: str, version: str) -> str:
    """What a lock file has for a Python of this version on this system, with the hashes.

    Args:
        lock: the text of the lock file.
        version: such as "3.11.2".
    """
    # Imported late: only who carries something needs it.
    from packaging.markers import Marker

    kept = list[str]()
    for entry in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]:
        pin, semicolon, marker = entry.partition("\n")[0].rstrip("\\ ").partition(" ; ")
        if not semicolon or Marker(marker).evaluate({"python_full_version": version}):
            hashes = re.findall(r"--hash=\S+", entry)
            kept.append(" ".join([pin, *hashes]))
    return "\n".join(kept)


def _download(lock: Path, wheels: Path, *options: str) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--require-hashes", "--no-deps", "--no-input"]
    pip += ["--disable-pip-version-check", "--only-binary", ":all:", "--quiet"]
    done = subprocess.run(
        [*pip, *options, "--dest", str(wheels), "-r", str(lock)], capture_output=True, text=True
    )
    if done.returncode != 0:
        # The last one names the package; one before it may tell of versions that were passed over.
        errors = [line for line in done.stderr.splitlines() if "ERROR" in line]
        raise WorkshopError(
            f"The packages of {lock.name} could not be fetched: {(errors or ['?'])[-1]}",
            "See that this machine reaches a package registry, and run this again: what is there "
            "already stays.",
        )
