"""The embedded AWS of this project: find the running one, or start it, and who keeps it alive.

One embedded AWS per project folder, shared by all notebooks and commands. It is held by a keeper
process of its own (`python -m workshop.connection keep`), because no notebook may own it: a kernel
that restarts would take the other notebooks' messages with it. The keeper ends it

- when its owner does: `own()`, for `start.py lab`, `guides` and `local`;
- or, when a notebook started it, two minutes after its last user has gone: every `connect()` holds
  a lock file in `.workshop/users/`, which the operating system frees when that process ends,
  however it ends. A restarted kernel comes back in time and finds its messages.

`.workshop/embedded.json` (mode 0600: it holds the run's credentials) says how to reach it. It is
believed only while the keeper holds its lock and the endpoint answers with this token.
"""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workshop.clock_client import EmbeddedClock
from workshop.errors import EndpointError
from workshop.file_lock import FileLock
from workshop.target import PROJECT

Info = dict[str, str]

_START_TIMEOUT_S = 90.0


class RunState:
    """The files in `.workshop/` through which processes find the embedded AWS."""

    def __init__(self, project: Path = PROJECT) -> None:
        self.folder = project / ".workshop"
        self.info_file = self.folder / "embedded.json"
        self.log_file = self.folder / "embedded.log"
        self.users = self.folder / "users"

    def starting(self) -> FileLock:
        """Held while somebody looks for or starts the embedded AWS."""
        return FileLock(self.folder / "starting.lock")

    def keeping(self) -> FileLock:
        """Held by the keeper as long as it lives."""
        return FileLock(self.folder / "keeper.lock")

    def write(self, info: Mapping[str, str]) -> None:
        """Publish how to reach it, in one step and for this user's eyes only; the keeper does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"embedded.{uuid.uuid4().hex}.tmp"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({**info, "keeper_pid": os.getpid()}, file)
        draft.replace(self.info_file)

    def read(self) -> Info | None:
        """What the last keeper published, verified to be alive; None when there is none."""
        lock = self.keeping()
        if lock.try_acquire():
            lock.release()
            return None
        try:
            info: Info = json.loads(self.info_file.read_text(encoding="utf-8"))
            info.pop("keeper_pid", None)
            clock = EmbeddedClock(info["clock_url"], info["aws_secret_access_key"])
        except (OSError, ValueError, KeyError):
            return None
        return info if clock.answers() else None

    def keeper_pid(self) -> int | None:
        """The process that holds the running embedded AWS."""
        if self.read() is None:
            return None
        return int(json.loads(self.info_file.read_text(encoding="utf-8"))["keeper_pid"])

    def use(self) -> FileLock:
        """Become a user; the embedded AWS stays until the returned lock is released."""
        lock = FileLock(self.users / f"{os.getpid()}-{uuid.uuid4().hex}.lock")
        lock.acquire(timeout_s=1)
        return lock

    def has_users(self) -> bool:
        """Whether a process that connected still lives; forgets those that do not."""
        return any(self._is_held(path) for path in list(self.users.glob("*.lock")))

    @staticmethod
    def _is_held(path: Path) -> bool:
        lock = FileLock(path)
        if not lock.try_acquire():
            return True
        lock.remove()
        return False


def find_or_start(project: Path = PROJECT) -> Info:
    """The connection details of the running embedded AWS; starts one when none answers.

    Raises:
        EndpointError: it did not start.
    """
    state = RunState(project)
    with state.starting() as starting:
        # Two notebooks that connect at once must not start two.
        starting.acquire(_START_TIMEOUT_S)
        return state.read() or _start(state, project)[0]


@contextmanager
def own(project: Path = PROJECT, *, port: int = 0) -> Iterator[Info]:
    """Run the embedded AWS for the length of a `with` block.

    Joins the one that runs already; in that case it is not stopped at the end. Yields its
    connection details: endpoint_url, clock_url, region, account_id, aws_access_key_id,
    aws_secret_access_key.

    Raises:
        EndpointError: it did not start, for example because the port is taken.
    """
    state = RunState(project)
    with state.starting() as starting:
        starting.acquire(_START_TIMEOUT_S)
        found = state.read()
        info, keeper = (found, None) if found else _start(state, project, port, owned=True)
    with state.use():
        try:
            yield info
        finally:
            if keeper is not None:
                _end(keeper)


def stop(project: Path = PROJECT) -> bool:
    """End the running embedded AWS, whoever uses it; returns whether there was one."""
    pid = RunState(project).keeper_pid()
    if pid is None:
        return False
    # The endpoint ends with its keeper: it watches a pipe of it.
    os.kill(pid, signal.SIGTERM)
    return True


def _start(
    state: RunState, project: Path, port: int = 0, *, owned: bool = False
) -> tuple[Info, "subprocess.Popen[str]"]:
    """Start a keeper and wait until it has published its endpoint."""
    state.folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "workshop.connection", "keep", str(project), str(port)]
    with state.log_file.open("w", encoding="utf-8") as log:
        keeper = subprocess.Popen(
            [*command, "owned"] if owned else command,
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.PIPE if owned else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            # Ctrl-C in a terminal or an interrupted kernel must not reach it.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    assert keeper.stdout is not None
    with keeper.stdout:
        told = keeper.stdout.readline().strip()
    info = state.read() if told == "ready" else None
    if info is None:
        _end(keeper)
        raise EndpointError(
            f"The embedded AWS did not start: {told or 'it ended without a word'}.",
            f"Its log is {state.log_file}; `python3 start.py doctor` checks this machine.",
        )
    return info, keeper


def _end(keeper: "subprocess.Popen[str]") -> None:
    """Close the pipe that says its owner lives, and wait until everything is gone."""
    if keeper.stdin:
        keeper.stdin.close()
    try:
        keeper.wait(timeout=20)
    except subprocess.TimeoutExpired:
        # The endpoint watches a pipe of the keeper, so it ends with it.
        keeper.kill()
        keeper.wait()
