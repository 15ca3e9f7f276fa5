"""`test`: style, types, and all tests; everything after the command goes to pytest.

`test --style` is style and types alone, for a look before a commit. `test --target aws ...` runs
the scenarios on an account.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from workshop.cli import account_test
from workshop.cli.jupyter import python_command
from workshop.stacks import node
from workshop.target.target import PROJECT

STOP_LIMIT_S = 60
# Until everything that was made in an account is removed from it.
ACCOUNT_STOP_LIMIT_S = 900
# Whole files, so that a file's tests share what is slow to make (`tests/distribution.py`); the long
# ones first.
DISTRIBUTED = ("--dist=loadfile", "--no-loadscope-reorder")
MOST_PROCESSES = 8
# A test often waits for programs that it has started. With two the processors are busy all the
# time; each more would only collect the tests once more, and start an embedded AWS of its own.
PROCESSES_PER_CORE = 2
STYLE_ALONE = ("--style",)
STYLE = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
)
# Half a minute of one core, of which the tests leave enough.
TYPES = ("mypy",)


def run(arguments: Sequence[str]) -> int:
    """Run the checks, and pytest on every core; with pytest arguments pytest alone, in one process.

    The types are checked beside the tests, and told after them.

    Returns:
        The first exit code that is not 0.
    """
    if arguments and arguments[0] in ("-h", "--help"):
        print(f"start.py {__doc__.strip()}")
        return 0
    if account_test.is_meant(arguments):
        return account_test.run(arguments, _pytest_on_account)
    if tuple(arguments) == STYLE_ALONE:
        return _first_failure(_check(check) for check in (*STYLE, TYPES))
    if arguments:
        return _pytest(arguments)
    style = [_check(check) for check in STYLE]
    with _beside(TYPES) as types:
        tests = _pytest(arguments)
        return _first_failure([*style, types(), tests])


def _first_failure(codes: Iterable[int]) -> int:
    """All of them are made, and the first that is not 0 is the command's own."""
    return next((code for code in list(codes) if code), 0)


def _check(check: Sequence[str]) -> int:
    print(f"== {' '.join(check)}", flush=True)
    return _run(check, node.cdk_environment())


@contextmanager
def _beside(check: Sequence[str]) -> Iterator[Callable[[], int]]:
    """Run a check while something else runs; what is yielded waits, tells and returns its code."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as output,
        subprocess.Popen(
            python_command("-m", *check),
            cwd=PROJECT,
            env=_with_project(node.cdk_environment()),
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):

        def told() -> int:
            code = process.wait()
            output.seek(0)
            print(f"== {' '.join(check)}\n{output.read()}", end="", flush=True)
            return code

        try:
            yield told
        finally:
            _end(process, apart=False, limit_s=STOP_LIMIT_S)


def _pytest(arguments: Sequence[str]) -> int:
    # The infrastructure tests synthesize the CDK app in this process, which needs a `node`.
    node.ensure_cdk()
    print("== pytest", flush=True)
    command = ("pytest", *(arguments or _on_every_core()))
    return _run(command, node.cdk_environment(), apart=not arguments)


def _pytest_on_account(command: Sequence[str]) -> int:
    # The person's own environment, in which the credentials may be.
    return _run(command, dict(os.environ), apart=True, limit_s=ACCOUNT_STOP_LIMIT_S)


def _on_every_core() -> tuple[str, ...]:
    processes = min((os.cpu_count() or 1) * PROCESSES_PER_CORE, MOST_PROCESSES)
    return (f"-n{processes}", *DISTRIBUTED)


def _run(
    check: Sequence[str],
    environment: dict[str, str],
    *,
    apart: bool = False,
    limit_s: float = STOP_LIMIT_S,
) -> int:
    """Run one check to its end; when told to stop, tell it and let it end what it started.

    Args:
        check: module and arguments.
        environment: its environment variables.
        apart: out of reach of the terminal's Ctrl-C, which the processes of a distributed run would
            get twice: from the terminal, and from the one that started them.
        limit_s: how long it may take to end when it is told to.
    """
    apart = apart and os.name != "nt"
    with subprocess.Popen(
        python_command("-m", *check),
        cwd=PROJECT,
        env=_with_project(environment),
        start_new_session=apart,
    ) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            _end(process, apart, limit_s)
            raise


def _with_project(environment: dict[str, str]) -> dict[str, str]:
    """With the project on the path, as start.py sets it."""
    return {**environment, "PYTHONPATH": os.fspath(PROJECT)}


def _end(process: "subprocess.Popen[bytes]", apart: bool, limit_s: float) -> None:
    """Press Ctrl-C for it, also where only this process was told to stop; wait until it is gone."""
    if process.poll() is not None:
        return
    tell = os.killpg if apart else os.kill
    try:
        tell(process.pid, signal.SIGINT)
        process.wait(timeout=limit_s)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        tell(process.pid, signal.SIGKILL)
