"""What stands in for the services around Lambda, and for its child processes."""

import asyncio
import json
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from localaws.lambda_.model import FunctionVersion, InvocationRequest, InvocationResult

if TYPE_CHECKING:
    from tests.unit.lambda_.world import World


class Permissions:
    """Allows everything but what a test takes away."""

    def __init__(self) -> None:
        self.denied: set[tuple[str, str]] = set()
        self.services_denied = False

    def role_allows(self, role_arn: str, action: str, resource_arn: str) -> bool:
        return (action, resource_arn) not in self.denied

    def role_trusts(self, role_arn: str, service: str) -> bool:
        return True

    def has_principal(self, arn: str) -> bool:
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

    def publish(self, topic_arn: str, message: str, *, message_attributes=None, principal) -> str:
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

    def __init__(self, world: "World") -> None:
        self.world = world

    def awaiting(self, access_key_id: str) -> AbstractContextManager[None]:
        return nullcontext()

    async def invoke(
        self, version: FunctionVersion, request: InvocationRequest, *, provisioned: bool = False
    ) -> InvocationResult:
        with self.world.activity.running():
            return await self._run(version, request)

    async def _run(self, version: FunctionVersion, request: InvocationRequest) -> InvocationResult:
        world, name = self.world, version.function_name
        started_s = self.world.clock.now_s()
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
            ended_at_s=self.world.clock.now_s(),
            log_tail=b"START\nEND\n",
        )

    async def _sleep(self, seconds: float) -> None:
        if seconds:
            world, over = self.world, asyncio.get_running_loop().create_future()
            world.scheduler.call_at(world.clock.now_s() + seconds, lambda: over.set_result(None))
            with world.activity.paused():
                await over
