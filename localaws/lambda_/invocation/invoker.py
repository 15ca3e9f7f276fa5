"""One attempt to run a function: throttled, or run to its end and counted."""

import asyncio

from localaws.lambda_.errors import ResourceConflictException, ServiceException
from localaws.lambda_.invocation.concurrency import Concurrency, TooManyRequestsException
from localaws.lambda_.invocation.metrics import FunctionMetrics
from localaws.lambda_.model import InvocationRequest, InvocationResult
from localaws.lambda_.ports import Environments, Resolved
from localaws.time.activity import Activity


class Invoker:
    """What the synchronous path, the event queue and the pollers have in common."""

    def __init__(
        self,
        activity: Activity,
        environments: Environments,
        concurrency: Concurrency,
        metrics: FunctionMetrics,
    ) -> None:
        self._activity = activity
        self._environments = environments
        self._concurrency = concurrency
        self._metrics = metrics

    async def attempt_for(
        self, access_key_id: str, resolved: Resolved, request: InvocationRequest
    ) -> InvocationResult:
        """As `attempt`, for a caller who waits for it; whoever has the key may be a handler."""
        with self._environments.awaiting(access_key_id):
            return await self.attempt(resolved, request)

    async def attempt(self, resolved: Resolved, request: InvocationRequest) -> InvocationResult:
        """Run the function once; the caller counts as running meanwhile.

        Raises:
            TooManyRequestsException: no concurrency was left; nothing ran.
            ResourceConflictException: the function is still being created.
            ServiceException: the machine, or this program, could not run it.
        """
        require_active(resolved)
        function_name = resolved.version.function_name
        try:
            with self._concurrency.slot(function_name, resolved.qualifier) as provisioned:
                self._count("Invocations", 1, resolved)
                self._count(
                    "ConcurrentExecutions", self._concurrency.running_of(function_name), resolved
                )
                # The environment counts itself as running, but for the time that its handler
                # sleeps; the caller, who only waits for it, must not count beside it.
                with self._activity.paused():
                    result = await self._run(resolved, request, provisioned)
        except TooManyRequestsException:
            self._count("Throttles", 1, resolved)
            self._count("Errors", 0, resolved)
            raise
        self._count_result(result, resolved)
        return result

    def _count_result(self, result: InvocationResult, resolved: Resolved) -> None:
        """AWS stamps what an invocation came to with the time of its start."""
        started_s = result.started_at_s
        errors = 0 if result.function_error is None else 1
        duration_ms = (result.ended_at_s - started_s) * 1000
        self._count("Throttles", 0, resolved, started_s)
        self._count("Errors", errors, resolved, started_s)
        self._put("Duration", duration_ms, "Milliseconds", resolved, started_s)

    async def _run(
        self, resolved: Resolved, request: InvocationRequest, provisioned: bool
    ) -> InvocationResult:
        try:
            return await self._environments.invoke(
                resolved.version, request, provisioned=provisioned
            )
        except ServiceException:
            raise  # told already what is the matter with the machine
        except OSError as error:
            # No process, file or memory to be had: Lambda's fault, not the function's.
            raise ServiceException(
                f"An environment for {resolved.invoked_arn} could not be started: {error}"
            ) from error
        except Exception as error:
            # A defect of this program: told, but no event is lost over it.
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"an attempt of {resolved.invoked_arn} failed", "exception": error}
            )
            raise ServiceException(f"{resolved.invoked_arn} could not be run: {error!r}") from error

    def _count(
        self, name: str, value: float, resolved: Resolved, at_s: float | None = None
    ) -> None:
        self._put(name, value, "Count", resolved, at_s)

    def _put(
        self, name: str, value: float, unit: str, resolved: Resolved, at_s: float | None = None
    ) -> None:
        version, qualifier = resolved.version, resolved.qualifier
        self._metrics.put(
            name, value, unit, version.function_name, qualifier, version.version, at_s=at_s
        )


def require_active(resolved: Resolved) -> None:
    """Refuse to invoke a function that is not there yet."""
    if resolved.state == "Pending":
        raise ResourceConflictException(
            "The operation cannot be performed at this time. The function is currently in the "
            "following state: Pending"
        )
