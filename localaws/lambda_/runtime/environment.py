"""One execution environment: its life from the init phase to its end."""

import json
import shutil
import signal

from localaws.lambda_.model import FunctionVersion, InvocationRequest, InvocationResult
from localaws.lambda_.runtime import charges, error_payloads
from localaws.lambda_.runtime.child_process import ChildProcess, Invocation
from localaws.lambda_.runtime.endings import InvocationEnding, init_report, judge
from localaws.lambda_.runtime.log_lines import ON_DEMAND, InvocationReport, Phase
from localaws.lambda_.runtime.log_stream import EnvironmentLog, new_stream_name
from localaws.lambda_.runtime.outcomes import Exited, Failed, Outcome, Ready, Responded, TimedOut
from localaws.lambda_.runtime.ports import RuntimePorts
from localaws.lambda_.runtime.sandbox_paths import SandboxPaths
from localaws.lambda_.runtime.variables import Surroundings, environment_variables
from localaws.lambda_.runtime.waits import VirtualWaits
from localaws.words.ports import TemporaryCredentials

INIT_LIMIT_S = 10.0


class ExecutionEnvironment:
    """Runs one invocation at a time of one version of a function.

    Its identity (log stream, temporary folder) stays when its process ends: after a timeout or a
    crash the next invocation starts a process anew, inside the invoke phase.

    Args:
        number: the how many-th one it is; of those that are idle, the first made is taken.
    """

    def __init__(
        self,
        ports: RuntimePorts,
        version: FunctionVersion,
        initialization_type: str = ON_DEMAND,
        *,
        number: int,
    ) -> None:
        self.number = number
        self.version = version
        self.initialization_type = initialization_type
        self._ports = ports
        name = new_stream_name(ports.time.now_s(), version)
        self._home = ports.work_dir / name[-32:]
        self._tmp_dir = self._home / "tmp"
        self._tmp_dir.mkdir(parents=True)
        self._root_dir = self._home / "root"
        self._root_dir.mkdir()
        self._paths = SandboxPaths(version, self._tmp_dir, ports.interpreters.own)
        self._log = EnvironmentLog(
            ports.time.clock,
            ports.logs,
            version,
            name,
            lambda text: self._paths.of_everything(text),
            initialization_type,
        )
        self._child: ChildProcess | None = None
        self._waits = VirtualWaits(ports.time)
        self._access_key_id = ""
        self._peak_mb = 0
        self._fresh = True

    async def invoke(self, request: InvocationRequest) -> InvocationResult:
        """Run the handler once. Failures are results."""
        self._log.begin()
        try:
            init_s = await self._initialise() if self._fresh else None
            started_s = self._now_s()
            ending, ended_s = await self._run(request, started_s)
            self._report(request, ending, ended_s - started_s, init_s)
            return self._result(ending, started_s, ended_s)
        except BaseException:  # Nobody waits any more: what runs must not be mistaken for idle.
            self.kill()
            raise
        finally:
            self._log.flush()

    async def prepare(self) -> bool:
        """The init phase before anybody invokes; whether it succeeded."""
        self._log.begin()
        try:
            return await self._initialise() is not None
        finally:
            self._log.flush()

    def kill(self) -> None:
        """End the process, and with it the invocation, at once."""
        self._waits.end()
        self._ports.time.computing.end(self)
        if self._child is not None:
            self._child.kill()

    async def end(self) -> None:
        """Shut down: end the process and remove the temporary folder."""
        await self._end_child()
        shutil.rmtree(self._home, ignore_errors=True)

    async def _initialise(self) -> float | None:
        """The init phase; its duration, or None if it failed."""
        self._fresh = False
        deadline_s = self._now_s() + INIT_LIMIT_S
        outcome, duration_s = await self._start_child("init", deadline_s)
        return duration_s if isinstance(outcome, Ready) else None

    async def _start_child(self, phase: Phase, until_s: float) -> tuple[Outcome, float]:
        """Start a process and wait until it is ready for its first invocation, or has failed."""
        interpreter = await self._ports.interpreters.of(self.version.runtime)
        self._paths = SandboxPaths(self.version, self._tmp_dir, interpreter)
        started_s = self._now_s()
        now_ms = self._ports.time.now_ms()
        self._log.platform(self._log.lines.init_start(now_ms, phase, self._log.name))
        memory_mb = self.version.memory_mb
        child = self._child = ChildProcess(self._ports, interpreter, self._log, memory_mb)
        wrapper = self.version.environment.get("AWS_LAMBDA_EXEC_WRAPPER")
        credentials = self._ports.credentials.assume(
            self.version.role_arn, self.version.function_name
        )
        self._ports.callers.add(credentials.access_key_id, child.awaiting_answer)
        self._access_key_id = credentials.access_key_id
        await child.start(
            self.version.code_dir,
            self._variables(child.runtime_api, credentials),
            self._paths.real(wrapper) if wrapper else None,
        )
        outcome = await child.outcome(until_s)
        with self._ports.time.computing.held(self):
            if isinstance(outcome, Ready):
                await child.settle()
            else:
                await self._end_child()
            self._log.end_output()
        duration_s = await self._charge(outcome, charges.INIT_S, until_s) - started_s
        report = init_report(outcome, phase, duration_s)
        self._log.platform(self._log.lines.init_end(self._ports.time.now_ms(), report))
        return outcome, duration_s

    async def _run(
        self, request: InvocationRequest, started_s: float
    ) -> tuple[InvocationEnding, float]:
        """The invoke phase: how it ended and when."""
        deadline_s = started_s + self.version.timeout_s
        outcome = await self._ready(deadline_s)
        if isinstance(outcome, Ready) and self._child is not None:
            self._start_line(request)
            self._child.deliver(self._invocation(request, deadline_s))
            outcome = await self._child.outcome(deadline_s)
        else:
            self._start_line(request)
        if isinstance(outcome, Exited) and outcome.returncode == -signal.SIGSEGV:
            # Recorded on AWS: nobody notices a segmentation fault until the timeout.
            outcome = await self._unnoticed(deadline_s)
        # A process ends when the machine gets to it. Before the charge: so it is no part of it.
        with self._ports.time.computing.held(self):
            await self._settle(outcome)
        ended_s = await self._charge(outcome, charges.INVOKE_S, deadline_s)
        return judge(outcome, request.request_id, self.version.timeout_s), ended_s

    async def _ready(self, deadline_s: float) -> Outcome:
        """Wait until the process asks for an invocation; start one if there is none."""
        if self._child is not None and self._child.alive:
            outcome = await self._child.ready(deadline_s)
            if isinstance(outcome, Ready) and self._child.alive:
                return outcome
        await self._end_child()
        outcome, _ = await self._start_child("invoke", deadline_s)
        return outcome

    async def _unnoticed(self, deadline_s: float) -> Outcome:
        self._log.flush()
        self._waits.work()
        await self._waits.wait(deadline_s)
        self._waits.resume()
        return TimedOut()

    async def _charge(self, outcome: Outcome, seconds: float, until_s: float) -> float:
        """Let a phase take what it is charged beside its waits; returns when it was over.

        All that it wrote has been written before, and what follows is written at once.
        """
        ended_s = min(self._now_s(), until_s)
        if isinstance(outcome, TimedOut) or self._ports.time.clock.flows:
            return ended_s
        await self._ports.time.computing.charge(self, min(seconds, until_s - ended_s))
        return self._now_s()

    def _start_line(self, request: InvocationRequest) -> None:
        now_ms = self._ports.time.now_ms()
        self._log.platform(self._log.lines.start(now_ms, request.request_id, request.invoked_arn))

    def _invocation(self, request: InvocationRequest, deadline_s: float) -> Invocation:
        headers = {
            "content-type": "application/json",
            "lambda-runtime-aws-request-id": request.request_id,
            "lambda-runtime-deadline-ms": str(int(deadline_s * 1000)),
            "lambda-runtime-invoked-function-arn": request.invoked_arn,
        }
        if request.trace_header:
            headers["lambda-runtime-trace-id"] = request.trace_header
        if request.client_context:
            headers["lambda-runtime-client-context"] = _ascii_json(request.client_context)
        return Invocation(request.request_id, headers, request.payload)

    async def _settle(self, outcome: Outcome) -> None:
        """All output of the invocation has arrived; a process that cannot go on has ended."""
        if self._child is not None:
            self._peak_mb = max(self._peak_mb, self._child.peak_mb())
            if isinstance(outcome, Responded | Failed):
                await self._child.settle()
            else:
                await self._end_child()
        self._log.end_output()

    async def _end_child(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            self._ports.callers.remove(self._access_key_id)
            self._peak_mb = max(self._peak_mb, child.peak_mb())
            await child.end()

    def _report(
        self,
        request: InvocationRequest,
        ending: InvocationEnding,
        duration_s: float,
        init_s: float | None,
    ) -> None:
        limit_mb = self.version.memory_mb
        out_of_memory = ending.error_type == error_payloads.OUT_OF_MEMORY
        report = InvocationReport(
            request_id=request.request_id,
            duration_s=duration_s,
            memory_mb=limit_mb,
            max_memory_mb=limit_mb if out_of_memory else self._memory_used_mb(),
            init_s=init_s,
            status=ending.status,
            error_type=ending.error_type,
            responded=ending.function_error is None,
            produced_bytes=len(ending.payload) if ending.function_error is None else 0,
        )
        self._log.platform(self._log.lines.end(self._ports.time.now_ms(), report))

    def _memory_used_mb(self) -> int:
        limit_mb = self.version.memory_mb
        # What a process takes differs by a megabyte from run to run.
        used_mb = limit_mb // 2 if self._ports.is_repeatable else self._peak_mb
        return max(1, min(used_mb, limit_mb))

    def _result(
        self, ending: InvocationEnding, started_s: float, ended_s: float
    ) -> InvocationResult:
        failed = ending.function_error is not None
        translate = self._paths.of_everything if failed else self._paths.of_function
        return InvocationResult(
            payload=translate(ending.payload),
            function_error=ending.function_error,
            executed_version=self.version.version,
            started_at_s=started_s,
            ended_at_s=ended_s,
            log_tail=self._log.tail,
        )

    def _variables(self, runtime_api: str, credentials: TemporaryCredentials) -> dict[str, str]:
        ports = self._ports
        around = Surroundings(
            interpreter=self._paths.interpreter,
            identity=ports.identity,
            base_url=ports.base_url,
            runtime_api=f"{ports.base_url.partition('//')[2].rstrip('/')}/{runtime_api}",
            log_stream=self._log.name,
            initialization_type=self.initialization_type,
            tmp_dir=self._tmp_dir,
            root_dir=self._root_dir,
            credentials=credentials,
            is_repeatable=ports.is_repeatable,
        )
        return environment_variables(self.version, around)

    def _now_s(self) -> float:
        return self._ports.time.now_s()


def _ascii_json(text: str) -> str:
    """JSON that fits into a header; what is no JSON is left for the runtime client to refuse."""
    try:
        return json.dumps(json.loads(text))
    except ValueError:
        return "".join(character if " " <= character <= "~" else "?" for character in text)
