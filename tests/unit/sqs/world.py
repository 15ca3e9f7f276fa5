"""SQS alone, in virtual time that only the test moves."""

import asyncio
import json
from typing import Any

import pytest

from localaws.sqs import Queue, SqsService
from localaws.words.data_keys import KeyFault
from localaws.words.errors import AwsError
from localaws.words.http import Caller
from localaws.words.identity import Identity
from tests.unit.metric_sink import MetricSink
from tests.unit.virtual_time import VirtualTime

SENDER = "AIDAEXAMPLE"


class SqsWorld(VirtualTime):
    """The service with what it stands on.

    Attributes:
        key_faults: of keys that KMS does not use, by their ids.
    """

    def __init__(self, account_id: str = "123456789012") -> None:
        super().__init__()
        self.metrics = MetricSink()
        self.key_faults: dict[str, KeyFault] = {}
        self.service = SqsService(
            time=self.time,
            identity=Identity(account_id, "us-east-1"),
            metrics=self.metrics,
            base_url="http://127.0.0.1:4566",
            keys=lambda key_id: self.key_faults.get(key_id),
        )
        self.operations = self.service.operations()
        self.caller = Caller(f"arn:aws:iam::{account_id}:user/participant", "request")

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """One operation that answers at once."""
        answer = self.operations[operation](params, self.caller)
        assert answer is None or isinstance(answer, dict)
        return answer or {}

    def refused(self, operation: str, **params: Any) -> AwsError:
        """The error that an operation is answered with."""
        with pytest.raises(AwsError) as refused:
            self.call(operation, **params)
        return refused.value

    def queue(self, name: str = "q", **attributes: Any) -> Queue:
        """A queue; a `.fifo` name makes a FIFO one."""
        given = {key: str(value) for key, value in attributes.items()}
        if name.endswith(".fifo"):
            given = {"FifoQueue": "true", **given}
        return self.service.create_queue(name, given)

    def queue_with_dlq(
        self, max_receives: int = 2, name: str = "q", **attributes: Any
    ) -> tuple[Queue, Queue]:
        """A queue and the DLQ that its redrive policy names."""
        suffix = ".fifo" if name.endswith(".fifo") else ""
        dlq = self.queue(f"{name.removesuffix('.fifo')}-dlq{suffix}")
        policy = redrive_policy(dlq, max_receives)
        return self.queue(name, RedrivePolicy=policy, **attributes), dlq

    def measured(self, queue: Queue, name: str) -> list[float]:
        """The published values of one metric, oldest first."""
        return self.metrics.values(name, QueueName=queue.name)

    async def finish(self, task: "asyncio.Future[Any]") -> Any:
        """Skip time as the timekeeper does until the task is done."""
        await self.settled()
        while not task.done():
            next_s = self.scheduler.next_at_s()
            assert self.activity.idle, "work is under way, but nothing is due"
            assert self.activity.waited_for, "nobody waits, so time would not be skipped"
            assert next_s is not None, "nothing is scheduled: the wait never ends"
            self.clock.skip_to(next_s)
            await self.settled()
        return await task


def redrive_policy(dlq: Queue, max_receives: int) -> str:
    """The attribute's text."""
    return json.dumps({"deadLetterTargetArn": dlq.arn, "maxReceiveCount": max_receives})


def bodies(messages: list[Any]) -> list[str]:
    """Of received messages."""
    return [message.body for message in messages]
