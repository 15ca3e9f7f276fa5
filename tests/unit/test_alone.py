"""Unit tests neither start processes nor open connections, however they try."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

NOWHERE = ("127.0.0.1", 0)
COMMAND = [sys.executable, "-c", ""]


@pytest.mark.parametrize(
    "start",
    [
        lambda: subprocess.run(COMMAND),
        lambda: asyncio.run(asyncio.create_subprocess_exec(*COMMAND)),
    ],
)
def test_processes_are_refused(start: Callable[[], Any]) -> None:
    with pytest.raises(PermissionError, match="move it to tests/integration"):
        start()


@pytest.mark.skipif(sys.platform == "win32", reason="asyncio's loops need sockets themselves there")
@pytest.mark.parametrize(
    "connect",
    [
        lambda: HTTPServer(NOWHERE, BaseHTTPRequestHandler),
        lambda: socket.create_server(NOWHERE),
        lambda: socket.create_connection(NOWHERE),
        lambda: asyncio.run(asyncio.start_server(print, *NOWHERE)),
        lambda: asyncio.run(asyncio.open_connection(*NOWHERE)),
    ],
)
def test_sockets_are_refused(connect: Callable[[], Any]) -> None:
    with pytest.raises(PermissionError, match="move it to tests/integration"):
        connect()


async def test_a_loop_and_its_threads_need_nothing_of_that() -> None:
    assert await asyncio.to_thread(lambda: 1) == 1
