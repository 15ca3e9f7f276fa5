"""`doctor --classroom`: whether a class can begin here tomorrow, without a network.

For one person on this machine, or for so many people who share it as users of a hub. What one of
them needs was measured: docs/classroom.md says where and how, and how it is measured again.
"""

import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from workshop.cli.finding import Finding
from workshop.cli.machine import Machine, this_machine
from workshop.counting import counted
from workshop.errors import WorkshopError
from workshop.stacks import cloud_assembly
from workshop.target.commands import start_command
from workshop.target.folders import APPLICATION, PROJECT, home_of
from workshop.target.target import Target

# One person with four notebooks open, as docs/classroom.md measures it; rounded up.
MEMORY_MB = 1000
DISK_MB = 100
# So many can share a core: people read most of the time. When all of them run a first cell at the
# same moment, which takes some seconds of a processor each, they wait for half a minute.
PEOPLE_PER_CORE = 4
# Where JupyterLab listens if nobody else does.
PORT = 8888
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "firefox"),
    *("microsoft-edge", "brave-browser", "safari"),
)
_ANSWER_LIMIT_S = 10
# A .venv holds a link to it, which may lead into somebody's home.
_PYTHON = Path(sys.executable)


def examine_classroom(people: int) -> Iterator[Finding]:
    """Look at what a class needs beyond what a command needs.

    Args:
        people: how many will work on this machine at the same time.
    """
    machine = this_machine()
    yield Finding("machine", "ok", f"{platform.platform()} on {platform.machine()}")
    yield memory(machine, people)
    yield cores(machine, people)
    yield room(people)
    if people > 1:
        yield shared()
    yield jupyter_port(people)
    yield proxy(os.environ)
    yield browser(people)
    yield kernel()
    yield prepared()


def memory(machine: Machine, people: int) -> Finding:
    """Whether all of them fit into it at once."""
    needed_mb = people * MEMORY_MB
    told = (
        f"{machine.free_mb / 1000:.1f} of {machine.memory_mb / 1000:.1f} GB are free, "
        f"{_for(people)} {needed_mb / 1000:g} GB are needed"
    )
    if machine.memory_mb < needed_mb:
        return Finding("memory", "blocks", f"{told}: {_fewer(machine.free_mb // MEMORY_MB)}")
    if machine.free_mb < needed_mb:
        return Finding("memory", "note", f"{told}: end other programs before the class begins")
    return Finding("memory", "ok", told)


def cores(machine: Machine, people: int) -> Finding:
    """Whether cells will answer as fast as one person alone knows it."""
    there = f"{machine.cores:g} of the processor's cores"
    if people > machine.cores * PEOPLE_PER_CORE:
        told = f"{there}: more than {PEOPLE_PER_CORE} people to a core wait when all run cells"
        return Finding("cores", "note", told)
    return Finding("cores", "ok", f"{there}, enough {_for(people)}")


def room(people: int) -> Finding:
    """Whether working copies, progress and what an AWS remembers fit on the disk of a person."""
    try:
        home = home_of()
    except WorkshopError:
        # Said already, in the line about a person's folder.
        home = PROJECT
    free_mb, needed_mb = shutil.disk_usage(home).free // 1_000_000, people * DISK_MB
    told = f"{free_mb / 1000:.1f} GB free, {_for(people)} {needed_mb / 1000:g} GB are needed"
    if free_mb < needed_mb:
        return Finding("room", "blocks", f"{told}: free some space")
    return Finding("room", "ok", f"{told}, where working copies lie")


def shared(
    project: Path = PROJECT, environment: Path = Path(sys.prefix), python: Path = _PYTHON
) -> Finding:
    """Whether other users of the system can read the code, its packages and its Python."""
    if os.name == "nt":
        return Finding("shared", "note", "not looked at: users of a hub are users of a Linux")
    for folder in (project, environment, python.resolve().parent):
        for part in (folder, *folder.parents):
            # Whoever may pass a folder reaches what is in it; to list it is not needed on the way.
            needed = 0o005 if part == folder else 0o001
            if part.stat().st_mode & needed != needed:
                told = f"other users cannot read {folder}: {part} is closed to them"
                return Finding("shared", "blocks", f"{told}. Keep it elsewhere, such as in /opt")
    return Finding("shared", "ok", f"other users can read {project}, and write only what is theirs")


def jupyter_port(people: int) -> Finding:
    """Whether the address will be the one that is written on the board."""
    if people > 1:
        return Finding("address", "ok", "a hub gives each person's JupyterLab a port of its own")
    try:
        with socket.socket() as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", PORT))
    except OSError:
        told = (
            f"another program has 127.0.0.1:{PORT}; JupyterLab takes another port, and says which"
        )
        return Finding("address", "note", told)
    return Finding("address", "ok", f"127.0.0.1:{PORT} is free for JupyterLab")


def proxy(environment: Mapping[str, str]) -> Finding:
    """Whether this shell sends requests to a proxy; its address may hold a password, and stays."""
    found = [name for name in PROXIES if environment.get(name) or environment.get(name.lower())]
    if not found:
        return Finding("proxy", "ok", "none is set in this shell")
    told = (
        f"{' and '.join(found)} lead to one. Set-up downloads through it; calls to the embedded "
        "AWS never go there. Let the browser reach 127.0.0.1 without it"
    )
    return Finding("proxy", "note", told)


def browser(people: int, names: Sequence[str] = _BROWSERS) -> Finding:
    """What will show JupyterLab."""
    if people > 1:
        return Finding("browser", "ok", "each person's own; JupyterLab wants a current one")
    for name in names:
        if command := shutil.which(name):
            return Finding("browser", "ok", f"{_version_of(command) or name} ({command})")
    try:
        webbrowser.get()
    except webbrowser.Error:
        told = "none was found: open the address that the command prints in one of your own"
        return Finding("browser", "note", told)
    return Finding(
        "browser", "ok", "the one that this system opens links with; its version unasked"
    )


def kernel() -> Finding:
    """Whether Jupyters that start.py does not start, those of a hub and of VS Code, find it."""
    spec = Path(sys.prefix, "share", "jupyter", "kernels", APPLICATION, "kernel.json")
    if spec.exists():
        return Finding("kernel", "ok", f'"Lambda failure workshop", in {sys.prefix}')
    told = "this environment has none: JupyterLab from here works, VS Code and hubs do not find it"
    return Finding("kernel", "note", f"{told}. `pip install --no-deps -e .` brings it")


def prepared() -> Finding:
    """Whether a start would download or build anything."""
    if cloud_assembly.is_made(Target(), PROJECT):
        told = "the stacks' templates are made: a start needs no network, and no Node.js"
        return Finding("prepared", "ok", told)
    command = start_command(Target(), "prepare")
    return Finding(
        "prepared",
        "blocks",
        "the stacks' templates are not made, or of another version: a start would make them, and "
        f"might download what makes them. Run `{command}` while there is a network",
    )


def _version_of(command: str) -> str:
    try:
        asked = subprocess.run(
            [command, "--version"], capture_output=True, text=True, timeout=_ANSWER_LIMIT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"^\D+[\d.]+", asked.stdout)
    return found[0].strip() if found else ""


def _for(people: int) -> str:
    return f"for {counted(people, 'person', 'people')}"


def _fewer(people: int) -> str:
    if people < 1:
        return "end other programs, or take another machine"
    return f"let {counted(people, 'person', 'people')} share it, or take a larger one"
