"""However the endpoint ends, nothing of it stays."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from localaws import LaunchError, RunningEndpoint, launch
from tests.robustness.client import Target
from tests.robustness.handlers import account_of
from tests.robustness.processes import children_of, ends, needs_linux
from tests.scenarios.account import package_of

# It tells its process, and whose it is, and never ends.
RESTLESS = """
import os, signal, socket, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)

def handler(event, context):
    helper = subprocess.Popen(["sleep", "1000"])
    with socket.create_connection(("127.0.0.1", event["tell"])) as line:
        line.sendall(f"{os.getpid()} {helper.pid}".encode())
    while True:
        pass
"""


@contextlib.contextmanager
def own_endpoint(tmp_path: Path, port: int = 0) -> Iterator[tuple[RunningEndpoint, Target]]:
    with launch(port, log=tmp_path / "log") as running:
        yield running, Target(running.info, tmp_path / "log", running.process.pid)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the endpoints of this test keep their temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def start_restless(target: Target) -> list[int]:
    """The processes of a handler that runs, and of what that started."""
    account = account_of(target)
    name = account.function("orders", Timeout=900, Code={"ZipFile": package_of(RESTLESS)})
    with socket.create_server(("127.0.0.1", 0)) as told:
        account.invoke_event(name, {"tell": told.getsockname()[1]})
        with told.accept()[0] as line, line.makefile() as words:  # waits for the handler
            return [int(pid) for pid in words.read().split()]


@needs_linux
def test_after_sigkill_no_process_stays(tmp_path: Path, temporary: Path) -> None:
    with own_endpoint(tmp_path) as (running, target):
        processes = start_restless(target)
        running.process.kill()
        assert all(ends(pid) for pid in processes)


@needs_linux
def test_after_stop_no_process_and_no_file_stays(tmp_path: Path, temporary: Path) -> None:
    with own_endpoint(tmp_path) as (running, target):
        processes = [*start_restless(target), *children_of(target.pid)]
        running.stop()
        assert all(ends(pid) for pid in processes)
        assert running.process.returncode == 0
    assert list(temporary.iterdir()) == []
    assert (tmp_path / "log").read_text() == ""


@needs_linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_after_a_polite_signal_nothing_stays(
    tmp_path: Path, temporary: Path, number: signal.Signals
) -> None:
    with own_endpoint(tmp_path) as (running, target):
        processes = start_restless(target)
        running.process.send_signal(number)
        assert all(ends(pid) for pid in processes)
        assert running.process.wait(60) == 0
    assert list(temporary.iterdir()) == []
    assert (tmp_path / "log").read_text() == ""


@needs_linux
def test_what_a_killed_endpoint_left_is_removed_by_the_next(
    tmp_path: Path, temporary: Path
) -> None:
    with own_endpoint(tmp_path) as (killed, target):
        start_restless(target)
        killed.process.kill()
        killed.process.wait()
        left = list(temporary.iterdir())
        assert left
        with own_endpoint(tmp_path, target.port) as (_, next_target):
            assert not any(folder.exists() for folder in left)
            assert next_target.is_alive()
            with own_endpoint(tmp_path):  # and none that is in use
                assert next_target.is_alive()
                assert len(list(temporary.iterdir())) == 2


@needs_linux
def test_it_ends_with_its_owner(tmp_path: Path) -> None:
    script = (
        "from localaws import launch; import sys;"
        "running = launch(); print(running.process.pid, flush=True); sys.stdin.read()"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
        assert ends(pid)
    finally:
        owner.kill()
        owner.communicate()


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with own_endpoint(tmp_path) as (_, target):
        with pytest.raises(LaunchError, match=f"Port {target.port} .* --port"):
            launch(target.port, log=tmp_path / "second")
        assert target.is_alive()
    assert (tmp_path / "second").read_text() == ""


def test_stop_does_not_wait_for_those_who_wait(tmp_path: Path) -> None:
    with own_endpoint(tmp_path) as (running, target):
        account_of(target).time.clock(mode="real")
        sqs = target.client("sqs")
        queue_url = sqs.create_queue(QueueName="never-filled")["QueueUrl"]
        arrived = threading.Event()
        sqs.meta.events.register("before-send", lambda **_: arrived.set())

        def wait_long() -> None:
            with contextlib.suppress(Exception):
                sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)

        waiting = threading.Thread(target=wait_long)
        waiting.start()
        arrived.wait()
        running.stop()
        assert running.process.returncode == 0
        waiting.join(60)
        assert not waiting.is_alive()
    assert "Traceback" not in (tmp_path / "log").read_text()
