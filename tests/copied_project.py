"""A copy of the project: its embedded AWS and settings are not those of a person at work.

Nor of another process that runs tests at the same time.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workshop.cli.jupyter import jupyter_environment
from workshop.stacks import cloud_assembly
from workshop.target import locks
from workshop.target.run_state import RunState
from workshop.target.target import PROJECT, TARGET_FILE_VARIABLE, Target

# Making the templates takes ten seconds of a processor: once is enough for all copies.
_BUSY_S = 300.0
PARTS = ("app.py", "cdk.json", "requirements.txt")
FOLDERS = ("images", "infra", "lambda", "notebooks")
# With their byte code, which need not be made for each copy.
PACKAGES = ("localaws", "workshop")


def copy_project(to: Path) -> None:
    """Write what the commands and notebooks need into an existing folder."""
    for part in PARTS:
        shutil.copy(PROJECT / part, to)
    for folder in FOLDERS:
        shutil.copytree(PROJECT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for package in PACKAGES:
        shutil.copytree(PROJECT / package, to / package)
    copy_templates(to)


def copy_templates(to: Path) -> None:
    """What the CDK app makes; where a test changes the app, its copy makes that anew."""
    with locks.acquire(PROJECT / ".workshop" / "deploying.lock", _BUSY_S):
        made = cloud_assembly.synthesized(Target(), PROJECT, lambda _: None)
        shutil.copytree(made, to / ".workshop" / made.name)


def environment_of(copy: Path) -> dict[str, str]:
    """What a process of the copy runs with; the caches of CDK's parts are the project's own."""
    environment = jupyter_environment(copy)
    environment.pop(TARGET_FILE_VARIABLE, None)
    return {**environment, "PYTHONPATH": str(copy)}


@contextmanager
def late_embedded(copy: Path, lateness: int | None) -> Iterator[None]:
    """Run the copy's own embedded AWS late; a punctual one is started by whoever needs it.

    By a process of the copy, as the copy's code may be another one than ours.
    """
    if lateness is None:
        yield
        return
    hold = (
        "import sys\n"
        "from workshop.target import embedded\n"
        f"with embedded.own(lateness={lateness}):\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold],
        cwd=copy,
        env=environment_of(copy),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        yield
        # Its input ends, and so does what it holds.
        holder.communicate(timeout=_BUSY_S)


def end_embedded(project: Path) -> bool:
    """End the embedded AWS of a project, whoever uses it; returns whether there was one."""
    state = RunState(project)
    published = state.published()  # before the look: it may be on its way out
    if state.read() is None:
        return False
    # The endpoint ends with its keeper: it watches a pipe of it.
    with suppress(ProcessLookupError):
        os.kill(json.loads(published)["keeper_pid"], signal.SIGTERM)
    return True
