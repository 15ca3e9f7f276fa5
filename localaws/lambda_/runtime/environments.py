"""All execution environments: which one runs an invocation, and when they end."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from pathlib import Path

from localaws.lambda_.model import LATEST, FunctionVersion, InvocationRequest, InvocationResult
from localaws.lambda_.runtime import error_payloads
from localaws.lambda_.runtime.callers import Callers
from localaws.lambda_.runtime.endings import UNHANDLED
from localaws.lambda_.runtime.environment import ExecutionEnvironment
from localaws.lambda_.runtime.interpreters import Interpreters
from localaws.lambda_.runtime.log_lines import ON_DEMAND, PROVISIONED
from localaws.lambda_.runtime.ports import RuntimePorts
from localaws.lambda_.runtime.runtime_api import RuntimeApi
from localaws.logs import RoleLogs
from localaws.time.time import Time
from localaws.words.errors import AwsError
from localaws.words.identity import Identity
from localaws.words.ports import CredentialIssuer

_Key = tuple[str, str, str, str]

# Each is a process; the others that are provisioned start when they are first needed.
_MOST_PREPARED = 10

# Processes end in real time: how often to look whether they have.
_ENDING_S = 0.002


class EnvironmentsClosed(OSError):
    """The endpoint ends and starts no process any more."""


class ExecutionEnvironments:
    """A pool of environments per version of a function; as many as invocations run at a time.

    A `python3.x` runtime runs on a Python of its version, or else on the interpreter that runs the
    embedded AWS (`Interpreters`). Functions with another runtime can be created and configured, but
    each invocation of them fails as a function error of type `Runtime.InvalidEntrypoint`.

    What differs from AWS: where the machine has no mount namespaces for everybody, a literal
    `/tmp` is the machine's. Idle environments are not frozen: a thread
    that a handler left behind goes on. They end when their version changes or goes, not after a
    while. Of the ways to wait only `time.sleep` and a synchronous invocation are charged to the
    virtual clock; timers of threads, event loops and other sockets take real time.

    Args:
        base_url: where the endpoint is reached, `http://127.0.0.1:port`.
        work_dir: holds the environments' temporary folders.
        interpreters: of this machine, for handlers.
        restore: brings back what handlers deleted of a version's code, before it runs.
        is_repeatable: whether handlers draw the same numbers in each run.
    """

    def __init__(
        self,
        *,
        time: Time,
        logs: RoleLogs,
        credentials: CredentialIssuer,
        identity: Identity,
        base_url: str,
        work_dir: Path,
        interpreters: Interpreters,
        restore: Callable[[FunctionVersion], Awaitable[None]],
        is_repeatable: bool = False,
    ) -> None:
        self._api = RuntimeApi()
        self._ports = RuntimePorts(
            time=time,
            logs=logs,
            credentials=credentials,
            identity=identity,
            base_url=base_url,
            work_dir=work_dir.resolve(),
            runtime_api=self._api,
            callers=Callers(),
            interpreters=interpreters,
            is_repeatable=is_repeatable,
        )
        self._restore = restore
        self._numbers = itertools.count()
        self._idle: dict[_Key, list[ExecutionEnvironment]] = defaultdict(list)
        self._busy: set[ExecutionEnvironment] = set()
        self._retired: set[ExecutionEnvironment] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def invoke(
        self, version: FunctionVersion, request: InvocationRequest, *, provisioned: bool = False
    ) -> InvocationResult:
        """Run the function once, in an idle environment if there is one.

        A function error is a result, not an exception.

        Args:
            provisioned: in one of those that were started beforehand (`provision`).

        Raises:
            OSError: no environment can be had: the machine has none to give, or all is closed.
        """
        self._expect_open()
        with self._ports.time.activity.running():
            if not version.runtime.startswith("python3"):
                return self._refuse(version, request)
            await self._restore(version)
            self._expect_open()  # `close` saw nothing of it, and would not end it
            environment = self._take(version, PROVISIONED if provisioned else ON_DEMAND)
            try:
                return await environment.invoke(request)
            finally:
                self._give_back(environment)

    def provision(
        self, version: FunctionVersion, count: int, settled: Callable[[bool], None]
    ) -> None:
        """Start environments beforehand; `settled` is told whether their init succeeded."""
        self._ports.time.activity.spawn(self._provision(version, count, settled))

    def withdraw(self, version: FunctionVersion) -> None:
        """End those that were started beforehand for a version, as soon as they are idle."""
        self._retire(lambda key: key == _key(version, PROVISIONED))

    def retire(self, name: str, change: str) -> None:
        """A function was "updated" or "deleted": its environments end as soon as they are idle.

        An update changes nothing of published versions.

        Args:
            name: of the function, or `function_name:version` of a version that was deleted.
        """
        function_name, _, version = name.partition(":")
        only = version or (LATEST if change == "updated" else None)
        self._retire(lambda key: key[0] == function_name and only in (None, key[1]))

    async def close(self) -> None:
        """Kill every child process; nothing outlives the endpoint."""
        self._closed = True
        await self._ports.interpreters.close()
        for environments in self._idle.values():
            for environment in environments:
                self._end(environment)
        self._idle.clear()
        while self._busy or self._ending:
            for environment in self._busy:
                environment.kill()
            await asyncio.sleep(_ENDING_S)

    def awaiting(self, access_key_id: str) -> AbstractContextManager[None]:
        """While the caller with this key waits for an answer: a handler then does not work."""
        return self._ports.callers.awaiting(access_key_id)

    @property
    def runtime_api(self) -> RuntimeApi:
        """The Runtime API of all children (paths under `RUNTIME_PATH`)."""
        return self._api

    def _expect_open(self) -> None:
        # Else every event that still waits would start a process, only to have it killed.
        if self._closed:
            raise EnvironmentsClosed("the embedded AWS ends")

    async def _provision(
        self, version: FunctionVersion, count: int, settled: Callable[[bool], None]
    ) -> None:
        if not version.runtime.startswith("python3"):
            settled(True)  # as invocations of it are told that it cannot run, configurations last
            return
        for _ in range(min(count, _MOST_PREPARED)):
            if self._closed or not await self._prepare(version):
                settled(False)
                return
        settled(True)

    async def _prepare(self, version: FunctionVersion) -> bool:
        try:
            await self._restore(version)
        except AwsError:  # the machine has no room for its code
            return False
        if self._closed:
            return False
        environment = self._made(version, PROVISIONED)
        self._busy.add(environment)
        ready = False
        try:
            ready = await environment.prepare()
        finally:
            if not ready:
                self._retired.add(environment)
            self._give_back(environment)
        return ready

    def _retire(self, belongs: Callable[[_Key], bool]) -> None:
        for key in [key for key in self._idle if belongs(key)]:
            for environment in self._idle.pop(key):
                self._end(environment)
        self._retired |= {e for e in self._busy if belongs(_key_of(e))}

    def _take(self, version: FunctionVersion, initialization_type: str) -> ExecutionEnvironment:
        idle = self._idle.get(_key(version, initialization_type))
        if idle:
            # AWS does not tell which one it takes. Who was given back last depends on how fast
            # this machine is; who was made first does not.
            environment = min(idle, key=lambda one: one.number)
            idle.remove(environment)
        else:
            environment = self._made(version, initialization_type)
        self._busy.add(environment)
        return environment

    def _made(self, version: FunctionVersion, initialization_type: str) -> ExecutionEnvironment:
        number = next(self._numbers)
        return ExecutionEnvironment(self._ports, version, initialization_type, number=number)

    def _give_back(self, environment: ExecutionEnvironment) -> None:
        self._busy.discard(environment)
        if self._closed or environment in self._retired:
            self._retired.discard(environment)
            self._end(environment)
        else:
            self._idle[_key_of(environment)].append(environment)

    def _end(self, environment: ExecutionEnvironment) -> None:
        task = asyncio.get_running_loop().create_task(environment.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _refuse(self, version: FunctionVersion, request: InvocationRequest) -> InvocationResult:
        now_s = self._ports.time.now_s()
        return InvocationResult(
            payload=error_payloads.unsupported_runtime(request.request_id, version.runtime),
            function_error=UNHANDLED,
            executed_version=version.version,
            started_at_s=now_s,
            ended_at_s=now_s,
        )


def _key(version: FunctionVersion, initialization_type: str) -> _Key:
    return version.function_name, version.version, version.revision_id, initialization_type


def _key_of(environment: ExecutionEnvironment) -> _Key:
    return _key(environment.version, environment.initialization_type)
