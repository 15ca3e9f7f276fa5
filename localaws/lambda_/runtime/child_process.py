"""One child process: started, listened to, waited for, ended."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from localaws.lambda_.runtime.callers import thread_count
from localaws.lambda_.runtime.charges import Meter
from localaws.lambda_.runtime.interpreters import Interpreter
from localaws.lambda_.runtime.log_stream import EnvironmentLog
from localaws.lambda_.runtime.memory import MemoryGuard, peak_bytes
from localaws.lambda_.runtime.outcomes import Exited, Outcome, OutOfMemory, Ready, TimedOut
from localaws.lambda_.runtime.ports import RuntimePorts
from localaws.lambda_.runtime.runtime_api import RuntimeSession
from localaws.lambda_.runtime.strays import kill_strays
from localaws.lambda_.runtime.waits import VirtualWaits

_MOST_TURNS = 8


@dataclass(frozen=True)
class Invocation:
    """What the Runtime API hands to the child."""

    request_id: str
    headers: Mapping[str, str]
    event: bytes


def _has_ended(pid: int) -> bool:
    """Ask the kernel, which knows before asyncio's callback comes."""
    if not hasattr(os, "waitid"):
        return False
    try:
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, pid, options) is not None
    except ChildProcessError:
        return True


class ChildProcess(asyncio.SubprocessProtocol):
    """A handler's process, in a process group of its own."""

    def __init__(
        self, ports: RuntimePorts, interpreter: Interpreter, log: EnvironmentLog, memory_mb: int
    ) -> None:
        self._ports = ports
        self._interpreter = interpreter
        self._log = log
        self._memory_bytes = memory_mb * 1024 * 1024
        self._waits = VirtualWaits(ports.time)
        self._meter: tuple[int, Meter] | None = None
        self._session = RuntimeSession(
            ports.time.clock, self._waits, self._report, self._will_sleep
        )
        self._outcomes: deque[Outcome] = deque()
        self._waiter: asyncio.Future[Outcome] | None = None
        self._transport: asyncio.SubprocessTransport | None = None
        self._lifeline: int | None = None
        self._is_killed = False
        self._exited = asyncio.Event()
        self._reads = 0
        self.runtime_api = ports.runtime_api.open(self._session)

    @property
    def alive(self) -> bool:
        """It runs, as far as the operating system knows, and may go on."""
        if self._transport is None or self._is_killed or self._exited.is_set():
            return False
        return not _has_ended(self._transport.get_pid())

    async def start(
        self, cwd: Path, variables: Mapping[str, str], wrapper: Path | None = None
    ) -> None:
        """Start the process; if that fails, `outcome` says that it exited.

        Args:
            wrapper: a program that starts the runtime itself, given its command line.
        """
        self._waits.work()
        reading_end, self._lifeline = os.pipe()
        try:
            await asyncio.get_running_loop().subprocess_exec(
                lambda: self,
                *((str(wrapper),) if wrapper else ()),
                *self._interpreter.command("bootstrap.py"),
                stdin=reading_end,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                cwd=cwd,
                env=variables,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:  # ValueError: text that no process can be given
            self._log.output(f"The handler's process could not be started: {error}\n".encode())
            self._has_exited(127)
        finally:
            os.close(reading_end)

    def deliver(self, invocation: Invocation) -> None:
        """Hand over an invocation to a child that was ready; `outcome` says if it has ended."""
        if self._exited.is_set():
            return
        self._outcomes.clear()
        self._waits.work()
        self._session.deliver(invocation.request_id, invocation.headers, invocation.event)

    async def ready(self, until_s: float) -> Outcome:
        """`Ready` as soon as the child waits for an invocation, or what happened instead."""
        return Ready() if self._session.polled else await self.outcome(until_s)

    async def outcome(self, until_s: float) -> Outcome:
        """What happens next, at the latest `TimedOut` when virtual time reaches `until_s`."""
        if self._outcomes:
            return self._outcomes.popleft()
        waiter: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiter = waiter
        timer = self._ports.time.call_at(until_s, lambda: self._give_up(TimedOut()))
        guard = self._guard()
        try:
            return await waiter
        finally:
            timer.cancel()
            if guard:
                guard.stop()
            self._waiter = None

    @contextmanager
    def awaiting_answer(self) -> Iterator[None]:
        """A thread of it waits for an answer of Lambda; if all do, time may be skipped."""
        threads = thread_count(self._transport.get_pid()) if self._transport else 0
        with self._waits.answer(threads=threads) if threads else contextlib.nullcontext():
            yield

    def peak_mb(self) -> int:
        """The most memory it used so far, in MB; 0 if that cannot be told."""
        pid = self._transport.get_pid() if self._transport else None
        return peak_bytes(pid) // (1024 * 1024) if pid and self.alive else 0

    async def settle(self) -> None:
        """Let everything that it has written so far arrive.

        It wrote before it asked the Runtime API, so the bytes are in the pipe; a few turns of the
        event loop read them. A thread that never stops writing is cut off.
        """
        quiet = 0
        for _ in range(_MOST_TURNS):
            reads = self._reads
            await asyncio.sleep(0)
            quiet = quiet + 1 if reads == self._reads else 0
            if quiet == 2:
                return

    async def _will_sleep(self) -> None:
        """What it wrote before it sleeps is seen while it does, stamped with the time before."""
        await self.settle()
        self._log.flush()

    def kill(self) -> None:
        """End the process and everything it started, at once; nothing once it has exited.

        Its number may be another's by then, and `process_exited` has ended what it started.
        """
        if self._transport is None or self._exited.is_set():
            return
        # It goes on until the machine gets to it, and must not be taken for idle meanwhile.
        self._is_killed = True
        if hasattr(os, "killpg"):
            # PermissionError: macOS, where only zombies are left of the group.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._transport.get_pid(), signal.SIGKILL)
        else:
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()

    async def end(self) -> None:
        """Kill it and wait until it is gone and its last words have arrived."""
        self.kill()
        if self._transport is not None:
            await self._exited.wait()
            await self.settle()
            self._transport.close()
            kill_strays(self.runtime_api)
        self._ports.runtime_api.close(self.runtime_api)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._reads += 1
        self._log.output(data)

    def process_exited(self) -> None:
        assert self._transport is not None
        code = self._transport.get_returncode()
        self.kill()  # whatever it started
        self._has_exited(code if code is not None else 255)

    def _has_exited(self, returncode: int) -> None:
        self._exited.set()
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
        self._report(Exited(returncode))
        self._session.close()

    def _report(self, outcome: Outcome) -> None:
        # Who waits for it goes on before time does: what is left to do takes none of it.
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(outcome)
        else:
            self._outcomes.append(outcome)
        self._waits.resume()

    def _give_up(self, outcome: Outcome) -> None:
        """Report unless something has happened already."""
        if self._waiter is not None and not self._waiter.done():
            self._report(outcome)

    def _guard(self) -> MemoryGuard | None:
        if not self.alive or self._transport is None:
            return None
        return MemoryGuard(
            self._transport.get_pid(),
            self._memory_bytes,
            exceeded=lambda: self._give_up(OutOfMemory()),
            looked=self._looked,
        )

    def _looked(self) -> None:
        """It still works: START is seen while it does, and what it computes is charged."""
        self._log.flush()
        if self._transport is None:
            return
        pid = self._transport.get_pid()
        self._waits.recount(thread_count(pid) or sys.maxsize)
        if not self._waits.working:
            return
        step, real_s = self._waits.steps, asyncio.get_running_loop().time()
        if self._meter is None or self._meter[0] != step:
            self._meter = step, Meter(pid, real_s)
        self._waits.computed(self._meter[1].owed_s(real_s))
