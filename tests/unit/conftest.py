"""A unit test is one process and no network: what needs more belongs to tests/integration."""

import errno
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

import pytest


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever starts a process or opens a way to another one is refused.

    As an operating system refuses it: what can do without does.
    """
    monkeypatch.setattr(subprocess.Popen, "__init__", refusal("starts a process"))
    # On Windows, asyncio's loops and their pairs of sockets use both.
    if sys.platform != "win32":
        monkeypatch.setattr(socket.socket, "bind", refusal("binds a socket"), raising=False)
        monkeypatch.setattr(socket.socket, "connect", refusal("connects"), raising=False)


def refusal(what: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EPERM, f"a unit test {what}: move it to tests/integration")

    return refuse
