"""What stands in for the services around Lambda, and for its child processes."""

import asyncio
import json
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from localaws.lambda_.model import FunctionVersion, InvocationRequest, InvocationResult
from localaws.time.activity import Activity
from localaws.time.clock import Clock
from localaws.time.scheduler import Scheduler

if TYPE_CHECKING:
    from tests.unit.lambda_.world import World


class Metrics:
    """Remembers data points."""

    def __init__(self) -> None:
        self.points: list[tuple[str, str, float, dict[str, str]]] = []
        self.stamps_s: list[float | None] = []

    def put(self, namespace, name, value, unit, dimensions, *, at_s=None) -> None:
        self.points.append((namespace, name, value, dict(dimensions)))
        self.stamps_s.append(at_s)

    def stamps(self, name: str, function: str = "fn") -> list[float | None]:
        """When the data points of one metric of a function are said to have happened."""
        found = zip(self.points, self.stamps_s, strict=True)
        return [
            at_s for (_, n, _, d), at_s in found if (n, d) == (name, {"FunctionName": function})
        ]

    def values(self, name: str, **dimensions: str) -> list[float]:
        """Of one metric, by default of one function and resource set (`FunctionName` only)."""
        return [v for _, n, v, d in self.points if n == name and d == dimensions]

    def total(self, name: str, function: str = "fn") -> float | None:
        """The Sum, None where there is no data point."""
        values = self.values(name, FunctionName=function)
        return sum(values) if values else None


class Permissions:
    """Allows everything but what a test takes away."""

    def __init__(self) -> None:
        self.denied: set[tuple[str, str]] = set()
        self.services_denied = False

    def role_allows(self, role_arn: str, action: str, resource_arn: str) -> bool:
        return (action, resource_arn) not in self.denied

    def role_trusts(self, role_arn: str, service: str) -> bool:
        return True

    def resource_policy_allows(self, policy, **_) -> bool:
        return not self.services_denied


class Outlets:
    """SNS, EventBridge and S3, as far as destinations see them; and a sink for logs."""

    def __init__(self) -> None:
        self.published: list[tuple[str, str, Any]] = []
        self.events: list[tuple[str, str, str, list[str], str]] = []
        self.objects: dict[tuple[str, str], bytes] = {}
        self.buckets = {"bucket"}

    def publish(self, topic_arn: str, message: str, *, message_attributes=None) -> str:
        self.published.append((topic_arn, message, message_attributes))
        return "message-id"

    def put_event(self, bus_arn, source, detail_type, resources, detail) -> None:
        if "missing" in bus_arn:
            raise LookupError(bus_arn)
        self.events.append((bus_arn, source, detail_type, resources, detail))

    def get(self, bucket: str, key: str, version_id: str | None = None) -> bytes:
        return self.objects[bucket, key]

    def put(self, bucket, key, body=None, *_) -> None:
        if isinstance(body, bytes):
            if bucket not in self.buckets:
                raise LookupError(bucket)
            self.objects[bucket, key] = body


class Environments:
    """Runs handlers in place; `takes_s` passes on the virtual clock."""

    def __init__(self, clock: Clock, scheduler: Scheduler, activity: Activity) -> None:
        self.clock, self.scheduler, self.activity = clock, scheduler, activity
        self.world: World

    def awaiting(self, access_key_id: str) -> AbstractContextManager[None]:
        return nullcontext()

    async def invoke(
        self, version: FunctionVersion, request: InvocationRequest, *, provisioned: bool = False
    ) -> InvocationResult:
        with self.activity.running():
            return await self._run(version, request)

    async def _run(self, version: FunctionVersion, request: InvocationRequest) -> InvocationResult:
        world, name = self.world, version.function_name
        started_s = self.clock.now_s()
        world.before_run()
        event = json.loads(request.payload)
        world.record_run(name, started_s, event, request)
        await self._sleep(world.takes_s[name])
        function_error = None
        try:
            payload = world.handlers[name](event)
        except Exception as error:
            function_error = "Unhandled"
            payload = {
                "errorMessage": str(error),
                "errorType": type(error).__name__,
                "requestId": request.request_id,
                "stackTrace": ['  File "/var/task/app.py", line 1, in handler\n'],
            }
        return InvocationResult(
            payload=payload if isinstance(payload, bytes) else json.dumps(payload).encode(),
            function_error=function_error,
            executed_version=version.version,
            started_at_s=started_s,
            ended_at_s=self.clock.now_s(),
            log_tail=b"START\nEND\n",
        )

    async def _sleep(self, seconds: float) -> None:
        if seconds:
            over = asyncio.get_running_loop().create_future()
            self.scheduler.call_at(self.clock.now_s() + seconds, lambda: over.set_result(None))
            with self.activity.paused():
                await over
