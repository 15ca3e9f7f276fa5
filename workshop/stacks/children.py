"""Programs that work for a while: none of them is silent for long, whatever it prints itself.

Whoever waits for one reads a screen or a log. The main thread alone speaks, so that lines do not
mix, and Ctrl-C ends what was started.
"""

import contextlib
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from workshop.target.telling import SIGN_OF_LIFE_S


def started(
    command: Sequence[str], *, folder: Path | str, environment: Mapping[str, str]
) -> "subprocess.Popen[str]":
    """Start a program that is told nothing, and whose every word is read."""
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def run_telling(
    command: Sequence[str],
    what: str,
    say: Callable[[str], None],
    *,
    folder: Path,
    environment: Mapping[str, str],
    silent_s: float = SIGN_OF_LIFE_S,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and keep what it prints; now and then say that it is at work.

    Args:
        command: with its arguments.
        what: it does, e.g. "synthesizing the CDK app".
        say: is told so, with the seconds so far.
        folder: where it runs.
        environment: its environment variables.
        silent_s: how often.
    """
    began_s = time.monotonic()
    with started(command, folder=folder, environment=environment) as process:
        try:
            while True:
                try:
                    printed, _ = process.communicate(timeout=silent_s)
                    return subprocess.CompletedProcess(command, process.returncode, printed)
                except subprocess.TimeoutExpired:
                    say(so_far(what, time.monotonic() - began_s))
        except BaseException:
            process.terminate()
            raise


def lines_of(
    process: "subprocess.Popen[str]", silent_s: float = SIGN_OF_LIFE_S
) -> Iterator[str | None]:
    """What a running program prints, line by line; None each time it was silent for so long."""
    printed = queue.SimpleQueue[str | None]()

    def read() -> None:
        assert process.stdout is not None
        # Closed meanwhile, when whoever wanted to read was interrupted.
        with contextlib.suppress(ValueError):
            for line in process.stdout:
                printed.put(line)
        printed.put(None)

    threading.Thread(target=read, name="lines", daemon=True).start()
    while True:
        try:
            line = printed.get(timeout=silent_s)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line


def so_far(what: str, seconds: float) -> str:
    """The line of what goes on without a word of its own."""
    return f"{what}: {seconds:.0f} s so far"
