"""A copy of the project: its embedded AWS and settings are not those of a person at work.

Nor of another process that runs tests at the same time.
"""

import json
import os
import shutil
import signal
from pathlib import Path

from workshop.cli.jupyter import jupyter_environment
from workshop.stacks import cloud_assembly
from workshop.target import locks
from workshop.target.embedded import RunState
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
    _copy_templates(to)


def _copy_templates(to: Path) -> None:
    """What the CDK app makes; where a test changes the app, its copy makes that anew."""
    with locks.acquire(PROJECT / ".workshop" / "deploying.lock", _BUSY_S):
        made = cloud_assembly.synthesized(Target(), PROJECT, lambda _: None)
        shutil.copytree(made, to / ".workshop" / made.name)


def environment_of(copy: Path) -> dict[str, str]:
    """What a process of the copy runs with; the caches of CDK's parts are the project's own."""
    environment = jupyter_environment(copy)
    environment.pop(TARGET_FILE_VARIABLE, None)
    return {**environment, "PYTHONPATH": str(copy)}


def end_embedded(project: Path) -> bool:
    """End the embedded AWS of a project, whoever uses it; returns whether there was one."""
    state = RunState(project)
    if state.read() is None:
        return False
    # The endpoint ends with its keeper: it watches a pipe of it.
    os.kill(json.loads(state.info_file.read_text(encoding="utf-8"))["keeper_pid"], signal.SIGTERM)
    return True
