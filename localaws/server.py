"""Serves one embedded AWS on 127.0.0.1 until it is told to end."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import uvicorn

from localaws.door.connections import ACCEPTED_AT_ONCE
from localaws.door.http_protocol import BoundedHttpProtocol
from localaws.door.shortage import Shortage
from localaws.embedded_aws import EmbeddedAws
from localaws.launch import EndpointInfo
from localaws.time.mode import Mode
from localaws.words.identity import Identity
from localaws.words.seeded import seed_ids
from localaws.work_folder import work_folder

_REGION = "us-east-1"
_WAITING = 2048


class PortTaken(Exception):
    """Another program listens on the wanted port."""


def serve(
    port: int,
    *,
    owned: bool,
    account_id: str,
    mode: Mode,
    lateness: int | None = None,
    start_s: float | None = None,
    told: Callable[[EndpointInfo], str] = EndpointInfo.as_json,
) -> None:
    """Serve in the foreground; returns after Ctrl-C or SIGTERM.

    The first line on standard output is the endpoint as one JSON object (`launch.EndpointInfo`),
    unless `told` says otherwise.

    Args:
        port: TCP port on 127.0.0.1; 0 takes a free one.
        owned: also end when standard input reaches its end, that is when its owner has.
        account_id: 12 digits, the account to play.
        mode: how time passes.
        lateness: the seed with which facts are shown late; None: at once.
        start_s: virtual time at the beginning; ids follow from it. None: now, and chance.
        told: what is printed of the endpoint.

    Raises:
        PortTaken: somebody else has the port.
    """
    with _bind(port) as listener, work_folder() as folder:
        identity = Identity(account_id, _REGION)
        if start_s is not None:
            seed_ids(f"{start_s}")
        asyncio.run(_serve(listener, folder, owned, identity, lateness, mode, start_s, told))


def _bind(port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY only where the protocol is named; without it every answer to a
    # handler's process waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":  # where the option would let two programs share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"Port {port} of 127.0.0.1 cannot be opened ({error.strerror}). "
            "Choose another with --port, or leave it out to take a free one."
        ) from None
    return listener


class _Server(uvicorn.Server):
    """Ends the handlers' processes first: each holds a request for its next event open."""

    def __init__(self, config: uvicorn.Config, embedded: EmbeddedAws) -> None:
        super().__init__(config)
        self._embedded = embedded

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal again once it has shut down, which would end this process
        # before its folder is removed.
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._embedded.close()
        await super().shutdown(sockets)


async def _serve(
    listener: socket.socket,
    folder: Path,
    owned: bool,
    identity: Identity,
    lateness: int | None,
    mode: Mode,
    start_s: float | None,
    told: Callable[[EndpointInfo], str],
) -> None:
    port = listener.getsockname()[1]
    embedded = EmbeddedAws(identity, port, folder, lateness, mode, start_s)
    # All that is loaded by now stays: no later collection looks at it again.
    gc.freeze()
    gc.enable()
    server = _Server(
        uvicorn.Config(
            embedded.app,
            http=partial(BoundedHttpProtocol, embedded.connections),  # type: ignore[arg-type]
            backlog=ACCEPTED_AT_ONCE,
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="error",  # its warnings are about what clients sent
            server_header=False,
            date_header=False,  # localaws.door.dates has the one that fits the caller
            proxy_headers=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        ),
        embedded,
    )
    keeping_time = asyncio.create_task(embedded.keep_time())
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.005)
    if server.started:
        # As many may wait to be accepted as before; asyncio takes one number for both.
        listener.listen(_WAITING)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(Shortage(embedded.connections).handle)
    print(told(embedded.info), flush=True)  # noqa: T201 - what this command is for
    if owned:
        _end_with_stdin(server, loop)
    keeping_time.add_done_callback(lambda task: _report(task, server))
    try:
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            await serving
    finally:
        keeping_time.cancel()


def _report(keeping_time: "asyncio.Task[None]", server: uvicorn.Server) -> None:
    """Without its keeper time stands still for ever: better no endpoint than one that hangs."""
    if keeping_time.cancelled() or (error := keeping_time.exception()) is None:
        return
    traceback.print_exception(error)
    server.should_exit = True


def _end_with_stdin(server: uvicorn.Server, loop: asyncio.AbstractEventLoop) -> None:
    """A pipe's end is the one sign of an owner's death that no operating system leaves out."""

    def watch() -> None:
        # Not through sys.stdin: its lock, held here for good, would abort the interpreter's end.
        while os.read(sys.stdin.fileno(), 4096):
            pass
        with contextlib.suppress(RuntimeError):  # the loop has ended before its owner
            loop.call_soon_threadsafe(server.handle_exit, signal.SIGTERM, None)

    threading.Thread(target=watch, name="owner", daemon=True).start()
