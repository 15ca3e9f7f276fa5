"""A part of the workshop that is killed: whoever goes on says so, and nothing is left behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest

from tests.copied_project import environment_of
from tests.guides import notebook
from tests.robustness.processes import children_of, ends, needs_linux, wait_for_writer

pytestmark = needs_linux

LIMIT_S = 120


@contextmanager
def command(project: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A command of the workshop that runs until it is told to end."""
    running = subprocess.Popen(
        [sys.executable, "-m", "workshop", *arguments],
        cwd=project,
        env=environment_of(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def read_until(running: "subprocess.Popen[str]", pattern: str, said: IO[str] | None = None) -> None:
    """Read on what it says (default: on standard output) until a line is like this."""
    assert running.stdout is not None
    lines = iter((said or running.stdout).readline, "")
    assert any(re.search(pattern, line) for line in lines), "it ended without a word of it"


def part(pid: int, name: str) -> int:
    """The process below another one whose command names this; fails where there is none."""
    found = [child for child in below(pid) if name in command_of(child)]
    # Never 0, which would stand for the whole group of this process.
    assert found, f"no {name} among {[command_of(child) for child in below(pid)]}"
    return found[0]


def below(pid: int) -> Iterator[int]:
    with suppress(OSError):  # it has ended since
        for child in children_of(pid):
            yield child
            yield from below(child)


def command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


@pytest.mark.parametrize("killed", ["workshop.keeping", "-m localaws"])
def test_local_says_that_its_aws_has_ended(untouched_project: Path, killed: str) -> None:
    # Given the embedded AWS in the foreground
    with command(untouched_project, "local") as running:
        read_until(running, "unset AWS_PROFILE")
        # When a part of it is killed
        os.kill(part(running.pid, killed), signal.SIGKILL)
        # Then the command ends with a sentence, and not as if all had gone well
        _, errors = running.communicate(timeout=LIMIT_S)
    assert running.returncode == 1
    assert "The embedded AWS has ended, and its messages with it" in errors
    assert "Traceback" not in errors


def test_lab_says_that_its_aws_has_ended_and_ends_with_its_owner(untouched_project: Path) -> None:
    # Given a JupyterLab
    with command(untouched_project, "lab", "--no-browser") as running:
        read_until(running, "Ctrl-C here stops everything")
        jupyter, endpoint = part(running.pid, "owned_jupyter"), part(running.pid, "-m localaws")
        keeper = part(running.pid, "workshop.keeping")
        # When its embedded AWS is killed
        os.kill(endpoint, signal.SIGKILL)
        # Then it says so, and JupyterLab goes on, with what was typed there
        read_until(running, "The embedded AWS has ended, .* starts a new one, which is empty")
        assert Path(f"/proc/{jupyter}").exists()
        # And when the command itself is killed, nothing stays
        running.kill()
        assert ends(jupyter)
        assert ends(keeper)


def test_guides_say_that_their_aws_is_stopped_and_that_it_has_ended(
    untouched_project: Path, tmp_path: Path
) -> None:
    # Given the run of a notebook that tells that it runs, and takes its time
    os.mkfifo(fifo := tmp_path / "runs")
    notebook.write(
        tmp_path / "series" / "00-slow.ipynb",
        notebook.markdown("# Slow\n\nIt takes its time."),
        notebook.code(f"import time; open({str(fifo)!r}, 'w').close(); time.sleep(3600)"),
    )
    out = tmp_path / "out"
    series = ("--notebooks", str(tmp_path / "series"))
    with command(untouched_project, "guides", *series, "--out", str(out)) as running:
        wait_for_writer(fifo)
        kernel = part(running.pid, "ipykernel")
        endpoint = part(running.pid, "-m localaws")
        # When its AWS is stopped and goes on, it says so
        os.kill(endpoint, signal.SIGSTOP)
        read_until(running, f"is stopped \\(process {endpoint}\\)", running.stderr)
        os.kill(endpoint, signal.SIGCONT)
        read_until(running, f"goes on \\(process {endpoint}\\)", running.stderr)
        # And when it is killed, the run ends with a sentence, where it was, and no other AWS
        os.kill(endpoint, signal.SIGKILL)
        _, errors = running.communicate(timeout=LIMIT_S)
    assert running.returncode == 1
    assert "The embedded AWS has ended, and its messages with it" in errors
    assert "It was at cell 1 of 1 of 00-slow.ipynb. No page was written." in errors
    assert "Traceback" not in errors
    assert ends(kernel)


@pytest.mark.parametrize(
    ("command_", "is_ready"),
    [
        (("local",), "unset AWS_PROFILE"),
        (("lab", "--no-browser"), "Ctrl-C here stops everything"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_who_waits_is_told_that_its_aws_is_stopped_and_goes_on(
    untouched_project: Path, command_: tuple[str, ...], is_ready: str
) -> None:
    # Given the embedded AWS
    with command(untouched_project, *command_) as running:
        read_until(running, is_ready)
        said = running.stderr if command_ == ("local",) else running.stdout
        assert said is not None
        for name, called in (("-m localaws", "The embedded AWS"), ("keeping", "The keeper of ")):
            pid = part(running.pid, name)
            # When a part of it is stopped
            os.kill(pid, signal.SIGSTOP)
            # Then the command says so, and what to do
            read_until(running, f"{called}.* is stopped \\(process {pid}\\)", said)
            # When it is let go on, then the command says that, too
            os.kill(pid, signal.SIGCONT)
            read_until(running, f"{called}.* goes on \\(process {pid}\\)", said)
