"""The embedded AWS of this project: find the running one, or start it, and who keeps it alive.

One embedded AWS per person and copy of the project, shared by all their notebooks and commands;
`folders` says where it is found, and how several people share one. It is held by a keeper
process of its own (`python -m workshop.keeping`), because no notebook may own it: a kernel that
restarts would take the other notebooks' messages with it. The keeper ends it

- when its owner does: `own()`, for `start.py lab`, `guides` and `local`; unless others use it then;
- or, without an owner, two minutes after its last user has gone: every `connect()` holds a lock
  file in `.workshop/users/`, which the operating system frees when that process ends, however it
  ends. A restarted kernel comes back in time and finds its messages.

The files through which they find each other are the `run_state`.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from workshop.errors import EndpointError
from workshop.target.commands import start_command
from workshop.target.environment import without_accounts
from workshop.target.folders import HOME_VARIABLE, PROJECT
from workshop.target.health import ENDED, stopped
from workshop.target.run_state import NO_OTHER_VARIABLE, START_LIMIT_S, Info, RunState
from workshop.target.target import Target

Tell = Callable[[str], None]

_END_LIMIT_S = 20.0


def _nobody(_: str) -> None:
    """Told, and forgotten."""


def find_or_start(project: Path = PROJECT, tell: Tell = _nobody) -> Info:
    """The connection details of the running embedded AWS; starts one when none answers.

    Args:
        project: the folder that it belongs to.
        tell: is told when an earlier one is gone, and with it what it held.

    Raises:
        EndpointError: it did not start, is stopped, or has ended and is not to be replaced.
    """
    state = RunState(project)
    # Two notebooks that connect at once must not start two.
    with state.starting():
        found = state.read()
        if found:
            return found
        _refuse_stopped(state, project)
        if os.environ.get(NO_OTHER_VARIABLE):
            raise EndpointError(ENDED, "Start the command anew that it belonged to.")
        _tell_of_the_last(state, tell)
        info, keeper = _start(state, project)
        _let_go(keeper)
        return info


@contextmanager
def own(
    project: Path = PROJECT,
    *,
    port: int = 0,
    lateness: int | None = None,
    start_s: float | None = None,
    tell: Tell = _nobody,
) -> Iterator[Info]:
    """Run the embedded AWS for the length of a `with` block.

    Joins the one that runs already; in that case it is not stopped at the end. Nor is one that
    other processes have joined: it ends after the last of them. Yields its connection details:
    endpoint_url, clock_url, region, account_id, aws_access_key_id, aws_secret_access_key, lateness.

    Args:
        project: the folder that it belongs to.
        port: TCP port; 0 takes a free one.
        lateness: the seed with which one that is started shows facts late; default: at once.
        start_s: virtual time of one that is started, at its beginning; ids then follow from it.
            Default: now, and chance.
        tell: is told when an earlier one is gone, and with it what it held.

    Raises:
        EndpointError: it did not start, for example because the port is taken, or is stopped.
    """
    state = RunState(project)
    with state.starting():
        found = state.read()
        if not found:
            _refuse_stopped(state, project)
            _tell_of_the_last(state, tell)
        info, keeper = (
            (found, None) if found else _start(state, project, port, lateness, start_s, owned=True)
        )
    with state.use():
        try:
            yield info
        finally:
            if keeper is not None:
                _leave(keeper, state)


def is_shared(project: Path = PROJECT) -> bool:
    """Whether other processes than this one use the project's embedded AWS."""
    return RunState(project).has_users(besides=os.getpid())


def _refuse_stopped(state: RunState, project: Path) -> None:
    """One that is stopped is neither used nor replaced: it may go on, with what it holds."""
    if state.has_keeper() and (told := stopped(project)):
        raise EndpointError(told, "Or end that process; then start this again.")


def _tell_of_the_last(state: RunState, tell: Tell) -> None:
    # Each start begins its log anew, so one that is there is of the last; how that ended, and
    # whether it was told to, makes no difference to what it held.
    if state.log_file.exists():
        tell(
            "The embedded AWS that ran here before is gone, and its messages with it: this one is "
            "new and empty."
        )


def _start(
    state: RunState,
    project: Path,
    port: int = 0,
    lateness: int | None = None,
    start_s: float | None = None,
    *,
    owned: bool = False,
) -> tuple[Info, "subprocess.Popen[str]"]:
    """Start a keeper and wait until it has published its endpoint."""
    log = _new_log(state)
    seed = "" if lateness is None else str(lateness)
    start = "" if start_s is None else str(start_s)
    keep = [sys.executable, "-m", "workshop.keeping", str(project), str(port)]
    command = [*keep, seed, start]
    if owned:
        command.append(str(os.getpid()))
    with log:
        keeper = subprocess.Popen(
            command,
            cwd=PROJECT,
            # Handlers can read the environment of what starts them: no key of the person's in it.
            env=without_accounts(os.environ),
            stdin=subprocess.PIPE if owned else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            # Ctrl-C in a terminal or an interrupted kernel must not reach it.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    told = _first_line(keeper)
    info = state.read() if told == "ready" else None
    if info is None:
        _end(keeper)
        silence = f"no word of it in {START_LIMIT_S:.0f} s, or it ended"
        raise EndpointError(
            f"The embedded AWS did not start: {told or silence}.",
            f"Its log is {state.log_file}; `{start_command(Target(), 'doctor')}` checks this "
            "machine.",
        )
    return info, keeper


def _new_log(state: RunState) -> TextIO:
    try:
        state.folder.mkdir(parents=True, exist_ok=True)
        return state.log_file.open("w", encoding="utf-8")
    except OSError as error:
        raise EndpointError(
            f"{error.filename} cannot be written to ({error.strerror}).",
            "Somebody else made it, or you as the administrator. Remove it, or name a folder of "
            f"your own in the variable {HOME_VARIABLE}, and start this again.",
        ) from None


def _first_line(keeper: "subprocess.Popen[str]") -> str:
    """What it says first; nothing when it ended, or had to be ended because it hung."""
    assert keeper.stdout is not None
    patience = threading.Timer(START_LIMIT_S, keeper.kill)
    patience.start()
    try:
        with keeper.stdout:
            return keeper.stdout.readline().strip()
    finally:
        patience.cancel()


def _leave(keeper: "subprocess.Popen[str]", state: RunState) -> None:
    """Tell it that its owner goes; wait until everything is gone, unless others use it."""
    if keeper.stdin:
        keeper.stdin.close()
    if state.has_users(besides=os.getpid()):
        _let_go(keeper)
    else:
        _end(keeper)


def _let_go(keeper: "subprocess.Popen[str]") -> None:
    """It outlives its owner; a process that goes on has to take note of its end all the same."""
    threading.Thread(target=keeper.wait, name="keeper", daemon=True).start()


def _end(keeper: "subprocess.Popen[str]") -> None:
    """Wait until a keeper without an owner, and all that it started, is gone."""
    if keeper.stdin:
        keeper.stdin.close()
    try:
        keeper.wait(timeout=_END_LIMIT_S)
    except subprocess.TimeoutExpired:
        # The endpoint watches a pipe of the keeper, so it ends with it.
        keeper.kill()
        keeper.wait()
