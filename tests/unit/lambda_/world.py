"""A Lambda service with everything around it, on a clock that stands still until it is moved.

Functions are Python callables here instead of child processes; all else is the real thing.
"""

import asyncio
import inspect
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localaws.lambda_.control_plane import ControlPlane
from localaws.lambda_.data_plane import DataPlane
from localaws.lambda_.model import InvocationRequest
from localaws.sqs import SqsService
from localaws.time.timekeeper import Timekeeper
from localaws.words.data_keys import KeyFault
from localaws.words.http import Caller
from localaws.words.identity import Identity
from tests.unit.lambda_.control_plane import IDENTITY, package
from tests.unit.lambda_.fakes import Environments, Outlets, Permissions
from tests.unit.metric_sink import MetricSink
from tests.unit.virtual_time import START_S, VirtualTime, kept

Handler = Callable[[Any], Any]


@dataclass
class Run:
    """One execution of a function."""

    function: str
    at_s: float
    event: Any
    request: InvocationRequest

    @property
    def counts(self) -> list[str]:
        """ApproximateReceiveCount of each record."""
        return [r["attributes"]["ApproximateReceiveCount"] for r in self.event["Records"]]

    @property
    def bodies(self) -> list[str]:
        return [record["body"] for record in self.event["Records"]]


class World(VirtualTime):
    """Given, when and then of the tests."""

    def __init__(self, work_dir: Path, identity: Identity = IDENTITY) -> None:
        super().__init__()
        self.timekeeper = Timekeeper(self.time)
        self.identity = identity
        self.permissions, self.metrics, self.outlets = Permissions(), MetricSink(), Outlets()
        self.key_faults: dict[str, KeyFault] = {}
        self.sqs = SqsService(
            time=self.time,
            identity=identity,
            metrics=self.metrics,
            base_url="http://127.0.0.1:1",
            keys=lambda key_id: self.key_faults.get(key_id),
        )
        self.control_plane = ControlPlane(
            time=self.time,
            identity=identity,
            permissions=self.permissions,
            objects=self.outlets,
            work_dir=work_dir,
        )
        self.plane = DataPlane(
            time=self.time,
            identity=identity,
            functions=self.control_plane,
            environments=Environments(self),
            sqs=self.sqs,
            publish=self.outlets.publish,
            event_bus=self.outlets,
            objects=self.outlets,
            permissions=self.permissions,
            metrics=self.metrics,
            logs=self.outlets,
        )
        self.operations = {**self.control_plane.operations(), **self.plane.operations()}
        self.handlers: dict[str, Handler] = {}
        self.takes_s: dict[str, float] = {}
        self.runs: list[Run] = []
        self.before_run: Callable[[], None] = lambda: None

    @property
    def code(self) -> dict[str, bytes]:
        """A deployment package; what runs is the handler given to `function`."""
        return {"ZipFile": package()}

    async def call(self, operation: str, /, **params: Any) -> dict[str, Any]:
        """One API call, as boto3 would make it."""
        result = self.operations[operation](params, Caller("arn:caller", str(uuid.uuid4())))
        if inspect.isawaitable(result):
            result = await result
        return result or {}

    async def function(
        self, handler: Handler, name: str = "fn", *, takes_s: float = 0, **params: Any
    ) -> str:
        """Given an active function; returns its ARN."""
        self.handlers[name], self.takes_s[name] = handler, takes_s
        role = f"arn:aws:iam::{self.identity.account_id}:role/worker"
        given = {"Runtime": "python3.13", "Handler": "app.handler", "Role": role, "Timeout": 30}
        answer = await self.call(
            "CreateFunction", FunctionName=name, Code=self.code, **(given | params)
        )
        self.control_plane.settle(name)
        return answer["FunctionArn"]

    def queue(self, name: str = "q", **attributes: Any):
        """Given a queue."""
        return self.sqs.create_queue(name, {k: str(v) for k, v in attributes.items()})

    def queue_with_dlq(self, max_receives: int = 2, visibility_s: int = 30, **attributes: Any):
        """Given a source queue and its dead-letter queue."""
        dlq = self.queue(
            "dlq" + (".fifo" if attributes.get("FifoQueue") else ""),
            **{k: v for k, v in attributes.items() if k == "FifoQueue"},
        )
        policy = json.dumps({"deadLetterTargetArn": dlq.arn, "maxReceiveCount": max_receives})
        name = "q.fifo" if attributes.get("FifoQueue") else "q"
        queue = self.queue(name, VisibilityTimeout=visibility_s, RedrivePolicy=policy, **attributes)
        return queue, dlq

    async def mapping(self, queue, function: str = "fn", **params: Any) -> str:
        """Given an enabled event source mapping; returns its UUID."""
        answer = await self.call(
            "CreateEventSourceMapping",
            EventSourceArn=queue.arn,
            FunctionName=function,
            **params,
        )
        await self.run(1)
        return answer["UUID"]

    async def invoke_event(self, event: Any, function: str = "fn", **params: Any) -> str:
        """When an event is accepted asynchronously; returns its request id."""
        answer = await self.call(
            "Invoke",
            FunctionName=function,
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
            **params,
        )
        assert answer["StatusCode"] == 202
        return answer["ResponseMetadata"]["RequestId"]

    def record_run(
        self, function: str, at_s: float, event: Any, request: InvocationRequest
    ) -> None:
        """A function was run."""
        self.runs.append(Run(function, at_s, event, request))

    async def run(self, seconds: float) -> None:
        """Let exactly this much virtual time pass."""
        await self.timekeeper.advance(seconds)

    async def run_until_idle(self, limit_s: float = 1_000_000) -> None:
        await self.timekeeper.run_until_idle(limit_s)

    def elapsed_s(self) -> float:
        return self.clock.now_s() - START_S

    def total(self, metric: str, function: str = "fn") -> float | None:
        """The Sum of a function's metric, None where there is no data point."""
        values = self.metrics.values(metric, FunctionName=function)
        return sum(values) if values else None

    def run_times_s(self, function: str = "fn") -> list[float]:
        """When the function ran, in seconds since its first run."""
        times = [run.at_s for run in self.runs if run.function == function]
        return [round(at_s - times[0], 3) for at_s in times]


@asynccontextmanager
async def running_world(work_dir: Path, identity: Identity = IDENTITY) -> AsyncIterator[World]:
    """A world whose time is kept until the block ends."""
    world = World(work_dir, identity)
    failures: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
    async with kept(world.timekeeper):
        yield world
    assert not failures, failures
