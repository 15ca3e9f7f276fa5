"""SQS's operations on messages in a queue: receive, delete, hide; single and in batches."""

from collections.abc import Awaitable
from typing import Any

from localaws.sqs import batches
from localaws.sqs.errors import InvalidParameterValue, MissingParameter
from localaws.sqs.limits import MAX_VISIBILITY_TIMEOUT_S
from localaws.sqs.long_poll import long_poll
from localaws.sqs.queue import Queue
from localaws.sqs.receive_request import ReceiveRequest
from localaws.sqs.registry import Queues
from localaws.time.time import Time
from localaws.words.http import Caller

Params = dict[str, Any]


class MessageOperations:
    """Each takes and returns what boto3 does; `receive_message` may have to be awaited."""

    def __init__(self, queues: Queues, time: Time) -> None:
        self._queues = queues
        self._time = time

    def receive_message(self, params: Params, caller: Caller) -> Params | Awaitable[Params]:
        queue = self._queues.at(params["QueueUrl"])
        request = ReceiveRequest.of(params, queue)
        if request.wait_s <= 0:
            request.check_in_flight(queue)
            return request.answer(queue, request.receive(queue, caller.arn))
        return self._long_poll(queue, request, caller.arn)

    async def _long_poll(self, queue: Queue, request: ReceiveRequest, receiver: str) -> Params:
        messages = await long_poll(
            queue,
            lambda: request.receive(queue, receiver),
            request.wait_s,
            time=self._time,
        )
        return request.answer(queue, messages)

    def delete_message(self, params: Params, _caller: Caller) -> None:
        self._queues.at(params["QueueUrl"]).delete(params["ReceiptHandle"])

    def delete_message_batch(self, params: Params, _caller: Caller) -> Params:
        queue = self._queues.at(params["QueueUrl"])
        entries = params["Entries"]
        shape = "DeleteMessageBatchRequestEntry"
        batches.check_entries(entries, shape)

        def delete(number: int, entry: batches.Entry) -> Params:
            queue.delete(_handle(entry, f"{shape}.{number}"))
            return {}

        return batches.run(entries, delete)

    def change_message_visibility(self, params: Params, _caller: Caller) -> None:
        queue = self._queues.at(params["QueueUrl"])
        _check_timeout(params["VisibilityTimeout"], "Must be between 0 and 43200.")
        queue.change_visibility(params["ReceiptHandle"], params["VisibilityTimeout"])

    def change_message_visibility_batch(self, params: Params, _caller: Caller) -> Params:
        queue = self._queues.at(params["QueueUrl"])
        entries = params["Entries"]
        shape = "ChangeMessageVisibilityBatchRequestEntry"
        batches.check_entries(entries, shape)

        def change(number: int, entry: batches.Entry) -> Params:
            timeout_s = entry.get("VisibilityTimeout")
            if timeout_s is None:
                raise MissingParameter(f"{shape}.{number}.VisibilityTimeout")
            _check_timeout(timeout_s, "VisibilityTimeout must be an integer between 0 and 43200.")
            queue.change_visibility(_handle(entry, f"{shape}.{number}"), timeout_s)
            return {}

        return batches.run(entries, change)


def _handle(entry: batches.Entry, place: str) -> str:
    handle: str = entry.get("ReceiptHandle") or ""
    if not handle:
        raise MissingParameter(f"{place}.ReceiptHandle")
    return handle


def _check_timeout(timeout_s: int, reason: str) -> None:
    if not 0 <= timeout_s <= MAX_VISIBILITY_TIMEOUT_S:
        raise InvalidParameterValue.of("VisibilityTimeout", timeout_s, reason)
