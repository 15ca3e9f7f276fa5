"""A fresh copy of the project, as a clone is, and what its first command spends its time on."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from workshop.target.folders import HOME_VARIABLE, PROJECT


@contextmanager
def copied() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with what git knows of the project, and the variables of whoever has only that."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "workshop")
        tracked = subprocess.check_output(["git", "ls-files", "-z"], cwd=PROJECT, text=True)
        for name in tracked.rstrip("\0").split("\0"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, copy / name)
        variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        yield copy, {**variables, "HOME": folder, HOME_VARIABLE: str(copy)}


def told_by(command: list[str], folder: Path, variables: Mapping[str, str]) -> dict[str, float]:
    """Between one line that a command prints and the next one: what that line tells."""
    steps, last, last_s = dict[str, float](), "start.py", time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=dict(variables),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            now_s = time.perf_counter()
            steps[last] = steps.get(last, 0.0) + now_s - last_s
            # A sign of life belongs to what it is one of.
            if "so far" not in line:
                last = line.strip().partition(" (")[0].partition(":")[0]
            last_s = now_s
    if running.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {last}")
    return steps
