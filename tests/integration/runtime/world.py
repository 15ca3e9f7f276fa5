"""Execution environments behind a real HTTP server on loopback, everything around them faked."""

import asyncio
import json
import os
import socket
import sys
import textwrap
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvicorn

from localaws.lambda_.model import (
    LATEST,
    FunctionVersion,
    InvocationRequest,
    InvocationResult,
    LoggingConfig,
)
from localaws.lambda_.runtime import ExecutionEnvironments, Interpreters
from localaws.logs import RoleLogs
from localaws.time.activity import Activity
from localaws.time.clock import Clock
from localaws.time.scheduler import Scheduler
from localaws.time.time import Time
from localaws.time.timekeeper import Timekeeper
from localaws.words.http import HttpRequest
from localaws.words.identity import Identity
from localaws.words.ports import TemporaryCredentials

START_S = 1_700_000_000.0
REQUEST_ID = "11111111-2222-3333-4444-555555555555"
GROUP = "/aws/lambda/orders"
RUNTIME, HERE = "python3.13", f"python{sys.version_info.major}.{sys.version_info.minor}"
# What is added to a message that another interpreter may be the cause of.
OTHER_PYTHON = (
    ""
    if HERE == RUNTIME
    else f" (the embedded AWS runs {RUNTIME} functions with {HERE}, its own interpreter)"
)
# Folders of Python itself and of the project that lie there are shown to handlers as well.
IN_TMP = {
    Path(one).relative_to("/tmp").parts[0]
    for one in (sys.prefix, sys.base_prefix, __file__)
    if Path(one).is_relative_to("/tmp")
}


@dataclass
class Logs:
    """CloudWatch Logs as a list."""

    events: list[tuple[str, str, int, str]] = field(default_factory=list)

    def put(self, group: str, stream: str, events: Sequence[tuple[int, str]]) -> None:
        self.events += [(group, stream, at_ms, message) for at_ms, message in events]

    def missing(self, group: str, stream: str) -> Sequence[str]:
        return ()

    @property
    def messages(self) -> list[str]:
        return [message for *_, message in self.events]

    @property
    def times_s(self) -> list[float]:
        return [at_ms / 1000 - START_S for _, _, at_ms, _ in self.events]

    @property
    def streams(self) -> set[str]:
        return {stream for _, stream, _, _ in self.events}


class Issuer:
    """STS as far as it matters here."""

    def assume(self, role_arn: str, session_name: str) -> TemporaryCredentials:
        return TemporaryCredentials(f"ASIA-{session_name}", "secret", f"token-of-{role_arn}")


async def nothing_is_deleted(version: FunctionVersion) -> None:
    """Handlers delete none of their code."""


class _Everything:
    """IAM as far as it matters here: a role may do it all."""

    def role_allows(self, role_arn: str, action: str, resource_arn: str) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(name)


class World:
    """One pool of environments, and a clock that skips whenever only time is waited for."""

    def __init__(
        self,
        folder: Path,
        port: int,
        start_s: float | None = START_S,
        *,
        is_repeatable: bool = False,
        interpreters: Interpreters | None = None,
    ) -> None:
        self.folder = folder
        # As `EmbeddedAws` has it: what is repeated begins at a moment, however long a start takes.
        self.clock = Clock(start_s=start_s, flows=not is_repeatable)
        self.scheduler = Scheduler()
        self.activity = Activity()
        self.time = Time(self.clock, self.scheduler, self.activity)
        self.timekeeper = Timekeeper(self.time)
        self.logs = Logs()
        identity = Identity("123456789012", "us-east-1")
        self.environments = ExecutionEnvironments(
            time=self.time,
            logs=RoleLogs(self.logs, _Everything(), identity),
            credentials=Issuer(),
            identity=identity,
            base_url=f"http://127.0.0.1:{port}",
            work_dir=folder / "environments",
            interpreters=interpreters or Interpreters(folder / "no handlers"),
            restore=nothing_is_deleted,
            is_repeatable=is_repeatable,
        )
        self._functions = 0

    def function(self, source: str, **changes: Any) -> FunctionVersion:
        """A function whose module `handler` is `source`."""
        self._functions += 1
        code_dir = self.folder / f"code-{self._functions}"
        code_dir.mkdir()
        (code_dir / "handler.py").write_text(textwrap.dedent(source))
        version = FunctionVersion(
            function_name="orders",
            arn="arn:aws:lambda:us-east-1:123456789012:function:orders",
            version=LATEST,
            runtime=RUNTIME,
            handler="handler.handler",
            role_arn="arn:aws:iam::123456789012:role/orders",
            timeout_s=3,
            memory_mb=128,
            code_dir=code_dir,
            revision_id=f"revision-{self._functions}",
            logging=LoggingConfig(GROUP),
        )
        return replace(version, **changes)

    async def invoke(
        self, version: FunctionVersion, event: Any = None, **changes: Any
    ) -> InvocationResult:
        """Invoke as a synchronous caller would."""
        request = InvocationRequest(REQUEST_ID, version.arn, json.dumps(event).encode())
        with self.activity.waiting():
            return await self.environments.invoke(version, replace(request, **changes))

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """What the endpoint does with requests to the Runtime API."""
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        response = await self.environments.runtime_api.handle(
            HttpRequest(scope["method"], scope["raw_path"].decode(), "", headers, body)
        )
        answer = [(name.encode(), value.encode()) for name, value in response.headers.items()]
        answer.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": answer})
        await send({"type": "http.response.body", "body": response.body})


@asynccontextmanager
async def running_world(
    folder: Path,
    start_s: float | None = START_S,
    *,
    is_repeatable: bool = False,
    interpreters: Interpreters | None = None,
) -> AsyncIterator[World]:
    """A world behind a server on a free port; all of it has ended afterwards."""
    # asyncio sets TCP_NODELAY only on sockets that know their protocol.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    world = World(
        folder,
        listener.getsockname()[1],
        start_s,
        is_repeatable=is_repeatable,
        interpreters=interpreters,
    )
    config = uvicorn.Config(
        world.app,
        interface="asgi3",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="error",
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve(sockets=[listener]))
    keeping_time = asyncio.create_task(world.timekeeper.drive())
    try:
        yield world
    finally:
        await world.environments.close()
        keeping_time.cancel()
        server.should_exit = True
        await serving
        listener.close()


def text(result: InvocationResult) -> Any:
    """The payload, parsed."""
    return json.loads(result.payload)


def is_running(pid: int) -> bool:
    """Whether the process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
