"""The endpoints under measurement, each a fresh process with the same surface."""

import contextlib
import functools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from localaws import launch
from workshop.target.clock import EmbeddedClock

# How long a workload may take on an endpoint that waits in real time.
_PATIENCE_S = 300.0


@dataclass
class MeasuredAws:
    """One AWS to measure.

    Attributes:
        name: its column in the table.
        client: makes a boto3 client for a service.
        wait: runs until a condition holds; skips time where the endpoint can.
        pid: its process.
    """

    name: str
    client: Callable[[str], Any]
    wait: Callable[[Callable[[], bool]], None]
    pid: int

    def resident_mb(self) -> float:
        """Resident memory of the endpoint's own process, without handlers' processes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if "VmRSS" in line)
        return int(kilobytes) / 1024

    def processor_s(self) -> float:
        """Processor time of the endpoint so far, with its handlers' processes."""
        own = _processor_s(_stat(self.pid), ended_children=True)
        stats = (_stat(int(path.name)) for path in Path("/proc").glob("[0-9]*"))
        return own + sum(
            _processor_s(stat) for stat in stats if stat and int(stat[_PARENT]) == self.pid
        )


# Places in /proc/PID/stat after the process's name (man 5 proc, fields 4 and 14 to 17).
_PARENT, _OWN, _ENDED_CHILDREN = 1, slice(11, 13), slice(13, 15)


def _stat(pid: int) -> list[str]:
    """What the kernel counts of a process; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _processor_s(stat: list[str], *, ended_children: bool = False) -> float:
    fields = stat[_OWN] + (stat[_ENDED_CHILDREN] if ended_children else [])
    return sum(map(int, fields)) / os.sysconf("SC_CLK_TCK")


@functools.cache
def _session() -> boto3.Session:
    return boto3.Session()


def prepare() -> None:
    """Load what boto3 needs for a first request, so that no endpoint's start is charged for it."""
    _clients("http://127.0.0.1:9", "us-east-1", "-", "-")("sts")


def _clients(url: str, region: str, key: str, secret: str) -> Callable[[str], Any]:
    config = Config(retries={"total_max_attempts": 1}, read_timeout=120)
    client: Any = _session().client  # its overloads take no name that is not a literal
    return lambda service: client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=config,
    )


@contextlib.contextmanager
def embedded() -> Iterator[MeasuredAws]:
    """The embedded AWS of this project."""
    with launch() as running:
        info = running.info
        clock = EmbeddedClock(info.clock_url, info.aws_secret_access_key)

        def wait(condition: Callable[[], bool]) -> None:
            while not condition():
                if clock.next_step(limit_s=3600).is_stuck and not condition():
                    raise TimeoutError("nothing is scheduled any more")

        client = _clients(
            info.endpoint_url, info.region, info.aws_access_key_id, info.aws_secret_access_key
        )
        yield MeasuredAws("embedded", client, wait, running.process.pid)


@contextlib.contextmanager
def ministack() -> Iterator[MeasuredAws]:
    """ministack as it comes, told only to use a free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
        "IOT_MTLS_ENABLED": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "ministack"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    client = _clients(f"http://127.0.0.1:{port}", "us-east-1", "test", "test")
    try:
        _until_it_answers(client)
        yield MeasuredAws("ministack", client, _poll, process.pid)
    finally:
        process.terminate()
        process.wait()


def _until_it_answers(client: Callable[[str], Any]) -> None:
    def answers() -> bool:
        with contextlib.suppress(EndpointConnectionError, ClientError):
            client("sts").get_caller_identity()
            return True
        return False

    _poll(answers, every_s=0.01)


def _poll(condition: Callable[[], bool], every_s: float = 0.05) -> None:
    deadline_s = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"not within {_PATIENCE_S:.0f} s")
        time.sleep(every_s)
