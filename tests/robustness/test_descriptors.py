"""Who holds descriptors and says nothing keeps nobody waiting."""

import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from localaws import EndpointInfo
from tests.robustness.client import Target
from tests.robustness.handlers import account_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no descriptors")

LIMIT = 96
STRANGERS = 120


@pytest.fixture
def process() -> Iterator["subprocess.Popen[str]"]:
    """An endpoint that may have few descriptors."""
    start = f"ulimit -n {LIMIT}; exec {shlex.quote(sys.executable)} -m localaws --owned --time skip"
    shell = ["/bin/sh", "-c", start]
    pipe = subprocess.PIPE
    with subprocess.Popen(shell, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def narrow(process: "subprocess.Popen[str]", tmp_path: Path) -> Target:
    assert process.stdout is not None
    info = EndpointInfo.from_json(process.stdout.readline())
    return Target(info, tmp_path / "unused", process.pid)


def strangers(target: Target, count: int, held: ExitStack) -> list[socket.socket]:
    """Clients that connect; every second one begins a request."""
    found = []
    for number in range(count):
        address = ("127.0.0.1", target.port)
        found.append(held.enter_context(socket.create_connection(address, timeout=60)))
        if number % 2:
            found[-1].sendall(f"POST / HTTP/1.1\r\nHost: {target.host}\r\n".encode())
    return found


def test_strangers_that_say_nothing_keep_no_client_waiting(
    narrow: Target, process: "subprocess.Popen[str]"
) -> None:
    with ExitStack() as held:
        clients = strangers(narrow, STRANGERS, held)

        assert narrow.is_alive()
        account = account_of(narrow)
        name = account.function()
        assert account.invoke(name, {"order": 1})["Payload"] == {"processed": 1}

        assert clients[0].recv(1) == b""  # the oldest were closed
        clients[-1].setblocking(False)
        with pytest.raises(BlockingIOError):
            clients[-1].recv(1)  # the newest were not
    _, said = process.communicate()  # its end, as its owner's
    assert said == ""


def test_callers_that_hold_all_of_them_are_told_of_once(
    narrow: Target, process: "subprocess.Popen[str]"
) -> None:
    queue_url = narrow.client("sqs").create_queue(QueueName="watched")["QueueUrl"]
    account_of(narrow).time.clock(mode="real")
    poll = narrow.signing(
        "sqs",
        b'{"QueueUrl": "%s", "WaitTimeSeconds": 20}' % queue_url.encode(),
        headers={
            "X-Amz-Target": "AmazonSQS.ReceiveMessage",
            "Content-Type": "application/x-amz-json-1.0",
        },
    )
    assert process.stderr is not None
    with ExitStack() as held:
        for _ in range(STRANGERS):
            address = ("127.0.0.1", narrow.port)
            held.enter_context(socket.create_connection(address)).sendall(poll)
        told = process.stderr.readline()
    assert "No descriptor is left for another client" in told

    assert narrow.is_alive()  # as soon as some have gone
    _, said = process.communicate()
    assert said == ""
